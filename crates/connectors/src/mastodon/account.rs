//! An account on a server, as its own API answers it: who it is, what it may, what a status must be like.

use http::{Method, StatusCode};
use molva_domain::{ReplyVisibility, Secret, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::error::ConnectorError;
use crate::http::{Request, Response, headers, parse_url};
use crate::reply::{AccountFacts, AccountSession, LengthRule, LengthUnit, ReplyRule, clock_skew, quoted};

/// Largest answer read: a page of 40 statuses is some 200 KiB.
const MAX_ANSWER_BYTES: u64 = 8 << 20;
/// What servers that do not say allow, as Mastodon does.
const USUAL_LIMIT: u32 = 500;
const USUAL_URL: u32 = 23;

/// The account of a session and the server it is on.
pub(super) struct Account<'a> {
    pub session: &'a AccountSession,
    base: Url,
    /// `host` or `host:port`.
    pub host: String,
    token: Secret,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Profile {
    id: String,
    username: String,
    acct: String,
    display_name: Option<String>,
    url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Instance {
    configuration: Configuration,
    /// Of Pleroma and of forks.
    max_toot_chars: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Configuration {
    statuses: Statuses,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Statuses {
    max_characters: Option<u32>,
    characters_reserved_per_url: Option<u32>,
}

/// Of `/oauth/token/info` or of `/api/v1/apps/verify_credentials`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Grant {
    scope: Value,
    scopes: Value,
    /// Seconds; absent of tokens that do not end.
    expires_in: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: Option<String>,
    error_description: Option<String>,
}

impl<'a> Account<'a> {
    pub(super) fn of(session: &'a AccountSession) -> Result<Self, ConnectorError> {
        let mut base = parse_url("instance", session.settings.text("instance").unwrap_or_default())?;
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        let token = session
            .settings
            .needed_secret("access_token", "is required: make it on the server, under Preferences, Development")?
            .clone();
        let host = base.host_str().unwrap_or_default();
        let host = base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Self { session, base, host, token })
    }

    pub(super) async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Response, ConnectorError> {
        self.session.send(self.request(Method::GET, path, query)).await
    }

    /// A request to the server, with the account's token.
    pub(super) fn request(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Request {
        let mut url = self.base.clone();
        url.set_path(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Request::new(method, url).bearer(&self.token).max_body_bytes(MAX_ANSWER_BYTES)
    }

    /// Asks for something that has to be there.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, ConnectorError> {
        let answer = self.ask(path, query).await?;
        self.checked(answer)?.json()
    }

    /// An answer that is none, in the server's words.
    pub(super) fn checked(&self, answer: Response) -> Result<Response, ConnectorError> {
        let said = said(&answer);
        match answer.status {
            StatusCode::UNAUTHORIZED if said.contains("expired") => Err(ConnectorError::AuthExpired),
            StatusCode::UNAUTHORIZED => Err(ConnectorError::AuthRevoked(self.token_refused(&said))),
            StatusCode::FORBIDDEN => Err(ConnectorError::AuthRevoked(self.account_refused(&said))),
            _ => answer.error_for_status(&self.host, self.session.now()),
        }
    }

    pub(super) fn token_refused(&self, said: &str) -> String {
        format!(
            "{} does not take the access token ({said}); make a new one in its preferences, under development",
            self.host
        )
    }

    pub(super) fn account_refused(&self, said: &str) -> String {
        format!(
            "{} does not let this account do it ({said}); log in there to see whether it is suspended or unconfirmed, and give \
             the application the rights `read` and `write:statuses`",
            self.host
        )
    }

    pub(super) async fn facts(&self) -> Result<AccountFacts, ConnectorError> {
        let answer = self.ask("api/v1/accounts/verify_credentials", &[]).await?;
        // Some servers find a question without a good token incomplete rather than forbidden.
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
            return Err(ConnectorError::AuthRevoked(self.token_refused(&said(&answer))));
        }
        let answer = self.checked(answer)?;
        let now = self.session.now();
        let (clock_skew_seconds, quota) = (clock_skew(&answer, now), headers::quota(&answer.headers, now));
        let profile: Profile = answer.json()?;
        if profile.id.is_empty() {
            return Err(ConnectorError::Protocol(format!("{} does not say whose the token is", self.host)));
        }
        let (scopes, expires_at) = self.grant().await?;
        let name = if profile.acct.is_empty() { profile.username } else { profile.acct };
        Ok(AccountFacts {
            native_id: profile.id,
            handle: if name.contains('@') { name } else { format!("{name}@{}", self.host) },
            name: profile.display_name.filter(|name| !name.trim().is_empty()),
            url: profile.url,
            missing: missing(&scopes),
            scopes,
            expires_at,
            quota,
            clock_skew_seconds,
            rule: self.rule().await?,
        })
    }

    /// What a status may be like: by the second version of the server's description, else by the first.
    async fn rule(&self) -> Result<ReplyRule, ConnectorError> {
        let mut answer = self.ask("api/v2/instance", &[]).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE) {
            answer = self.ask("api/v1/instance", &[]).await?;
        }
        let instance: Instance = self.checked(answer)?.json()?;
        let Statuses { max_characters, characters_reserved_per_url } = instance.configuration.statuses;
        let limit = max_characters.or(instance.max_toot_chars).filter(|limit| *limit > 0).unwrap_or(USUAL_LIMIT);
        Ok(ReplyRule {
            length: LengthRule {
                url_counts: Some(characters_reserved_per_url.unwrap_or(USUAL_URL)),
                short_handles: true,
                ..LengthRule::new(limit, LengthUnit::Graphemes)
            },
            visibilities: vec![ReplyVisibility::Public, ReplyVisibility::Private],
        })
    }

    /// What the token allows and when it ends, where the server tells; nothing of this is promised by every server.
    async fn grant(&self) -> Result<(Vec<String>, Option<Timestamp>), ConnectorError> {
        for path in ["oauth/token/info", "api/v1/apps/verify_credentials"] {
            let answer = self.ask(path, &[]).await?;
            let Ok(grant) = answer.json::<Grant>() else { continue };
            let scopes = words(&grant.scope).or_else(|| words(&grant.scopes));
            if let (true, Some(scopes)) = (answer.status.is_success(), scopes) {
                let ends = grant.expires_in.map(|seconds| {
                    self.session.now().plus(std::time::Duration::from_secs(seconds.min(100 * 365 * 86_400)))
                });
                return Ok((scopes, ends));
            }
        }
        Ok((Vec::new(), None))
    }
}

/// Scopes are written as a list or in one line.
fn words(value: &Value) -> Option<Vec<String>> {
    let found: Vec<String> = match value {
        Value::String(line) => line.split_whitespace().map(str::to_owned).collect(),
        Value::Array(list) => list.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    (!found.is_empty()).then_some(found)
}

/// Replies are written, what they answer is looked for, and they are looked for themselves.
fn missing(scopes: &[String]) -> Option<String> {
    let has = |names: &[&str]| scopes.iter().any(|scope| names.contains(&scope.as_str()));
    let lacking: Vec<&str> = [
        ("write:statuses", has(&["write", "write:statuses"])),
        ("read:statuses", has(&["read", "read:statuses"])),
        ("read:search", has(&["read", "read:search"])),
    ]
    .into_iter()
    .filter_map(|(scope, there)| (!there).then_some(scope))
    .collect();
    (!scopes.is_empty() && !lacking.is_empty()).then(|| {
        format!("the token lacks {}; give the application these rights and make a new token", lacking.join(", "))
    })
}

/// The server's own words for what it did not do.
pub(super) fn said(answer: &Response) -> String {
    let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let words =
        refusal.error_description.or(refusal.error).map(|words| quoted(&words)).filter(|words| !words.is_empty());
    words.unwrap_or_else(|| format!("status {}", answer.status.as_u16()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_that_cannot_write_is_told_from_one_that_can() {
        let lacks = |scopes: &[&str]| missing(&scopes.iter().map(|scope| (*scope).to_owned()).collect::<Vec<_>>());
        assert_eq!((lacks(&["read", "write"]), lacks(&[])), (None, None));
        assert_eq!(
            lacks(&["read:accounts", "read:statuses"]).as_deref(),
            Some("the token lacks write:statuses, read:search; give the application these rights and make a new token")
        );
    }

    #[test]
    fn scopes_are_read_as_a_line_and_as_a_list() {
        let expected = Some(vec!["read".to_owned(), "write:statuses".to_owned()]);
        assert_eq!(
            (words(&json!("read write:statuses")), words(&json!(["read", "write:statuses"]))),
            (expected.clone(), expected)
        );
        assert_eq!((words(&json!("")), words(&Value::Null)), (None, None));
    }
}
