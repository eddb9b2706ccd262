//! Items by their numbers, from the API of the site itself, one in a call and without limits: <https://github.com/HackerNews/API>. The
//! search tells neither edits nor what was taken away.

use molva_domain::{Post, Timestamp};
use serde::Deserialize;

use super::{DESCRIPTOR, NETWORK};
use crate::error::ConnectorError;
use crate::html;
use crate::http::{Request, parse_url};
use crate::refresh::Refresh;
use crate::session::{Item, Session};

/// Items of one look: each is a call of some tenth of a second.
const AT_ONCE: u32 = 20;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
    let mut url = parse_url("items_url", settings.text("items_url").unwrap_or_default())?;
    let mut items = Vec::new();
    for post in posts {
        let Some(id) = number(post) else { continue };
        url.set_path(&format!("/v0/item/{id}.json"));
        let now = session.now();
        let request = Request::get(url.clone()).header("accept", "application/json");
        let answer = session.send(request).await?.error_for_status("the item", now)?;
        // `null` is what there never was.
        items.extend(answer.json::<Option<Wire>>()?.map(|wire| said_now(post, wire, now)));
    }
    Ok(items)
}

fn number(post: &Post) -> Option<u64> {
    post.urn.parts_of(NETWORK, "item")?.native.parse().ok()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    deleted: bool,
    /// Taken away by moderators or by readers.
    dead: bool,
    title: Option<String>,
    text: Option<String>,
    score: Option<u64>,
    descendants: Option<u64>,
}

fn said_now(known: &Post, wire: Wire, now: Timestamp) -> Item {
    if wire.deleted || wire.dead {
        return Item::Deleted(known.urn.clone());
    }
    let mut post = Post { fetched_at: now, ..known.clone() };
    let plain = html::to_plain(wire.text.as_deref().unwrap_or_default(), None);
    if plain.text != post.text
        && plain.text.len() <= Post::MAX_TEXT_BYTES
        && !(plain.text.is_empty() && wire.title.is_none())
    {
        (post.text, post.language) = (plain.text, None);
        post.links.extend(plain.links);
        post.links.sort();
        post.links.dedup();
    }
    // That of a comment is its story's, and the site does not tell it.
    let title = wire.title.as_deref().and_then(html::line);
    post.title = title.or(post.title);
    post.engagement.likes = wire.score.or(post.engagement.likes);
    post.engagement.comments = wire.descendants.or(post.engagement.comments);
    Item::Post(Box::new(post))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn renewed(known: &Post, raw: Value) -> Post {
        match said_now(known, serde_json::from_value(raw).expect("an item"), NOW) {
            Item::Post(post) => *post,
            other => panic!("no post: {other:?}"),
        }
    }

    #[test]
    fn a_story_has_its_points_and_a_comment_its_words_and_the_title_it_stands_under() {
        let mut story = Post::new(super::super::urn("7"), NETWORK, String::new(), NOW, Timestamp::EARLIEST);
        (story.title, story.links) = (Some("A".to_owned()), vec!["https://b.example/".to_owned()]);
        let now = renewed(
            &story,
            json!({"id": 7, "type": "story", "title": "A &amp; B", "score": 12, "descendants": 3, "url": "https://b.example/"}),
        );
        let mut expected = Post { title: Some("A & B".to_owned()), fetched_at: NOW, ..story };
        (expected.engagement.likes, expected.engagement.comments) = (Some(12), Some(3));
        assert_eq!(now, expected);

        let mut comment = Post::new(super::super::urn("31"), NETWORK, "It's down".to_owned(), NOW, Timestamp::EARLIEST);
        comment.title = Some("A & B".to_owned());
        let said = |text: &str| renewed(&comment, json!({"id": 31, "type": "comment", "text": text, "parent": 7}));
        assert_eq!(said("It&#x27;s <i>down</i>"), Post { fetched_at: NOW, ..comment.clone() });
        assert_eq!(said("It&#x27;s <i>up</i>").text, "It's up");
        assert_eq!(said("").text, "It's down", "what says nothing says nothing new");
    }

    #[test]
    fn what_its_author_or_the_moderators_took_away_is_gone() {
        let known = Post::new(super::super::urn("31"), NETWORK, "a".to_owned(), NOW, NOW);
        for raw in [json!({"id": 31, "deleted": true}), json!({"id": 31, "dead": true, "text": "[dead]"})] {
            let wire = serde_json::from_value(raw).expect("an item");
            assert!(matches!(said_now(&known, wire, NOW), Item::Deleted(urn) if urn == known.urn));
        }
    }
}
