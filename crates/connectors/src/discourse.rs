//! A Discourse forum: every post that its reader may see, by `/posts.json`. Contract: <https://docs.discourse.org>, "List latest posts
//! across topics".

mod account_form;
mod descriptor;
mod look;
mod parents;
mod refresh;
mod reply;
mod upload;
mod webhook;

use std::sync::Arc;

use molva_domain::{Author, Engagement, Post, RejectionReason, Secret, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::forum::{self, Place};
use crate::html;
use crate::http::{Request, Response, shown};
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::{Item, Session};
use crate::settings::Settings;
use crate::walk::{self, Found, NewestFirst, Pace};
use crate::webhook::Webhooks;
use descriptor::DESCRIPTOR;

const NETWORK: &str = "discourse";
/// Pages of some fifty posts turned in one look.
const PAGES: usize = 400;
const MAX_PAGE_BYTES: u64 = 32 << 20;
/// The kind of action that is a like.
const LIKE: u64 = 2;

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Discourse;

impl Connector for Discourse {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let forum = Forum::new(session)?;
            let page = forum.page(session, None).await?;
            let reader = if forum.key.is_some() { "the key is accepted" } else { "read as a stranger" };
            Ok(format!("{} posts on the first page of {}, {reader}", page.found.len(), shown(&forum.place.url)))
        })
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&webhook::WEBHOOKS)
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let forum = Forum::new(session)?;
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            walk::listen(session, &forum, &forum.place.instance, Pace::of(&settings, PAGES)).await
        })
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::DiscourseReplies)
    }
}

struct Forum {
    place: Place,
    key: Option<Secret>,
    user: Option<String>,
    numbers: Arc<parents::Numbers>,
}

impl Forum {
    fn new(session: &Session) -> Result<Self, ConnectorError> {
        Self::of(&session.settings)
    }

    fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let place = Place::new(settings)?;
        Ok(Self {
            numbers: parents::numbers(&place.instance),
            place,
            key: settings.secret("api_key").cloned(),
            user: settings.text("api_username").map(str::to_owned),
        })
    }

    fn urn(&self, id: u64) -> Urn {
        Urn::of(NETWORK, Some(&self.place.instance), "post", &id.to_string())
    }

    async fn get(&self, session: &Session, path: &str, query: &[(&str, &str)]) -> Result<Response, ConnectorError> {
        let url = self.place.asked(path, query)?;
        let mut request = Request::get(url).header("accept", "application/json").max_body_bytes(MAX_PAGE_BYTES);
        if let Some(key) = &self.key {
            request =
                request.secret_header("api-key", key).header("api-username", self.user.as_deref().unwrap_or("system"));
        }
        session.send(request).await
    }
}

#[derive(Deserialize)]
struct Answer {
    latest_posts: Vec<Value>,
}

impl NewestFirst for Forum {
    /// `older` is the id before which posts are asked for.
    fn page<'a>(
        &'a self,
        session: &'a Session,
        older: Option<&'a str>,
    ) -> BoxFuture<'a, Result<walk::Page, ConnectorError>> {
        Box::pin(async move {
            let query: Vec<(&str, &str)> = older.map(|before| ("before", before)).into_iter().collect();
            let now = session.now();
            let answer = self.get(session, "posts.json", &query).await?;
            let answer: Answer = answer.error_for_status("the forum", now)?.json()?;
            let before = |id: &u64| older.and_then(|older| older.parse().ok()).is_none_or(|older: u64| *id < older);
            let ids = answer.latest_posts.iter().filter_map(|raw| raw.get("id").and_then(Value::as_u64));
            // A forum that gave what it had given would be asked for ever.
            let older = ids.min().filter(|id| *id > 1 && before(id)).map(|id| id.to_string());
            let found =
                answer.latest_posts.iter().enumerate().map(|(index, raw)| self.found(raw, now, index)).collect();
            Ok(walk::Page { found, older, ..walk::Page::default() })
        })
    }

    fn complete<'a>(
        &'a self,
        session: &'a Session,
        items: &'a mut [(Option<Timestamp>, Item)],
    ) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(self.name_parents(session, items))
    }
}

/// A post as the forum tells it.
#[derive(Deserialize)]
struct Wire {
    id: u64,
    topic_id: u64,
    #[serde(default)]
    topic_slug: Option<String>,
    #[serde(default)]
    topic_title: Option<String>,
    post_number: u64,
    #[serde(default)]
    reply_to_post_number: Option<u64>,
    created_at: String,
    #[serde(default)]
    updated_at: Option<String>,
    #[serde(default)]
    version: u64,
    #[serde(default)]
    cooked: String,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    user_id: Option<i64>,
    #[serde(default)]
    reads: Option<u64>,
    #[serde(default)]
    reply_count: Option<u64>,
    #[serde(default)]
    actions_summary: Vec<Action>,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    user_deleted: bool,
    #[serde(default)]
    deleted_at: Option<String>,
}

#[derive(Deserialize)]
struct Action {
    id: u64,
    #[serde(default)]
    count: u64,
}

impl Forum {
    fn found(&self, raw: &Value, now: Timestamp, index: usize) -> Found {
        let place = format!("post {}", index + 1);
        let wire = match Wire::deserialize(raw) {
            Ok(wire) => wire,
            Err(error) => {
                let id = raw.get("id").map_or_else(|| raw.to_string(), Value::to_string);
                let message = format!("the post is not as Discourse promises: {error}");
                return Found::broken(id, (RejectionReason::Malformed, message), &place, raw);
            }
        };
        let id = wire.id.to_string();
        self.note((wire.topic_id, wire.post_number), Some(wire.id));
        let Some(published) = Timestamp::parse(&wire.created_at) else {
            let message = format!("`created_at` of post {id} is no time");
            return Found::broken(id, (RejectionReason::InvalidDate, message), &place, raw);
        };
        // The first version is not an edit; `updated_at` moves with it.
        let edited = wire.updated_at.as_deref().filter(|_| wire.version > 1).and_then(Timestamp::parse);
        let item = if wire.hidden || wire.user_deleted || wire.deleted_at.is_some() {
            Item::Deleted(self.urn(wire.id))
        } else {
            Item::read(self.read(wire, published, edited, now), &place, raw)
        };
        Found { id, published: Some(published), edited, item }
    }

    fn read(
        &self,
        wire: Wire,
        published_at: Timestamp,
        edited_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Post, (RejectionReason, String)> {
        let plain = self.place.plain(&wire.cooked, &wire.id.to_string())?;
        let slug = wire.topic_slug.as_deref().filter(|slug| !slug.is_empty()).unwrap_or("-");
        let handle = wire.username.filter(|name| !name.is_empty());
        let profile = handle.as_deref().and_then(|handle| self.place.page(&format!("u/{handle}")));
        let likes = wire.actions_summary.iter().find(|action| action.id == LIKE).map(|action| action.count);
        // What answers nobody answers the topic's first post.
        let answered = wire.reply_to_post_number.or((wire.post_number > 1).then_some(1));
        Ok(Post {
            kind: forum::kind(wire.post_number == 1, wire.reply_to_post_number.is_some()),
            in_reply_to: answered.map(|number| self.at_place(wire.topic_id, number)),
            author: Author {
                urn: wire.user_id.map(|id| Urn::of(NETWORK, Some(&self.place.instance), "author", &id.to_string())),
                name: wire.name.filter(|name| !name.trim().is_empty()).or_else(|| handle.clone()),
                handle,
                url: profile,
                // The forum's own program has this number.
                bot: wire.user_id.map(|id| id < 0),
                ..Author::default()
            },
            community: Some(self.place.community(NETWORK)),
            title: wire.topic_title.as_deref().and_then(html::line),
            language: self.place.language,
            edited_at,
            url: self.place.page(&format!("t/{slug}/{}/{}", wire.topic_id, wire.post_number)),
            links: plain.links,
            media: plain.media,
            engagement: Engagement { likes, comments: wire.reply_count, views: wire.reads, ..Engagement::default() },
            ..Post::new(self.urn(wire.id), NETWORK, plain.text, published_at, now)
        })
    }
}

#[cfg(test)]
mod tests {
    use molva_domain::PostKind;
    use serde_json::json;
    use url::Url;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn forum() -> Forum {
        let url = Url::parse("https://www.forum.example/talk/").expect("an address");
        Forum {
            place: Place { url, instance: "forum.example/talk".to_owned(), language: None },
            key: None,
            user: None,
            numbers: Arc::default(),
        }
    }

    #[test]
    fn a_post_knows_its_topic_its_author_and_its_likes() {
        let raw = json!({"id": 91, "topic_id": 12, "topic_slug": "no-signal", "topic_title": "Нет сигнала", "post_number": 4,
            "created_at": "2026-03-01T09:30:00.123Z", "cooked": "<p>Опять <b>пропала</b> связь</p>", "username": "anna", "name": "",
            "user_id": 5, "reads": 40, "reply_count": 2, "actions_summary": [{"id": 2, "count": 3}, {"id": 8}], "later": [1]});
        let Item::Post(post) = forum().found(&raw, NOW, 0).item else { panic!("no post") };
        assert_eq!((post.urn.as_str(), post.kind), ("urn:smm:discourse:forum.example/talk:post:91", PostKind::Comment));
        assert_eq!((post.text.as_str(), post.title.as_deref()), ("Опять пропала связь", Some("Нет сигнала")));
        assert_eq!(post.url.as_deref(), Some("https://www.forum.example/talk/t/no-signal/12/4"));
        assert_eq!((post.author.name.as_deref(), post.author.bot), (Some("anna"), Some(false)));
        assert_eq!(
            post.engagement,
            Engagement { likes: Some(3), comments: Some(2), views: Some(40), ..Engagement::default() }
        );
    }

    #[test]
    fn an_answer_names_what_it_answers_once_that_is_known() {
        let forum = forum();
        let found = |id: u64, number: u64, answered: Option<u64>| {
            let raw = json!({"id": id, "topic_id": 12, "post_number": number, "created_at": "2026-03-01T09:30:00Z", "cooked": "<p>x</p>",
                "reply_to_post_number": answered});
            forum.found(&raw, NOW, 0).item
        };
        let mut items =
            [found(91, 4, Some(2)), found(92, 5, None), found(93, 6, Some(3)), found(80, 1, None), found(85, 2, None)];
        items.iter_mut().for_each(|item| forum.name_parent(item));
        let told = items.map(|item| match item {
            Item::Post(post) => (post.kind, post.in_reply_to),
            other => panic!("no post: {other:?}"),
        });
        let first = Some(forum.urn(80));
        let expected = [
            (PostKind::Reply, Some(forum.urn(85))),
            (PostKind::Comment, first.clone()),
            (PostKind::Reply, None),
            (PostKind::Post, None),
            (PostKind::Comment, first),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_hidden_is_gone_and_what_is_broken_is_rejected_with_its_place() {
        let with = |change: Value| {
            let mut raw = json!({"id": 91, "topic_id": 12, "post_number": 1, "created_at": "2026-03-01T09:30:00Z", "cooked": "<p>x</p>"});
            raw.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
            forum().found(&raw, NOW, 6).item
        };
        assert!(matches!(with(json!({"hidden": true})), Item::Deleted(urn) if urn == forum().urn(91)));
        let reason =
            |item: Item| if let Item::Rejected(one) = item { (one.reason, one.place) } else { panic!("{item:?}") };
        let place = || "post 7".to_owned();
        assert_eq!(reason(with(json!({"created_at": "soon"}))), (RejectionReason::InvalidDate, place()));
        assert_eq!(reason(with(json!({"cooked": "<p> </p>"}))), (RejectionReason::EmptyText, place()));
        assert_eq!(reason(with(json!({"topic_id": "x"}))), (RejectionReason::Malformed, place()));
    }
}
