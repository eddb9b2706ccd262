//! What Meta asks of an address before it calls it: one question over plain HTTP/1.1.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

/// An answer is waited for so long.
const PATIENCE: Duration = Duration::from_secs(5);
/// More of an answer is not read.
const LONGEST_ANSWER: u64 = 1 << 16;

/// The status and the body, as text, that a question was answered with.
pub(super) async fn ask(url: &Url) -> Option<(u16, String)> {
    let asked = async {
        let host = url.host_str()?;
        let mut stream = TcpStream::connect((host, url.port_or_known_default()?)).await.ok()?;
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let head = format!("GET {}{query} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n", url.path());
        stream.write_all(head.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.get(9..12)?.parse().ok()?;
        Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
    };
    tokio::time::timeout(PATIENCE, asked).await.ok()?
}
