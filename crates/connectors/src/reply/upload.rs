//! Files on their way to a network. An upload says nothing of the reply: what goes wrong with it is certain, and an upload that is
//! repeated leaves a file that nobody names.

use std::time::Duration;

use http::{Method, StatusCode};
use url::Url;

use super::{AccountSession, SendError, quoted};
use crate::http::{Part, Request, Response, shown};

/// Sixteen megabytes over a slow line.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// The network will not take that file, now or later. What it said may be anything, and long.
pub(crate) fn not_taken(network: &str, said: &str) -> SendError {
    SendError::refused("attachment", format!("{network} does not take a file ({}); send another one", quoted(said)))
}

/// What an error on the way means before anything of the reply was said.
pub(crate) fn certain(error: SendError) -> SendError {
    match error {
        SendError::Unsure { message } => SendError::Later { message, until: None },
        other => other,
    }
}

/// Brings a file to an address that the network named for it. The address is the network's word: it is asked without any token, and
/// never in the clear where passwords are not.
pub(crate) async fn put(
    account: &AccountSession,
    network: &str,
    address: &str,
    parts: &[Part<'_>],
) -> Result<Response, SendError> {
    let url = Url::parse(address).ok().filter(Url::has_host);
    let url = url.filter(|url| url.scheme() == "https" || account.http.is_allowed_by_name(url));
    let Some(url) = url else {
        let message = format!("{network} names no safe address for a file");
        return Err(SendError::Later { message, until: None });
    };
    let place = shown(&url);
    let request = Request::new(Method::POST, url).multipart(parts).timeout(LIMIT).max_body_bytes(MAX_ANSWER_BYTES);
    let answer = account.send(request).await.map_err(|error| SendError::before(error, account.now()))?;
    match answer.status {
        status if status.is_success() => Ok(answer),
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => Err(not_taken(network, &format!("status {}", answer.status.as_u16()))),
        // The address was good for one file or for some minutes: there is another one next time.
        status => {
            let message = format!("{place} answered {} to a file", status.as_u16());
            Err(SendError::Later { message, until: None })
        }
    }
}

/// An answer to an upload that cannot be read.
pub(crate) fn unread(network: &str) -> SendError {
    let message = format!("{network} took a file and did not say under what name");
    SendError::Later { message, until: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_network_says_of_a_file_is_told_in_a_line() {
        let said = format!("<b>no</b>\r\n{}", "no".repeat(1 << 19));
        let SendError::Refused { message, .. } = not_taken("MAX", &said) else { panic!("no refusal") };
        assert!(message.starts_with("MAX does not take a file (no nono") && message.len() < 300, "{message}");
        assert_eq!(message.lines().count(), 1);
    }
}
