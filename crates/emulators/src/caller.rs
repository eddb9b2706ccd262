//! How an emulator calls its listeners: one request over plain HTTP/1.1, as networks do over TLS.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

/// Networks wait for an answer for so long.
const PATIENCE: Duration = Duration::from_secs(5);
/// More of an answer is not read.
const LONGEST_ANSWER: u64 = 1 << 16;

/// The status that was answered; `None` when nobody answered in time.
pub(crate) async fn post(url: &Url, headers: &[(&str, &str)], body: &str) -> Option<u16> {
    tokio::time::timeout(PATIENCE, ask(url, headers, body)).await.ok()?
}

/// The status and the body, as text, that a question was answered with.
pub(crate) async fn get(url: &Url) -> Option<(u16, String)> {
    let asked = async {
        let stream = send(url, "GET", &[], "").await?;
        let mut answer = Vec::new();
        stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.get(9..12)?.parse().ok()?;
        Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
    };
    tokio::time::timeout(PATIENCE, asked).await.ok()?
}

async fn send(url: &Url, method: &str, headers: &[(&str, &str)], body: &str) -> Option<TcpStream> {
    let host = url.host_str()?;
    let mut stream = TcpStream::connect((host, url.port_or_known_default()?)).await.ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut request = format!("{method} {}{query} HTTP/1.1\r\nhost: {host}\r\n", url.path());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = body.len();
    request.push_str(&format!(
        "content-type: application/json;charset=utf-8\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    ));
    stream.write_all(request.as_bytes()).await.ok()?;
    Some(stream)
}

async fn ask(url: &Url, headers: &[(&str, &str)], body: &str) -> Option<u16> {
    let mut stream = send(url, "POST", headers, body).await?;
    let mut answer = [0; 64];
    let mut read = 0;
    while read < 12 {
        match stream.read(&mut answer[read..]).await.ok()? {
            0 => return None,
            more => read += more,
        }
    }
    std::str::from_utf8(&answer[9..12]).ok()?.parse().ok()
}
