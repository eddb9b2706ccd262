//! Signatures by the Standard Webhooks specification (<https://www.standardwebhooks.com>): HMAC-SHA256 over
//! `id.timestamp.body`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use molva_domain::{Secret, Timestamp};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

use super::PushError;

/// How far the sender's clock may be off, either way, in seconds.
const TOLERANCE_S: i64 = 300;
/// How many signatures of a header are looked at; a sender that rotates its secret sends two.
const MAX_SIGNATURES: usize = 8;

/// The three headers of Standard Webhooks.
#[derive(Clone, Copy, Debug)]
pub struct SignatureHeaders<'a> {
    pub id: &'a str,
    pub timestamp: &'a str,
    pub signature: &'a str,
}

/// Checks `v1,base64(HMAC-SHA256(secret, id.timestamp.body))` in constant time. The secret is `whsec_` and base64. The
/// header may hold several signatures with blanks between; one must match.
pub fn verify(secret: &Secret, headers: SignatureHeaders<'_>, body: &[u8], now: Timestamp) -> Result<(), PushError> {
    for (value, name) in
        [(headers.id, "webhook-id"), (headers.timestamp, "webhook-timestamp"), (headers.signature, "webhook-signature")]
    {
        if value.trim().is_empty() {
            return Err(PushError::MissingHeader(name));
        }
    }
    let timestamp: i64 = headers.timestamp.parse().map_err(|_| PushError::StaleTimestamp)?;
    if now.as_secs().abs_diff(timestamp) > TOLERANCE_S.unsigned_abs() {
        return Err(PushError::StaleTimestamp);
    }
    let key = key(secret).ok_or(PushError::BadSignature)?;
    let signed = signed(headers.id, headers.timestamp, body);
    let matches = headers
        .signature
        .split_ascii_whitespace()
        .take(MAX_SIGNATURES)
        .filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok())
        .any(|tag| hmac::verify(&key, &signed, &tag).is_ok());
    if matches { Ok(()) } else { Err(PushError::BadSignature) }
}

/// Signs a body, for senders and tests. A secret that is not `whsec_` and base64 gives a signature nobody accepts.
#[must_use]
pub fn sign(secret: &Secret, id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let signed = signed(id, &timestamp_s.to_string(), body);
    let tag = key(secret).map(|key| STANDARD.encode(hmac::sign(&key, &signed))).unwrap_or_default();
    format!("v1,{tag}")
}

/// Makes a new secret, `whsec_` and 32 random bytes in base64.
///
/// # Panics
/// When the operating system has no randomness to give; nothing secret could be made then.
#[must_use]
#[expect(clippy::expect_used, reason = "a predictable secret would be worse than a stop")]
pub fn new_secret() -> Secret {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random bytes");
    Secret::new(format!("whsec_{}", STANDARD.encode(bytes)))
}

fn key(secret: &Secret) -> Option<hmac::Key> {
    let text = secret.expose();
    let bytes = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok()?;
    (!bytes.is_empty()).then(|| hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

fn signed(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = b"{\"test\": 2432232314}";
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const AT: i64 = 1_614_265_330;

    fn check(signature: &str, offset_s: i64, body: &[u8]) -> Result<(), PushError> {
        let headers = SignatureHeaders { id: ID, timestamp: "1614265330", signature };
        verify(&Secret::new(SECRET), headers, body, Timestamp::from_secs(AT + offset_s))
    }

    #[test]
    fn the_example_of_the_specification_is_signed_and_accepted() {
        assert_eq!(sign(&Secret::new(SECRET), ID, AT, BODY), SIGNED);
        assert_eq!(check(SIGNED, 0, BODY), Ok(()));
    }

    #[test]
    fn one_of_several_signatures_is_enough() {
        assert_eq!(check(&format!("v1,AAAA v2,xx {SIGNED}"), 299, BODY), Ok(()));
    }

    #[test]
    fn what_is_forged_stale_or_missing_is_refused() {
        assert_eq!(check(SIGNED, 0, b"{\"test\": 2432232315}"), Err(PushError::BadSignature));
        assert_eq!(check("v1,", 0, BODY), Err(PushError::BadSignature));
        assert_eq!(check(SIGNED, 301, BODY), Err(PushError::StaleTimestamp));
        assert_eq!(check(SIGNED, -301, BODY), Err(PushError::StaleTimestamp));
        assert_eq!(check(" ", 0, BODY), Err(PushError::MissingHeader("webhook-signature")));
    }

    #[test]
    fn an_empty_secret_accepts_nothing() {
        let empty = Secret::new("whsec_");
        let signature = sign(&empty, ID, AT, BODY);
        let headers = SignatureHeaders { id: ID, timestamp: "1614265330", signature: &signature };
        assert_eq!(verify(&empty, headers, BODY, Timestamp::from_secs(AT)), Err(PushError::BadSignature));
    }

    #[test]
    fn secrets_are_new_each_time() {
        let (one, other) = (new_secret(), new_secret());
        assert_ne!(one, other);
        assert_eq!(one.expose().len(), "whsec_".len() + 44);
    }
}
