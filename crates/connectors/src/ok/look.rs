//! Asking from time to time: the topics of each group, and what stands under those that are young enough to be commented.
//!
//! A look at a group reads everything since its last whole look, some minutes more, and hands it over the oldest first; only then the
//! group counts as read. Comments may take hundreds of requests, so the cursor also says after which topic to go on.

use std::collections::HashMap;
use std::time::Duration;

use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::GROUP_TOPIC;
use super::client::Client;
use super::groups::Group;
use super::read::{self, Found};
use crate::error::ConnectorError;
use crate::patience::Patience;
use crate::places::{Commented, Cursor, Round};
use crate::seen::Seen;
use crate::session::{Item, Session};

const EVERY: Duration = Duration::from_secs(60);
/// Looked at again before the last whole look.
const OVERLAP: Duration = Duration::from_secs(600);
/// Pages of a hundred topics of a group, of a hundred comments of a topic.
const PAGES: usize = 100;
/// Comments are looked for where their number changed, and everywhere each so many looks: edits and removals change no number.
const LOOK_EVERYWHERE: u64 = 10;
pub(super) const TOPIC_FIELDS: &str = "media_topic.*,group.UID,group.NAME";
const COMMENT_FIELDS: &str = "comment.ID,comment.TEXT,comment.DATE,comment.DATE_MS,comment.TYPE,comment.AUTHOR_ID,comment.AUTHOR_NAME,comment.AUTHOR_REF,comment.REPLY_TO_COMMENT_ID,comment.LIKE_COUNT";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Topics {
    pub media_topics: Option<Vec<Value>>,
    anchor: Option<String>,
    has_more: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Comments {
    pub comments: Option<Vec<Value>>,
    pub anchor: Option<String>,
    pub has_more: bool,
}

/// Listens until cancelled.
pub(super) async fn listen(session: &Session, client: &Client, groups: &[Group]) -> Result<(), ConnectorError> {
    let mut look = Look::new(session, client, groups);
    let mut patience = Patience::new(EVERY);
    loop {
        let mut round = Round::default();
        for group in look.cursor.in_order(groups, |group| group.id.clone()) {
            let looked = look.at(group).await;
            round.note(session, looked).await?;
        }
        look.round += 1;
        round.rest(session, &mut patience, EVERY).await?;
    }
}

/// How many topics stand on the first page of every group.
pub(super) async fn try_out(session: &Session, client: &Client, groups: &[Group]) -> Result<usize, ConnectorError> {
    let mut found = 0;
    for group in groups {
        found += topics(session, client, &group.id, None).await?.media_topics.map_or(0, |topics| topics.len());
    }
    Ok(found)
}

struct Look<'a> {
    session: &'a Session,
    client: &'a Client,
    cursor: Cursor,
    seen: Seen,
    /// By topic.
    commented: Commented<u64>,
    round: u64,
    history: Duration,
}

impl<'a> Look<'a> {
    fn new(session: &'a Session, client: &'a Client, groups: &[Group]) -> Self {
        let mut cursor = Cursor::read(session.cursor.as_deref());
        cursor.keep(&groups.iter().map(|group| group.id.clone()).collect::<Vec<_>>());
        let (seen, commented, history) = (Seen::default(), Commented::default(), session.settings.history());
        Self { session, client, cursor, seen, commented, round: 0, history }
    }

    async fn at(&mut self, group: &Group) -> Result<(), ConnectorError> {
        let now = self.session.now();
        let (began, done) = self.cursor.begin(&group.id, now);
        let since = match self.cursor.until(&group.id) {
            Some(until) => until.minus(OVERLAP),
            None => now.minus(self.history),
        };
        let outlines = self.topics(group, since, (began, done)).await?;
        let mut whole = true;
        for (id, comments) in outlines.into_iter().filter(|(id, _)| *id > done) {
            let everywhere = self.round > 0 && self.round.is_multiple_of(LOOK_EVERYWHERE);
            if self.commented.of(&id) == comments && !everywhere {
                continue;
            }
            match self.comments(group, id).await {
                Ok(found) => {
                    self.commented.were_read(id, comments);
                    self.cursor.through_with(&group.id, id);
                    self.deliver(found, since, true).await?;
                }
                Err(ConnectorError::Forbidden(_) | ConnectorError::NotFound(_)) => {
                    whole &= self.commented.are_closed(id, comments);
                }
                Err(error) => return Err(error),
            }
        }
        self.cursor.end(&group.id, whole);
        self.deliver(Vec::new(), since, true).await
    }

    /// Hands over the topics since then, and gives those young enough to be commented, the oldest first, with how many comments each has.
    async fn topics(
        &mut self,
        group: &Group,
        since: Timestamp,
        (began, done): (Timestamp, u64),
    ) -> Result<Vec<(u64, u64)>, ConnectorError> {
        let young = since.min(self.session.now().minus(self.history));
        let place = format!("topics of group {}", group.id);
        let mut outlines: HashMap<u64, u64> = HashMap::new();
        let mut found = Vec::new();
        let mut anchor: Option<String> = None;
        for _ in 0..PAGES {
            let page = topics(self.session, self.client, &group.id, anchor.as_deref()).await?;
            let raws = page.media_topics.unwrap_or_default();
            let now = self.session.now();
            let before = outlines.len();
            for (id, published, comments) in raws.iter().filter_map(read::outline) {
                if published >= young {
                    outlines.insert(id, comments);
                }
            }
            found.extend(raws.iter().map(|raw| read::topic(raw, group, now, &place)));
            // A topic that is pinned stands first however old it is.
            if outlines.len() == before || !page.has_more || page.anchor.is_none() || page.anchor == anchor {
                break;
            }
            anchor = page.anchor;
        }
        // A reading that goes on has handed over the topics there were when it began.
        let fresh = if done > 0 { began.minus(OVERLAP) } else { since };
        self.deliver(found, fresh.max(since), true).await?;
        let mut outlines: Vec<(u64, u64)> = outlines.into_iter().collect();
        outlines.sort_unstable();
        Ok(outlines)
    }

    /// Everything under a topic, also what was removed.
    async fn comments(&self, group: &Group, topic: u64) -> Result<Vec<Found>, ConnectorError> {
        let topic = topic.to_string();
        let place = format!("comments of topic {topic}");
        let mut found = Vec::new();
        let mut anchor: Option<String> = None;
        for _ in 0..PAGES {
            let page = comments(self.session, self.client, &topic, anchor.as_deref()).await?;
            let now = self.session.now();
            let raws = page.comments.unwrap_or_default();
            found.extend(raws.iter().map(|raw| read::comment(raw, &topic, group, now, &place)));
            if !page.has_more || raws.is_empty() || page.anchor.is_none() || page.anchor == anchor {
                break;
            }
            anchor = page.anchor;
        }
        Ok(found)
    }

    /// What was not delivered in this run and is not older than `since`, the oldest first; what was, where it has changed. With the
    /// cursor, if so wanted.
    async fn deliver(&mut self, found: Vec<Found>, since: Timestamp, cursor: bool) -> Result<(), ConnectorError> {
        let now = self.session.now();
        let mut new = Vec::new();
        for mut one in found {
            let changed = !self.seen.first(&one.thing);
            let rejected = matches!(one.item, Item::Rejected(_));
            let first = self.seen.first(&one.name) || rejected && !changed;
            let fresh = one.published.is_none_or(|published| published >= since);
            if !first || !(fresh || changed) {
                continue;
            }
            if let Item::Post(post) = &mut one.item {
                // OK does not say when it was edited, nor that it was.
                post.edited_at = changed.then_some(now);
            }
            new.push(one);
        }
        new.sort_by_key(|one| (one.published.is_none(), one.published));
        let items = new.into_iter().map(|one| one.item).collect();
        self.session.hand_over(items, cursor.then(|| self.cursor.write())).await
    }
}

async fn topics(
    session: &Session,
    client: &Client,
    group: &str,
    anchor: Option<&str>,
) -> Result<Topics, ConnectorError> {
    let parameters = [
        ("gid", group),
        ("count", "100"),
        ("direction", "FORWARD"),
        ("fields", TOPIC_FIELDS),
        ("anchor", anchor.unwrap_or_default()),
    ];
    client.call(session, "mediatopic.getTopics", &parameters).await
}

/// A page of what stands under a topic, also of what was removed, the oldest first.
pub(super) async fn comments(
    session: &Session,
    client: &Client,
    topic: &str,
    anchor: Option<&str>,
) -> Result<Comments, ConnectorError> {
    let parameters = [
        ("discussionId", topic),
        ("discussionType", GROUP_TOPIC),
        ("count", "100"),
        ("direction", "FORWARD"),
        ("includeRemoved", "true"),
        ("fields", COMMENT_FIELDS),
        ("anchor", anchor.unwrap_or_default()),
    ];
    client.call(session, "discussions.getComments", &parameters).await
}
