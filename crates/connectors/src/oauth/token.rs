//! Where tokens are given: a code or a refresh token goes in, an access token comes out.

use std::time::Duration;

use http::Method;
use molva_domain::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::refusal::refusal;
use super::{Client, ClientProof, OAuth, Tokens};
use crate::error::ConnectorError;
use crate::http::{HttpClient, Request, Response, shown};
use crate::settings::Settings;

/// Whole request.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);
pub(crate) const MAX_ANSWER_BYTES: u64 = 256 << 10;
/// Longest token read.
const MAX_TOKEN_BYTES: usize = 32 << 10;
/// Longest life believed, a hundred years.
const LONGEST_LIFE_S: u64 = 100 * 366 * 86_400;

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The code or the refresh token serves no longer: used, too old, taken back.
    #[error("the network refuses: {0}")]
    Refused(String),
    /// It does not know us, or our secret is another one.
    #[error("the network does not accept the client id with its secret: {0}")]
    Client(String),
    /// The person left out rights without which nothing works.
    #[error("the consent leaves out `{0}`")]
    Narrow(String),
    /// They let us in to several things, of which one has to be named.
    #[error("the consent is for several: {0}")]
    Choose(String),
    /// It certainly did nothing.
    #[error(transparent)]
    NotAsked(ConnectorError),
    /// It may have done what was asked for, but what it answered is not known.
    #[error("it is not known what the network answered: {0}")]
    Lost(ConnectorError),
}

impl TokenError {
    pub(crate) fn of(error: ConnectorError) -> Self {
        match error {
            ConnectorError::Transient { .. } | ConnectorError::Protocol(_) | ConnectorError::Cancelled => {
                Self::Lost(error)
            }
            other => Self::NotAsked(other),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    access_token: Option<String>,
    refresh_token: Option<String>,
    /// Seconds; some networks write them as text.
    expires_in: Value,
    refresh_token_expires_in: Value,
    scope: Value,
    /// Instagram's word for the scope: a line, or a list.
    permissions: Value,
    /// Instagram is documented to wrap the whole answer into a list of one.
    data: Value,
}

/// Who asks, and of whom.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    pub oauth: &'a OAuth,
    pub http: &'a HttpClient,
    pub settings: &'a Settings,
    pub client: &'a Client,
    /// What came beside the code, see [`OAuth::comes_along`].
    pub along: Option<&'a Secret>,
    pub now: Timestamp,
}

/// Changes the code for a token. A code serves once.
///
/// # Errors
/// See [`TokenError`].
pub async fn exchange(
    asking: Asking<'_>,
    code: &Secret,
    verifier: &Secret,
    redirect: &str,
    state: &Secret,
) -> Result<Tokens, TokenError> {
    let form = vec![
        ("grant_type", "authorization_code"),
        ("code", code.expose()),
        ("redirect_uri", redirect),
        ("code_verifier", verifier.expose()),
    ];
    let first = ask(asking, form, state, &[code, verifier]).await?;
    match asking.oauth.giving {
        Some(giving) => giving.lasting(asking, first).await,
        None => Ok(first),
    }
}

/// Renews the access token. Where refresh tokens serve once, the one given is spent as soon as this begins.
///
/// # Errors
/// See [`TokenError`].
pub async fn refresh(asking: Asking<'_>, token: &Secret, state: &Secret) -> Result<Tokens, TokenError> {
    if let Some(giving) = asking.oauth.giving {
        return giving.renewed(asking, token).await;
    }
    let form = vec![("grant_type", "refresh_token"), ("refresh_token", token.expose())];
    ask(asking, form, state, &[token]).await
}

/// Tells the network that the token is given up (RFC 7009). Nothing where it has no place for that.
///
/// # Errors
/// What the network answers; the token may then still be good there.
pub async fn revoke(asking: Asking<'_>, token: &Secret) -> Result<(), ConnectorError> {
    let endpoints = (asking.oauth.endpoints)(asking.settings)?;
    let Some(url) = endpoints.revoke else { return Ok(()) };
    check_place(asking, &url)?;
    // VK ID calls it `access_token`; others leave aside what they do not know.
    let form = vec![("token", token.expose()), ("access_token", token.expose())];
    let answer = asking.http.send(request(asking, url, form)).await?;
    answer.error_for_status("the network's place for tokens that are given up", asking.now).map(|_| ())
}

/// Asks for tokens with a form of the network's own.
pub(crate) async fn give(
    asking: Asking<'_>,
    form: Vec<(&str, &str)>,
    secrets: &[&Secret],
) -> Result<Tokens, TokenError> {
    let endpoints = (asking.oauth.endpoints)(asking.settings).map_err(TokenError::NotAsked)?;
    check_place(asking, &endpoints.token).map_err(TokenError::NotAsked)?;
    let answer = asking.http.send(request(asking, endpoints.token, form)).await.map_err(TokenError::of)?;
    let ours = secrets.iter().copied().chain(asking.client.secret.as_ref()).chain(asking.along);
    read(&answer.forget(ours.map(Secret::expose)), asking.now)
}

/// Asks another place of the server that gives tokens than the one for codes, with a question instead of a form.
pub(crate) async fn ask_at(
    asking: Asking<'_>,
    mut place: url::Url,
    question: &[(&str, &str)],
    secrets: &[&Secret],
) -> Result<Tokens, TokenError> {
    let endpoints = (asking.oauth.endpoints)(asking.settings).map_err(TokenError::NotAsked)?;
    check_place(asking, &endpoints.token).map_err(TokenError::NotAsked)?;
    place.query_pairs_mut().extend_pairs(question);
    let request = Request::new(Method::GET, place)
        .header("accept", "application/json")
        .timeout(LIMIT)
        .max_body_bytes(MAX_ANSWER_BYTES);
    let answer = asking.http.send(request).await.map_err(TokenError::of)?;
    let ours = secrets.iter().copied().chain(asking.client.secret.as_ref());
    read(&answer.forget(ours.map(Secret::expose)), asking.now)
}

async fn ask(
    asking: Asking<'_>,
    mut form: Vec<(&str, &str)>,
    state: &Secret,
    secrets: &[&Secret],
) -> Result<Tokens, TokenError> {
    if let (Some(name), Some(value)) = (asking.oauth.comes_along, asking.along) {
        // VK ID wants to see a state here, too.
        form.extend([(name, value.expose()), ("state", state.expose())]);
    }
    give(asking, form, secrets).await
}

/// Whoever may write settings must not have the owner's client sent to a place of theirs.
fn check_place(asking: Asking<'_>, place: &url::Url) -> Result<(), ConnectorError> {
    if asking.client.secret.is_none() || asking.oauth.trusts(asking.http, place) {
        return Ok(());
    }
    Err(ConnectorError::Blocked(format!(
        "{} is not where the network gives tokens, and Molva shows its client's secret to the network alone; mend the address of the \
         API, or add its host to `allow-private-host`",
        shown(place)
    )))
}

fn request<'a>(asking: Asking<'a>, url: url::Url, mut form: Vec<(&'a str, &'a str)>) -> Request {
    let client = asking.client;
    let mut request = Request::new(Method::POST, url)
        .header("accept", "application/json")
        .timeout(LIMIT)
        .max_body_bytes(MAX_ANSWER_BYTES);
    match (&client.secret, asking.oauth.proof) {
        (Some(secret), ClientProof::Basic) => request = request.basic(&client.id, secret),
        (Some(secret), ClientProof::Form) => {
            form.extend([("client_id", client.id.as_str()), ("client_secret", secret.expose())]);
        }
        (None, _) => form.push(("client_id", client.id.as_str())),
    }
    request.form(form)
}

fn read(answer: &Response, now: Timestamp) -> Result<Tokens, TokenError> {
    if let Some(refusal) = refusal(answer, now) {
        return Err(refusal);
    }
    let mut told: Answer = serde_json::from_slice(&answer.body).unwrap_or_default();
    if told.access_token.is_none() {
        told = told.data.get(0).and_then(|one| Answer::deserialize(one).ok()).unwrap_or_default();
    }
    let token = |text: Option<String>| text.filter(|text| (1..=MAX_TOKEN_BYTES).contains(&text.len())).map(Secret::new);
    let Some(access) = token(told.access_token) else {
        let error = ConnectorError::Protocol("the network's place for tokens answered without a token".to_owned());
        return Err(TokenError::Lost(error));
    };
    let after = |value: &Value| seconds(value).map(|life| now.plus(Duration::from_secs(life)));
    Ok(Tokens {
        access,
        refresh: token(told.refresh_token),
        ends_at: after(&told.expires_in),
        renewable_until: after(&told.refresh_token_expires_in),
        scopes: words(if told.scope.is_null() { &told.permissions } else { &told.scope }),
    })
}

/// Nought and nothing mean that it does not end.
fn seconds(value: &Value) -> Option<u64> {
    let told = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    told.filter(|told| *told > 0).map(|told| told.min(LONGEST_LIFE_S))
}

fn words(value: &Value) -> Vec<String> {
    let lines = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let lines = lines.iter().filter_map(Value::as_str);
    let found = lines.flat_map(|line| line.split([' ', ','])).map(str::trim).filter(|word| !word.is_empty());
    found.take(64).map(|word| word.chars().take(200).collect()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::connector::Connector as _;
    use crate::http::HttpLimits;
    use crate::oauth::ClientBy;

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn told(status: u16, body: &str) -> Result<Tokens, TokenError> {
        let answer = Response {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::new(),
            url: url::Url::parse("https://a.example/token").expect("an address"),
            moved_to: None,
            body: body.as_bytes().to_vec(),
        };
        read(&answer, NOW)
    }

    #[test]
    fn an_answer_is_read_as_networks_write_it() {
        let expected = Tokens {
            access: Secret::new("a"),
            refresh: Some(Secret::new("r")),
            ends_at: Some(NOW.plus(Duration::from_secs(7_200))),
            renewable_until: None,
            scopes: vec!["read".to_owned(), "write".to_owned()],
        };
        let number = r#"{"access_token":"a","refresh_token":"r","expires_in":7200,"scope":"read write","x":1}"#;
        let text = r#"{"access_token":"a","refresh_token":"r","expires_in":"7200","scope":"read,write"}"#;
        assert_eq!((told(200, number), told(200, text)), (Ok(expected.clone()), Ok(expected)));
        let bare = told(200, r#"{"access_token":"a","expires_in":0}"#).expect("tokens");
        assert_eq!((bare.refresh, bare.ends_at, bare.scopes), (None, None, Vec::new()));
    }

    #[test]
    fn instagram_wraps_its_answer_or_does_not_and_calls_the_scope_permissions() {
        let wrapped = r#"{"data":[{"access_token":"a","user_id":"1020","permissions":"one,two"}]}"#;
        let bare = r#"{"access_token":"a","user_id":1020,"permissions":["one","two"]}"#;
        for text in [wrapped, bare] {
            let tokens = told(200, text).expect("tokens");
            assert_eq!(
                (tokens.access.expose(), tokens.scopes),
                ("a", vec!["one".to_owned(), "two".to_owned()]),
                "{text}"
            );
        }
    }

    #[test]
    fn an_answer_without_a_token_is_lost() {
        assert!(matches!(told(200, "{}"), Err(TokenError::Lost(_))));
    }

    #[tokio::test]
    async fn the_owners_client_is_shown_to_the_network_alone() {
        let http = HttpClient::new(HttpLimits::default());
        let client = Client { id: "molva".to_owned(), secret: Some(Secret::new("the owner's")) };
        let oauth = crate::x::X.oauth().expect("a row");
        let values = BTreeMap::from([("api_url".to_owned(), "https://api.x.com.evil.example".to_owned())]);
        let settings = Settings::new(values, BTreeMap::new());
        let asking = Asking { oauth, http: &http, settings: &settings, client: &client, along: None, now: NOW };
        let (code, token) = (Secret::new("code"), Secret::new("token"));
        let blocked = |error: &ConnectorError| error.code() == "address_blocked";
        let exchanged = exchange(asking, &code, &code, "https://molva.example/", &code).await;
        assert!(matches!(&exchanged, Err(TokenError::NotAsked(error)) if blocked(error)), "{exchanged:?}");
        let renewed = refresh(asking, &token, &code).await;
        assert!(matches!(&renewed, Err(TokenError::NotAsked(error)) if blocked(error)), "{renewed:?}");
        let given_up = revoke(asking, &token).await;
        assert!(given_up.as_ref().is_err_and(blocked), "{given_up:?}");
    }

    #[test]
    fn each_network_is_trusted_where_it_gives_tokens() {
        let http = HttpClient::new(HttpLimits::default());
        let mut rows = 0;
        for row in crate::CONNECTORS {
            let Some(oauth) = row.oauth().filter(|oauth| matches!(oauth.client, ClientBy::Owner { .. })) else {
                continue;
            };
            let settings = Settings::new(BTreeMap::new(), BTreeMap::new()).with_defaults(row.descriptor().settings);
            let endpoints = (oauth.endpoints)(&settings).expect("endpoints");
            assert!(oauth.trusts(&http, &endpoints.token), "{}", row.descriptor().name);
            rows += 1;
        }
        assert!(rows >= 5, "{rows}");
    }
}
