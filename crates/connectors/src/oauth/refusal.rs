//! Why a network gives no token, as each of them writes it.

use http::StatusCode;
use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::TokenError;
use crate::error::ConnectorError;
use crate::http::{Response, headers};
use crate::reply::quoted;

const PLACE: &str = "the network's place for tokens";
/// Meta's numbers for too many requests.
const TOO_MANY: [u64; 4] = [4, 17, 32, 613];
/// And for a client it does not know.
const NO_CLIENT: u64 = 101;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    /// A word (RFC 6749, 5.2), of Meta an object, of Reddit the status again.
    error: Value,
    error_description: Option<String>,
    /// Of Instagram the whole of it: `{error_type, code, error_message}`.
    error_message: Value,
}

/// What the answer says no with; `None` for one that says yes. Some networks refuse in an answer that is otherwise good.
pub(crate) fn refusal(answer: &Response, now: Timestamp) -> Option<TokenError> {
    let told: Answer = serde_json::from_slice(&answer.body).unwrap_or_default();
    let status = answer.status;
    let code = told.error.get("code").and_then(Value::as_u64);
    if status == StatusCode::TOO_MANY_REQUESTS || code.is_some_and(|code| TOO_MANY.contains(&code)) {
        let until = headers::retry_after(&answer.headers, now).map(|wait| now.plus(wait));
        return Some(TokenError::NotAsked(ConnectorError::RateLimited { until }));
    }
    let word = told.error.as_str().or_else(|| told.error.get("message")?.as_str()).or(told.error_message.as_str());
    let passing = matches!(word, Some("server_error" | "temporarily_unavailable"))
        || told.error.get("is_transient").is_some_and(|passing| passing == true);
    if passing && !status.is_server_error() {
        let message = format!("{PLACE} has a trouble that passes");
        return Some(TokenError::Lost(ConnectorError::Transient { message, retry_after: None }));
    }
    if status.is_success() && told.error.is_null() {
        return None;
    }
    if !status.is_success() && !status.is_client_error() {
        return Some(TokenError::of(headers::status_error(status, &answer.headers, PLACE, now)));
    }
    let client = match word {
        Some(word) => {
            matches!(word, "invalid_client" | "unauthorized_client")
                || code == Some(NO_CLIENT)
                || word.contains("client secret")
                || word.contains("platform app")
        }
        None => status == StatusCode::UNAUTHORIZED,
    };
    let word = word.map_or_else(|| format!("status {}", status.as_u16()), quoted);
    let message = match told.error_description {
        Some(words) if !words.trim().is_empty() => format!("{} ({word})", quoted(&words)),
        _ => word,
    };
    Some(if client { TokenError::Client(message) } else { TokenError::Refused(message) })
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn told(status: u16, body: &str) -> Option<TokenError> {
        let answer = Response {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::new(),
            url: url::Url::parse("https://a.example/token").expect("an address"),
            moved_to: None,
            body: body.as_bytes().to_vec(),
        };
        refusal(&answer, Timestamp::from_secs(1_800_000_000))
    }

    fn refused(message: &str) -> Option<TokenError> {
        Some(TokenError::Refused(message.to_owned()))
    }

    fn client(message: &str) -> Option<TokenError> {
        Some(TokenError::Client(message.to_owned()))
    }

    #[test]
    fn a_refusal_is_told_from_an_answer_that_is_lost() {
        let body = r#"{"error":"invalid_grant","error_description":"used before."}"#;
        let used = refused("used before (invalid_grant)");
        assert_eq!((told(400, body), told(200, body)), (used.clone(), used));
        assert_eq!(told(401, r#"{"error":"invalid_client"}"#), client("invalid_client"));
        assert_eq!(told(403, "<html>"), refused("status 403"));
        assert!(matches!(told(502, "<html>"), Some(TokenError::Lost(_))));
        assert!(matches!(told(503, r#"{"error":"temporarily_unavailable"}"#), Some(TokenError::Lost(_))));
        assert!(matches!(told(429, "{}"), Some(TokenError::NotAsked(_))));
        assert_eq!(told(200, r#"{"access_token":"a"}"#), None);
    }

    #[test]
    fn each_network_says_no_in_its_own_way() {
        assert_eq!(told(401, r#"{"message":"Unauthorized","error":401}"#), client("status 401"));
        let meta = |status, error: &str| told(status, &format!(r#"{{"error":{{"type":"OAuthException",{error}}}}}"#));
        let used = r#""message":"This authorization code has been used.","code":100"#;
        assert_eq!(meta(400, used), refused("This authorization code has been used"));
        let secret = r#""message":"Error validating client secret.","code":1"#;
        assert_eq!(meta(400, secret), client("Error validating client secret"));
        assert_eq!(
            meta(400, r#""message":"Error validating application.","code":101"#),
            client("Error validating application")
        );
        assert!(matches!(meta(400, r#""message":"(#4) limit","code":4"#), Some(TokenError::NotAsked(_))));
        assert!(matches!(meta(500, r#""message":"later","code":2,"is_transient":true"#), Some(TokenError::Lost(_))));
        assert!(matches!(meta(400, r#""message":"later","code":2,"is_transient":true"#), Some(TokenError::Lost(_))));
    }
}
