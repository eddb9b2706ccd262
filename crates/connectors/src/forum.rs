//! What a forum of any program has: its address, the settings that say so, and how its posts are read and answered.

use molva_domain::{Community, Language, Post, PostKind, RejectionReason};
use url::Url;

use crate::error::ConnectorError;
use crate::html;
use crate::http::parse_url;
use crate::reply::{ReplyTarget, SendError, WhyNot};
use crate::settings::{Localized, Setting, SettingKind, Settings};

/// Where a forum stands.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Its front page, with a slash at the end.
    pub url: Url,
    /// Host and path, part of every URN.
    pub instance: String,
    pub language: Option<Language>,
}

impl Place {
    pub(crate) fn new(settings: &Settings) -> Result<Self, ConnectorError> {
        let address = settings.needed("url", "is required: the address of the forum's front page")?;
        let mut url = parse_url("url", address)?;
        url.set_query(None);
        url.set_fragment(None);
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
        let instance = format!("{host}{port}{}", url.path().trim_end_matches('/'));
        Ok(Self { url, instance, language: settings.text("language").and_then(Language::parse) })
    }

    pub(crate) fn at(&self, path: &str) -> Result<Url, ConnectorError> {
        self.url
            .join(path)
            .map_err(|error| ConnectorError::invalid("url", format!("has no place for `{path}`: {error}")))
    }

    /// The same with questions.
    pub(crate) fn asked(&self, path: &str, query: &[(&str, &str)]) -> Result<Url, ConnectorError> {
        let mut url = self.at(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// A page of the forum for people.
    pub(crate) fn page(&self, path: &str) -> Option<String> {
        self.url.join(path).ok().map(String::from)
    }

    pub(crate) fn community(&self, network: &str) -> Community {
        Community {
            key: format!("{network}/{}", self.instance),
            title: Some(self.instance.clone()),
            url: Some(self.url.to_string()),
        }
    }

    /// What a post says; one that says nothing, or too much, is none.
    pub(crate) fn plain(&self, markup: &str, id: &str) -> Result<html::Plain, (RejectionReason, String)> {
        let plain = html::to_plain(markup, Some(&self.url));
        if plain.text.is_empty() {
            return Err((RejectionReason::EmptyText, format!("post {id} has no text")));
        }
        if plain.text.len() > Post::MAX_TEXT_BYTES {
            return Err((RejectionReason::TooLarge, format!("post {id} is longer than 1 MiB")));
        }
        Ok(plain)
    }
}

/// How a post stands in its topic: the first of it, an answer to another post, or one more below the first.
pub(crate) const fn kind(is_first: bool, answers: bool) -> PostKind {
    match (is_first, answers) {
        (true, _) => PostKind::Post,
        (false, true) => PostKind::Reply,
        (false, false) => PostKind::Comment,
    }
}

/// The forum and the id of the post that is answered.
pub(crate) fn answered(network: &str, target: &ReplyTarget) -> Option<(String, String)> {
    let parts = target.urn.parts_of(network, "post")?;
    Some((parts.instance?, parts.native))
}

/// Whether it stands on the forum of the account.
pub(crate) fn may_reply(network: &str, target: &ReplyTarget, settings: &Settings) -> Result<(), WhyNot> {
    match (Place::new(settings), answered(network, target)) {
        (Ok(place), Some((instance, _))) if place.instance == instance && target.kind != PostKind::Repost => Ok(()),
        _ => Err(OTHER_FORUM),
    }
}

/// What is answered is not there any more.
pub(crate) fn gone(forum: &str) -> SendError {
    SendError::refused("parent_gone", format!("the post is no longer on {forum}; there is nothing to answer any more"))
}

pub(crate) const URL: Setting = Setting {
    key: "url",
    kind: SettingKind::Url,
    label: Localized { en: "Address of the forum", ru: "Адрес форума", uk: "Адреса форуму" },
    help: Localized {
        en: "Its front page.", ru: "Главная страница.", uk: "Головна сторінка."
    },
    required: true,
    default: None,
    placeholder: Some("https://forum.example.org/"),
    shown_when: None,
};

pub(crate) const INTERVAL: Setting = Setting {
    key: "min_interval_minutes",
    kind: SettingKind::Number { min: 1, max: 1_440 },
    label: Localized {
        en: "Shortest interval, minutes",
        ru: "Наименьший интервал, минут",
        uk: "Найменший інтервал, хвилин",
    },
    help: Localized {
        en: "The forum is asked no more often than this, and less often when it is quiet.",
        ru: "Чаще этого форум не запрашивается, а в тихое время — реже.",
        uk: "Частіше форум не запитується, а в тихий час — рідше.",
    },
    required: false,
    default: Some("2"),
    placeholder: None,
    shown_when: None,
};

pub(crate) const LANGUAGE: Setting = Setting {
    key: "language",
    kind: SettingKind::Text,
    label: Localized { en: "Language", ru: "Язык", uk: "Мова" },
    help: Localized {
        en: "Two letters, such as `en`. Leave it empty to tell by the text.",
        ru: "Две буквы, например `ru`. Оставьте пустым, чтобы определять по тексту.",
        uk: "Дві літери, наприклад `uk`. Залиште порожнім, щоб визначати за текстом.",
    },
    required: false,
    default: None,
    placeholder: Some("ru"),
    shown_when: None,
};

static OTHER_FORUM: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "The post is on another forum than this account.",
        ru: "Запись на другом форуме, не на том, где эта учётная запись.",
        uk: "Допис на іншому форумі, не на тому, де цей обліковий запис.",
    },
};
