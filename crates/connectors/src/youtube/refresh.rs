//! Comments and videos by their ids, fifty in a call of one unit: <https://developers.google.com/youtube/v3/docs/comments/list>,
//! <https://developers.google.com/youtube/v3/docs/videos/list>. Of what a call for many leaves out YouTube is asked alone: there the
//! contract says `commentNotFound` and `videoNotFound`. Nothing is asked when only a quarter of listening's units is left.

use std::collections::{HashMap, HashSet};

use molva_domain::{Engagement, Post, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::descriptor::DESCRIPTOR;
use super::{Client, NETWORK, comment};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::refresh::{ALONE, Refresh, in_halves};
use crate::session::{Item, Session};

/// Posts of one look; a call takes fifty of a kind.
const AT_ONCE: u32 = 50;
/// Calls for those that a call for many refuses.
const MOST_CALLS: usize = 8;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let client = &Client::new(&session.settings.clone().with_defaults(DESCRIPTOR.settings))?;
    let mut items = Vec::new();
    for (kind, method) in [("comment", "comments"), ("video", "videos")] {
        let asked = of_kind(kind, posts);
        let ids: Vec<String> = asked.keys().cloned().collect();
        client.budget.ask_for_room(session.now())?;
        let ask = move |ids: String| -> BoxFuture<'_, Result<Vec<Value>, ConnectorError>> {
            Box::pin(async move {
                let part = if method == "videos" { "statistics" } else { "snippet" };
                let fixed = [("part", part), ("id", &*ids), ("textFormat", "plainText")];
                let fixed = if method == "videos" { &fixed[..2] } else { &fixed[..] };
                Ok(client.get(session, method, fixed, None).await?.items)
            })
        };
        let (told, mut gone) = in_halves(&ids, MOST_CALLS, ask).await?;
        let told: Vec<Value> = told.into_iter().flatten().collect();
        let brought: HashSet<&str> = told.iter().filter_map(|raw| raw.get("id")?.as_str()).collect();
        let left = ids.iter().filter(|id| !brought.contains(id.as_str()) && !gone.contains(id));
        for id in left.take(ALONE).cloned().collect::<Vec<_>>() {
            match ask(id.clone()).await {
                Err(ConnectorError::NotFound(_)) => gone.push(id),
                answer => drop(answer?),
            }
        }
        let now = session.now();
        items.extend(told.iter().enumerate().filter_map(|(index, raw)| match kind {
            "video" => counted(asked.get(raw.get("id")?.as_str()?)?, raw, now),
            _ => Some(comment::reply(raw, "", now, index).item),
        }));
        items.extend(gone.iter().filter_map(|id| Some(Item::Deleted(asked.get(id)?.urn.clone()))));
    }
    Ok(items)
}

/// By their ids.
fn of_kind<'a>(kind: &str, posts: &'a [Post]) -> HashMap<String, &'a Post> {
    posts.iter().filter_map(|post| Some((post.urn.parts_of(NETWORK, kind)?.native, post))).collect()
}

/// Counts of a video: numbers as text.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Statistics {
    view_count: Option<String>,
    like_count: Option<String>,
    comment_count: Option<String>,
}

/// The search shows only the beginning of what a video says of itself; what it was listened to with stays.
fn counted(known: &Post, raw: &Value, now: Timestamp) -> Option<Item> {
    let told = Statistics::deserialize(raw.get("statistics")?).ok()?;
    let number = |text: Option<String>| text.and_then(|text| text.parse().ok());
    let engagement = Engagement {
        likes: number(told.like_count),
        comments: number(told.comment_count),
        views: number(told.view_count),
        ..known.engagement
    };
    Some(Item::Post(Box::new(Post { engagement, fetched_at: now, ..known.clone() })))
}

#[cfg(test)]
mod tests {
    use molva_domain::Urn;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_video_is_counted_and_says_what_it_said() {
        let at = Timestamp::from_secs(1_772_366_400);
        let known = Post::new(Urn::of(NETWORK, None, "video", "v1"), NETWORK, "About".to_owned(), at, at);
        let raw = json!({"id": "v1", "statistics": {"viewCount": "1200", "likeCount": "7"}});
        let Some(Item::Post(post)) = counted(&known, &raw, at) else { panic!("no post") };
        let engagement = Engagement { likes: Some(7), views: Some(1_200), ..Engagement::default() };
        assert_eq!(*post, Post { engagement, ..known.clone() });
        assert!(counted(&known, &json!({"id": "v1"}), at).is_none());
    }
}
