//! Networks that sign the body: HMAC-SHA256 of the raw bytes in a header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::json;
use url::form_urlencoded;

use super::{
    Answer, Delivered, Reader, Verified, WebhookError, WebhookRequest, Webhooks, header, key_of_body, same, secret,
};
use crate::session::Item;
use crate::settings::{Localized, Settings};

/// Longest value of a query that is given back.
const MAX_CHALLENGE_BYTES: usize = 1_024;

/// How the signature is written behind `sha256=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Hexadecimal,
    Base64,
}

/// The question asked before anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    None,
    /// Meta: `hub.challenge` is given back when `hub.verify_token` is the value of this setting.
    Hub {
        verify_token: &'static str,
    },
    /// X: `crc_token` is signed with the secret.
    Crc,
}

/// A network that signs the body.
#[derive(Clone, Copy, Debug)]
pub struct SignedBody {
    /// Name of the header, in lower case.
    pub header: &'static str,
    pub encoding: Encoding,
    /// Setting that holds the key.
    pub secret: &'static str,
    pub challenge: Challenge,
    /// Where to paste what on the network.
    pub guide: Option<Localized>,
    pub read: Reader,
}

impl SignedBody {
    /// `X-Discourse-Event-Signature: sha256=` and hexadecimal. The header that names the event is not signed, so that nothing
    /// depends on it.
    #[must_use]
    pub const fn discourse(read: Reader) -> Self {
        Self {
            header: "x-discourse-event-signature",
            encoding: Encoding::Hexadecimal,
            secret: "webhook_secret",
            challenge: Challenge::None,
            guide: Some(Localized {
                en: "In the forum under Admin → API → Webhooks → New: paste the address as Payload URL, choose application/json, paste the secret, and choose the events of posts.",
                ru: "На форуме: «Админка → API → Вебхуки → Создать». Вставьте адрес в поле Payload URL, выберите application/json, вставьте секрет и отметьте события записей.",
                uk: "На форумі: «Адмінка → API → Вебхуки → Створити». Вставте адресу в поле Payload URL, оберіть application/json, вставте секрет і позначте події дописів.",
            }),
            read,
        }
    }

    /// Facebook and Instagram: `X-Hub-Signature-256`, key `app_secret`; the question by `hub.challenge`.
    #[must_use]
    pub const fn meta(read: Reader) -> Self {
        Self {
            header: "x-hub-signature-256",
            encoding: Encoding::Hexadecimal,
            secret: "app_secret",
            challenge: Challenge::Hub { verify_token: "verify_token" },
            guide: Some(Localized {
                en: "In the application at developers.facebook.com: Webhooks → Page (or Instagram) → Subscribe. Paste the address and the verify token, mark feed, mention, ratings and messages (of Instagram comments, mentions and messages), and install the application on the page.",
                ru: "В приложении на developers.facebook.com: Webhooks → Page (или Instagram) → Subscribe. Вставьте адрес и токен подтверждения, отметьте feed, mention, ratings и messages (для Instagram comments, mentions и messages) и установите приложение на страницу.",
                uk: "У застосунку на developers.facebook.com: Webhooks → Page (або Instagram) → Subscribe. Вставте адресу й токен підтвердження, позначте feed, mention, ratings і messages (для Instagram comments, mentions і messages) та встановіть застосунок на сторінку.",
            }),
            read,
        }
    }

    /// X: `x-twitter-webhooks-signature` in base64, key `consumer_secret`; the question by `crc_token`.
    #[must_use]
    pub const fn x(read: Reader) -> Self {
        Self {
            header: "x-twitter-webhooks-signature",
            encoding: Encoding::Base64,
            secret: "consumer_secret",
            challenge: Challenge::Crc,
            guide: Some(Localized {
                en: "Only with Enterprise access: register the address with POST /2/webhooks, link the rules of the stream to it with POST /2/tweets/search/webhooks/:id, and enter the secret of the API key here.",
                ru: "Только при доступе Enterprise: зарегистрируйте адрес через POST /2/webhooks, свяжите с ним правила потока через POST /2/tweets/search/webhooks/:id и введите здесь секрет ключа API.",
                uk: "Лише з доступом Enterprise: зареєструйте адресу через POST /2/webhooks, пов'яжіть із нею правила потоку через POST /2/tweets/search/webhooks/:id і введіть тут секрет ключа API.",
            }),
            read,
        }
    }

    fn decode(&self, signature: &str) -> Option<Vec<u8>> {
        let encoded = signature.strip_prefix("sha256=")?;
        match self.encoding {
            Encoding::Base64 => STANDARD.decode(encoded).ok(),
            Encoding::Hexadecimal => (encoded.len() == 64 && encoded.is_ascii())
                .then(|| (0..64).step_by(2).map(|at| u8::from_str_radix(&encoded[at..at + 2], 16).ok()).collect())?,
        }
    }
}

impl Webhooks for SignedBody {
    fn verify(&self, settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError> {
        let secret = secret(settings, self.secret)?;
        let tag = self.decode(header(request.headers, self.header)?).ok_or(WebhookError::Forged)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        hmac::verify(&key, request.body, &tag).map_err(|_| WebhookError::Forged)?;
        Ok(Verified::Event { key: key_of_body(request.body) })
    }

    fn question(&self, settings: &Settings, query: &str) -> Result<Answer, WebhookError> {
        let value = |name: &str| {
            let found = form_urlencoded::parse(query.as_bytes()).take(32).find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned()).filter(|value| value.len() <= MAX_CHALLENGE_BYTES)
        };
        let missing = |name: &str| WebhookError::Malformed(format!("parameter `{name}` is missing or too long"));
        match self.challenge {
            Challenge::None => Err(WebhookError::Malformed("this network asks nothing by GET".to_owned())),
            Challenge::Hub { verify_token } => {
                let ours = secret(settings, verify_token)?;
                let theirs = value("hub.verify_token").ok_or_else(|| missing("hub.verify_token"))?;
                if !same(ours, &theirs) {
                    return Err(WebhookError::Forged);
                }
                Ok(Answer::text(value("hub.challenge").ok_or_else(|| missing("hub.challenge"))?))
            }
            Challenge::Crc => {
                let token = value("crc_token").ok_or_else(|| missing("crc_token"))?;
                // Calls are proved with the same key: who asks must not have a call signed.
                if !token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(&byte)) {
                    return Err(WebhookError::Malformed("`crc_token` is no token".to_owned()));
                }
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret(settings, self.secret)?.expose().as_bytes());
                let tag = STANDARD.encode(hmac::sign(&key, token.as_bytes()));
                Ok(Answer::json(&json!({ "response_token": format!("sha256={tag}") })))
            }
        }
    }

    fn shared_secret(&self) -> Option<&'static str> {
        match self.challenge {
            Challenge::None => Some(self.secret),
            Challenge::Hub { verify_token } => Some(verify_token),
            // The key is the application's own.
            Challenge::Crc => None,
        }
    }

    fn guide(&self, _settings: &Settings) -> Option<Localized> {
        self.guide
    }

    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        (self.read)(delivered)
    }
}
