//! A Flarum forum: every post that its reader may see, by `/api/posts`, the newest first. Contract: <https://docs.flarum.org/rest-api>;
//! answers are of the form of <https://jsonapi.org>.

mod descriptor;
mod firsts;
mod refresh;
mod reply;

use std::collections::HashMap;
use std::sync::Arc;

use molva_domain::{Author, Engagement, Post, RejectionReason, Secret, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::forum::{self, Place};
use crate::html;
use crate::http::{Request, shown};
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::{Item, Session};
use crate::walk::{self, Found, NewestFirst, Pace};
use descriptor::DESCRIPTOR;
use firsts::Firsts;

const NETWORK: &str = "flarum";
/// Posts of one page; the API gives no more.
const PAGE: usize = 50;
/// Pages turned in one look.
const PAGES: usize = 400;
const MAX_PAGE_BYTES: u64 = 32 << 20;

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Flarum;

impl Connector for Flarum {
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
        Some(&reply::FlarumReplies)
    }
}

struct Forum {
    place: Place,
    /// The whole value of the header, which may name a user beside the key.
    key: Option<Secret>,
    firsts: Arc<Firsts>,
}

impl Forum {
    fn new(session: &Session) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        let user = settings.text("user_id").map(|user| format!("; userId={user}")).unwrap_or_default();
        let key = settings.secret("api_key").map(|key| Secret::new(format!("Token {}{user}", key.expose())));
        let place = Place::new(settings)?;
        Ok(Self { firsts: firsts::of(&place.instance), place, key })
    }

    fn urn(&self, kind: &str, id: &str) -> Urn {
        Urn::of(NETWORK, Some(&self.place.instance), kind, id)
    }

    fn request(&self, url: Url) -> Request {
        let request = Request::get(url).header("accept", "application/vnd.api+json").max_body_bytes(MAX_PAGE_BYTES);
        match &self.key {
            Some(key) => request.secret_header("authorization", key),
            None => request,
        }
    }
}

/// The posts of an answer, with what stands beside them.
fn said<'a>(forum: &'a Forum, answer: &'a Answer, now: Timestamp) -> impl Iterator<Item = Found> + 'a {
    let included: Included<'a> = answer
        .included
        .iter()
        .filter_map(|raw| Some(((raw.get("type")?.as_str()?, raw.get("id")?.as_str()?), raw)))
        .collect();
    answer.data.iter().enumerate().map(move |(index, raw)| forum.found(raw, &included, now, index))
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Value>,
    #[serde(default)]
    included: Vec<Value>,
}

/// What stands beside the posts, by type and id.
type Included<'a> = HashMap<(&'a str, &'a str), &'a Value>;

impl NewestFirst for Forum {
    /// `older` is how many posts are passed over.
    fn page<'a>(
        &'a self,
        session: &'a Session,
        older: Option<&'a str>,
    ) -> BoxFuture<'a, Result<walk::Page, ConnectorError>> {
        Box::pin(async move {
            let passed: usize = older.and_then(|passed| passed.parse().ok()).unwrap_or_default();
            let mut url = self.place.at("api/posts")?;
            url.query_pairs_mut()
                .append_pair("filter[type]", "comment")
                .append_pair("sort", "-createdAt")
                .append_pair("include", "user,discussion")
                .append_pair("page[limit]", &PAGE.to_string())
                .append_pair("page[offset]", &passed.to_string());
            let now = session.now();
            let answer: Answer = session.send(self.request(url)).await?.error_for_status("the forum", now)?.json()?;
            Ok(walk::Page {
                found: said(self, &answer, now).collect(),
                // A page has fewer where some are not for this reader.
                older: (!answer.data.is_empty()).then(|| (passed + PAGE).to_string()),
                ..walk::Page::default()
            })
        })
    }

    fn complete<'a>(
        &'a self,
        session: &'a Session,
        items: &'a mut [(Option<Timestamp>, Item)],
    ) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(self.name_firsts(session, items))
    }
}

#[derive(Deserialize)]
struct Wire {
    id: String,
    attributes: Attributes,
    #[serde(default)]
    relationships: Relationships,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    created_at: String,
    #[serde(default)]
    number: u64,
    #[serde(default)]
    content_html: Option<String>,
    #[serde(default)]
    edited_at: Option<String>,
    #[serde(default)]
    is_hidden: bool,
    #[serde(default)]
    likes_count: Option<u64>,
}

#[derive(Deserialize, Default)]
struct Relationships {
    #[serde(default)]
    user: Relationship,
    #[serde(default)]
    discussion: Relationship,
}

#[derive(Deserialize, Default)]
struct Relationship {
    #[serde(default)]
    data: Option<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    id: String,
}

impl Relationship {
    fn id(&self) -> Option<&str> {
        self.data.as_ref().map(|reference| reference.id.as_str())
    }
}

impl Forum {
    fn found(&self, raw: &Value, included: &Included<'_>, now: Timestamp, index: usize) -> Found {
        let place = format!("post {}", index + 1);
        let wire = match Wire::deserialize(raw) {
            Ok(wire) => wire,
            Err(error) => {
                let id = raw.get("id").and_then(Value::as_str).map_or_else(|| raw.to_string(), str::to_owned);
                let message = format!("the post is not as Flarum promises: {error}");
                return Found::broken(id, (RejectionReason::Malformed, message), &place, raw);
            }
        };
        let id = wire.id.clone();
        let Some(published) = Timestamp::parse(&wire.attributes.created_at) else {
            let message = format!("`createdAt` of post {id} is no time");
            return Found::broken(id, (RejectionReason::InvalidDate, message), &place, raw);
        };
        let edited = wire.attributes.edited_at.as_deref().and_then(Timestamp::parse);
        let item = if wire.attributes.is_hidden {
            Item::Deleted(self.urn("post", &id))
        } else {
            Item::read(self.read(wire, included, published, edited, now), &place, raw)
        };
        Found { id, published: Some(published), edited, item }
    }

    fn read(
        &self,
        wire: Wire,
        included: &Included<'_>,
        published_at: Timestamp,
        edited_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Post, (RejectionReason, String)> {
        let Wire { id, attributes, relationships } = wire;
        let markup = attributes.content_html.unwrap_or_default();
        let plain = self.place.plain(&markup, &id)?;
        let beside = |kind, id: Option<&str>| included.get(&(kind, id?)).and_then(|raw| raw.get("attributes"));
        let text = |attributes: Option<&Value>, field: &str| {
            let text = attributes?.get(field)?.as_str().map(html::one_line)?;
            (!text.is_empty()).then_some(text)
        };
        let discussion = relationships.discussion.id();
        let (user, topic) = (beside("users", relationships.user.id()), beside("discussions", discussion));
        let handle = text(user, "username");
        let slug = text(user, "slug").or_else(|| handle.clone());
        let is_first = attributes.number == 1;
        if let (true, Some(discussion)) = (is_first, discussion) {
            self.note_first(discussion, Some(&id));
        }
        let answered = answered(&markup).map(|id| self.urn("post", id));
        let whole = || discussion.map(|discussion| self.urn(firsts::DISCUSSION, discussion));
        Ok(Post {
            kind: forum::kind(is_first, answered.is_some()),
            author: Author {
                urn: relationships.user.id().map(|user| self.urn("author", user)),
                name: text(user, "displayName").or_else(|| handle.clone()),
                url: slug.and_then(|slug| self.place.page(&format!("u/{slug}"))),
                handle,
                ..Author::default()
            },
            community: Some(self.place.community(NETWORK)),
            title: text(topic, "title"),
            language: self.place.language,
            url: discussion.and_then(|topic| self.place.page(&format!("d/{topic}/{}", attributes.number))),
            edited_at,
            in_reply_to: if is_first { None } else { answered.or_else(whole) },
            links: plain.links,
            media: plain.media,
            engagement: Engagement { likes: attributes.likes_count, ..Engagement::default() },
            ..Post::new(self.urn("post", &id), NETWORK, plain.text, published_at, now)
        })
    }
}

/// The post that is mentioned first, which is how Flarum writes whom a post answers.
fn answered(markup: &str) -> Option<&str> {
    let mention = &markup[markup.find("class=\"PostMention\"")?..];
    let tag = &mention[..mention.find('>')?];
    let id = &tag[tag.find("data-id=\"")? + 9..];
    let id = &id[..id.find('"')?];
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

#[cfg(test)]
mod tests {
    use molva_domain::PostKind;
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn forum() -> Forum {
        let url = Url::parse("https://forum.example/").expect("an address");
        let place = Place { url, instance: "forum.example".to_owned(), language: None };
        Forum { place, key: None, firsts: Arc::default() }
    }

    fn item(attributes: &Value) -> Item {
        let (user, topic) = (
            json!({"type": "users", "id": "4", "attributes": {"username": "anna", "displayName": "Anna K", "slug": "anna"}}),
            json!({"type": "discussions", "id": "12", "attributes": {"title": "Outage"}}),
        );
        let included = Included::from([(("users", "4"), &user), (("discussions", "12"), &topic)]);
        let mut raw = json!({"type": "posts", "id": "91", "attributes": {"number": 3, "createdAt": "2026-03-01T09:30:00+00:00", "contentType": "comment",
            "contentHtml": "<p>No signal</p>"}, "relationships": {"user": {"data": {"type": "users", "id": "4"}}, "discussion": {"data": {"type": "discussions", "id": "12"}}}});
        raw["attributes"]
            .as_object_mut()
            .expect("an object")
            .extend(attributes.as_object().expect("an object").clone());
        forum().found(&raw, &included, NOW, 4).item
    }

    fn post(attributes: &Value) -> Post {
        match item(attributes) {
            Item::Post(post) => *post,
            other => panic!("no post: {other:?}"),
        }
    }

    #[test]
    fn a_post_knows_its_discussion_its_author_and_whom_it_answers() {
        let plain = post(&json!({}));
        assert_eq!((plain.urn.as_str(), plain.kind), ("urn:smm:flarum:forum.example:post:91", PostKind::Comment));
        assert_eq!((plain.title.as_deref(), plain.author.name.as_deref()), (Some("Outage"), Some("Anna K")));
        assert_eq!(plain.url.as_deref(), Some("https://forum.example/d/12/3"));
        assert_eq!(plain.in_reply_to, Some(forum().urn("discussion", "12")));
        let reply = post(
            &json!({"contentHtml": "<p><a href=\"/d/12/2\" class=\"PostMention\" data-id=\"88\">@bob</a> yes</p>", "editedAt": "2026-03-01T10:00:00+00:00"}),
        );
        assert_eq!((reply.kind, reply.in_reply_to), (PostKind::Reply, Some(forum().urn("post", "88"))));
        assert_eq!(reply.edited_at, Timestamp::parse("2026-03-01T10:00:00Z"));
        assert_eq!((post(&json!({"number": 1})).kind, post(&json!({"number": 1})).in_reply_to), (PostKind::Post, None));
    }

    #[test]
    fn what_was_hidden_is_gone_and_what_is_broken_is_rejected_with_its_place() {
        assert!(matches!(item(&json!({"isHidden": true})), Item::Deleted(urn) if urn == forum().urn("post", "91")));
        let reason =
            |item: Item| if let Item::Rejected(one) = item { (one.reason, one.place) } else { panic!("{item:?}") };
        let place = || "post 5".to_owned();
        assert_eq!(reason(item(&json!({"createdAt": "soon"}))), (RejectionReason::InvalidDate, place()));
        assert_eq!(reason(item(&json!({"number": "x"}))), (RejectionReason::Malformed, place()));
        assert_eq!(reason(item(&json!({"contentHtml": null}))), (RejectionReason::EmptyText, place()));
    }
}
