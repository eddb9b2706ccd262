//! VK ID: tokens of people, an hour long, renewed by refresh tokens that serve once.
//!
//! Source: the documentation of VK ID, "How authorisation without the SDK works" (OAuth 2.1). `device_id` comes back beside
//! the code and names the grant in every question about its tokens.

use super::descriptor::API_URL;
use crate::error::ConnectorError;
use crate::http::parse_url;
use crate::oauth::{ClientBy, ClientProof, Endpoints, OAuth, Refresh, Rights, beside};
use crate::settings::{Localized, Settings};

pub(super) static OAUTH: OAuth = OAuth {
    client: ClientBy::Owner {
        console: "https://id.vk.com/about/business/go",
        hosts: &["id.vk.com", "id.vk.ru"],
        needs_secret: false,
        steps: Localized {
            en: "In the cabinet of VK ID make an application of the kind Web, give it this redirect address, and copy its id. VK opens the rights `wall` and `groups` to an application by request.",
            ru: "В кабинете VK ID создайте приложение вида «Web», укажите этот адрес возврата и скопируйте идентификатор. Права `wall` и `groups` ВКонтакте открывает приложению по запросу.",
            uk: "У кабінеті VK ID створіть застосунок виду «Web», вкажіть цю адресу повернення і скопіюйте ідентифікатор. Права `wall` і `groups` ВКонтакте відкриває застосунку за запитом.",
        },
    },
    endpoints,
    listen: Rights { asked: &["vkid.personal_info", "wall", "groups"], needed: &[] },
    reply: Rights { asked: &["vkid.personal_info", "wall", "groups"], needed: &[] },
    rights_of: None,
    separator: " ",
    proof: ClientProof::Form,
    refresh: Refresh::Once,
    token_key: "access_token",
    client_secret_key: None,
    instead: &["access_token"],
    comes_along: Some("device_id"),
    giving: None,
};

/// VK ID lives beside the API: `id.vk.com` beside `api.vk.com`, `id.vk.ru` beside `api.vk.ru`; a sandbox is both.
fn endpoints(settings: &Settings) -> Result<Endpoints, ConnectorError> {
    let mut base = parse_url("api_url", settings.text("api_url").or(API_URL.default).unwrap_or_default())?;
    let host = base.host_str().unwrap_or_default().to_owned();
    if let Some(zone @ ("vk.com" | "vk.ru")) = host.strip_prefix("api.") {
        let invalid = |error: url::ParseError| ConnectorError::invalid("api_url", error.to_string());
        base.set_host(Some(&format!("id.{zone}"))).map_err(invalid)?;
    }
    let revoke = Some(beside(&base, "/oauth2/revoke"));
    Ok(Endpoints { revoke, ..Endpoints::new(beside(&base, "/authorize"), beside(&base, "/oauth2/auth")) })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn vk_id_is_beside_the_api_and_a_sandbox_is_both() {
        let token = |api: &str| {
            let values = BTreeMap::from([("api_url".to_owned(), api.to_owned())]);
            endpoints(&Settings::new(values, BTreeMap::new())).expect("endpoints").token.to_string()
        };
        assert_eq!(token(""), "https://id.vk.com/oauth2/auth");
        assert_eq!(token("https://api.vk.ru"), "https://id.vk.ru/oauth2/auth");
        assert_eq!(token("http://127.0.0.1:9000/"), "http://127.0.0.1:9000/oauth2/auth");
    }
}
