//! Reddit: new posts and comments of communities, posts that hold words, and answers to them, over its API for programs. Contract:
//! <https://www.reddit.com/dev/api>. A list goes a thousand items back and no further.

mod account;
mod account_form;
mod descriptor;
mod oauth;
mod refresh;
mod reply;
mod thing;

use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::oauth::OAuth;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::{Item, Session};
use crate::settings::Settings;
use crate::walk::{self, Found, NewestFirst, Pace};
use account::Account;
use descriptor::DESCRIPTOR;
use reply::RedditReplies;

const NETWORK: &str = "reddit";
/// Items of one page; the API gives no more.
const PAGE: usize = 100;
/// Pages of one list; the API gives no more.
const PAGES: usize = 10;
/// A list that ends after so many has more that is not shown; filters leave some of the thousand out.
const SHOWN: usize = 850;
/// Of a search.
const SHOWN_BY_SEARCH: usize = 200;
/// Searches of one source, so that a look stays within the limits of a minute.
const MAX_SEARCHES: usize = 40;
const MAX_PAGE_BYTES: u64 = 16 << 20;

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Reddit;

impl Connector for Reddit {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            let account = Account::new(&settings)?;
            let mut found = Vec::new();
            let mut quota = None;
            for list in lists(&settings, &account)? {
                let page = list.page(session, None).await?;
                found.push(format!("{} new in {}", page.found.len(), list.name));
                quota = page.quota.or(quota);
            }
            let left = quota.map(|quota| format!("; {} of {} requests left", quota.remaining, quota.limit));
            Ok(format!("the client is accepted: {}{}", found.join(", "), left.unwrap_or_default()))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            let account = Account::new(&settings)?;
            let lists = lists(&settings, &account)?;
            let of: Vec<&str> = lists.iter().map(|list| list.name.as_str()).collect();
            let all: Vec<&dyn NewestFirst> = lists.iter().map(|list| list as &dyn NewestFirst).collect();
            walk::listen_to_all(session, &all, &of.join(", "), Pace::of(&settings, PAGES)).await
        })
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&RedditReplies)
    }

    fn refresh(&self) -> Option<&'static dyn Refresh> {
        Some(&refresh::RedditRefresh)
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&oauth::OAUTH)
    }
}

/// One list of things.
struct List<'a> {
    account: &'a Account,
    /// For people.
    name: String,
    path: String,
    query: Vec<(&'static str, String)>,
    shown: usize,
}

fn lists<'a>(settings: &Settings, account: &'a Account) -> Result<Vec<List<'a>>, ConnectorError> {
    let mut communities = Vec::new();
    for name in settings.list("subreddits").flat_map(|line| line.split([',', '+'])) {
        communities.push(community(name)?);
    }
    let together = communities.join("+");
    let mut lists = Vec::new();
    if !communities.is_empty() {
        let list = |what: &str, path: &str| List {
            account,
            name: format!("{what} of r/{together}"),
            path: format!("r/{together}/{path}"),
            query: Vec::new(),
            shown: SHOWN,
        };
        lists.push(list("posts", "new"));
        if settings.flag("comments") {
            lists.push(list("comments", "comments"));
        }
    }
    for words in settings.list("words").take(MAX_SEARCHES) {
        let (path, restricted) = if communities.is_empty() {
            ("search".to_owned(), "false")
        } else {
            (format!("r/{together}/search"), "true")
        };
        let fixed = [("sort", "new"), ("type", "link"), ("t", "week"), ("restrict_sr", restricted)];
        let mut query: Vec<_> = fixed.map(|(key, value)| (key, value.to_owned())).to_vec();
        query.push(("q", words.to_owned()));
        lists.push(List { account, name: format!("posts with `{words}`"), path, query, shown: SHOWN_BY_SEARCH });
    }
    if lists.is_empty() {
        let message = "is empty, and so is `words`: name a community or words to search for".to_owned();
        return Err(ConnectorError::Invalid { setting: "subreddits", message });
    }
    Ok(lists)
}

/// The name alone of `r/NAME`, `/r/NAME/` and addresses.
fn community(text: &str) -> Result<String, ConnectorError> {
    let text = text.trim().trim_end_matches('/');
    let name = text.rsplit_once("r/").map_or(text, |(_, name)| name);
    let fine = (2..=30).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fine {
        return Ok(name.to_owned());
    }
    let message =
        format!("`{}` is no name of a community; write it as r/NAME", text.chars().take(60).collect::<String>());
    Err(ConnectorError::Invalid { setting: "subreddits", message })
}

#[derive(Deserialize)]
struct Answer {
    data: Listing,
}

#[derive(Deserialize)]
struct Listing {
    children: Vec<Value>,
    #[serde(default)]
    after: Option<String>,
}

impl NewestFirst for List<'_> {
    /// `older` is how many were shown so far and the name of the last.
    fn page<'a>(
        &'a self,
        session: &'a Session,
        older: Option<&'a str>,
    ) -> BoxFuture<'a, Result<walk::Page, ConnectorError>> {
        Box::pin(async move {
            let mut url = self.account.address(&self.path)?;
            let (before, last) = older.and_then(|older| older.split_once(' ')).unwrap_or(("0", ""));
            let mut shown: usize = before.parse().unwrap_or_default();
            url.query_pairs_mut()
                .append_pair("raw_json", "1")
                .append_pair("limit", &PAGE.to_string())
                .extend_pairs(self.query.iter().map(|(key, value)| (key, value.as_str())));
            if !last.is_empty() {
                url.query_pairs_mut().append_pair("after", last).append_pair("count", before);
            }
            let (answer, quota) = self.account.get(session, url, MAX_PAGE_BYTES).await?;
            let now = session.now();
            let answer: Answer = answer.error_for_status(&self.name, now)?.json()?;
            shown += answer.data.children.len();
            // A list that gave what it had given would be asked for ever.
            let after = answer.data.after.filter(|after| after != last && !answer.data.children.is_empty());
            let found = answer.data.children.iter().enumerate();
            Ok(walk::Page {
                found: found.map(|(index, raw)| thing::found(raw, now, index)).collect(),
                cut: after.is_none() && shown >= self.shown,
                older: after.map(|after| format!("{shown} {after}")),
                quota,
                ..walk::Page::default()
            })
        })
    }
}

/// What a listing of the API holds, for those who have one in hand: tests over recorded answers.
///
/// # Errors
/// `Protocol` when it is no listing.
pub fn read_listing(body: &[u8], now: Timestamp) -> Result<Vec<Item>, ConnectorError> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|error| ConnectorError::Protocol(format!("the answer is no listing: {error}")))?;
    let found = answer.data.children.iter().enumerate().map(|(index, raw)| thing::found(raw, now, index));
    Ok(found.map(|Found { item, .. }| item).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_community_is_read_however_people_write_it() {
        for text in ["ukraine", " r/ukraine", "/r/ukraine/", "https://www.reddit.com/r/ukraine/"] {
            assert_eq!(community(text), Ok("ukraine".to_owned()));
        }
        let code = |text: &str| community(text).map_err(|error| error.code());
        assert_eq!(
            (code("a b"), code("r/"), code("new/../../x")),
            (Err("invalid_setting"), Err("invalid_setting"), Err("invalid_setting"))
        );
    }
}
