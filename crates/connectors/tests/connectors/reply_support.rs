//! An account, a reply, and a server between us and the real one that loses answers or says what it is told to.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use molva_connectors::http::Request;
use molva_connectors::{
    AccountFacts, AccountSession, Attachment, Connector, ConnectorError, Outgoing, ReplyTarget, SendError, Sent,
    Settings,
};
use molva_domain::{PostKind, ReplyId, ReplyVisibility, Secret, SystemClock, Timestamp, Urn};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::support::http;
use crate::weather::Weather;

/// Settings whose keys begin with `*` are secrets.
pub(crate) fn account(settings: &[(&str, &str)]) -> AccountSession {
    let (secrets, values): (Vec<(&str, &str)>, Vec<_>) = settings.iter().partition(|(key, _)| key.starts_with('*'));
    AccountSession {
        settings: Settings::new(
            values.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            secrets.into_iter().map(|(key, value)| (key[1..].to_owned(), Secret::new(value))).collect(),
        ),
        clock: Arc::new(SystemClock),
        http: http(),
        cancel: CancellationToken::new(),
    }
}

pub(crate) fn now() -> Timestamp {
    molva_domain::Clock::now(&SystemClock)
}

/// An id nobody used before.
pub(crate) fn fresh_id() -> ReplyId {
    static LAST: Mutex<i64> = Mutex::new(0);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    *last = ReplyId::first_at(now()).0.max(*last + 1);
    ReplyId(*last)
}

pub(crate) fn reply(urn: Urn, kind: PostKind, handle: Option<&str>, text: &str) -> Outgoing {
    let target = ReplyTarget {
        urn,
        kind,
        url: None,
        author_handle: handle.map(str::to_owned),
        community: None,
        in_reply_to: None,
        addressed: Vec::new(),
        published_at: now(),
    };
    let visibility = ReplyVisibility::Public;
    Outgoing {
        id: fresh_id(),
        target,
        text: text.to_owned(),
        visibility,
        first_tried_at: Some(now()),
        attachments: Vec::new(),
    }
}

/// One red pixel.
pub(crate) fn picture(name: &str, alt: Option<&str>) -> Attachment {
    let bytes = STANDARD
        .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");
    Attachment {
        name: name.to_owned(),
        media_type: "image/png".to_owned(),
        alt: alt.map(str::to_owned),
        bytes: bytes.expect("a picture"),
    }
}

/// What is done with an account, without the names of the steps.
pub(crate) struct Sender<'a> {
    pub(crate) network: &'static dyn Connector,
    pub(crate) account: &'a AccountSession,
    pub(crate) facts: &'a AccountFacts,
}

impl Sender<'_> {
    pub(crate) async fn send(&self, reply: &Outgoing) -> Result<Sent, SendError> {
        self.network.replies().expect("it can be answered").send(self.account, self.facts, reply).await
    }

    pub(crate) async fn find(&self, reply: &Outgoing) -> Option<Sent> {
        let replies = self.network.replies().expect("it can be answered");
        replies.find(self.account, self.facts, reply).await.expect("an answer")
    }

    /// The word for what went wrong, and whether no secret is in its sentence.
    pub(crate) async fn refusal(&self, reply: &Outgoing) -> &'static str {
        word(self.send(reply).await.expect_err("it is not taken"))
    }
}

/// As the outbox does: looks before it sends again, waits where it is told to, and goes on where a person would have acted.
pub(crate) async fn deliver(sender: &Sender<'_>, outgoing: &Outgoing) -> Sent {
    let replies = sender.network.replies().expect("it can be answered");
    for _ in 0..40 {
        match sender.send(outgoing).await {
            Ok(sent) => return sent,
            Err(SendError::Refused { code: "parent_gone", .. } | SendError::Account { .. }) => {}
            Err(SendError::Later { until, .. }) => wait(until).await,
            Err(SendError::Unsure { .. }) => loop {
                // A look that fails decides nothing.
                match replies.find(sender.account, sender.facts, outgoing).await {
                    Ok(Some(sent)) => return sent,
                    Ok(None) => break,
                    Err(ConnectorError::RateLimited { until } | ConnectorError::QuotaExhausted { until }) => {
                        wait(until).await;
                    }
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            },
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("it was never taken");
}

/// A try that is cut off at that moment, as when Molva is killed; then it is looked whether it arrived, as the outbox does.
pub(crate) async fn cut_off(sender: &Sender<'_>, outgoing: &Outgoing, moment: Duration) -> Option<Sent> {
    let replies = sender.network.replies().expect("it can be answered");
    match tokio::time::timeout(moment, sender.send(outgoing)).await {
        Ok(Ok(sent)) => return Some(sent),
        Ok(Err(SendError::Later { until, .. })) => {
            wait(until).await;
            return None;
        }
        // What is on its way arrives before anybody looks.
        Ok(Err(_)) | Err(_) => tokio::time::sleep(Duration::from_millis(300)).await,
    }
    loop {
        match replies.find(sender.account, sender.facts, outgoing).await {
            Ok(found) => return found,
            Err(ConnectorError::RateLimited { until } | ConnectorError::QuotaExhausted { until }) => wait(until).await,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn wait(until: Option<Timestamp>) {
    let told = until.map_or(Duration::from_secs(1), |until| until.since(now()));
    tokio::time::sleep(told.min(Duration::from_secs(5)) + Duration::from_millis(100)).await;
}

pub(crate) async fn facts(network: &dyn Connector, account: &AccountSession) -> AccountFacts {
    network.replies().expect("it can be answered").probe(account).await.expect("the account is accepted")
}

pub(crate) fn word(error: SendError) -> &'static str {
    match error {
        SendError::Refused { code, .. } => code,
        SendError::Later { until: Some(_), .. } => "later, at a time",
        SendError::Later { until: None, .. } => "later",
        SendError::Unsure { .. } => "unsure",
        SendError::Account { expired: true, .. } => "expired",
        SendError::Account { expired: false, .. } => "account",
    }
}

/// A server that answers by its rules, and hands on what none of them is for.
#[derive(Clone)]
pub(crate) struct Between {
    pub(crate) address: String,
    rules: Arc<Mutex<Vec<Rule>>>,
    asked: Arc<Mutex<Vec<String>>>,
    pub(crate) weather: Weather,
}

struct Rule {
    /// Part of `METHOD /path?query`.
    of: String,
    times: usize,
    what: What,
}

#[derive(Clone)]
enum What {
    /// Hands it on and hangs up instead of answering.
    Lose,
    Say(String),
}

impl Between {
    /// In front of `http://host:port`, or of nothing.
    pub(crate) async fn start(upstream: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let upstream = upstream.map(|address| address.trim_start_matches("http://").to_owned());
        let between = Self { address, rules: Arc::default(), asked: Arc::default(), weather: Weather::default() };
        let serving = between.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (serving, upstream) = (serving.clone(), upstream.clone());
                tokio::spawn(async move { serving.serve(stream, upstream).await });
            }
        });
        between
    }

    /// The next such request is handed on, and its answer is lost.
    pub(crate) fn lose(&self, of: &str) {
        self.rule(of, 1, What::Lose);
    }

    /// Such requests are answered with this from now on, until forgotten.
    pub(crate) fn say(&self, of: &str, status: u16, headers: &str, body: &Value) {
        self.rule(of, usize::MAX, What::Say(answer(status, headers, &body.to_string())));
    }

    pub(crate) fn say_once(&self, of: &str, status: u16, headers: &str, body: &str) {
        self.rule(of, 1, What::Say(answer(status, headers, body)));
    }

    pub(crate) fn forget(&self) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How many such requests came.
    pub(crate) fn asked(&self, of: &str) -> usize {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|line| line.contains(of)).count()
    }

    /// The newest rule wins.
    fn rule(&self, of: &str, times: usize, what: What) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).insert(0, Rule { of: of.to_owned(), times, what });
    }

    fn decide(&self, line: &str) -> Option<What> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let rule = rules.iter_mut().find(|rule| rule.times > 0 && line.contains(&rule.of))?;
        rule.times -= 1;
        Some(rule.what.clone())
    }

    async fn serve(self, mut stream: TcpStream, upstream: Option<String>) {
        let Some(request) = read_request(&mut stream).await else { return };
        let text = String::from_utf8_lossy(&request).into_owned();
        let line = text.lines().next().unwrap_or_default().to_owned();
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
        let rule = self.decide(&line);
        let trouble = self.weather.trouble();
        if let Some(trouble) = &trouble
            && trouble.instead(&mut stream).await
        {
            return;
        }
        if let Some(What::Say(said)) = rule {
            let _ = stream.write_all(said.as_bytes()).await;
            return;
        }
        let answer = match upstream {
            Some(upstream) => {
                let answer = hand_on(&upstream, &request).await;
                self.weather.passes(&answer);
                answer
            }
            None => answer(404, "", "{}").into_bytes(),
        };
        if rule.is_none() {
            let answer = trouble.map_or_else(|| answer.clone(), |trouble| trouble.spoilt(&answer));
            let _ = stream.write_all(&answer).await;
        }
    }
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
}

pub(crate) async fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut chunk = [0; 8_192];
    loop {
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        request.extend_from_slice(&chunk[..read]);
        let Some(head) = request.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let headers = String::from_utf8_lossy(&request[..head]).to_ascii_lowercase();
        let length =
            headers.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        if request.len() >= head + 4 + length.unwrap_or_default() {
            return Some(request);
        }
    }
}

async fn hand_on(upstream: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(upstream).await.expect("the real server");
    let line = request.windows(2).position(|two| two == b"\r\n").expect("a line") + 2;
    let mut closing = request[..line].to_vec();
    closing.extend_from_slice(b"connection: close\r\n");
    closing.extend_from_slice(&request[line..]);
    stream.write_all(&closing).await.expect("written");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

/// Asks a server as its users do.
pub(crate) async fn call(request: Request) -> Value {
    let shown = request.url().to_string();
    let answer = http().send(request).await.expect("the server answers");
    assert!(answer.status.is_success(), "{shown}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
    answer.json().unwrap_or(Value::Null)
}
