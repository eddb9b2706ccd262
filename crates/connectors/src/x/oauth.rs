//! Tokens of accounts by consent: OAuth 2.0 with PKCE. An access token lives for two hours; its refresh token serves once.
//!
//! Source: <https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/authorization-code>.

use crate::error::ConnectorError;
use crate::http::parse_url;
use crate::oauth::{ClientBy, ClientProof, Endpoints, OAuth, Refresh, Rights, beside};
use crate::settings::{Localized, Settings};

const READING: &[&str] = &["tweet.read", "tweet.write", "users.read", "offline.access"];
/// Files are a right of their own.
const ANSWERING: &[&str] = &["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"];

pub(super) static OAUTH: OAuth = OAuth {
    client: ClientBy::Owner {
        console: "https://console.x.com",
        hosts: &["api.x.com"],
        needs_secret: false,
        steps: Localized {
            en: "In the developer console open your application, User authentication settings: allow Read and write, choose Web App, give it this redirect address, and copy client id and client secret.",
            ru: "В консоли разработчика откройте приложение, «User authentication settings»: разрешите «Read and write», выберите «Web App», укажите этот адрес возврата и скопируйте client id и client secret.",
            uk: "У консолі розробника відкрийте застосунок, «User authentication settings»: дозвольте «Read and write», оберіть «Web App», вкажіть цю адресу повернення і скопіюйте client id та client secret.",
        },
    },
    endpoints,
    listen: Rights { asked: READING, needed: &[] },
    reply: Rights { asked: ANSWERING, needed: &[] },
    rights_of: None,
    separator: " ",
    proof: ClientProof::Basic,
    refresh: Refresh::Once,
    token_key: "access_token",
    client_secret_key: None,
    instead: &["access_token"],
    comes_along: None,
    giving: None,
};

/// People agree on `x.com`, tokens are given on `api.x.com`; a sandbox is both.
fn endpoints(settings: &Settings) -> Result<Endpoints, ConnectorError> {
    let base = parse_url("api_url", settings.text("api_url").unwrap_or("https://api.x.com"))?;
    let mut authorize = beside(&base, "/i/oauth2/authorize");
    if authorize.host_str() == Some("api.x.com") {
        let invalid = |error: url::ParseError| ConnectorError::invalid("api_url", error.to_string());
        authorize.set_host(Some("x.com")).map_err(invalid)?;
    }
    let revoke = Some(beside(&base, "/2/oauth2/revoke"));
    Ok(Endpoints { revoke, ..Endpoints::new(authorize, beside(&base, "/2/oauth2/token")) })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn people_agree_on_x_and_a_sandbox_is_both() {
        let of = |api: &str| {
            let values = BTreeMap::from([("api_url".to_owned(), api.to_owned())]);
            let endpoints = endpoints(&Settings::new(values, BTreeMap::new())).expect("endpoints");
            [endpoints.authorize.to_string(), endpoints.token.to_string()]
        };
        assert_eq!(of(""), ["https://x.com/i/oauth2/authorize", "https://api.x.com/2/oauth2/token"]);
        assert_eq!(
            of("http://127.0.0.1:9000/"),
            ["http://127.0.0.1:9000/i/oauth2/authorize", "http://127.0.0.1:9000/2/oauth2/token"]
        );
    }
}
