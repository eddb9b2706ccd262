//! Reading bodies of senders that are not proved yet: none may take the place of others by announcing much and saying nothing.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout, timeout_at};

use super::receive::{MAX_BODY_BYTES, too_large};
use crate::problem::Problem;
use crate::request::CUT_OFF;

/// How long nothing may come.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// In a second, on the whole: a quarter of a megabit.
const SLOWEST_BYTES: usize = 32 << 10;
/// Of a body that is refused unread, so much is read all the same.
const HEARD_OUT_BYTES: usize = 2 * MAX_BODY_BYTES;
const HEARD_OUT: Duration = Duration::from_secs(2);

/// The body, as long as it comes: `patience` beyond the time the slowest sender takes for what it sent.
pub(super) async fn whole(body: Body, patience: Duration) -> Result<Bytes, Problem> {
    let (mut chunks, mut whole) = (body.into_data_stream(), Vec::new());
    let began = Instant::now();
    let cut_off = || Problem::new(StatusCode::BAD_REQUEST, "body_cut_off", CUT_OFF);
    loop {
        let until = began + patience + Duration::from_secs_f64(whole.len() as f64 / SLOWEST_BYTES as f64);
        match timeout_at(until, chunks.next()).await {
            Ok(None) => return Ok(whole.into()),
            Ok(Some(Ok(chunk))) if whole.len() + chunk.len() > MAX_BODY_BYTES => return Err(too_large()),
            Ok(Some(Ok(chunk))) => whole.extend_from_slice(&chunk),
            Ok(Some(Err(_))) | Err(_) => return Err(cut_off()),
        }
    }
}

/// Who is still sending does not hear a refusal, only a closed connection: a little more is read and thrown away.
pub(super) async fn hear_out(body: Body) {
    let all = async {
        let (mut chunks, mut left) = (body.into_data_stream(), HEARD_OUT_BYTES);
        while let Some(Ok(chunk)) = chunks.next().await
            && left > 0
        {
            left = left.saturating_sub(chunk.len());
        }
    };
    // Who is slower than that may as well be cut off.
    let _ = timeout(HEARD_OUT, all).await;
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;

    use super::*;

    const SHORT: Duration = Duration::from_millis(200);

    async fn read(body: Body) -> Result<usize, &'static str> {
        whole(body, SHORT).await.map(|bytes| bytes.len()).map_err(|problem| problem.code())
    }

    #[tokio::test]
    async fn a_body_is_read_as_long_as_it_comes() {
        assert_eq!(read(Body::from("whole")).await, Ok(5));
        assert_eq!(read(Body::from(vec![b' '; MAX_BODY_BYTES])).await, Ok(MAX_BODY_BYTES));
        assert_eq!(read(Body::from(vec![b' '; MAX_BODY_BYTES + 1])).await, Err("body_too_large"));
        let silent = stream::iter([Ok::<_, Infallible>("begun")]).chain(stream::pending());
        assert_eq!(read(Body::from_stream(silent)).await, Err("body_cut_off"));
        let drops = stream::unfold((), |()| async {
            tokio::time::sleep(SHORT / 10).await;
            Some((Ok::<_, Infallible>("."), ()))
        });
        assert_eq!(read(Body::from_stream(drops)).await, Err("body_cut_off"));
        let broken = stream::iter([Ok("begun"), Err(std::io::Error::other("reset"))]);
        assert_eq!(read(Body::from_stream(broken)).await, Err("body_cut_off"));
    }
}
