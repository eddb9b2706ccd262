//! Events of `com.atproto.sync.subscribeRepos`: from a real data server, or made in the same form.

use futures_util::StreamExt as _;
use ipld_core::cid::Cid;
use ipld_core::cid::multihash::Multihash;
use ipld_core::ipld;
use ipld_core::ipld::Ipld;
use molva_connectors::http::{HttpClient, HttpLimits, Method, Request};
use molva_domain::Secret;
use serde_json::{Value, json};
use tokio_util::bytes::Bytes;

use crate::Failure;

const POSTS: &str = "app.bsky.feed.post";
const LIKES: &str = "app.bsky.feed.like";
/// Posts written to a real server.
const WRITTEN: usize = 200;

/// A header and a body.
type Frame = (Ipld, Ipld);

/// Commits with a post each, and commits with a like each.
pub(crate) struct Recorded {
    posts: Vec<Frame>,
    likes: Vec<Frame>,
}

/// Events, and where they are from.
pub(crate) fn recorded(texts: &[&str]) -> Result<(Recorded, &'static str), Failure> {
    let Ok(server) = std::env::var("MOLVA_TEST_PDS") else {
        let posts = texts.iter().enumerate().map(|(number, text)| made(POSTS, number, post(text))).collect();
        let likes = (0..texts.len()).map(|number| made(LIKES, number, like())).collect();
        return Ok((Recorded { posts, likes }, "made here"));
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok((runtime.block_on(from_server(&server, &texts[..WRITTEN]))?, "of a real data server"))
}

/// So many events, one in `one_in` of them a post, with numbers that grow.
pub(crate) fn amplified(recorded: &Recorded, events: usize, one_in: usize) -> Vec<Bytes> {
    let frame = |number: usize| {
        let of = if number % one_in == one_in - 1 { &recorded.posts } else { &recorded.likes };
        let (header, body) = &of[number / one_in % of.len()];
        let Ipld::Map(mut body) = body.clone() else { panic!("a body is a map") };
        body.insert("seq".to_owned(), Ipld::Integer(number as i128 + 1));
        let mut bytes = serde_ipld_dagcbor::to_vec(header).expect("CBOR");
        bytes.extend(serde_ipld_dagcbor::to_vec(&Ipld::Map(body)).expect("CBOR"));
        Bytes::from(bytes)
    };
    (0..events).map(frame).collect()
}

async fn from_server(server: &str, texts: &[&str]) -> Result<Recorded, Failure> {
    let allowed_private_hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let http = HttpClient::new(HttpLimits { allowed_private_hosts, ..HttpLimits::default() });
    let call = async |method: &str, token: Option<&Secret>, body: Value| -> Result<Value, Failure> {
        let request = Request::new(Method::POST, format!("{server}/xrpc/{method}").parse()?).json(&body);
        let answer = http.send(if let Some(token) = token { request.bearer(token) } else { request }).await?;
        Ok(answer.error_for_status(method, molva_domain::Timestamp::from_secs(0))?.json()?)
    };
    let name = format!("b{}", std::time::UNIX_EPOCH.elapsed()?.as_millis());
    let account = json!({ "handle": format!("{name}.test"), "email": format!("{name}@example.com"), "password": "correct horse" });
    let account = call("com.atproto.server.createAccount", None, account).await?;
    let (did, token) = (account["did"].clone(), Secret::new(account["accessJwt"].as_str().unwrap_or_default()));
    for text in texts {
        let record = json!({ "$type": POSTS, "text": text, "createdAt": "2026-03-01T09:30:00.000Z", "langs": ["ru"] });
        let made = call(
            "com.atproto.repo.createRecord",
            Some(&token),
            json!({ "repo": did, "collection": POSTS, "record": record }),
        )
        .await?;
        let subject = json!({ "uri": made["uri"], "cid": made["cid"] });
        let record = json!({ "$type": LIKES, "subject": subject, "createdAt": "2026-03-01T09:30:00.000Z" });
        call(
            "com.atproto.repo.createRecord",
            Some(&token),
            json!({ "repo": did, "collection": LIKES, "record": record }),
        )
        .await?;
    }
    let stream = format!("{}/xrpc/com.atproto.sync.subscribeRepos?cursor=0", server.replacen("http", "ws", 1));
    let address = stream.trim_start_matches("ws://").split('/').next().unwrap_or_default();
    let connection = tokio::net::TcpStream::connect(address).await?;
    let (mut stream, _answer) = tokio_tungstenite::client_async(stream.as_str(), connection).await?;
    let (mut posts, mut likes) = (Vec::new(), Vec::new());
    while posts.len() < texts.len() || likes.len() < texts.len() {
        let message = stream.next().await.ok_or("the stream has ended")??.into_data();
        let mut rest = std::io::Cursor::new(&message[..]);
        let header = serde_ipld_dagcbor::de::from_reader_once::<Ipld, _>(&mut rest)?;
        let body: Ipld = serde_ipld_dagcbor::from_slice(&message[rest.position() as usize..])?;
        let told = |name: &str| body.get(name).ok().flatten();
        let path = |operation: &Ipld| operation.get("path").ok().flatten().cloned();
        let (Some(Ipld::String(repo)), Some(Ipld::List(operations))) = (told("repo"), told("ops")) else { continue };
        let Some(Ipld::String(path)) = operations.first().and_then(path) else { continue };
        if Some(repo.as_str()) == did.as_str() {
            if path.starts_with(POSTS) { &mut posts } else { &mut likes }.push((header, body));
        }
    }
    Ok(Recorded { posts, likes })
}

fn post(text: &str) -> Ipld {
    ipld!({ "$type": POSTS, "text": text, "createdAt": "2026-03-01T09:30:00.000Z", "langs": ["ru"] })
}

fn like() -> Ipld {
    let subject = ipld!({ "uri": "at://did:plc:z72i7hdynmk6r22z27h6tvur/app.bsky.feed.post/3l6oveex3ii2l", "cid": "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua" });
    ipld!({ "$type": LIKES, "subject": subject, "createdAt": "2026-03-01T09:30:00.000Z" })
}

/// A commit with one record: beside it in the CAR file stand the signed commit and the nodes of the tree above it.
fn made(collection: &str, number: usize, record: Ipld) -> Frame {
    let name = |kind: u8| {
        let mut hash = [kind; 32];
        hash[..8].copy_from_slice(&(number as u64).to_le_bytes());
        Cid::new_v1(0x71, Multihash::wrap(0x12, &hash).expect("32 bytes"))
    };
    let mut car = Vec::new();
    let header = serde_ipld_dagcbor::to_vec(&ipld!({ "version": 1, "roots": [] })).expect("CBOR");
    section(&mut car, &[&header]);
    for (kind, bytes) in [(1, 250), (2, 900), (3, 900), (4, 900)] {
        section(&mut car, &[&name(kind).to_bytes(), &vec![kind; bytes]]);
    }
    section(&mut car, &[&name(9).to_bytes(), &serde_ipld_dagcbor::to_vec(&record).expect("CBOR")]);
    let path = format!("{collection}/3l{number:011}");
    let operation = ipld!({ "action": "create", "path": path, "cid": Ipld::Link(name(9)), "prev": null });
    let body = ipld!({
        "seq": 0, "repo": format!("did:plc:{number:024}"), "time": "2026-03-01T09:30:00.000Z", "rev": "3l6oveex3ii2l", "since": null,
        "rebase": false, "tooBig": false, "blobs": [], "commit": Ipld::Link(name(1)), "blocks": Ipld::Bytes(car), "ops": [operation],
    });
    (ipld!({ "op": 1, "t": "#commit" }), body)
}

fn section(car: &mut Vec<u8>, parts: &[&[u8]]) {
    let mut length: usize = parts.iter().map(|part| part.len()).sum();
    while length >= 0x80 {
        car.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    car.push(length as u8);
    parts.iter().for_each(|part| car.extend_from_slice(part));
}
