//! Networks that call: what the product does with a call, and whether each thing was told once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use molva_connectors::http::{Method, Request};
use molva_connectors::webhook::{Delivered, Verified, WebhookRequest, Webhooks};
use molva_connectors::{Connector, Item, Session};
use molva_emulators::Fault;

use crate::bar::{PATIENCE, Row};
use crate::reply_support::call;
use crate::sandbox::{Played, faults_were_met};
use crate::world::serve;

/// What can go wrong with a call.
pub(crate) const CALLING: [Fault; 6] =
    [Fault::ServerError, Fault::Duplicate, Fault::OutOfOrder, Fault::CutJson, Fault::UnknownFields, Fault::SlowBody];

/// Proves each call, keeps it once by its key, reads it. Now and then it is away.
#[derive(Clone)]
pub(crate) struct Called {
    connector: &'static dyn Connector,
    session: Session,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
pub(crate) struct Kept {
    calls: usize,
    keys: BTreeSet<String>,
    pub(crate) items: Vec<Item>,
}

impl Called {
    /// With the address to call.
    pub(crate) async fn start(connector: &'static dyn Connector, session: Session) -> (Self, String) {
        let called = Self { connector, session, kept: Arc::default() };
        let name = connector.descriptor().name;
        let path = format!("/api/webhooks/{name}/test-key");
        let router = Router::new().route(&path, get(question).post(take)).with_state(called.clone());
        (called, format!("http://{}{path}", serve(router).await))
    }

    pub(crate) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn webhooks(&self) -> &'static dyn Webhooks {
        self.connector.webhooks().expect("it calls")
    }

    fn names(&self) -> Vec<String> {
        let kept = self.kept();
        let name = |item: &Item| if let Item::Post(post) = item { Some(post.urn.to_string()) } else { None };
        kept.items.iter().filter_map(name).collect()
    }

    /// All of it is told by calls, each thing once but for calls that were made again with a field more, of which the store knows the
    /// posts by their URNs.
    pub(crate) async fn is_told(&self, played: &Played, wanted: &BTreeSet<String>) {
        let until = Instant::now() + *PATIENCE;
        let heard = || self.names().into_iter().collect::<BTreeSet<_>>();
        while heard().len() < wanted.len() {
            assert!(Instant::now() < until, "{} of {}", heard().len(), wanted.len());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let (names, heard) = (self.names(), heard());
        let again = names.len() - heard.len();
        let network = self.connector.descriptor().name;
        Row { network, sent: wanted.len(), again, ..played.row("calls") }.print(&heard, wanted, played);
        assert_eq!(heard.symmetric_difference(wanted).take(5).collect::<Vec<_>>(), [""; 0]);
        assert!(again <= wanted.len() / 50, "{again} things again of {}", wanted.len());
        faults_were_met(played, &CALLING);
    }
}

/// Both of Meta's are told where to call by a person; the emulator by this.
pub(crate) async fn subscribe(played: &Played, address: &str, verify_token: &str, instagram: bool) {
    let url = format!("{}/_calls", played.base()).parse().expect("an address");
    let wanted = serde_json::json!({"url": address, "verify_token": verify_token, "instagram": instagram});
    call(Request::new(Method::POST, url).json(&wanted)).await;
    // It looks for what is new from then on.
    tokio::time::sleep(Duration::from_millis(100)).await;
}

async fn question(State(called): State<Called>, RawQuery(query): RawQuery) -> Result<String, StatusCode> {
    let answer = called.webhooks().question(&called.session.settings, &query.unwrap_or_default());
    answer.map(|answer| answer.body).map_err(|_forged| StatusCode::FORBIDDEN)
}

async fn take(State(called): State<Called>, headers: HeaderMap, body: Bytes) -> StatusCode {
    {
        let mut kept = called.kept();
        kept.calls += 1;
        if kept.calls % 20 == 7 {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    let settings = &called.session.settings;
    let request = WebhookRequest { headers: &headers, body: &body };
    let Ok(Verified::Event { key }) = called.webhooks().verify(settings, request) else {
        return StatusCode::UNAUTHORIZED;
    };
    if called.kept().keys.insert(key) {
        let at = called.session.now();
        let delivered = Delivered { source_key: "test", settings, body: &body, at };
        let items = called.webhooks().read(&delivered);
        called.kept().items.extend(items);
    }
    StatusCode::OK
}
