//! Which groups are listened to.

use molva_domain::Community;
use serde::Deserialize;

use super::NETWORK;
use super::client::Client;
use crate::error::ConnectorError;
use crate::session::Session;

const MOST: usize = 16;

/// A group.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Group {
    #[serde(rename = "uid")]
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    shortname: Option<String>,
}

impl Group {
    /// As it is known from something that stands in it.
    pub(super) fn of(community: &Community) -> Option<Self> {
        let id = community.key.strip_prefix(NETWORK)?.strip_prefix('/')?;
        Some(Self { id: id.to_owned(), name: community.title.clone().unwrap_or_default(), shortname: None })
    }

    /// Its page.
    pub(super) fn url(&self) -> String {
        match self.shortname.as_deref().filter(|name| !name.is_empty()) {
            Some(name) => format!("https://ok.ru/{name}"),
            None => format!("https://ok.ru/group/{}", self.id),
        }
    }
}

pub(super) async fn wanted(session: &Session, client: &Client) -> Result<Vec<Group>, ConnectorError> {
    let invalid = |message: &str| ConnectorError::invalid("groups", message);
    let ids: Option<Vec<&str>> = session.settings.list("groups").map(number).collect();
    let ids = ids.ok_or_else(|| invalid("a group has a number like 70000001234567, one a line; it stands in the address of its page or in its settings"))?;
    if ids.is_empty() || ids.len() > MOST {
        return Err(invalid("name at least one group and at most 16, one a line"));
    }
    let parameters = [("uids", &*ids.join(",")), ("fields", "uid,name,shortname")];
    let found: Vec<Group> = client.call(session, "group.getInfo", &parameters).await?;
    match ids.iter().find(|id| !found.iter().any(|group| group.id == **id)) {
        Some(missing) => Err(ConnectorError::NotFound(format!("there is no group {missing}; check the number"))),
        None => Ok(found),
    }
}

/// `https://ok.ru/group/70…/topics` and `70…` are names of a group.
fn number(line: &str) -> Option<&str> {
    let line = line.trim();
    let rest = line.split_once("/group/").map_or(line, |(_, rest)| rest);
    let number = rest.split(['/', '?']).next()?;
    (!number.is_empty() && number.len() <= 20 && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_named_by_its_number_or_its_page() {
        for line in ["70000001234567", " https://ok.ru/group/70000001234567/topics", "ok.ru/group/70000001234567?x=1"] {
            assert_eq!(number(line), Some("70000001234567"));
        }
        assert_eq!((number("https://ok.ru/shop"), number(""), number("-1")), (None, None, None));
    }
}
