//! Reddit: new posts and comments of communities, posts that hold words, and answers to them, over its API for programs. Contract:
//! <https://www.reddit.com/dev/api>. A list goes a thousand items back and no further.

mod account;
mod account_form;
mod descriptor;
mod oauth;
mod refresh;
mod reply;
mod thing;
mod wanted;

use molva_domain::{Timestamp, TopicSought};
use serde::Deserialize;
use serde_json::Value;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::oauth::OAuth;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::search::{self, SearchPlan, Searches};
use crate::session::{Item, Session};
use crate::settings::Settings;
use crate::walk::{self, Found, Lists, NewestFirst, Pace};
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
/// Searches of the topics that a test asks.
const TRIED: usize = 5;
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
            let lists = Asked { settings: &settings, account: &account }.lists(session).await?;
            if lists.is_empty() {
                // The topics look for nothing here so far; whether the client is accepted is worth knowing.
                account.token(session).await?;
                return Ok("the client is accepted; the topics look for nothing on Reddit".to_owned());
            }
            // Enough to see that they are taken; each asks once a minute for so many.
            let topics = lists.iter().filter(|list| list.of_topics).skip(TRIED).map(|list| &*list.name);
            let left_out: Vec<&str> = topics.collect();
            for list in lists.iter().filter(|list| !left_out.contains(&&*list.name)) {
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
            let asked = Asked { settings: &settings, account: &account };
            let of: Vec<String> = asked.by_hand()?.into_iter().map(|list| list.name).collect();
            walk::listen_to_changing(session, &asked, &of.join(", "), Pace::of(&settings, PAGES)).await
        })
    }

    fn searches(&self) -> Option<&'static dyn Searches> {
        Some(&Self)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&RedditReplies)
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&oauth::OAUTH)
    }
}

impl Searches for Reddit {
    fn plan(&self, settings: &Settings, topics: &[TopicSought]) -> Option<SearchPlan> {
        wanted::plan(&settings.clone().with_defaults(DESCRIPTOR.settings), topics)
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
    /// Asked for because a topic looks for it.
    of_topics: bool,
}

/// What a source asks for.
struct Asked<'a> {
    settings: &'a Settings,
    account: &'a Account,
}

impl<'a> Asked<'a> {
    async fn lists(&self, session: &Session) -> Result<Vec<List<'a>>, ConnectorError> {
        let mut lists = self.by_hand()?;
        if lists.is_empty() && session.topics.is_none() {
            return Err(ConnectorError::invalid(
                "subreddits",
                "is empty, and so is `words`: name a community or words to search for",
            ));
        }
        let together = communities(self.settings)?.join("+");
        for words in wanted::now(session, self.settings).await? {
            lists.push(List { of_topics: true, ..self.search(&words, &together) });
        }
        Ok(lists)
    }

    /// Of the communities and words that a person named.
    fn by_hand(&self) -> Result<Vec<List<'a>>, ConnectorError> {
        let together = communities(self.settings)?.join("+");
        let mut lists = Vec::new();
        if !together.is_empty() {
            lists.push(self.new_in(&together, "posts", "new"));
            if self.settings.flag("comments") {
                lists.push(self.new_in(&together, "comments", "comments"));
            }
        }
        lists.extend(wanted::by_hand(self.settings).iter().map(|words| self.search(words, &together)));
        Ok(lists)
    }

    fn new_in(&self, together: &str, what: &str, path: &str) -> List<'a> {
        List {
            account: self.account,
            name: format!("{what} of r/{together}"),
            path: format!("r/{together}/{path}"),
            query: Vec::new(),
            shown: SHOWN,
            of_topics: false,
        }
    }

    fn search(&self, words: &str, together: &str) -> List<'a> {
        let (path, restricted) = match together {
            "" => ("search".to_owned(), "false"),
            together => (format!("r/{together}/search"), "true"),
        };
        let fixed = [("sort", "new"), ("type", "link"), ("t", "week"), ("restrict_sr", restricted), ("q", words)];
        let query = fixed.map(|(key, value)| (key, value.to_owned())).to_vec();
        let name = format!("posts with `{words}`");
        List { account: self.account, name, path, query, shown: SHOWN_BY_SEARCH, of_topics: false }
    }
}

impl Lists for Asked<'_> {
    fn now<'a>(
        &'a self,
        session: &'a Session,
    ) -> BoxFuture<'a, Result<Vec<Box<dyn NewestFirst + 'a>>, ConnectorError>> {
        Box::pin(async move { Ok(walk::boxed(self.lists(session).await?)) })
    }

    fn change<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, ()> {
        Box::pin(search::change(session, wanted::of_topics(self.settings)))
    }
}

fn communities(settings: &Settings) -> Result<Vec<String>, ConnectorError> {
    settings.list("subreddits").flat_map(|line| line.split([',', '+'])).map(community).collect()
}

/// The name alone of `r/NAME`, `/r/NAME/` and addresses.
fn community(text: &str) -> Result<String, ConnectorError> {
    let text = text.trim().trim_end_matches('/');
    let name = text.rsplit_once("r/").map_or(text, |(_, name)| name);
    let fine = (2..=30).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fine {
        return Ok(name.to_owned());
    }
    Err(ConnectorError::invalid(
        "subreddits",
        format!("`{}` is no name of a community; write it as r/NAME", text.chars().take(60).collect::<String>()),
    ))
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
    fn name(&self) -> Option<String> {
        self.of_topics.then(|| self.name.clone())
    }

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
