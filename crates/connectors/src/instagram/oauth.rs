//! Consent for an Instagram account: on Facebook's page, by the page it is linked with, or on Instagram's own, where there is none.
//!
//! Each is an application with a number and a secret of its own, and so a server of its own. On Instagram the code brings a token of
//! an hour, which is changed for one of sixty days; that one is renewed by itself once it is a day old and as long as it is good.
//!
//! Sources: <https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login>,
//! <https://developers.facebook.com/documentation/instagram-platform/reference/access_token>,
//! <https://developers.facebook.com/documentation/instagram-platform/reference/refresh_access_token>.

use molva_domain::{Secret, Timestamp};
use url::Url;

use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::meta::login::{INSTAGRAM_HOST, Login};
use crate::meta::oauth::{self as by_page, OfPage};
use crate::oauth::token::{TokenError, ask_at};
use crate::oauth::{Asking, ClientBy, Endpoints, Giving, OAuth, Purpose, Rights, Server, Tokens};
use crate::settings::{Localized, Settings};

/// Nobody has to agree to that again for so long; it is renewed no sooner than after a sixtieth of its life, which is a day.
const DAYS_OF_LIFE: u32 = 60;

const BASIC: &str = "instagram_business_basic";
const COMMENTS: &str = "instagram_business_manage_comments";
const MESSAGES: &str = "instagram_business_manage_messages";

const OF_PAGE: OfPage = OfPage { linked: true };

pub(super) static OAUTH: OAuth = OAuth {
    client: ClientBy::OwnerAtEach(&[
        Server {
            host: "graph.facebook.com",
            title: "Facebook Login",
            console: by_page::CONSOLE,
            steps: by_page::STEPS,
            needs_secret: true,
        },
        Server {
            host: "api.instagram.com",
            title: "Instagram Login",
            console: by_page::CONSOLE,
            steps: Localized {
                en: "In your application open Instagram, API setup with Instagram login. Under Set up Instagram business login enter this redirect address, and copy Instagram app ID and Instagram app secret: they are not those of the application itself.",
                ru: "В приложении откройте «Instagram» → «API setup with Instagram login». В «Set up Instagram business login» впишите этот адрес возврата и скопируйте «Instagram app ID» и «Instagram app secret»: это не те, что у самого приложения.",
                uk: "У застосунку відкрийте «Instagram» → «API setup with Instagram login». У «Set up Instagram business login» впишіть цю адресу повернення і скопіюйте «Instagram app ID» та «Instagram app secret»: це не ті, що в самого застосунку.",
            },
            needs_secret: true,
        },
    ]),
    endpoints,
    rights_of: Some(rights),
    ..by_page::oauth(
        Rights {
            asked: &["pages_show_list", "pages_read_engagement", "instagram_basic"],
            needed: &["pages_show_list", "instagram_basic"],
        },
        Rights {
            asked: &[
                "pages_show_list",
                "pages_read_engagement",
                "instagram_basic",
                "instagram_manage_comments",
                "instagram_manage_messages",
            ],
            needed: &["pages_show_list", "instagram_basic"],
        },
        &AsChosen,
    )
};

/// Comments are read with the right to manage them; there is none to read them alone.
fn rights(settings: &Settings, purpose: Purpose) -> Option<Rights> {
    if Login::of(settings) == Login::Facebook {
        return None;
    }
    let needed: &[&str] = &[BASIC, COMMENTS];
    let messages = purpose == Purpose::Reply || settings.flag("messages");
    Some(Rights { asked: if messages { &[BASIC, COMMENTS, MESSAGES] } else { needed }, needed })
}

fn endpoints(settings: &Settings) -> Result<Endpoints, ConnectorError> {
    if Login::of(settings) == Login::Facebook {
        return by_page::endpoints(settings);
    }
    let base = Login::Instagram.base(settings)?;
    Ok(Endpoints {
        authorize: at(&base, "www.instagram.com", "/oauth/authorize")?,
        token: at(&base, "api.instagram.com", "/oauth/access_token")?,
        revoke: None,
        register: None,
        issuer: None,
        rights: None,
        with: &[],
    })
}

/// A place of Instagram's, each of which has a host of its own; a sandbox is all of them.
fn at(base: &Url, host: &str, path: &str) -> Result<Url, ConnectorError> {
    let mut url = base.clone();
    url.set_path(path);
    if url.host_str() == Some(INSTAGRAM_HOST) {
        let invalid =
            |error: url::ParseError| ConnectorError::Invalid { setting: "api_url", message: error.to_string() };
        url.set_host(Some(host)).map_err(invalid)?;
    }
    Ok(url)
}

/// Tokens of the page or of the account itself.
#[derive(Debug)]
struct AsChosen;

impl Giving for AsChosen {
    fn lasting<'a>(&'a self, asking: Asking<'a>, first: Tokens) -> BoxFuture<'a, Result<Tokens, TokenError>> {
        match Login::of(asking.settings) {
            Login::Facebook => OF_PAGE.lasting(asking, first),
            Login::Instagram => Box::pin(lasting(asking, first)),
        }
    }

    fn renewed<'a>(&'a self, asking: Asking<'a>, kept: &'a Secret) -> BoxFuture<'a, Result<Tokens, TokenError>> {
        match Login::of(asking.settings) {
            Login::Facebook => OF_PAGE.renewed(asking, kept),
            Login::Instagram => Box::pin(renewed(asking, kept)),
        }
    }
}

/// The token of an hour becomes one of sixty days; only the first says what was allowed.
async fn lasting(asking: Asking<'_>, first: Tokens) -> Result<Tokens, TokenError> {
    let Some(secret) = &asking.client.secret else {
        return Err(TokenError::Client(
            "Instagram gives no lasting token without the secret of the application".to_owned(),
        ));
    };
    let question = [
        ("grant_type", "ig_exchange_token"),
        ("client_secret", secret.expose()),
        ("access_token", first.access.expose()),
    ];
    let place = graph(asking, "/access_token")?;
    let long = ask_at(asking, place, &question, &[&first.access]).await?;
    Ok(Tokens { scopes: first.scopes, ..kept(long, asking.now) })
}

async fn renewed(asking: Asking<'_>, kept_as: &Secret) -> Result<Tokens, TokenError> {
    let Some((not_before, token)) = kept_as.expose().split_once(' ') else {
        return Err(TokenError::Refused("what was kept is no token of an account".to_owned()));
    };
    let not_before = Timestamp::from_secs(not_before.parse().unwrap_or(0));
    if asking.now < not_before {
        return Err(TokenError::NotAsked(ConnectorError::RateLimited { until: Some(not_before) }));
    }
    let token = Secret::new(token);
    let question = [("grant_type", "ig_refresh_token"), ("access_token", token.expose())];
    let place = graph(asking, "/refresh_access_token")?;
    Ok(kept(ask_at(asking, place, &question, &[&token]).await?, asking.now))
}

fn graph(asking: Asking<'_>, path: &str) -> Result<Url, TokenError> {
    let mut place = Login::Instagram.base(asking.settings).map_err(TokenError::NotAsked)?;
    place.set_path(path);
    Ok(place)
}

/// It is renewed with itself; beside it stands since when that is allowed.
fn kept(tokens: Tokens, now: Timestamp) -> Tokens {
    let life = tokens.ends_at.map(|ends_at| ends_at.since(now)).unwrap_or_default();
    let not_before = now.plus(life / DAYS_OF_LIFE).as_secs();
    let refresh = Secret::new(format!("{not_before} {}", tokens.access.expose()));
    Tokens { refresh: Some(refresh), ..tokens }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Settings {
        let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Settings::new(values.collect(), BTreeMap::new())
    }

    const OWN: (&str, &str) = ("sign_in", "instagram");

    #[test]
    fn people_agree_on_instagram_tokens_are_given_on_another_host_and_a_sandbox_is_all_of_them() {
        let of = |pairs: &[(&str, &str)]| {
            let settings = settings(pairs);
            let ends = endpoints(&settings).expect("endpoints");
            [ends.authorize.to_string(), ends.token.to_string(), OAUTH.server(&settings).expect("a server")]
        };
        let usual = ["https://www.instagram.com/oauth/authorize", "https://api.instagram.com/oauth/access_token"];
        assert_eq!(of(&[OWN]), [usual[0], usual[1], "api.instagram.com"]);
        assert_eq!(of(&[OWN, ("api_url", "https://graph.facebook.com")]), [usual[0], usual[1], "api.instagram.com"]);
        let here = ["http://127.0.0.1:9/oauth/authorize", "http://127.0.0.1:9/oauth/access_token", "127.0.0.1:9"];
        assert_eq!(of(&[OWN, ("api_url", "http://127.0.0.1:9")]), here);
        assert_eq!(of(&[])[2], "graph.facebook.com");
    }

    #[test]
    fn who_only_listens_asks_for_messages_where_they_are_wanted() {
        let asked = |pairs: &[(&str, &str)], purpose| OAUTH.rights(&settings(pairs), purpose).asked.join(",");
        assert_eq!(asked(&[OWN], Purpose::Listen), format!("{BASIC},{COMMENTS}"));
        assert_eq!(asked(&[OWN, ("messages", "true")], Purpose::Listen), format!("{BASIC},{COMMENTS},{MESSAGES}"));
        assert_eq!(asked(&[OWN], Purpose::Reply), format!("{BASIC},{COMMENTS},{MESSAGES}"));
        assert_eq!(asked(&[], Purpose::Listen), "pages_show_list,pages_read_engagement,instagram_basic");
    }

    #[test]
    fn a_token_of_sixty_days_is_renewed_no_sooner_than_after_a_day() {
        let now = Timestamp::from_secs(1_800_000_000);
        let tokens = Tokens {
            access: Secret::new("token"),
            refresh: None,
            ends_at: Some(now.plus(Duration::from_secs(60 * 86_400))),
            renewable_until: None,
            scopes: Vec::new(),
        };
        let refresh = kept(tokens, now).refresh.expect("itself");
        assert_eq!(refresh.expose(), format!("{} token", 1_800_000_000 + 86_400));
    }
}
