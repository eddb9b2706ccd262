//! Odnoklassniki: topics of groups with the comments under them, and what people write to a group. Contracts: REST,
//! <https://apiok.ru/dev/methods>, and the Graph API of groups' messages, <https://apiok.ru/dev/graph_api/bot_api>.
//!
//! Two ways of listening: [`look`] asks for topics and comments from time to time, [`hook`] has OK call with messages. Start with
//! [`client`], how OK is asked and how requests are signed; [`read`] is the mapping. OK answers 200 also when it refuses.

mod client;
mod descriptor;
mod files;
mod groups;
mod hook;
mod look;
mod read;
mod refresh;
mod refusal;
mod reply;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::Session;
use crate::webhook::{InAddress, Webhooks};
use client::{Client, Graph};
use descriptor::DESCRIPTOR;

const NETWORK: &str = "ok";
/// What is discussed: a topic of a group.
const GROUP_TOPIC: &str = "GROUP_TOPIC";

static WEBHOOKS: InAddress = InAddress { wanted: hook::is_wanted, read: hook::read };

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Odnoklassniki;

impl Connector for Odnoklassniki {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            if hook::is_wanted(&session.settings) {
                let graph = Graph::of(&session.settings)?;
                let called = hook::subscriptions(session, &graph).await?.len();
                return Ok(format!(
                    "the token of the group is accepted; {called} addresses are called with its messages"
                ));
            }
            let client = Client::of(&session.settings)?;
            let groups = groups::wanted(session, &client).await?;
            let found = look::try_out(session, &client, &groups).await?;
            let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
            Ok(format!("the token is accepted; {found} topics on the first pages of {}", names.join(", ")))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            if hook::is_wanted(&session.settings) {
                return hook::keep(session, &Graph::of(&session.settings)?).await;
            }
            let client = Client::of(&session.settings)?;
            let groups = groups::wanted(session, &client).await?;
            look::listen(session, &client, &groups).await
        })
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&WEBHOOKS)
    }

    fn disconnect<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            if !hook::is_wanted(&session.settings) {
                return Ok(());
            }
            hook::take_back(session, &Graph::of(&session.settings)?, None).await
        })
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::OkReplies)
    }
}
