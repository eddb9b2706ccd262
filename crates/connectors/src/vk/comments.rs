//! What stands under a post or a topic, all of it.

use std::collections::HashSet;

use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::client::Client;
use super::people::{FIELDS, People};
use super::read::{self, Found, Under};
use super::target::Page;
use crate::error::ConnectorError;
use crate::session::{Item, Session};

/// As many as VK gives at once.
const PAGE: u64 = 100;
/// Replies that come with the comment they stand under.
const SHOWN: &str = "10";
/// Of one post or topic: 10,000 comments.
const PAGES: usize = 100;
/// Asked for twice, because what is removed meanwhile moves the rest.
const STEP_BACK: u64 = 2;

/// A discussion.
#[derive(Deserialize)]
pub(super) struct Topic {
    pub(super) id: u64,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    pub(super) updated: i64,
}

impl Topic {
    /// What is said in it goes by its title.
    pub(super) fn entitle(&self, found: &mut Found) {
        if let Item::Post(post) = &mut found.item {
            post.title = self.title.clone().filter(|title| !title.trim().is_empty());
        }
    }
}

/// All comments of a post, with the threads below them.
pub(super) async fn of_post(
    session: &Session,
    client: &Client,
    people: &mut People,
    owner: i64,
    post: u64,
) -> Result<Vec<Found>, ConnectorError> {
    let under = Under::Post { owner, post };
    let place = format!("comments of post {owner}_{post}");
    let (owner, post) = (owner.to_string(), post.to_string());
    let fixed = [("owner_id", &*owner), ("post_id", &*post), ("sort", "asc"), ("thread_items_count", SHOWN)];
    let mut raws = all(session, client, people, "wall.getComments", &fixed, |_| true).await?;
    let mut threads = Vec::new();
    let mut shown = Vec::new();
    for raw in &raws {
        let items = raw.pointer("/thread/items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let count = raw.pointer("/thread/count").and_then(Value::as_u64).unwrap_or(0);
        match id_of(raw) {
            Some(id) if count > items.len() as u64 => threads.push(id.to_string()),
            _ => shown.extend(items.iter().cloned()),
        }
    }
    raws.extend(shown);
    for id in threads {
        let fixed = [("owner_id", &*owner), ("post_id", &*post), ("sort", "asc"), ("comment_id", &*id)];
        raws.extend(all(session, client, people, "wall.getComments", &fixed, |_| true).await?);
    }
    let now = session.now();
    Ok(raws.iter().map(|raw| read::comment(raw, under, people, now, &place)).collect())
}

/// The comments of a topic since then.
pub(super) async fn of_topic(
    session: &Session,
    client: &Client,
    people: &mut People,
    owner: i64,
    topic: u64,
    since: Timestamp,
) -> Result<Vec<Found>, ConnectorError> {
    let under = Under::Topic { owner, topic };
    let place = format!("comments of topic {owner}_{topic}");
    let (group, topic) = (owner.unsigned_abs().to_string(), topic.to_string());
    let fixed = [("group_id", &*group), ("topic_id", &*topic), ("sort", "desc")];
    let young = |raw: &Value| raw.get("date").and_then(Value::as_i64).is_none_or(|date| date >= since.as_secs());
    let raws = all(session, client, people, "board.getComments", &fixed, young).await?;
    let now = session.now();
    Ok(raws.iter().map(|raw| read::comment(raw, under, people, now, &place)).collect())
}

/// Turns pages to the end, or until one has nothing wanted.
async fn all(
    session: &Session,
    client: &Client,
    people: &mut People,
    method: &str,
    fixed: &[(&str, &str)],
    wanted: impl Fn(&Value) -> bool,
) -> Result<Vec<Value>, ConnectorError> {
    let mut raws = Vec::new();
    let mut ids = HashSet::new();
    let mut offset = 0;
    let count = PAGE.to_string();
    for _ in 0..PAGES {
        let at = offset.to_string();
        let mut parameters = fixed.to_vec();
        parameters.extend([("count", &*count), ("offset", &*at), ("extended", "1"), ("fields", FIELDS)]);
        let page: Page = client.call(session, method, &parameters).await?;
        people.meet(&page.profiles, &page.groups);
        let on_page: HashSet<Option<u64>> = page.items.iter().map(id_of).collect();
        let end = offset + on_page.len() as u64;
        let any = page.items.iter().any(&wanted);
        raws.extend(page.items.into_iter().filter(|raw| id_of(raw).is_none_or(|id| ids.insert(id))));
        if on_page.is_empty() || !any || end >= page.current_level_count.unwrap_or(page.count) {
            break;
        }
        offset = end.saturating_sub(STEP_BACK).max(offset + 1);
    }
    Ok(raws)
}

fn id_of(raw: &Value) -> Option<u64> {
    raw.get("id").and_then(Value::as_u64)
}
