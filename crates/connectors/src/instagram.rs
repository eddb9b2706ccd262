//! Instagram, professional accounts: what is written under one's own media, media in which one is tagged, and captions and comments
//! that name one; private messages and mentions by calls only.
//!
//! As [`crate::facebook`]: Meta calls ([`calls`]), and everything is looked through from time to time. The token is that of the Facebook
//! page the account is linked with. A mention is told by its number; [`mentions`] asks for its words.

mod calls;
mod descriptor;
mod mentions;
mod read;
mod refresh;
mod reply;

use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::http::Method;
use crate::line::Line;
use crate::meta::graph::{Graph, Page};
use crate::meta::is_id;
use crate::meta::look::{self, Found, List, Lists};
use crate::meta::oauth::OfPage;
use crate::meta::token::Token;
use crate::oauth::{OAuth, Rights};
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::{Item, Session};
use crate::webhook::Webhooks;
use descriptor::DESCRIPTOR;
use read::AccountOf;

const NETWORK: &str = "instagram";
/// What listening needs of a token.
const READING: [&str; 1] = ["instagram_basic"];
/// Comments under one of one's own media, a hundred a page.
const MOST_PAGES: usize = 500;

const MEDIA: List = List { key: "media", fields: read::MEDIA, commented: true };
const TAGS: List = List { key: "tags", fields: read::MEDIA, commented: false };

static OAUTH: OAuth = crate::meta::oauth::oauth(
    Rights {
        asked: &["pages_show_list", "pages_read_engagement", "instagram_basic"],
        needed: &["pages_show_list", "instagram_basic"],
    },
    Rights {
        asked: &[
            "pages_show_list",
            "pages_read_engagement",
            "instagram_basic",
            "instagram_manage_comments",
            "instagram_manage_messages",
        ],
        needed: &["pages_show_list", "instagram_basic"],
    },
    &OfPage { linked: true },
);

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Instagram;

impl Connector for Instagram {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let session = session.with_defaults(DESCRIPTOR.settings);
            let graph = Graph::of(&session.settings)?;
            let now = session.now();
            let token = Token::ask(&graph, &session, now).await?;
            let account = AccountOf::listened_to(&session, &graph).await?;
            token.must_have(&READING)?;
            let media = look::try_out(&session, &graph, &account, &MEDIA).await?;
            let name = &account.username;
            Ok(format!(
                "the token is of the page linked with @{name}; {media} media on its first page{}",
                token.told(now)
            ))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let session = session.with_defaults(DESCRIPTOR.settings);
            let graph = Graph::of(&session.settings)?;
            let account = AccountOf::listened_to(&session, &graph).await?;
            let mut lists = vec![MEDIA];
            lists.extend(session.settings.flag("tagged").then_some(TAGS));
            look::listen(&session, &graph, &account, &lists).await
        })
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&calls::InstagramCalls)
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::InstagramReplies)
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&OAUTH)
    }
}

/// The page of a token, with what is linked to it.
#[derive(Deserialize)]
struct Me {
    #[serde(default)]
    instagram_business_account: Option<Linked>,
}

#[derive(Deserialize)]
struct Linked {
    id: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    name: Option<String>,
}

impl AccountOf {
    /// The account linked with the page of the token.
    async fn ask(graph: &Graph, line: impl Into<Line<'_>>, now: Timestamp) -> Result<Self, ConnectorError> {
        let fields = [("fields", "instagram_business_account{id,username,name}")];
        let asked = graph.once::<Me>(line, Method::GET, "me", &fields).await;
        let (me, _) = asked.map_err(|failure| failure.explain(now, graph.usage()))?;
        Self::linked(me)
    }

    /// The same, asked again where that may help.
    async fn listened_to(session: &Session, graph: &Graph) -> Result<Self, ConnectorError> {
        let fields = [("fields", "instagram_business_account{id,username,name}")];
        Self::linked(graph.get(session, "me", &fields).await?)
    }

    fn linked(me: Me) -> Result<Self, ConnectorError> {
        let linked = me.instagram_business_account.filter(|linked| is_id(&linked.id));
        let Some(linked) = linked else {
            return Err(ConnectorError::invalid(
                "access_token",
                "no Instagram account is linked with the page of the token; link a professional account and make the token anew",
            ));
        };
        Ok(Self { id: linked.id, username: linked.username, name: linked.name.filter(|name| !name.trim().is_empty()) })
    }
}

impl Lists for AccountOf {
    fn account(&self) -> &str {
        &self.id
    }

    fn thing(&self, list: &List, raw: &Value, now: Timestamp) -> Found {
        self.media(raw, now, list.key == MEDIA.key)
    }

    fn besides<'a>(
        &'a self,
        session: &'a Session,
        graph: &'a Graph,
    ) -> BoxFuture<'a, Result<Vec<Item>, ConnectorError>> {
        Box::pin(mentions::left_over(self, session, graph))
    }

    fn comments<'a>(
        &'a self,
        session: &'a Session,
        graph: &'a Graph,
        media: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Found>, ConnectorError>> {
        Box::pin(async move {
            let mut found = Vec::new();
            let fields = format!("{},{}", read::COMMENT, read::REPLIES);
            for raw in list(session, graph, &format!("{media}/comments"), &fields).await? {
                let now = session.now();
                let first = self.comment(&raw, media, None, now);
                let id = first.id.clone();
                found.push(first);
                // Some answers come along; where there are more, all of them are asked for.
                let replies = serde_json::from_value::<Page>(raw["replies"].clone()).unwrap_or_default();
                let answers = match replies.after() {
                    Some(_) if is_id(&id) => list(session, graph, &format!("{id}/replies"), read::COMMENT).await?,
                    _ => replies.data,
                };
                found.extend(answers.iter().map(|raw| self.comment(raw, media, Some(&id), now)));
            }
            Ok(found)
        })
    }
}

/// All pages of a list.
async fn list(session: &Session, graph: &Graph, path: &str, fields: &str) -> Result<Vec<Value>, ConnectorError> {
    graph.all(session, path, &[("fields", fields)], MOST_PAGES).await
}
