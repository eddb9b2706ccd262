//! Posts by their ids, fifty in a call: `filter[id]`, <https://docs.flarum.org/rest-api/>. What it leaves out is asked for alone: `404`
//! there says that the post is gone or hidden.

use std::collections::{HashMap, HashSet};

use http::StatusCode;
use molva_domain::Post;
use serde_json::Value;

use super::{Answer, Forum, NETWORK, PAGE, said};
use crate::error::ConnectorError;
use crate::refresh::{ALONE, Refresh};
use crate::session::{Item, Session};

pub(super) static REFRESH: Refresh = Refresh::new(PAGE as u32, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let forum = Forum::new(session)?;
    let asked: HashMap<String, &Post> = posts.iter().filter_map(|post| Some((number(post)?, post))).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut url = forum.place.at("api/posts")?;
    let ids: Vec<&str> = asked.keys().map(String::as_str).collect();
    url.query_pairs_mut()
        .append_pair("filter[id]", &ids.join(","))
        .append_pair("include", "user,discussion")
        .append_pair("page[limit]", &PAGE.to_string());
    let now = session.now();
    let answer: Answer = session.send(forum.request(url)).await?.error_for_status("the forum", now)?.json()?;
    let mut items: Vec<Item> = said(&forum, &answer, now).map(|found| found.item).collect();
    let told: HashSet<&str> = answer.data.iter().filter_map(|raw| raw.get("id").and_then(Value::as_str)).collect();
    for (id, post) in asked.iter().filter(|(id, _)| !told.contains(id.as_str())).take(ALONE) {
        let answer = session.send(forum.request(forum.place.at(&format!("api/posts/{id}"))?)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            items.push(Item::Deleted(post.urn.clone()));
        }
    }
    Ok(items)
}

fn number(post: &Post) -> Option<String> {
    Some(post.urn.parts_of(NETWORK, "post")?.native).filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
}
