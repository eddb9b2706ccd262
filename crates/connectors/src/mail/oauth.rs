//! Signing in to a mailbox by consent: Google, Microsoft 365, or any provider whose addresses are given (OAuth 2 with PKCE).
//!
//! Each is a server of its own, with which the owner registers Molva and which gets a redirect address of its own. What it gives is
//! shown to the mail servers by `XOAUTH2` or `OAUTHBEARER` ([`super::server::Login`]).

use url::{Host, Url};

use crate::error::ConnectorError;
use crate::google;
use crate::google::access::TOKENS;
use crate::http::parse_url;
use crate::oauth::{ClientBy, ClientProof, Endpoints, OAuth, Refresh, Rights, Server};
use crate::settings::{Localized, Settings};

const GOOGLE: &str = "https://mail.google.com/";
const MICROSOFT: &str =
    "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send";
/// Work, school and personal accounts; what is registered for one organisation alone has an address of its own.
const MICROSOFT_HOST: &str = "https://login.microsoftonline.com/common/oauth2/v2.0/";
const NONE: Rights = Rights { asked: &[], needed: &[] };

pub(super) static OAUTH: OAuth = OAuth {
    client: ClientBy::OwnerAtEach(&[
        Server {
            host: "oauth2.googleapis.com",
            title: "Gmail, Google Workspace",
            console: google::CONSOLE,
            steps: google::STEPS,
            needs_secret: false,
        },
        Server {
            host: "login.microsoftonline.com",
            title: "Microsoft 365, Outlook.com",
            console: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
            steps: Localized {
                en: "App registrations, New registration, Web, with this redirect address. Under API permissions add the delegated IMAP.AccessAsUser.All and SMTP.Send of Office 365 Exchange Online; under Certificates & secrets make a client secret and copy its value.",
                ru: "«App registrations» → «New registration» → «Web» с этим адресом возврата. В «API permissions» добавьте делегированные IMAP.AccessAsUser.All и SMTP.Send из Office 365 Exchange Online; в «Certificates & secrets» создайте секрет и скопируйте его значение.",
                uk: "«App registrations» → «New registration» → «Web» із цією адресою повернення. В «API permissions» додайте делеговані IMAP.AccessAsUser.All і SMTP.Send з Office 365 Exchange Online; у «Certificates & secrets» створіть секрет і скопіюйте його значення.",
            },
            needs_secret: false,
        },
    ]),
    endpoints,
    listen: NONE,
    reply: NONE,
    rights_of: None,
    separator: " ",
    proof: ClientProof::Form,
    // Of a provider nobody knows the worst is believed; where a refresh token lasts, that costs nothing.
    refresh: Refresh::Once,
    token_key: "access_token",
    client_secret_key: None,
    instead: &["password"],
    comes_along: None,
    giving: None,
};

fn endpoints(settings: &Settings) -> Result<Endpoints, ConnectorError> {
    match settings.text("sign_in") {
        Some("google") => {
            let ends = google::endpoints(parse_url("token_url", TOKENS)?);
            Ok(Endpoints { rights: Some(GOOGLE.to_owned()), ..ends })
        }
        Some("microsoft") => {
            let at = |path: &str| parse_url("token_url", &format!("{MICROSOFT_HOST}{path}"));
            Ok(ends(at("authorize")?, at("token")?, MICROSOFT))
        }
        Some("other") => {
            let rights = settings.text("scopes").unwrap_or_default();
            Ok(ends(secure(settings, "authorize_url")?, secure(settings, "token_url")?, rights))
        }
        _ => Err(ConnectorError::invalid("sign_in", "is by password; choose whose page you agree on")),
    }
}

fn ends(authorize: Url, token: Url, rights: &str) -> Endpoints {
    let rights = Some(rights.to_owned());
    Endpoints { authorize, token, revoke: None, register: None, issuer: None, rights, with: &[] }
}

/// An address of the provider's; only this very machine is spoken to without TLS.
fn secure(settings: &Settings, key: &'static str) -> Result<Url, ConnectorError> {
    let invalid = |message: &str| ConnectorError::invalid(key, message);
    let given = settings.text(key).ok_or_else(|| invalid("is required: it stands in the provider's description"))?;
    let url = parse_url(key, given)?;
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() != "https" && !here {
        return Err(invalid("begins with http; tokens are sent only where the address begins with https"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn settings(values: &[(&str, &str)]) -> Settings {
        let values = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Settings::new(values.collect(), BTreeMap::new())
    }

    #[test]
    fn each_provider_is_a_server_of_its_own() {
        let of = |values: &[(&str, &str)]| OAUTH.server(&settings(values));
        let own = [
            ("sign_in", "other"),
            ("authorize_url", "https://id.example.org/authorize"),
            ("token_url", "https://id.example.org:8443/token"),
        ];
        let servers = [of(&[("sign_in", "google")]), of(&[("sign_in", "microsoft")]), of(&own)];
        let expected = ["oauth2.googleapis.com", "login.microsoftonline.com", "id.example.org:8443"];
        assert_eq!(servers, expected.map(|server| Ok(server.to_owned())));
        assert!(matches!(of(&[]), Err(ConnectorError::Invalid { setting: "sign_in", .. })));
    }

    #[test]
    fn tokens_are_asked_for_over_tls_alone() {
        let of = |token: &str| {
            let values = [("sign_in", "other"), ("authorize_url", "https://id.example.org/"), ("token_url", token)];
            endpoints(&settings(&values)).map(|ends| ends.token.to_string()).map_err(|error| error.code())
        };
        assert_eq!(of("http://id.example.org/token"), Err("invalid_setting"));
        assert_eq!(of("http://127.0.0.1:9000/token"), Ok("http://127.0.0.1:9000/token".to_owned()));
    }
}
