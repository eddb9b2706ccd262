//! Instagram, professional accounts: what is written under one's own media, media in which one is tagged, and captions and comments
//! that name one; private messages and mentions by calls only.
//!
//! As [`crate::facebook`]: Meta calls ([`calls`]), and everything is looked through from time to time. The token is that of the Facebook
//! page the account is linked with, or, where there is no page, one of its own ([`Login`]); [`oauth`] is how people let us in by
//! either. A mention is told by its number; [`mentions`] asks for its words.

mod calls;
mod descriptor;
mod mentions;
mod oauth;
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
use crate::meta::login::Login;
use crate::meta::look::{self, Found, List, Lists};
use crate::meta::token::Token;
use crate::meta::{id, is_id};
use crate::oauth::OAuth;
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
            let token = match graph.login() {
                Login::Facebook => Some(Token::ask(&graph, &session, now).await?),
                Login::Instagram => None,
            };
            let account = AccountOf::listened_to(&session, &graph).await?;
            if let Some(token) = &token {
                token.must_have(&READING)?;
            }
            let media = look::try_out(&session, &graph, &account, &MEDIA).await?;
            let whose = if token.is_some() { "the page linked with " } else { "" };
            let told = token.map(|token| token.told(now)).unwrap_or_default();
            Ok(format!("the token is of {whose}@{}; {media} media on its first page{told}", account.username))
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
        Some(&oauth::OAUTH)
    }
}

/// The page of a token, with what is linked to it.
#[derive(Default, Deserialize)]
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
    /// The account of the token, or the one linked with the page of the token.
    async fn ask(graph: &Graph, line: impl Into<Line<'_>>, now: Timestamp) -> Result<Self, ConnectorError> {
        let asked = graph.once::<Value>(line, Method::GET, "me", &[("fields", whose(graph))]).await;
        let (me, _) = asked.map_err(|failure| failure.explain(now, graph.usage()))?;
        Self::told(graph, &me)
    }

    /// The same, asked again where that may help.
    async fn listened_to(session: &Session, graph: &Graph) -> Result<Self, ConnectorError> {
        Self::told(graph, &graph.get(session, "me", &[("fields", whose(graph))]).await?)
    }

    fn told(graph: &Graph, me: &Value) -> Result<Self, ConnectorError> {
        match graph.login() {
            Login::Facebook => Self::linked(Me::deserialize(me).unwrap_or_default()),
            Login::Instagram => Self::own(me),
        }
    }

    /// The documents wrap it into a list of one. Its `id` serves with this application only: calls name it by `user_id`.
    fn own(me: &Value) -> Result<Self, ConnectorError> {
        let me = me.pointer("/data/0").unwrap_or(me);
        let text = |name: &str| me.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = id(&me["user_id"])
            .ok_or_else(|| ConnectorError::Protocol("Instagram does not say whose the token is".to_owned()))?;
        Ok(Self { id, username: text("username"), name: Some(text("name")).filter(|name| !name.trim().is_empty()) })
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

/// What is asked of `me` to learn the account.
fn whose(graph: &Graph) -> &'static str {
    match graph.login() {
        Login::Facebook => "instagram_business_account{id,username,name}",
        Login::Instagram => "user_id,username,name",
    }
}

/// All pages of a list.
async fn list(session: &Session, graph: &Graph, path: &str, fields: &str) -> Result<Vec<Value>, ConnectorError> {
    graph.all(session, path, &[("fields", fields)], MOST_PAGES).await
}
