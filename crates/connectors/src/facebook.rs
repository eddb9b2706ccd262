//! Facebook: what is written on one's own page and to it. Posts and comments, of the page and of visitors, posts that tag it, reviews;
//! private messages by calls only.
//!
//! Two ways of listening that bring the same things: Meta calls ([`calls`]), and everything is looked through from time to time
//! ([`crate::meta::look`]). [`read`] is the mapping of what is looked at.

mod calls;
mod descriptor;
mod read;
mod refresh;
mod reply;

use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::meta::graph::Graph;
use crate::meta::look::{self, Found, List, Lists};
use crate::meta::oauth::OfPage;
use crate::meta::token::Token;
use crate::oauth::{OAuth, Rights};
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::Session;
use crate::webhook::Webhooks;
use descriptor::DESCRIPTOR;
use read::PageOf;

const NETWORK: &str = "facebook";
/// What listening needs of a token.
const READING: [&str; 2] = ["pages_read_engagement", "pages_read_user_content"];

const FEED: List = List { key: "feed", fields: read::POST, commented: true };
const TAGGED: List = List { key: "tagged", fields: read::POST, commented: false };
const RATINGS: List = List { key: "ratings", fields: read::REVIEW, commented: false };

static OAUTH: OAuth = crate::meta::oauth::oauth(
    Rights {
        asked: &["pages_show_list", "pages_read_engagement", "pages_read_user_content"],
        needed: &["pages_show_list", "pages_read_engagement", "pages_read_user_content"],
    },
    Rights {
        asked: &[
            "pages_show_list",
            "pages_read_engagement",
            "pages_read_user_content",
            "pages_manage_engagement",
            "pages_messaging",
        ],
        needed: &["pages_show_list", "pages_read_engagement"],
    },
    &OfPage { linked: false },
);

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Facebook;

impl Connector for Facebook {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let session = session.with_defaults(DESCRIPTOR.settings);
            let graph = Graph::of(&session.settings)?;
            let now = session.now();
            let token = Token::ask(&graph, &session, now).await?;
            let page = Me::ask(&session, &graph).await?;
            token.must_have(&READING)?;
            let posts = look::try_out(&session, &graph, &page, &FEED).await?;
            let name = page.title.as_deref().unwrap_or(&page.id);
            Ok(format!("the token is of the page “{name}”; {posts} posts on its first page{}", token.told(now)))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let session = session.with_defaults(DESCRIPTOR.settings);
            let graph = Graph::of(&session.settings)?;
            let page = Me::ask(&session, &graph).await?;
            let mut lists = vec![FEED];
            lists.extend(session.settings.flag("tagged").then_some(TAGGED));
            lists.extend(session.settings.flag("reviews").then_some(RATINGS));
            look::listen(&session, &graph, &page, &lists).await
        })
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&calls::WEBHOOKS)
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::FacebookReplies)
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&OAUTH)
    }
}

/// The page of a token.
#[derive(Debug, Deserialize)]
struct Me {
    id: String,
    #[serde(default)]
    name: Option<String>,
}

impl Me {
    async fn ask(session: &Session, graph: &Graph) -> Result<PageOf, ConnectorError> {
        let me: Self = graph.get(session, "me", &[("fields", "id,name")]).await?;
        let page = PageOf { id: me.id, title: me.name.filter(|name| !name.trim().is_empty()) };
        match session.settings.text("page_id") {
            _ if !crate::meta::is_id(&page.id) => {
                Err(ConnectorError::Protocol("Meta did not say whose the token is".to_owned()))
            }
            Some(wanted) if wanted != page.id => Err(ConnectorError::invalid(
                "page_id",
                format!("is not the page of the token, which is {}; take that page's token", page.id),
            )),
            _ => Ok(page),
        }
    }
}

impl Lists for PageOf {
    fn account(&self) -> &str {
        &self.id
    }

    fn thing(&self, list: &List, raw: &Value, now: Timestamp) -> Found {
        if list.key == RATINGS.key { self.review(raw, now) } else { self.post(raw, now, list.key) }
    }

    fn comments<'a>(
        &'a self,
        session: &'a Session,
        graph: &'a Graph,
        post: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Found>, ConnectorError>> {
        Box::pin(async move {
            let parameters = [("fields", read::COMMENT), ("filter", "stream"), ("order", "reverse_chronological")];
            let all = graph.all(session, &format!("{post}/comments"), &parameters, MOST_PAGES).await?;
            let now = session.now();
            Ok(all.iter().map(|raw| self.comment(raw, post, now)).collect())
        })
    }
}

/// Pages of comments under one post.
const MOST_PAGES: usize = 500;
