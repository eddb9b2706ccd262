//! Between a listener and a server, also where the server streams: one answer in twenty goes wrong, one message in twenty of a stream,
//! each kind in turn. It counts what passes, and who comes back before the wait it was told is over.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use molva_emulators::{Counts, Fault};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};

use crate::reply_support::read_request;

/// What can go wrong with an answer; a disconnection is no answer at all.
pub(crate) const ANSWERS: [Fault; 6] =
    [Fault::RateLimit, Fault::ServerError, Fault::Disconnect, Fault::CutJson, Fault::SlowBody, Fault::UnknownFields];
/// What can go wrong with a message of a stream.
pub(crate) const MESSAGES: [Fault; 6] =
    [Fault::Duplicate, Fault::CutJson, Fault::SlowBody, Fault::UnknownFields, Fault::Silent, Fault::Disconnect];
const EVERY: u64 = 20;
/// Who was refused comes no earlier.
const RETRY_AFTER: Duration = Duration::from_secs(1);
const SLOW: Duration = Duration::from_millis(100);
const SILENT: Duration = Duration::from_millis(400);
/// A message that no contract names: of a WebSocket of text, of server-sent events, and a frame of the firehose (DAG-CBOR).
const NEW_EVENT: &[u8] = b"event: new_in_2027\ndata: {\"x\":[1,null]}\n\n";
const NEW_FRAME: &[u8] = b"\xa2\x61t\x68#new2027\x62op\x01\xa0";

/// Clones share one server.
#[derive(Clone)]
pub(crate) struct Relay {
    /// `http://127.0.0.1:PORT`
    pub(crate) address: String,
    upstream: String,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    breaks: bool,
    answers: Wheel,
    messages: Wheel,
    closed_until: Option<Instant>,
    counts: Counts,
}

/// Kinds of faults, each in turn.
#[derive(Default)]
struct Wheel {
    kinds: Vec<Fault>,
    passed: u64,
    turns: usize,
}

impl Wheel {
    fn draw(&mut self, breaks: bool) -> Option<Fault> {
        self.passed += 1;
        if !breaks || self.kinds.is_empty() || !self.passed.is_multiple_of(EVERY) {
            return None;
        }
        self.turns += 1;
        Some(self.kinds[self.turns % self.kinds.len()])
    }
}

/// How messages follow each other in what a server streams.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    WebSocket,
    /// Chunks of HTTP/1.1, a server-sent event in each.
    Chunks,
}

impl Relay {
    /// In front of `http://host:port`; fair until told otherwise.
    pub(crate) async fn start(upstream: &str, answers: &[Fault], messages: &[Fault]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let upstream = upstream.split_once("://").map_or(upstream, |(_, rest)| rest).trim_end_matches('/').to_owned();
        let wheel = |kinds: &[Fault]| Wheel { kinds: kinds.to_vec(), ..Wheel::default() };
        let inside = Inside { answers: wheel(answers), messages: wheel(messages), ..Inside::default() };
        let relay = Self { address, upstream, inside: Arc::new(Mutex::new(inside)) };
        let serving = relay.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let serving = serving.clone();
                // What breaks here is meant to.
                tokio::spawn(async move { drop(serving.serve(client).await) });
            }
        });
        relay
    }

    pub(crate) fn break_often(&self, breaks: bool) {
        self.inside().breaks = breaks;
    }

    pub(crate) fn counts(&self) -> Counts {
        self.inside().counts.clone()
    }

    /// Nobody came before the time; every kind of fault was met, where there were enough of them.
    pub(crate) fn faults_were_met(&self) {
        let inside = self.inside();
        let faults = &inside.counts.faults;
        for wheel in [&inside.answers, &inside.messages] {
            let missed: Vec<_> = wheel.kinds.iter().filter(|kind| !faults.contains_key(kind.name())).collect();
            assert!(missed.is_empty() || wheel.turns < 2 * wheel.kinds.len(), "{missed:?} of {faults:?}");
        }
        assert_eq!(inside.counts.limits_exceeded, 0, "{:?}", inside.counts);
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What goes wrong with the next answer or message; counted.
    fn draw(&self, message: bool) -> Option<Fault> {
        let inside = &mut *self.inside();
        let name = if message { "message" } else { "answer" };
        *inside.counts.requests.entry(name.to_owned()).or_default() += 1;
        let wheel = if message { &mut inside.messages } else { &mut inside.answers };
        let fault = wheel.draw(inside.breaks)?;
        *inside.counts.faults.entry(fault.name()).or_default() += 1;
        Some(fault)
    }

    async fn serve(self, mut client: TcpStream) -> io::Result<()> {
        let Some(request) = read_request(&mut client).await else { return Ok(()) };
        let early = self.inside().closed_until.take().is_some_and(|until| Instant::now() < until);
        self.inside().counts.limits_exceeded += u64::from(early);
        let fault = self.draw(false);
        match fault {
            Some(Fault::RateLimit) => {
                self.inside().closed_until = Some(Instant::now() + RETRY_AFTER);
                let wait = format!("retry-after: {}\r\n", RETRY_AFTER.as_secs());
                return client.write_all(refusal("429 Too Many Requests", &wait).as_bytes()).await;
            }
            Some(Fault::ServerError) => {
                return client.write_all(refusal("503 Service Unavailable", "").as_bytes()).await;
            }
            Some(Fault::Disconnect) => return Ok(()),
            _ => {}
        }
        let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let upgrades = head.contains("\r\nupgrade: websocket");
        let mut server = TcpStream::connect(&self.upstream).await?;
        let line = request.windows(2).position(|two| two == b"\r\n").unwrap_or_default() + 2;
        server.write_all(&request[..line]).await?;
        if !upgrades {
            server.write_all(b"connection: close\r\n").await?;
        }
        server.write_all(&request[line..]).await?;
        let (from_server, mut to_server) = server.into_split();
        let mut from_server = BufReader::new(from_server);
        let head = read_head(&mut from_server).await?;
        let told = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let framing = if told.starts_with("http/1.1 101") {
            Framing::WebSocket
        } else if told.contains("content-type: text/event-stream") && told.contains("transfer-encoding: chunked") {
            Framing::Chunks
        } else {
            let mut answer = head;
            from_server.read_to_end(&mut answer).await?;
            return spoil(&mut client, answer, fault).await;
        };
        let (mut from_client, mut to_client) = client.into_split();
        to_client.write_all(&head).await?;
        // What the listener says goes through as it is.
        let heard = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
        let ended = self.stream(&mut from_server, &mut to_client, framing).await;
        heard.abort();
        ended
    }

    async fn stream(
        &self,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut OwnedWriteHalf,
        framing: Framing,
    ) -> io::Result<()> {
        loop {
            let message = match framing {
                Framing::WebSocket => read_frame(from).await?,
                Framing::Chunks => read_chunk(from).await?,
            };
            if !is_message(&message, framing) {
                to.write_all(&message).await?;
                continue;
            }
            let half = message.len() / 2;
            match self.draw(true) {
                Some(Fault::Duplicate) => to.write_all(&[&message[..], &message[..]].concat()).await?,
                Some(Fault::CutJson) => return to.write_all(&message[..half]).await,
                Some(Fault::SlowBody) => {
                    to.write_all(&message[..half]).await?;
                    tokio::time::sleep(SLOW).await;
                    to.write_all(&message[half..]).await?;
                }
                Some(Fault::UnknownFields) => to.write_all(&with_something_new(&message, framing)).await?,
                // This one and whatever comes then is told to nobody.
                Some(Fault::Silent) => {
                    tokio::time::sleep(SILENT).await;
                    return Ok(());
                }
                Some(Fault::Disconnect) => {
                    return to
                        .write_all(if framing == Framing::WebSocket { b"\x88\x02\x03\xe9" } else { b"0\r\n\r\n" })
                        .await;
                }
                _ => to.write_all(&message).await?,
            }
        }
    }
}

fn refusal(status: &str, headers: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n{headers}\r\n")
}

/// An answer that was asked for and is given, whole or not.
async fn spoil(client: &mut TcpStream, answer: Vec<u8>, fault: Option<Fault>) -> io::Result<()> {
    let half = answer.len() / 2;
    match fault {
        Some(Fault::CutJson) => client.write_all(&answer[..half]).await,
        Some(Fault::SlowBody) => {
            client.write_all(&answer[..half]).await?;
            tokio::time::sleep(SLOW).await;
            client.write_all(&answer[half..]).await
        }
        // A header that no contract names; bodies are changed where their shape is known.
        Some(Fault::UnknownFields) => {
            let line = answer.windows(2).position(|two| two == b"\r\n").unwrap_or_default() + 2;
            client.write_all(&answer[..line]).await?;
            client.write_all(b"x-new-in-2027: x\r\n").await?;
            client.write_all(&answer[line..]).await
        }
        _ => client.write_all(&answer).await,
    }
}

async fn read_head(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(from.read_u8().await?);
    }
    Ok(head)
}

/// A frame of a WebSocket as a server writes it: without a mask.
async fn read_frame(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut frame = vec![from.read_u8().await?, from.read_u8().await?];
    let length = match frame[1] & 0x7f {
        126 => {
            let length = from.read_u16().await?;
            frame.extend(length.to_be_bytes());
            u64::from(length)
        }
        127 => {
            let length = from.read_u64().await?;
            frame.extend(length.to_be_bytes());
            length
        }
        short => u64::from(short),
    };
    let start = frame.len();
    frame.resize(start + usize::try_from(length).unwrap_or_default(), 0);
    from.read_exact(&mut frame[start..]).await?;
    Ok(frame)
}

async fn read_chunk(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::new();
    while !chunk.ends_with(b"\r\n") {
        chunk.push(from.read_u8().await?);
    }
    let size = std::str::from_utf8(&chunk).ok().and_then(|line| usize::from_str_radix(line.trim(), 16).ok());
    let size = size.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no chunk"))?;
    let start = chunk.len();
    chunk.resize(start + size + 2, 0);
    from.read_exact(&mut chunk[start..]).await?;
    Ok(chunk)
}

/// Neither a sign of life nor an end.
fn is_message(message: &[u8], framing: Framing) -> bool {
    match framing {
        Framing::WebSocket => matches!(message[0] & 0x0f, 1 | 2),
        Framing::Chunks => message.windows(6).any(|six| six == b"\ndata:"),
    }
}

/// A message as it is told in a later version of the network.
fn with_something_new(message: &[u8], framing: Framing) -> Vec<u8> {
    let before = match framing {
        Framing::Chunks => [format!("{:x}\r\n", NEW_EVENT.len()).as_bytes(), NEW_EVENT, b"\r\n"].concat(),
        Framing::WebSocket if message[0] & 0x0f == 2 => framed(2, NEW_FRAME),
        Framing::WebSocket => return new_field(message).unwrap_or_else(|| message.to_vec()),
    };
    [&before, message].concat()
}

fn new_field(frame: &[u8]) -> Option<Vec<u8>> {
    let start = frame.iter().position(|byte| *byte == b'{')?;
    let mut told: Value = serde_json::from_slice(&frame[start..]).ok()?;
    told.as_object_mut()?.insert("new_in_2027".to_owned(), json!({"x": [1, null]}));
    Some(framed(1, told.to_string().as_bytes()))
}

fn framed(opcode: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match u16::try_from(body.len()) {
        Ok(short) if short < 126 => frame.push(u8::try_from(short).unwrap_or_default()),
        Ok(length) => {
            frame.push(126);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => {
            frame.push(127);
            frame.extend((body.len() as u64).to_be_bytes());
        }
    }
    frame.extend(body);
    frame
}
