//! A review as the API tells it, and the answer to it.

use molva_domain::{Author, Community, Engagement, Language, Post, PostKind, RejectionReason, Timestamp, Urn};
use serde_json::Value;

use super::NETWORK;
use crate::html;
use crate::session::Item;
use crate::walk::Found;

const SITE: &str = "https://play.google.com/store/apps/details";

fn text<'a>(raw: &'a Value, path: &str) -> Option<&'a str> {
    raw.pointer(path).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// Seconds and parts of one, as text and number or the other way.
fn moment(raw: &Value) -> Option<Timestamp> {
    let seconds = raw.pointer("/lastModified/seconds")?;
    let seconds = seconds.as_i64().or_else(|| seconds.as_str()?.parse().ok())?;
    let nanos = raw.pointer("/lastModified/nanos").and_then(Value::as_i64).unwrap_or_default();
    (1..100_000_000_000).contains(&seconds).then(|| Timestamp::from_micros(seconds * 1_000_000 + nanos / 1_000))
}

/// The review, and the answer of the app's makers where there is one.
pub(super) fn found(raw: &Value, package: &str, now: Timestamp, index: usize) -> Vec<Found> {
    let place = format!("review {}", index + 1);
    let rejected = |id: &str, reason, message| vec![Found::broken(id.to_owned(), (reason, message), &place, raw)];
    let Some(id) = text(raw, "/reviewId") else {
        return rejected(&raw.to_string(), RejectionReason::MissingId, "the review has no `reviewId`".to_owned());
    };
    let comments = raw.get("comments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let Some(user) = comments.iter().find_map(|comment| comment.get("userComment")) else {
        return rejected(id, RejectionReason::Malformed, format!("review {id} has no `userComment`"));
    };
    let Some(written) = moment(user) else {
        return rejected(id, RejectionReason::InvalidDate, format!("`lastModified` of review {id} is no time"));
    };
    // What the author wrote, where Google translated it; old apps have a title before a tab.
    let said = text(user, "/originalText").or_else(|| text(user, "/text")).unwrap_or_default();
    let (title, words) = said.split_once('\t').unwrap_or(("", said));
    let (title, words) = (html::one_line(title), html::tidy(words));
    if title.is_empty() && words.is_empty() {
        return rejected(id, RejectionReason::EmptyText, format!("review {id} has no text"));
    }
    let community =
        Community { key: format!("{NETWORK}/{package}"), title: None, url: Some(format!("{SITE}?id={package}")) };
    let number = |path: &str| user.pointer(path).and_then(Value::as_u64);
    let urn = Urn::of(NETWORK, None, "review", id);
    let url = format!("{SITE}?id={package}&reviewId={id}");
    let review = Post {
        kind: PostKind::Review,
        author: Author { name: text(raw, "/authorName").map(html::one_line), ..Author::default() },
        community: Some(community.clone()),
        title: (!title.is_empty()).then_some(title),
        language: text(user, "/reviewerLanguage").and_then(Language::parse),
        url: Some(url.clone()),
        engagement: Engagement {
            likes: number("/thumbsUpCount"),
            rating: number("/starRating")
                .filter(|stars| (1..=5).contains(stars))
                .and_then(|stars| u8::try_from(stars).ok()),
            ..Engagement::default()
        },
        ..Post::new(urn.clone(), NETWORK, words, written, now)
    };
    // The one time there is moves when the review is written anew.
    let mut found = vec![Found {
        id: id.to_owned(),
        published: Some(written),
        edited: Some(written),
        item: Item::Post(Box::new(review)),
    }];
    let answer = comments.iter().find_map(|comment| comment.get("developerComment"));
    if let Some((answer, words, written)) =
        answer.and_then(|raw| Some((raw, html::tidy(text(raw, "/text")?), moment(raw)?)))
    {
        let reply = Post {
            kind: PostKind::Reply,
            community: Some(community),
            language: text(answer, "/language").and_then(Language::parse),
            url: Some(url),
            in_reply_to: Some(urn),
            ..Post::new(Urn::of(NETWORK, None, "response", id), NETWORK, words, written, now)
        };
        let id = format!("response {id}");
        found.push(Found { id, published: Some(written), edited: Some(written), item: Item::Post(Box::new(reply)) });
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    #[test]
    fn a_review_has_its_stars_its_title_and_the_answer_to_it() {
        let raw = json!({"reviewId": "gp:91", "authorName": "Anna", "comments": [
            {"userComment": {"text": "\tBad\u{a0}now", "originalText": "Погано\tНе працює", "lastModified": {"seconds": "1772360000", "nanos": 5000}, "starRating": 2,
                "reviewerLanguage": "uk", "thumbsUpCount": 4, "device": "x"}},
            {"developerComment": {"text": "Вже виправили", "lastModified": {"seconds": "1772361000"}}}]});
        let mut posts = found(&raw, "com.example.app", NOW, 0).into_iter().map(|found| match found.item {
            Item::Post(post) => *post,
            other => panic!("no post: {other:?}"),
        });
        let review = posts.next().expect("a review");
        assert_eq!((review.urn.as_str(), review.kind), ("urn:smm:googleplay:review:gp%3A91", PostKind::Review));
        assert_eq!((review.title.as_deref(), review.text.as_str()), (Some("Погано"), "Не працює"));
        assert_eq!(review.engagement, Engagement { rating: Some(2), likes: Some(4), ..Engagement::default() });
        assert_eq!((review.language, review.published_at.as_micros()), (Language::parse("uk"), 1_772_360_000_000_005));
        let answer = posts.next().expect("an answer");
        assert_eq!(
            (answer.kind, answer.text.as_str(), answer.in_reply_to),
            (PostKind::Reply, "Вже виправили", Some(review.urn))
        );
    }

    #[test]
    fn what_is_not_as_promised_is_rejected_with_its_place() {
        let reason = |raw: &Value| match found(raw, "com.example.app", NOW, 2).remove(0).item {
            Item::Rejected(one) => (one.reason, one.place),
            other => panic!("{other:?}"),
        };
        let place = || "review 3".to_owned();
        let with = |user: Value| json!({"reviewId": "1", "comments": [{"userComment": user}]});
        assert_eq!(reason(&json!({"comments": []})), (RejectionReason::MissingId, place()));
        assert_eq!(reason(&json!({"reviewId": "1"})), (RejectionReason::Malformed, place()));
        assert_eq!(reason(&with(json!({"text": "x"}))), (RejectionReason::InvalidDate, place()));
        assert_eq!(
            reason(&with(json!({"text": " \t ", "lastModified": {"seconds": 1_772_360_000}}))),
            (RejectionReason::EmptyText, place())
        );
    }
}
