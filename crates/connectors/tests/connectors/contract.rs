//! What holds for every row of the table, whatever the network: a server that answers anything at all neither hangs nor breaks a
//! connector, what is wrong is told as an error, a rejection or a problem, and no secret is in any of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use molva_connectors::http::HttpClient;
use molva_connectors::reply::AccountSession;
use molva_connectors::{CONNECTORS, Connector, ConnectorError, Mode, Setting, SettingKind, Settings};
use molva_domain::Secret;
use tokio_util::sync::CancellationToken;

use crate::world::{Collector, FastClock, limits, serve, session};

/// Long enough for any check of a secret's form, and found in no answer by chance.
const CANARY: &str = "c4nary-5ecret-9f8e7d6c5b4a39281706f5e4d3c2b1a0";

/// What a server may do to us, one after the other. Where it says what it was asked with, a secret would come back in an error.
async fn hostile(State(turn): State<Arc<AtomicUsize>>, headers: HeaderMap, request: Request) -> Response {
    let asked = format!("{} {} {headers:?}", request.method(), request.uri());
    match turn.fetch_add(1, Ordering::Relaxed) % 9 {
        0 => (StatusCode::OK, "{\"items\": [{\"id\": 1,").into_response(),
        1 => (StatusCode::OK, "<html><body>maintenance</body></html>").into_response(),
        2 => (StatusCode::UNAUTHORIZED, asked).into_response(),
        3 => (StatusCode::FORBIDDEN, format!("{{\"error\":\"{}\"}}", asked.escape_default())).into_response(),
        4 => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1")], asked).into_response(),
        5 => (StatusCode::BAD_GATEWAY, "").into_response(),
        6 => (
            StatusCode::OK,
            "[null, 1, \"a\", {\"id\": null}, {\"id\": {}, \"text\": 7, \"created_at\": \"yesterday\"}]",
        )
            .into_response(),
        7 => (StatusCode::OK, "null").into_response(),
        _ => (StatusCode::OK, vec![0xff; 4096]).into_response(),
    }
}

/// A form filled in as far as it asks, with the hostile server wherever an address is asked for.
fn filled(settings: &[Setting], server: &str) -> Settings {
    let mut values = Vec::new();
    let mut secrets = Vec::new();
    for setting in settings {
        let key = setting.key.to_owned();
        match setting.kind {
            SettingKind::Secret => secrets.push((key, Secret::new(CANARY))),
            SettingKind::Url => values.push((key, server.to_owned())),
            // Hosts and addresses of servers are text where a port may stand behind them.
            SettingKind::Text if matches!(setting.key, "host" | "server") => {
                values.push((key, server.trim_start_matches("http://").to_owned()));
            }
            // What a form shows as an example is one; a list that may be empty is often half of what a row does.
            SettingKind::Text if setting.required => {
                values.push((key, setting.placeholder.unwrap_or("example").to_owned()));
            }
            SettingKind::List if setting.required || setting.placeholder.is_some() => {
                values.push((key, setting.placeholder.unwrap_or("example").to_owned()));
            }
            SettingKind::Number { min, .. } if setting.required && setting.default.is_none() => {
                values.push((key, min.to_string()));
            }
            SettingKind::Choice(choices) if setting.default.is_none() && setting.required => {
                values.push((key, choices[0].0.to_owned()));
            }
            _ => {}
        }
    }
    Settings::new(values.into_iter().collect(), secrets.into_iter().collect()).with_defaults(settings)
}

/// Those that speak to a network.
fn networks() -> impl Iterator<Item = &'static dyn Connector> {
    CONNECTORS
        .iter()
        .copied()
        .filter(|row| matches!(row.descriptor().mode, Mode::Poll | Mode::Stream) && row.descriptor().name != "demo")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_row_breaks_or_tells_a_secret_whatever_a_server_answers() {
    let turn = Arc::new(AtomicUsize::new(0));
    let address = serve(Router::new().fallback(hostile).with_state(Arc::clone(&turn))).await;
    let client = || HttpClient::new(limits(&[address]));
    let server = format!("http://{address}");
    for row in networks() {
        let name = row.descriptor().name;
        let collector = Collector::default();
        let mut session = session(client(), 10_000.0, &[], &collector);
        session.settings = filled(row.descriptor().settings, &server);
        let mut said = Vec::new();
        for _ in 0..9 {
            let probed = tokio::time::timeout(Duration::from_secs(20), row.probe(&session)).await;
            said.push(format!("{:?}", probed.unwrap_or_else(|_| panic!("{name}: a probe has no end"))));
        }
        // Every answer in turn, as the first one of a run.
        for _ in 0..9 {
            let cancel = session.cancel.child_token();
            let run = molva_connectors::Session { cancel: cancel.clone(), ..session.clone() };
            let ended = tokio::select! {
                ended = row.listen(&run) => Some(ended),
                () = tokio::time::sleep(Duration::from_millis(60)) => None,
            };
            if let Some(Err(error)) = ended {
                assert_ne!(error, ConnectorError::Cancelled, "{name}: nobody cancelled it");
                said.push(format!("{error} {error:?}"));
            }
        }
        said.push(format!("{:?} {session:?}", collector.seen()));
        for said in said {
            assert!(!said.contains(CANARY), "{name} tells its secret: {}", said.replace(CANARY, "<SECRET>"));
        }
        assert!(collector.posts().is_empty(), "{name} makes posts of nonsense: {:?}", collector.posts());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_account_breaks_or_tells_a_secret_whatever_a_server_answers() {
    let turn = Arc::new(AtomicUsize::new(0));
    let address = serve(Router::new().fallback(hostile).with_state(Arc::clone(&turn))).await;
    let server = format!("http://{address}");
    for row in CONNECTORS {
        let Some(replies) = row.replies() else { continue };
        let account = AccountSession {
            settings: filled(replies.account_settings(), &server),
            clock: Arc::new(FastClock::new(1.0)),
            http: HttpClient::new(limits(&[address])),
            cancel: CancellationToken::new(),
        };
        for _ in 0..9 {
            let probed = tokio::time::timeout(Duration::from_secs(20), replies.probe(&account)).await;
            let probed = probed.unwrap_or_else(|_| panic!("{}: a probe has no end", row.descriptor().name));
            let said = format!("{probed:?} {account:?}");
            assert!(probed.is_err(), "{} accepts nonsense: {said}", row.descriptor().name);
            assert!(!said.contains(CANARY), "{} tells its secret: {said}", row.descriptor().name);
        }
    }
}

#[test]
fn every_form_that_is_filled_in_passes_its_own_check() {
    for row in networks() {
        let settings = filled(row.descriptor().settings, "http://127.0.0.1:1");
        assert_eq!(settings.check(row.descriptor().settings), [], "{}", row.descriptor().name);
    }
}
