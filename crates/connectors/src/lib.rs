//! One file per network: listen and normalise. This crate alone speaks to networks, through one bounded, guarded HTTP client.
//!
//! It knows nothing of storage, queries or the pipeline: it delivers batches to whoever holds the other end of a [`Session`], and is told
//! what to search for in the neutral words of [`search`].
//! Start with [`connector`], the contract; then [`table::CONNECTORS`], the list; then any network's file.

pub mod app_store;
pub mod bluesky;
pub mod changes;
pub mod chat;
pub mod connector;
pub mod demo;
mod digest;
pub mod discourse;
pub mod error;
pub mod facebook;
pub mod feed;
pub mod flarum;
mod forum;
mod google;
pub mod google_play;
pub mod hacker_news;
pub mod html;
pub mod http;
pub mod import;
pub mod instagram;
mod jwt;
mod line;
pub mod mail;
pub mod mastodon;
pub mod matrix;
pub mod max;
mod meta;
pub mod nodebb;
pub mod oauth;
pub mod ok;
mod pace;
mod patience;
mod places;
mod plain_text;
pub mod push;
pub mod reddit;
pub mod refresh;
pub mod reply;
pub mod search;
mod seen;
pub mod session;
pub mod settings;
mod shared;
pub mod table;
pub mod telegram;
mod tries;
pub mod vk;
mod walk;
pub mod webhook;
mod websocket;
pub mod wordpress;
pub mod x;
pub mod youtube;

pub use connector::{Capabilities, Connector, Descriptor, Mode};
pub use error::ConnectorError;
pub use oauth::OAuth;
pub use reply::{
    AccountFacts, AccountSession, Attachment, AttachmentProblem, AttachmentRule, Outgoing, Replies, ReplyRule,
    ReplyTarget, SendError, Sent, WhyNot,
};
pub use search::{SearchPlan, Searches, TopicAsk, Topics};
pub use session::{Batch, Delivery, Item, Report, Session};
pub use settings::{Localized, Said, Setting, SettingKind, SettingProblem, Settings, ShownWhen, filled};
pub use table::{CONNECTORS, find};
