//! Comments by their ids, a hundred in a call: `include`, <https://developer.wordpress.org/rest-api/reference/comments/>. What a call for
//! many leaves out is asked for alone: the site then says whether it is not there, or there for its moderators only, which is gone for
//! everybody else: unapproved, spam, in the bin. The feed that is read where the API is closed knows no names.

use std::collections::HashMap;

use http::StatusCode;
use molva_domain::Post;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{Comments, PAGE, comment};
use crate::error::ConnectorError;
use crate::refresh::{ALONE, Refresh};
use crate::session::{Item, Session};

pub(super) static REFRESH: Refresh = Refresh::new(PAGE as u32, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let comments = Comments::new(session)?;
    let instance = &comments.site.instance;
    let mut asked: HashMap<u64, &Post> =
        posts.iter().filter_map(|post| Some((number(post, instance)?, post))).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = asked.keys().map(u64::to_string).collect();
    let told = comments.open(session, &[("include", ids.join(","))]).await?;
    let Some((endpoint, answer)) = told else { return Ok(Vec::new()) };
    let now = session.now();
    let mut items = Vec::new();
    for raw in &answer.json::<Vec<Value>>()? {
        if raw.get("id").and_then(Value::as_u64).and_then(|id| asked.remove(&id)).is_some() {
            let read = comment::read(raw, &comments.site, now, "comment").ok();
            items.extend(read.map(|(_, post)| Item::Post(Box::new(post))));
        }
    }
    for (id, post) in asked.into_iter().take(ALONE) {
        if comments.is_gone(session, &endpoint, id).await? {
            items.push(Item::Deleted(post.urn.clone()));
        }
    }
    Ok(items)
}

/// Why the site does not show a comment.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    code: String,
}

impl Comments {
    /// Whether the site says that nobody may read the comment any more.
    async fn is_gone(&self, session: &Session, endpoint: &Url, id: u64) -> Result<bool, ConnectorError> {
        let answer = self.ask(session, &of(endpoint, id), &[]).await?;
        let refused = matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
        let why = answer.json::<Refusal>().unwrap_or_default().code;
        let gone = ["rest_comment_invalid_id", "rest_cannot_read", "rest_cannot_read_post", "rest_post_invalid_id"];
        Ok(refused && gone.contains(&why.as_str()))
    }
}

/// Where one comment may be asked for.
fn of(endpoint: &Url, id: u64) -> Url {
    let mut url = endpoint.clone();
    let by_parameter = url.query_pairs().find(|(key, _)| key == "rest_route").map(|(_, route)| route.into_owned());
    match by_parameter {
        Some(route) => drop(url.query_pairs_mut().clear().append_pair("rest_route", &format!("{route}/{id}"))),
        None => url.set_path(&format!("{}/{id}", endpoint.path())),
    }
    url
}

fn number(post: &Post, instance: &str) -> Option<u64> {
    let parts = post.urn.parts().filter(|parts| parts.network == comment::NETWORK && parts.kind == "comment")?;
    parts.native.parse().ok().filter(|_| parts.instance.as_deref() == Some(instance))
}

#[cfg(test)]
mod tests {
    use molva_domain::{Timestamp, Urn};

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    #[test]
    fn one_comment_is_asked_for_where_many_are() {
        let at = |endpoint: &str| of(&Url::parse(endpoint).expect("an address"), 7).to_string();
        assert_eq!(at("https://blog.example/wp-json/wp/v2/comments"), "https://blog.example/wp-json/wp/v2/comments/7");
        assert_eq!(
            at("https://blog.example/ua/?rest_route=%2Fwp%2Fv2%2Fcomments"),
            "https://blog.example/ua/?rest_route=%2Fwp%2Fv2%2Fcomments%2F7"
        );
    }

    #[test]
    fn only_comments_of_the_site_are_asked_for() {
        let number = |urn: &str| {
            let post = Post::new(Urn::new(urn), comment::NETWORK, "a".to_owned(), NOW, NOW);
            number(&post, "blog.example")
        };
        assert_eq!(number("urn:smm:wordpress:blog.example:comment:7"), Some(7));
        assert_eq!(number("urn:smm:wordpress:other.example:comment:7"), None);
        assert_eq!(number("urn:smm:wordpress:blog.example:author:7"), None);
    }
}
