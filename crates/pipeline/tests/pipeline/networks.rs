//! Networks that behave as a test wants them to.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use molva_connectors::connector::BoxFuture;
use molva_connectors::{Batch, Capabilities, Connector, ConnectorError, Descriptor, Localized, Mode, Report, Session};

use crate::network_of_replies::Boards;
use crate::refresh::{Brittle, Growing};
use crate::world::item;

pub(crate) const fn named(name: &'static str) -> Descriptor {
    const NOTHING: Localized = Localized { en: "", ru: "", uk: "" };
    Descriptor {
        name,
        title: NOTHING,
        summary: NOTHING,
        mode: Mode::Stream,
        capabilities: Capabilities {
            keyword_listen: false,
            account_listen: false,
            backfill: false,
            delete_events: false,
            metrics: false,
        },
        settings: &[],
        silent_after_s: None,
        add_by_hand: false,
    }
}

/// One post a batch, numbered by the cursor, forever.
pub(crate) struct Steady;
/// Panics as soon as it listens.
pub(crate) struct Panics;
/// Its token is not accepted.
pub(crate) struct Revoked;
/// Fails on the first run and delivers on the second.
pub(crate) struct Stumbles;

static STUMBLES: AtomicU32 = AtomicU32::new(0);

pub(crate) fn find(name: &str) -> Option<&'static dyn Connector> {
    let all: [&'static dyn Connector; 7] = [&Steady, &Panics, &Revoked, &Stumbles, &Boards, &Growing, &Brittle];
    all.into_iter().find(|connector| connector.descriptor().name == name)
}

macro_rules! network {
    ($type:ident, $name:literal, |$session:ident| $listen:expr) => {
        impl Connector for $type {
            fn descriptor(&self) -> &'static Descriptor {
                static DESCRIPTOR: Descriptor = named($name);
                &DESCRIPTOR
            }

            fn probe<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
                Box::pin(async { Ok("found".to_owned()) })
            }

            fn listen<'a>(&'a self, $session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
                Box::pin(async move { $listen })
            }
        }
    };
}

network!(Steady, "steady", |session| deliver_forever(session).await);
network!(Panics, "panics", |_session| panic!("on purpose"));
network!(Revoked, "revoked", |_session| Err(ConnectorError::AuthRevoked("ask for a new token".to_owned())));
network!(Stumbles, "stumbles", |session| {
    if STUMBLES.fetch_add(1, Ordering::SeqCst) == 0 {
        return Err(ConnectorError::Transient { message: "connection reset".to_owned(), retry_after: None });
    }
    session.report(Report::Alive).await;
    deliver_forever(session).await
});

async fn deliver_forever(session: &Session) -> Result<(), ConnectorError> {
    let mut number: u32 = session.cursor.as_deref().map_or(0, |cursor| cursor.parse().expect("our own cursor"));
    loop {
        number += 1;
        let text = format!("пост номер {number} о Волне и связи");
        let batch = Batch { items: vec![item(&number.to_string(), &text)], cursor: Some(number.to_string()) };
        session.deliver(batch).await?;
        session.pause(Duration::from_millis(20)).await?;
    }
}
