//! What the settings ask for.

use serde::Deserialize;
use serde_json::Value;

use super::client::Client;
use super::wanted;
use crate::error::ConnectorError;
use crate::session::Session;

/// Most communities.
const MOST: usize = 16;

/// One place that is asked from time to time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// Everything public with these words.
    Search(String),
    /// A wall, by the id of its owner.
    Wall(i64),
    /// The discussions of a community.
    Discussions(i64),
}

impl Channel {
    /// Its name in a cursor.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Search(words) => format!("search:{words}"),
            Self::Wall(owner) => format!("wall:{owner}"),
            Self::Discussions(owner) => format!("board:{owner}"),
        }
    }
}

pub(super) enum Target {
    /// The community of the token.
    Own {
        group: u64,
        title: String,
        messages: bool,
    },
    Asked(What),
}

/// Places that are asked: what the topics look for may be something else at the next look.
pub(super) enum What {
    Searches,
    Places(Vec<Channel>),
}

impl What {
    pub(super) async fn now(&self, session: &Session) -> Result<Vec<Channel>, ConnectorError> {
        match self {
            Self::Searches => wanted::now(session).await,
            Self::Places(channels) => Ok(channels.clone()),
        }
    }

    /// Whether it follows the topics.
    pub(super) fn follows(&self, session: &Session) -> bool {
        matches!(self, Self::Searches) && wanted::of_topics(&session.settings)
    }
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    id: u64,
    #[serde(default)]
    name: String,
}

impl Target {
    pub(super) async fn wanted(session: &Session, client: &Client) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        match settings.text("what") {
            Some("own") => {
                let own: Groups = client.call(session, "groups.getById", &[]).await?;
                let group = own.groups.into_iter().next().ok_or_else(|| {
                    ConnectorError::invalid(
                        "access_token",
                        "is of no community; make a key in the community's management, Working with the API",
                    )
                })?;
                let messages = settings.text("messages") == Some("true");
                Ok(Self::Own { group: group.id, title: group.name, messages })
            }
            Some("walls") => {
                let names: Vec<String> = settings.list("communities").map(short_name).collect();
                if names.is_empty() || names.len() > MOST {
                    return Err(ConnectorError::invalid(
                        "communities",
                        "name at least one community and at most 16, one a line",
                    ));
                }
                let found: Groups = client.call(session, "groups.getById", &[("group_ids", &names.join(","))]).await?;
                let boards = settings.text("discussions") == Some("true");
                let channels =
                    found.groups.into_iter().filter_map(|group| i64::try_from(group.id).ok()).flat_map(|id| {
                        let board = boards.then_some(Channel::Discussions(-id));
                        [Channel::Wall(-id)].into_iter().chain(board)
                    });
                Ok(Self::Asked(What::Places(channels.collect())))
            }
            _ => Ok(Self::Asked(What::Searches)),
        }
    }
}

/// `https://vk.com/shop`, `@shop`, `shop`, `-12` and `12` are names of a community.
fn short_name(line: &str) -> String {
    let name = line.trim().trim_end_matches('/');
    let name = name.rsplit('/').next().unwrap_or(name);
    name.trim_start_matches(['@', '-']).to_owned()
}

/// A page of things, with those who wrote them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Page {
    pub items: Vec<Value>,
    pub profiles: Vec<Value>,
    pub groups: Vec<Value>,
    pub count: u64,
    /// Of comments: how many stand on this level.
    pub current_level_count: Option<u64>,
    pub next_from: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_community_is_named_in_many_ways() {
        for line in ["https://vk.com/shop", "vk.com/shop/", "@shop", "shop"] {
            assert_eq!(short_name(line), "shop");
        }
        assert_eq!((short_name("-12"), short_name("https://vk.com/club12")), ("12".to_owned(), "club12".to_owned()));
    }
}
