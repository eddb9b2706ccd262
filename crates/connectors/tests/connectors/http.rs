//! What the client does with servers that mean no good.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use molva_connectors::ConnectorError;
use molva_connectors::connector::BoxFuture;
use molva_connectors::http::{HttpClient, HttpLimits, Lookup, Request};
use molva_domain::Secret;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

use crate::world::{limits, serve};

fn url(address: SocketAddr, path: &str) -> Url {
    Url::parse(&format!("http://{address}{path}")).expect("an address")
}

async fn ask(router: Router, path: &str) -> Result<molva_connectors::http::Response, ConnectorError> {
    let address = serve(router).await;
    HttpClient::new(limits(&[address])).send(Request::get(url(address, path))).await
}

fn redirect(status: u16, to: String) -> Response {
    (StatusCode::from_u16(status).expect("a status"), [(header::LOCATION, to)]).into_response()
}

#[tokio::test]
async fn an_answer_comes_whole_with_its_headers_and_our_name_was_given() {
    let router = Router::new().route(
        "/",
        get(|headers: HeaderMap| async move {
            ([("x-kind", "feed")], headers["user-agent"].to_str().expect("text").to_owned())
        }),
    );
    let answer = ask(router, "/").await.expect("an answer");
    assert_eq!((answer.status.as_u16(), answer.header("x-kind")), (200, Some("feed")));
    let agent = String::from_utf8(answer.body).expect("text");
    assert!(agent.starts_with("Molva/") && agent.contains("(+"), "{agent}");
}

#[tokio::test]
async fn a_key_that_no_header_may_hold_is_refused_before_anything_is_sent() {
    let router = Router::new().route("/", get(|| async { "open to everybody" }));
    let address = serve(router).await;
    let client = HttpClient::new(limits(&[address]));
    for key in ["half\nhalf", "ключ", "🔑", "tail\r\n"] {
        let key = Secret::new(key.to_owned());
        let ask = || Request::get(url(address, "/"));
        for request in [ask().bearer(&key), ask().secret_header("api-key", &key)] {
            let refused = client.send(request).await.expect_err("it would go out without its key");
            assert_eq!(refused.code(), "auth_revoked", "{refused}");
        }
        client.send(ask().basic("login", &key)).await.expect("a password may hold anything");
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_cut_at_the_limit() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..200 {
        bomb.write_all(&zeros).expect("memory");
    }
    let bomb = bomb.finish().expect("memory");
    assert!(bomb.len() < 1 << 20, "small on the wire");
    let router = Router::new().route("/", get(move || async move { ([(header::CONTENT_ENCODING, "gzip")], bomb) }));
    let started = Instant::now();
    let refused = ask(router, "/").await.expect_err("200 MiB are too many");
    assert!(
        matches!(&refused, ConnectorError::Protocol(message) if message.contains("longer than 1048576 bytes")),
        "{refused}"
    );
    assert!(started.elapsed() < Duration::from_secs(10), "it is not read to its end");
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_limit() {
    let router = Router::new().route(
        "/",
        get(|| async { Body::from_stream(stream::repeat_with(|| Ok::<_, io::Error>(vec![b'x'; 16 << 10]))) }),
    );
    assert!(matches!(ask(router, "/").await, Err(ConnectorError::Protocol(_))));
}

#[tokio::test]
async fn a_declared_length_over_the_limit_is_not_even_begun() {
    let router = Router::new().route(
        "/",
        get(|| async {
            (
                [(header::CONTENT_LENGTH, "10737418240")],
                Body::from_stream(stream::pending::<Result<Vec<u8>, io::Error>>()),
            )
        }),
    );
    // Who began it would wait for the read time and call that a passing trouble.
    assert!(matches!(ask(router, "/").await, Err(ConnectorError::Protocol(_))));
}

#[tokio::test]
async fn a_server_that_trickles_is_left_after_the_whole_time() {
    let trickle = || {
        stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Some((Ok::<_, io::Error>(b"x".to_vec()), ()))
        })
    };
    let router = Router::new().route("/", get(move || async move { Body::from_stream(trickle()) }));
    let address = serve(router).await;
    let client = HttpClient::new(HttpLimits { timeout: Duration::from_millis(900), ..limits(&[address]) });
    let started = Instant::now();
    let ended = client.send(Request::get(url(address, "/"))).await;
    assert!(matches!(ended, Err(ConnectorError::Transient { .. })));
    assert!(
        (Duration::from_millis(800)..Duration::from_secs(20)).contains(&started.elapsed()),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn a_silent_server_is_left_after_the_read_time() {
    let router =
        Router::new().route("/", get(|| async { Body::from_stream(stream::pending::<Result<Vec<u8>, io::Error>>()) }));
    let started = Instant::now();
    assert!(matches!(ask(router, "/").await, Err(ConnectorError::Transient { .. })));
    assert!(started.elapsed() < limits(&[]).timeout, "{:?}", started.elapsed());
}

#[tokio::test]
async fn permanent_moves_are_told_up_to_the_first_that_is_not() {
    let router = Router::new()
        .route("/a", get(|| async { redirect(301, "/b".into()) }))
        .route("/b", get(|| async { redirect(308, "/c?x=1".into()) }))
        .route("/c", get(|| async { redirect(302, "d".into()) }))
        .route("/d", get(|| async { "end" }));
    let answer = ask(router, "/a").await.expect("an answer");
    assert_eq!((answer.url.path(), answer.moved_to.map(|url| url.path().to_owned()).as_deref()), ("/d", Some("/c")));
}

#[tokio::test]
async fn a_temporary_move_is_no_move() {
    let router = Router::new()
        .route("/a", get(|| async { redirect(307, "/b".into()) }))
        .route("/b", get(|| async { redirect(301, "/c".into()) }))
        .route("/c", get(|| async { "end" }));
    assert_eq!(ask(router, "/a").await.expect("an answer").moved_to, None);
}

#[tokio::test]
async fn a_loop_of_redirects_ends() {
    let router = Router::new().route("/", get(|| async { redirect(302, "/".into()) }));
    let ended = ask(router, "/").await.expect_err("a loop");
    assert!(ended.to_string().contains("more than 5 redirects"), "{ended}");
}

#[tokio::test]
async fn a_redirect_leads_to_no_address_inside() {
    let inside = serve(Router::new().route("/", get(|| async { "secret" }))).await;
    for target in [
        format!("http://{inside}/"),
        format!("http://localhost:{}/", inside.port()),
        format!("http://2130706433:{}/", inside.port()),
        format!("http://[::ffff:127.0.0.1]:{}/", inside.port()),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        let to = target.clone();
        let router = Router::new().route("/", get(move || async move { redirect(302, to) }));
        let ended = ask(router, "/").await;
        assert!(matches!(ended, Err(ConnectorError::Blocked(_))), "{target}: {ended:?}");
    }
}

#[tokio::test]
async fn a_password_does_not_follow_to_another_host() {
    let seen: Arc<Mutex<Vec<bool>>> = Arc::default();
    let note = |seen: Arc<Mutex<Vec<bool>>>| {
        move |headers: HeaderMap| async move {
            seen.lock().expect("a lock").push(headers.contains_key(header::AUTHORIZATION));
            "ok"
        }
    };
    let other = serve(Router::new().route("/", get(note(Arc::clone(&seen))))).await;
    let away = format!("http://{other}/");
    let router = Router::new()
        .route("/near", get(|| async { redirect(302, "/here".into()) }))
        .route("/far", get(move || async move { redirect(302, away) }))
        .route("/here", get(note(Arc::clone(&seen))));
    let address = serve(router).await;
    let client = HttpClient::new(limits(&[address, other]));
    for path in ["/near", "/far"] {
        client.send(Request::get(url(address, path)).basic("me", &Secret::new("mine"))).await.expect("an answer");
    }
    assert_eq!(*seen.lock().expect("a lock"), [true, false]);
}

/// Gives one answer after the other.
struct Rebinding(Arc<Mutex<VecDeque<Vec<IpAddr>>>>);

impl Lookup for Rebinding {
    fn lookup(&self, _host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let next = self.0.lock().expect("a lock").pop_front().expect("no further lookup");
        Box::pin(async move { Ok(next) })
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_reaches_nothing_inside() {
    let inside = serve(Router::new().route("/", get(|| async { "secret" }))).await;
    let private = vec![inside.ip()];
    // A check and a connection that each asked for themselves would see a public address first and connect to the second.
    let answers = Arc::new(Mutex::new(VecDeque::from([private.clone(), private.clone()])));
    let client = HttpClient::with_lookup(limits(&[]), Arc::new(Rebinding(Arc::clone(&answers))));
    let url = Url::parse(&format!("http://rebind.example:{}/", inside.port())).expect("an address");
    let asked = client.send(Request::get(url.clone())).await;
    assert!(matches!(&asked, Err(ConnectorError::Blocked(message)) if message.contains("rebind.example")), "{asked:?}");
    assert_eq!(answers.lock().expect("a lock").len(), 1, "resolved once for one connection");
    assert!(matches!(client.connect(&url).await, Err(ConnectorError::Blocked(_))));
    assert_eq!(answers.lock().expect("a lock").len(), 0, "resolved once for one connection");
}

#[tokio::test]
async fn private_addresses_among_public_ones_are_passed_over() {
    let inside = serve(Router::new().route("/", get(|| async { "secret" }))).await;
    // 192.0.2.0/24 cannot be used for the public one: it is documentation and refused itself.
    let mixed = vec![inside.ip(), "1.1.1.1".parse().expect("an address")];
    let answers = Arc::new(Mutex::new(VecDeque::from([mixed])));
    let short = HttpLimits { connect_timeout: Duration::from_millis(300), ..limits(&[]) };
    let client = HttpClient::with_lookup(short, Arc::new(Rebinding(answers)));
    let url = Url::parse(&format!("http://mixed.example:{}/", inside.port())).expect("an address");
    let asked = client.send(Request::get(url)).await;
    assert!(matches!(asked, Err(ConnectorError::Unreachable(_))), "{asked:?}");
}

#[tokio::test]
async fn a_bare_connection_speaks_to_an_allowed_host() {
    let address = serve(Router::new().route("/", get(|| async { "hello" }))).await;
    let client = HttpClient::new(limits(&[address]));
    let mut connection =
        client.connect(&Url::parse(&format!("ws://{address}/")).expect("an address")).await.expect("a connection");
    connection.write_all(b"GET / HTTP/1.0\r\n\r\n").await.expect("written");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("read");
    assert!(answer.ends_with("hello"), "{answer}");
    let refused = client.connect(&Url::parse("wss://127.0.0.1:1/").expect("an address")).await;
    assert!(matches!(refused, Err(ConnectorError::Blocked(_))));
}

#[tokio::test]
async fn what_was_never_handed_over_is_told_from_what_got_no_answer() {
    let ask = async |address: SocketAddr| {
        let client = HttpClient::new(limits(&[address]));
        client.send(Request::get(Url::parse(&format!("http://{address}/")).expect("an address"))).await
    };
    let given_back = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let refused = ask(given_back).await;
    assert!(matches!(refused, Err(ConnectorError::Unreachable(_))), "{refused:?}");
    let unknown = HttpClient::with_lookup(limits(&[]), Arc::new(Nobody));
    let unknown = unknown.send(Request::get(Url::parse("http://nobody.example/").expect("an address"))).await;
    assert!(matches!(unknown, Err(ConnectorError::Unreachable(_))), "{unknown:?}");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let hangs_up = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1_024]).await;
        }
    });
    let lost = ask(hangs_up).await;
    assert!(matches!(lost, Err(ConnectorError::Transient { .. })), "{lost:?}");
}

/// No name is known.
struct Nobody;

impl Lookup for Nobody {
    fn lookup(&self, _host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async { Err(io::Error::other("no such name")) })
    }
}
