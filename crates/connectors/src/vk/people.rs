//! Who the ids of an answer are. Authors come apart from what they wrote, communities with negative ids.

use std::collections::HashMap;

use molva_domain::{Author, Community, Urn};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::client::Client;
use crate::error::ConnectorError;
use crate::session::Session;

/// Asked for with everybody.
pub(super) const FIELDS: &str = "screen_name,city,followers_count,members_count,verified";
/// People remembered in a run.
const MOST: usize = 20_000;
/// Asked for at once.
const AT_ONCE: usize = 100;

#[derive(Clone, Debug, Default)]
struct Who {
    name: Option<String>,
    screen_name: Option<String>,
    followers: Option<u64>,
    verified: Option<bool>,
    city: Option<String>,
}

/// Everybody met so far.
#[derive(Debug, Default)]
pub(super) struct People(HashMap<i64, Who>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Profile {
    id: u64,
    first_name: String,
    last_name: String,
    name: String,
    screen_name: Option<String>,
    followers_count: Option<u64>,
    members_count: Option<u64>,
    verified: Option<u8>,
    city: Option<City>,
}

#[derive(Deserialize)]
struct City {
    #[serde(default)]
    title: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Groups {
    groups: Vec<Value>,
}

impl People {
    /// Takes in `profiles` and `groups`. One that cannot be read stays a number.
    pub(super) fn meet(&mut self, profiles: &[Value], groups: &[Value]) {
        if self.0.len() > MOST {
            self.0.clear();
        }
        let both = profiles.iter().map(|raw| (raw, 1)).chain(groups.iter().map(|raw| (raw, -1)));
        for (raw, sign) in both {
            let Ok(profile) = Profile::deserialize(raw) else { continue };
            let Ok(id) = i64::try_from(profile.id) else { continue };
            let name = if sign > 0 { format!("{} {}", profile.first_name, profile.last_name) } else { profile.name };
            let who = Who {
                name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
                screen_name: profile.screen_name.filter(|name| !name.is_empty()),
                followers: profile.followers_count.or(profile.members_count),
                verified: profile.verified.map(|verified| verified == 1),
                city: profile.city.and_then(|city| city.title).filter(|city| !city.is_empty()),
            };
            self.0.insert(id * sign, who);
        }
    }

    /// Asks for those who are not known yet: a community is told of comments without the names of their authors.
    pub(super) async fn ask(
        &mut self,
        session: &Session,
        client: &Client,
        ids: impl IntoIterator<Item = i64>,
    ) -> Result<(), ConnectorError> {
        let mut unknown: Vec<i64> = ids.into_iter().filter(|id| *id != 0 && !self.0.contains_key(id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let (groups, users): (Vec<i64>, Vec<i64>) = unknown.into_iter().partition(|id| *id < 0);
        for some in users.chunks(AT_ONCE) {
            let profiles: Vec<Value> =
                client.call(session, "users.get", &[("user_ids", &joined(some)), ("fields", FIELDS)]).await?;
            self.meet(&profiles, &[]);
        }
        for some in groups.chunks(AT_ONCE) {
            let parameters = [("group_ids", &*joined(some)), ("fields", FIELDS)];
            let found: Groups = client.call(session, "groups.getById", &parameters).await?;
            self.meet(&[], &found.groups);
        }
        Ok(())
    }

    pub(super) fn knows(&self, id: i64) -> bool {
        self.0.contains_key(&id)
    }

    /// Takes in whom another met, and that nothing is known of the rest of `asked`: they are not asked for again.
    pub(super) fn join(&mut self, met: Self, asked: &[i64]) {
        if self.0.len() > MOST {
            self.0.clear();
        }
        self.0.extend(met.0);
        for id in asked {
            self.0.entry(*id).or_default();
        }
    }

    pub(super) fn author(&self, id: i64) -> Author {
        let who = self.0.get(&id).cloned().unwrap_or_default();
        Author {
            urn: Some(Urn::of(NETWORK, None, "author", &id.to_string())),
            url: Some(page(id)),
            name: who.name,
            handle: who.screen_name,
            followers: who.followers,
            verified: who.verified,
            city: who.city,
            ..Author::default()
        }
    }

    /// The community a wall belongs to; a person's wall is none.
    pub(super) fn community(&self, owner: i64) -> Option<Community> {
        (owner < 0).then(|| Community {
            key: format!("{NETWORK}/club{}", owner.unsigned_abs()),
            title: self.0.get(&owner).and_then(|who| who.name.clone()),
            url: Some(page(owner)),
        })
    }
}

fn joined(ids: &[i64]) -> String {
    ids.iter().map(|id| id.unsigned_abs().to_string()).collect::<Vec<_>>().join(",")
}

fn page(id: i64) -> String {
    let word = if id < 0 { "club" } else { "id" };
    format!("https://vk.com/{word}{}", id.unsigned_abs())
}
