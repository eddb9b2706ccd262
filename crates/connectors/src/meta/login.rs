//! By which of Meta's two ways an Instagram account is reached: with the token of the Facebook page it is linked with, or with a
//! token of its own, where there is no page. The two have hosts, rights and applications of their own, and the second knows less:
//! neither `debug_token` nor many things in a call, nor `appsecret_proof`.
//!
//! Source: <https://developers.facebook.com/documentation/instagram-platform/reference> (hosts and ways), and
//! <https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/get-started>.

use url::Url;

use super::graph::HOST;
use crate::error::ConnectorError;
use crate::http::parse_url;
use crate::settings::{Localized, Setting, SettingKind, Settings, when};

/// Where accounts without a page are asked.
pub(crate) const INSTAGRAM_HOST: &str = "graph.instagram.com";

const KEY: &str = "sign_in";

/// Which one a form chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    Facebook,
    Instagram,
}

impl Login {
    /// What nobody chose is the way by a page.
    pub(crate) fn of(settings: &Settings) -> Self {
        match settings.text(KEY) {
            Some("instagram") => Self::Instagram,
            _ => Self::Facebook,
        }
    }

    /// Where it is asked. A form writes the usual address of the way by a page whatever was chosen.
    pub(crate) fn base(self, settings: &Settings) -> Result<Url, ConnectorError> {
        let mut base = parse_url("api_url", settings.text("api_url").unwrap_or(HOST))?;
        if self == Self::Instagram && base.host_str() == Some("graph.facebook.com") {
            base = parse_url("api_url", INSTAGRAM_HOST)?;
        }
        base.set_query(None);
        base.set_fragment(None);
        Ok(base)
    }
}

pub(crate) const SIGN_IN: Setting = Setting {
    key: KEY,
    kind: SettingKind::Choice(&[
        (
            "facebook",
            Localized {
                en: "Facebook Login, by the linked page",
                ru: "Facebook Login, через связанную страницу",
                uk: "Facebook Login, через пов'язану сторінку",
            },
        ),
        (
            "instagram",
            Localized {
                en: "Instagram Login, without a page",
                ru: "Instagram Login, без страницы",
                uk: "Instagram Login, без сторінки",
            },
        ),
    ]),
    label: Localized { en: "Sign-in", ru: "Вход", uk: "Вхід" },
    help: Localized {
        en: "As the application at developers.facebook.com is set up. Without a Facebook page there is Instagram Login only; it takes no files with private messages.",
        ru: "Как настроено приложение на developers.facebook.com. Без страницы Facebook возможен только Instagram Login; файлы к личным сообщениям он не принимает.",
        uk: "Як налаштовано застосунок на developers.facebook.com. Без сторінки Facebook можливий лише Instagram Login; файлів до особистих повідомлень він не приймає.",
    },
    required: false,
    default: Some("facebook"),
    placeholder: None,
    shown_when: None,
};

/// That setting, asked for only where a page's token is used.
pub(crate) const fn of_a_page(setting: Setting) -> Setting {
    Setting { shown_when: when(KEY, &["facebook"]), ..setting }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn each_way_has_its_host_and_a_sandbox_is_both() {
        let base = |pairs: &[(&str, &str)]| {
            let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            let settings = Settings::new(values.collect(), BTreeMap::new());
            Login::of(&settings).base(&settings).expect("an address").to_string()
        };
        let (page, own) = (("sign_in", "facebook"), ("sign_in", "instagram"));
        assert_eq!(
            (base(&[]), base(&[page])),
            ("https://graph.facebook.com/".into(), "https://graph.facebook.com/".into())
        );
        assert_eq!(base(&[own]), "https://graph.instagram.com/");
        assert_eq!(base(&[own, ("api_url", "https://graph.facebook.com")]), "https://graph.instagram.com/");
        assert_eq!(base(&[own, ("api_url", "http://127.0.0.1:9000")]), "http://127.0.0.1:9000/");
    }
}
