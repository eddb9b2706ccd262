//! Consent on Facebook's page: a person lets us in to pages they manage, and to the Instagram accounts linked with those.
//!
//! The code brings a token of that person for an hour or two, which is changed for one of sixty days; that one lists the pages, and
//! the token of a page is what listens and answers. It is renewed by changing the person's token, while it is good, for
//! another one of sixty days; ninety days after they agreed they have to agree again. Source: <https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived>.

use http::Method;
use molva_domain::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::graph::{HOST, PAGE, Page, VERSION, proof};
use super::is_id;
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::{Request, parse_url};
use crate::oauth::refusal::refusal;
use crate::oauth::token::{LIMIT, MAX_ANSWER_BYTES, give};
use crate::oauth::{Asking, ClientBy, ClientProof, Endpoints, Giving, OAuth, Refresh, Rights, TokenError, Tokens};
use crate::settings::{Localized, Settings};

/// Pages of the list of pages.
const LISTS: usize = 10;
/// Pages that are named to somebody who has to choose one.
const NAMED: usize = 8;

/// A row's way to tokens.
pub(crate) const fn oauth(listen: Rights, reply: Rights, giving: &'static dyn Giving) -> OAuth {
    OAuth {
        client: ClientBy::Owner { console: CONSOLE, hosts: &["graph.facebook.com"], needs_secret: true, steps: STEPS },
        endpoints,
        listen,
        reply,
        rights_of: None,
        separator: ",",
        proof: ClientProof::Form,
        refresh: Refresh::Lasting,
        token_key: "access_token",
        client_secret_key: Some("app_secret"),
        instead: &["access_token"],
        comes_along: None,
        giving: Some(giving),
    }
}

pub(crate) const CONSOLE: &str = "https://developers.facebook.com/apps";

pub(crate) const STEPS: Localized = Localized {
    en: "In your application add Facebook Login for Business, enter this redirect address under Valid OAuth redirect URIs, and copy app id and app secret from App settings, Basic.",
    ru: "В приложении добавьте «Facebook Login for Business», впишите этот адрес в «Valid OAuth redirect URIs», идентификатор и секрет скопируйте в «App settings» → «Basic».",
    uk: "У застосунку додайте «Facebook Login for Business», впишіть цю адресу в «Valid OAuth redirect URIs», ідентифікатор і секрет скопіюйте в «App settings» → «Basic».",
};

/// People agree on `www.facebook.com`; a sandbox is both. Nothing is revoked: that would end the person's other pages, too.
pub(crate) fn endpoints(settings: &Settings) -> Result<Endpoints, ConnectorError> {
    let base = parse_url("api_url", settings.text("api_url").unwrap_or(HOST))?;
    let mut authorize = at(&base, "dialog/oauth");
    if base.host_str() == Some("graph.facebook.com") {
        let invalid = |error: url::ParseError| ConnectorError::invalid("api_url", error.to_string());
        authorize.set_host(Some("www.facebook.com")).map_err(invalid)?;
    }
    Ok(Endpoints {
        authorize,
        token: at(&base, "oauth/access_token"),
        revoke: None,
        register: None,
        issuer: None,
        rights: None,
        with: &[],
    })
}

fn at(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("/{VERSION}/{path}"));
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// Tokens of a page of the person's: the one that is named in `page_id` or `account_id`, else the only one there is.
#[derive(Debug)]
pub(crate) struct OfPage {
    /// Only pages with which an Instagram account is linked.
    pub linked: bool,
}

impl Giving for OfPage {
    fn lasting<'a>(&'a self, asking: Asking<'a>, first: Tokens) -> BoxFuture<'a, Result<Tokens, TokenError>> {
        Box::pin(async move {
            let named = ["page_id", "account_id"].into_iter().find_map(|key| asking.settings.text(key));
            self.tokens(asking, &first.access, named).await
        })
    }

    /// What is kept is the number of the page and the person's token.
    fn renewed<'a>(&'a self, asking: Asking<'a>, kept: &'a Secret) -> BoxFuture<'a, Result<Tokens, TokenError>> {
        Box::pin(async move {
            let Some((page, token)) = kept.expose().split_once(' ') else {
                return Err(TokenError::Refused("what was kept is no token of a person".to_owned()));
            };
            self.tokens(asking, &Secret::new(token), Some(page)).await
        })
    }
}

/// What `debug_token` says of the person's token.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    scopes: Vec<String>,
    /// Only the person can move it, by agreeing again.
    data_access_expires_at: i64,
}

#[derive(Deserialize)]
struct OnePage {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    instagram_business_account: Option<Linked>,
}

#[derive(Deserialize)]
struct Linked {
    id: String,
    #[serde(default)]
    username: String,
}

impl OnePage {
    fn named(&self) -> String {
        let name: String = self.name.chars().filter(|sign| !sign.is_control()).take(60).collect();
        match &self.instagram_business_account {
            Some(linked) if is_id(&linked.id) => {
                let handle: String = linked.username.chars().filter(char::is_ascii_graphic).take(40).collect();
                format!("{} (“{name}”, @{handle})", self.id)
            }
            _ => format!("{} (“{name}”)", self.id),
        }
    }
}

impl OfPage {
    async fn tokens(&self, asking: Asking<'_>, person: &Secret, named: Option<&str>) -> Result<Tokens, TokenError> {
        let form = vec![("grant_type", "fb_exchange_token"), ("fb_exchange_token", person.expose())];
        let long = give(asking, form, &[person]).await?;
        let person = &long.access;
        let told = ask(asking, person, "debug_token", &[("input_token", person.expose())]).await?;
        let told: Told = serde_json::from_value(told["data"].clone()).unwrap_or_default();
        let fields = [("fields", "id,name,access_token,instagram_business_account{id,username}"), ("limit", PAGE)];
        let pages = list(asking, person, "me/accounts", &fields).await?;
        let pages = pages.into_iter().filter_map(|one| serde_json::from_value::<OnePage>(one).ok());
        let mut pages: Vec<OnePage> = pages
            .filter(|page| is_id(&page.id) && !page.access_token.is_empty())
            .filter(|page| !self.linked || page.instagram_business_account.is_some())
            .collect();
        if let Some(named) = named {
            let is = |page: &OnePage| {
                page.id == named || page.instagram_business_account.as_ref().is_some_and(|linked| linked.id == named)
            };
            pages.retain(is);
        }
        let page = match (pages.pop(), named) {
            (Some(page), _) if pages.is_empty() => page,
            (Some(last), _) => {
                pages.push(last);
                let names: Vec<String> = pages.iter().take(NAMED).map(OnePage::named).collect();
                return Err(TokenError::Choose(names.join(", ")));
            }
            (None, Some(named)) => {
                let named: String = named.chars().take(40).collect();
                return Err(TokenError::Refused(format!("{named} is not among the pages that were allowed")));
            }
            (None, None) if self.linked => {
                let message = "no page that was allowed is linked with a professional Instagram account";
                return Err(TokenError::Refused(message.to_owned()));
            }
            (None, None) => return Err(TokenError::Refused("no page was allowed".to_owned())),
        };
        Ok(Tokens {
            refresh: Some(Secret::new(format!("{} {}", page.id, person.expose()))),
            access: Secret::new(page.access_token),
            ends_at: long.ends_at,
            renewable_until: Some(told.data_access_expires_at).filter(|at| *at > 0).map(Timestamp::from_secs),
            scopes: told.scopes,
        })
    }
}

/// All of a list of the person's.
async fn list(
    asking: Asking<'_>,
    person: &Secret,
    path: &str,
    fields: &[(&str, &str)],
) -> Result<Vec<Value>, TokenError> {
    let (mut found, mut after) = (Vec::new(), None::<String>);
    for _ in 0..LISTS {
        let next = after.iter().map(|after| ("after", after.as_str()));
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain(next).collect();
        let page: Page = serde_json::from_value(ask(asking, person, path, &fields).await?).unwrap_or_default();
        after = page.after();
        found.extend(page.data);
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

/// Asks with the person's token.
async fn ask(asking: Asking<'_>, person: &Secret, path: &str, fields: &[(&str, &str)]) -> Result<Value, TokenError> {
    let endpoints = (asking.oauth.endpoints)(asking.settings).map_err(TokenError::NotAsked)?;
    let mut url = at(&endpoints.token, path);
    let signed = asking.client.secret.as_ref().map(|secret| proof(secret, person));
    url.query_pairs_mut()
        .extend_pairs(fields)
        .extend_pairs(signed.as_deref().map(|signed| ("appsecret_proof", signed)));
    let request = Request::new(Method::GET, url).bearer(person).timeout(LIMIT).max_body_bytes(MAX_ANSWER_BYTES);
    let answer = asking.http.send(request).await.map_err(TokenError::of)?;
    let secrets = [Some(person), asking.client.secret.as_ref()].into_iter().flatten().map(Secret::expose);
    let answer = answer.forget(secrets);
    match refusal(&answer, asking.now) {
        Some(refusal) => Err(refusal),
        None => answer.json().map_err(TokenError::Lost),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn people_agree_on_facebook_and_a_sandbox_is_both() {
        let of = |api: &str| {
            let values = BTreeMap::from([("api_url".to_owned(), api.to_owned())]);
            let endpoints = endpoints(&Settings::new(values, BTreeMap::new())).expect("endpoints");
            [endpoints.authorize.to_string(), endpoints.token.to_string()]
        };
        assert_eq!(
            of(""),
            ["https://www.facebook.com/v26.0/dialog/oauth", "https://graph.facebook.com/v26.0/oauth/access_token"]
        );
        assert_eq!(
            of("http://127.0.0.1:9000/"),
            ["http://127.0.0.1:9000/v26.0/dialog/oauth", "http://127.0.0.1:9000/v26.0/oauth/access_token"]
        );
    }
}
