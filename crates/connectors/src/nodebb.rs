//! A NodeBB forum: every post that its reader may see, by `/api/recent/posts`, twenty at a time and a month back, and answers. Contract:
//! <https://docs.nodebb.org/api/read/>.

mod account_form;
mod descriptor;
mod look;
mod refresh;
mod reply;

use molva_domain::{Author, Community, Engagement, Post, RejectionReason, Secret, Timestamp, Urn};
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

const NETWORK: &str = "nodebb";
/// Pages of twenty posts turned in one look.
const PAGES: usize = 1_000;
const MAX_PAGE_BYTES: u64 = 16 << 20;

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct NodeBb;

impl Connector for NodeBb {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let forum = Forum::new(session)?;
            let page = forum.page(session, None).await?;
            let reader = if forum.token.is_some() { "the token is accepted" } else { "read as a stranger" };
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
        Some(&reply::NodeBbReplies)
    }
}

struct Forum {
    place: Place,
    token: Option<Secret>,
}

impl Forum {
    fn new(session: &Session) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        Ok(Self { place: Place::new(settings)?, token: settings.secret("token").cloned() })
    }

    fn urn(&self, kind: &str, id: &str) -> Urn {
        Urn::of(NETWORK, Some(&self.place.instance), kind, id)
    }

    fn request(&self, url: Url) -> Request {
        let request = Request::get(url).header("accept", "application/json").max_body_bytes(MAX_PAGE_BYTES);
        match &self.token {
            Some(token) => request.bearer(token),
            None => request,
        }
    }
}

impl NewestFirst for Forum {
    /// `older` is the number of the page.
    fn page<'a>(
        &'a self,
        session: &'a Session,
        older: Option<&'a str>,
    ) -> BoxFuture<'a, Result<walk::Page, ConnectorError>> {
        Box::pin(async move {
            let number: u64 = older.and_then(|number| number.parse().ok()).unwrap_or(1);
            let mut url = self.place.at("api/recent/posts/month")?;
            url.query_pairs_mut().append_pair("page", &number.to_string());
            let now = session.now();
            let posts: Vec<Value> =
                session.send(self.request(url)).await?.error_for_status("the forum", now)?.json()?;
            Ok(walk::Page {
                // A page has fewer where some are not for this reader.
                older: (!posts.is_empty()).then(|| (number + 1).to_string()),
                found: posts.iter().enumerate().map(|(index, raw)| self.found(raw, now, index)).collect(),
                ..walk::Page::default()
            })
        })
    }
}

/// A post as the forum tells it. Ids are numbers, or addresses where a post came from another server.
#[derive(Deserialize)]
struct Wire {
    pid: Value,
    timestamp: i64,
    #[serde(default)]
    tid: Value,
    #[serde(rename = "toPid", default)]
    answers: Value,
    #[serde(default)]
    content: String,
    #[serde(default)]
    edited: Option<i64>,
    #[serde(default)]
    deleted: Value,
    #[serde(default)]
    upvotes: Option<u64>,
    #[serde(default)]
    replies: Option<u64>,
    #[serde(rename = "isMainPost", default)]
    is_first: bool,
    #[serde(default)]
    user: User,
    #[serde(default)]
    topic: Topic,
    #[serde(default)]
    category: Category,
}

impl Wire {
    fn is_gone(&self) -> bool {
        matches!(&self.deleted, Value::Bool(true)) || self.deleted.as_u64() == Some(1)
    }
}

#[derive(Deserialize, Default)]
struct User {
    #[serde(default)]
    uid: Value,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    displayname: Option<String>,
    #[serde(default)]
    userslug: Option<String>,
}

#[derive(Deserialize, Default)]
struct Topic {
    #[serde(default)]
    title: Option<String>,
    #[serde(rename = "mainPid", default)]
    first: Value,
}

#[derive(Deserialize, Default)]
struct Category {
    #[serde(default)]
    cid: Value,
    #[serde(default)]
    name: Option<String>,
}

/// A number or a text that names something; nothing for none, 0 and empty.
fn id(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    (!text.is_empty() && text != "0").then_some(text)
}

impl Forum {
    fn found(&self, raw: &Value, now: Timestamp, index: usize) -> Found {
        let place = format!("post {}", index + 1);
        let wire = match Wire::deserialize(raw) {
            Ok(wire) => wire,
            Err(error) => {
                let id = raw.get("pid").map_or_else(|| raw.to_string(), Value::to_string);
                let message = format!("the post is not as NodeBB promises: {error}");
                return Found::broken(id, (RejectionReason::Malformed, message), &place, raw);
            }
        };
        let Some(pid) = id(&wire.pid) else {
            let why = (RejectionReason::MissingId, "the post has no `pid`".to_owned());
            return Found::broken(raw.to_string(), why, &place, raw);
        };
        let published = Timestamp::from_millis(wire.timestamp);
        let edited = wire.edited.filter(|edited| *edited > wire.timestamp).map(Timestamp::from_millis);
        let item = if wire.is_gone() {
            Item::Deleted(self.urn("post", &pid))
        } else {
            Item::read(self.read(wire, &pid, published, edited, now), &place, raw)
        };
        Found { id: pid, published: Some(published), edited, item }
    }

    fn read(
        &self,
        wire: Wire,
        pid: &str,
        published_at: Timestamp,
        edited_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Post, (RejectionReason, String)> {
        let plain = self.place.plain(&wire.content, pid)?;
        // What answers nobody answers the topic's first post.
        let first = id(&wire.topic.first).filter(|first| first != pid);
        let in_reply_to = id(&wire.answers).or(first).map(|answered| self.urn("post", &answered));
        let handle = wire.user.username.as_deref().and_then(html::line);
        let profile = wire.user.userslug.filter(|slug| !slug.is_empty());
        let is_first = wire.is_first || id(&wire.topic.first).as_deref() == Some(pid);
        let category = wire.category.name.as_deref().and_then(html::line);
        let whole = self.place.community(NETWORK);
        let community = match (id(&wire.category.cid), category) {
            (Some(cid), Some(name)) => Community {
                key: format!("{}/{cid}", whole.key),
                title: Some(format!("{}: {name}", self.place.instance)),
                url: self.place.page(&format!("category/{cid}")),
            },
            _ => whole,
        };
        Ok(Post {
            kind: forum::kind(is_first, id(&wire.answers).is_some()),
            author: Author {
                urn: id(&wire.user.uid).map(|uid| self.urn("author", &uid)),
                name: wire.user.displayname.as_deref().and_then(html::line).or_else(|| handle.clone()),
                handle,
                url: profile.and_then(|slug| self.place.page(&format!("user/{slug}"))),
                ..Author::default()
            },
            community: Some(community),
            title: wire.topic.title.as_deref().and_then(html::line),
            language: self.place.language,
            // The forum leads from a post's number to its place in the topic.
            url: id(&wire.pid)
                .filter(|_| id(&wire.tid).is_some())
                .and_then(|pid| self.place.page(&format!("post/{pid}"))),
            edited_at,
            in_reply_to,
            links: plain.links,
            media: plain.media,
            engagement: Engagement { likes: wire.upvotes, comments: wire.replies, ..Engagement::default() },
            ..Post::new(self.urn("post", pid), NETWORK, plain.text, published_at, now)
        })
    }
}

#[cfg(test)]
mod tests {
    use molva_domain::PostKind;
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn forum() -> Forum {
        let url = Url::parse("https://forum.example/talk/").expect("an address");
        Forum { place: Place { url, instance: "forum.example/talk".to_owned(), language: None }, token: None }
    }

    fn item(change: &Value) -> Item {
        let mut raw = json!({"pid": 91, "tid": 12, "toPid": null, "content": "<p>No <b>signal</b></p>", "timestamp": 1_772_360_000_000_i64, "deleted": 0,
            "upvotes": 2, "replies": 1, "isMainPost": false, "user": {"uid": 4, "username": "anna", "userslug": "anna"},
            "topic": {"tid": 12, "title": "Outage &amp; more", "mainPid": 80}, "category": {"cid": 3, "name": "News"}});
        raw.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        forum().found(&raw, NOW, 4).item
    }

    fn post(change: &Value) -> Post {
        match item(change) {
            Item::Post(post) => *post,
            other => panic!("no post: {other:?}"),
        }
    }

    #[test]
    fn a_post_knows_its_topic_its_category_and_what_it_answers() {
        let plain = post(&json!({}));
        assert_eq!((plain.urn.as_str(), plain.kind), ("urn:smm:nodebb:forum.example/talk:post:91", PostKind::Comment));
        assert_eq!((plain.text.as_str(), plain.title.as_deref()), ("No signal", Some("Outage & more")));
        assert_eq!(plain.in_reply_to, Some(forum().urn("post", "80")));
        assert_eq!(plain.url.as_deref(), Some("https://forum.example/talk/post/91"));
        assert_eq!(plain.author.url.as_deref(), Some("https://forum.example/talk/user/anna"));
        assert_eq!(plain.community.map(|place| place.key).as_deref(), Some("nodebb/forum.example/talk/3"));
        let reply = post(&json!({"toPid": "88", "edited": 1_772_361_000_000_i64}));
        assert_eq!((reply.kind, reply.in_reply_to), (PostKind::Reply, Some(forum().urn("post", "88"))));
        assert_eq!(reply.edited_at, Some(Timestamp::from_secs(1_772_361_000)));
        let first = post(&json!({"pid": 80, "isMainPost": true}));
        assert_eq!((first.kind, first.in_reply_to), (PostKind::Post, None));
    }

    #[test]
    fn what_was_deleted_is_gone_and_what_is_broken_is_rejected_with_its_place() {
        assert!(matches!(item(&json!({"deleted": 1})), Item::Deleted(urn) if urn == forum().urn("post", "91")));
        let reason =
            |item: Item| if let Item::Rejected(one) = item { (one.reason, one.place) } else { panic!("{item:?}") };
        let place = || "post 5".to_owned();
        assert_eq!(reason(item(&json!({"timestamp": "soon"}))), (RejectionReason::Malformed, place()));
        assert_eq!(reason(item(&json!({"pid": null}))), (RejectionReason::MissingId, place()));
        assert_eq!(reason(item(&json!({"content": "<p> "}))), (RejectionReason::EmptyText, place()));
    }
}
