//! Posts, comments and reviews as the Graph API tells them.

use serde_json::json;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

fn page() -> PageOf {
    PageOf { id: "104".to_owned(), title: Some("Мост".to_owned()) }
}

fn post_of(found: Found) -> Post {
    match found.item {
        Item::Post(post) => *post,
        other => panic!("{other:?}"),
    }
}

fn reason(found: &Found) -> Option<RejectionReason> {
    if let Item::Rejected(rejection) = &found.item { Some(rejection.reason) } else { None }
}

#[test]
fn a_post_of_a_visitor_is_read_with_its_author_its_figures_and_what_is_attached() {
    let raw = json!({
        "id": "104_7", "message": "Нет связи, см. https://a.example/1", "created_time": "2026-03-01T09:30:00+0000",
        "updated_time": "2026-03-01T11:00:00+0000", "from": {"id": "55", "name": "Анна Белых"}, "is_published": true,
        "permalink_url": "https://www.facebook.com/104/posts/7", "shares": {"count": 2},
        "reactions": {"data": [], "summary": {"total_count": 5}}, "comments": {"data": [], "summary": {"total_count": 3}},
        "attachments": {"data": [
            {"media_type": "photo", "media": {"image": {"src": "https://cdn.example/1.jpg"}}, "title": "Мачта"},
            {"media_type": "link", "unshimmed_url": "https://b.example/"},
        ]},
    });
    let found = page().post(&raw, NOW, "feed");
    assert_eq!((found.id.as_str(), found.comments), ("104_7", Some(3)));
    let wanted = Post {
        author: Author {
            urn: Some(Urn::of("facebook", None, "author", "55")),
            name: Some("Анна Белых".to_owned()),
            url: Some("https://www.facebook.com/55".to_owned()),
            ..Author::default()
        },
        community: Some(Community {
            key: "facebook/104".to_owned(),
            title: Some("Мост".to_owned()),
            url: Some("https://www.facebook.com/104".to_owned()),
        }),
        url: Some("https://www.facebook.com/104/posts/7".to_owned()),
        links: vec!["https://a.example/1".to_owned(), "https://b.example/".to_owned()],
        media: vec![
            Media {
                kind: MediaKind::Image,
                url: "https://cdn.example/1.jpg".to_owned(),
                alt: Some("Мачта".to_owned()),
            },
            Media { kind: MediaKind::Link, url: "https://b.example/".to_owned(), alt: None },
        ],
        engagement: Engagement { likes: Some(5), reposts: Some(2), comments: Some(3), ..Engagement::default() },
        ..Post::new(
            Urn::of("facebook", None, "post", "104_7"),
            "facebook",
            "Нет связи, см. https://a.example/1".to_owned(),
            Timestamp::from_secs(1_772_357_400),
            NOW,
        )
    };
    assert_eq!(post_of(found), wanted);
}

#[test]
fn a_comment_stands_under_the_post_and_an_answer_under_the_comment() {
    // As the network itself showed one, with other names.
    let raw = json!({
        "attachment": {"media": {"image": {"height": 403, "src": "https://cdn.example/2.jpg", "width": 720}}, "type": "photo",
            "url": "https://www.facebook.com/photo.php?fbid=9"},
        "can_comment": true, "comment_count": 0, "created_time": "2021-07-23T08:35:18+0000", "from": {"name": "Вера", "id": "27"},
        "id": "295_296", "is_hidden": false, "is_private": false, "like_count": 4, "message": "My Nice Car ",
        "permalink_url": "https://www.facebook.com/212/posts/295/?comment_id=296",
    });
    let comment = post_of(page().comment(&raw, "104_295", NOW));
    assert_eq!((comment.kind, comment.urn.as_str()), (PostKind::Comment, "urn:smm:facebook:comment:295_296"));
    assert_eq!(comment.in_reply_to, Some(Urn::of("facebook", None, "post", "104_295")));
    assert_eq!((comment.engagement.likes, comment.media.len()), (Some(4), 1));
    let mut answer = raw;
    answer["parent"] = json!({"id": "295_290"});
    let answer = post_of(page().comment(&answer, "104_295", NOW));
    assert_eq!(answer.kind, PostKind::Reply);
    assert_eq!(answer.in_reply_to, Some(Urn::of("facebook", None, "comment", "295_290")));
}

#[test]
fn a_review_has_stars_or_the_end_of_the_scale_that_it_recommends() {
    let review = |more: serde_json::Value| {
        let mut raw = json!({"reviewer": {"id": "9", "name": "Глеб"}, "created_time": "2026-03-01T09:30:00+0000",
            "review_text": "Хорошо", "open_graph_story": {"id": "77"}});
        raw.as_object_mut().expect("fields").extend(more.as_object().cloned().expect("fields"));
        post_of(page().review(&raw, NOW))
    };
    let ratings =
        [json!({"recommendation_type": "positive"}), json!({"recommendation_type": "negative"}), json!({"rating": 3})];
    let ratings = ratings.map(|more| review(more).engagement.rating);
    assert_eq!(ratings, [Some(5), Some(1), Some(3)]);
    let review = review(json!({}));
    assert_eq!((review.kind, review.urn.as_str()), (PostKind::Review, "urn:smm:facebook:review:77"));
}

#[test]
fn what_is_no_post_is_said_to_be_none() {
    let cases = [
        (json!({"message": "x", "created_time": "2026-03-01T09:30:00+0000"}), RejectionReason::MissingId),
        (json!({"id": "1_2", "message": "x", "created_time": "вчера"}), RejectionReason::InvalidDate),
        (json!({"id": "1_2", "created_time": "2026-03-01T09:30:00+0000"}), RejectionReason::EmptyText),
        (
            json!({"id": "1_2", "message": "x", "is_published": false, "created_time": "2026-03-01T09:30:00+0000"}),
            RejectionReason::NotPublic,
        ),
        (json!(7), RejectionReason::MissingId),
    ];
    for (raw, wanted) in cases {
        assert_eq!(reason(&page().post(&raw, NOW, "feed")), Some(wanted), "{raw}");
    }
    let photo = json!({"id": "1_2", "created_time": "2026-03-01T09:30:00+0000",
        "attachments": {"data": [{"media_type": "photo", "description": "Подпись"}]}});
    assert_eq!(post_of(page().post(&photo, NOW, "feed")).text, "Подпись");
}
