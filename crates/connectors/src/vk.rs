//! VK: what the whole network says of something, what is written on the walls and in the discussions of communities, and everything
//! that happens in one's own community. Contract: API 5.199, <https://dev.vk.com/ru/reference>.
//!
//! Ways of listening: [`look`] asks for searches, walls and discussions from time to time, [`own`] waits for what a community is
//! told by Bots Long Poll, [`callback`] reads the same when VK calls, [`registration`] tells VK where. Start with [`client`], how VK is asked; [`read`] is the mapping. VK answers 200 also when it refuses.

mod callback;
mod client;
mod comments;
mod descriptor;
mod event;
mod files;
mod look;
mod markup;
mod oauth;
mod own;
mod pages;
mod people;
mod read;
mod refresh;
mod registration;
mod reply;
mod target;
mod turns;
mod wanted;

use molva_domain::TopicSought;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::oauth::OAuth;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::search::{SearchPlan, Searches};
use crate::session::Session;
use crate::settings::Settings;
use crate::webhook::Webhooks;
use client::Client;
use descriptor::DESCRIPTOR;
use target::Target;

const NETWORK: &str = "vk";

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Vk;

impl Connector for Vk {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let session = session.with_defaults(DESCRIPTOR.settings);
            let client = Client::of(&session, "access_token")?;
            match Target::wanted(&session, &client).await? {
                Target::Own { group, title, .. } if callback::is_wanted(&session.settings) => {
                    let found = registration::try_out(&session, &client, group).await?;
                    Ok(format!("the token is of the community “{title}” (club{group}); {found}"))
                }
                Target::Own { group, title, .. } => {
                    own::Server::ask(&session, &client, group).await?;
                    Ok(format!("the token is of the community “{title}” (club{group}); its news are told at once"))
                }
                Target::Asked(what) => {
                    let channels = what.now(&session).await?;
                    let found = look::try_out(&session, &client, &channels).await?;
                    let places = channels.len();
                    Ok(format!(
                        "the token is accepted; {found} entries of the last day on the first pages of {places} places"
                    ))
                }
            }
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let session = session.with_defaults(DESCRIPTOR.settings);
            let client = Client::of(&session, "access_token")?;
            match Target::wanted(&session, &client).await? {
                Target::Own { group, .. } if callback::is_wanted(&session.settings) => {
                    registration::listen(&session, &client, group).await
                }
                Target::Own { group, messages, .. } => own::listen(&session, &client, group, messages).await,
                Target::Asked(what) => look::listen(&session, &client, what).await,
            }
        })
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&oauth::OAUTH)
    }

    fn disconnect<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let session = session.with_defaults(DESCRIPTOR.settings);
            if !callback::is_wanted(&session.settings) {
                return Ok(());
            }
            let client = Client::of(&session, "access_token")?;
            match Target::wanted(&session, &client).await? {
                Target::Own { group, .. } => registration::take_back(&session, &client, group).await,
                Target::Asked(_) => Ok(()),
            }
        })
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&callback::VkWebhook)
    }

    fn searches(&self) -> Option<&'static dyn Searches> {
        Some(&Self)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::VkReplies)
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }
}

impl Searches for Vk {
    fn plan(&self, settings: &Settings, topics: &[TopicSought]) -> Option<SearchPlan> {
        wanted::plan(&settings.clone().with_defaults(DESCRIPTOR.settings), topics)
    }
}
