//! The three languages of the interface and sentences in them.

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use molva_connectors::{Localized, Said};
use molva_domain::Language;

/// A language people read Molva in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Locale {
    #[default]
    English,
    Russian,
    Ukrainian,
}

impl Locale {
    /// Reads `ru`, `uk` or `en`, with or without a region.
    pub(crate) fn parse(tag: &str) -> Option<Self> {
        match Language::parse(tag)?.code() {
            "en" => Some(Self::English),
            "ru" => Some(Self::Russian),
            "uk" => Some(Self::Ukrainian),
            _ => None,
        }
    }

    /// The best of an `Accept-Language` header (RFC 9110, 12.5.4) that we speak; English when there is none.
    pub(crate) fn negotiate(headers: &HeaderMap) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut best = (0.0, Self::English);
        for entry in header.split(',').take(32) {
            let (tag, weight) = entry.split_once(";q=").unwrap_or((entry, "1"));
            let weight: f32 = weight.trim().parse().unwrap_or(0.0);
            if let Some(locale) = Self::parse(tag).filter(|_| weight > best.0) {
                best = (weight, locale);
            }
        }
        best.1
    }

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Ukrainian => "uk",
        }
    }

    pub(crate) const fn language(self) -> Language {
        match self {
            Self::English => Language::ENGLISH,
            Self::Russian => Language::RUSSIAN,
            Self::Ukrainian => Language::UKRAINIAN,
        }
    }

    /// Languages we do not speak read English.
    pub(crate) const fn of_language(language: Language) -> Self {
        match language {
            Language::RUSSIAN => Self::Russian,
            Language::UKRAINIAN => Self::Ukrainian,
            _ => Self::English,
        }
    }

    pub(crate) const fn of(self, text: Localized) -> &'static str {
        match self {
            Self::English => text.en,
            Self::Russian => text.ru,
            Self::Ukrainian => text.uk,
        }
    }

    /// What was decided for this request: the user's own choice, or what the header asks for.
    pub(crate) fn of_request(extensions: &Extensions, headers: &HeaderMap) -> Self {
        extensions.get::<Self>().copied().unwrap_or_else(|| Self::negotiate(headers))
    }
}

impl<S: Sync> FromRequestParts<S> for Locale {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of_request(&parts.extensions, &parts.headers))
    }
}

/// A sentence in three languages, English first.
pub(crate) const fn text(en: &'static str, ru: &'static str, uk: &'static str) -> Localized {
    Localized { en, ru, uk }
}

/// A sentence with values for its `{0}`, `{1}`, ….
#[derive(Clone, Debug)]
pub(crate) struct Message {
    text: Localized,
    values: Vec<String>,
}

impl Message {
    pub(crate) fn with<const N: usize>(text: Localized, values: [&str; N]) -> Self {
        Self { text, values: values.iter().map(ToString::to_string).collect() }
    }

    /// A sentence that somebody else words in each language.
    pub(crate) fn said(in_language: impl Fn(Language) -> String) -> Self {
        let [en, ru, uk] = [Language::ENGLISH, Language::RUSSIAN, Language::UKRAINIAN].map(in_language);
        Self::with(text("{0}", "{1}", "{2}"), [&en, &ru, &uk])
    }

    pub(crate) fn in_locale(&self, locale: Locale) -> String {
        molva_connectors::filled(locale.of(self.text), &self.values)
    }
}

impl From<Said> for Message {
    fn from(Said { text, values }: Said) -> Self {
        Self { text, values }
    }
}

impl From<Localized> for Message {
    fn from(text: Localized) -> Self {
        Self { text, values: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn negotiated(header: &'static str) -> Locale {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(header));
        Locale::negotiate(&headers)
    }

    #[test]
    fn the_heaviest_language_we_speak_is_taken() {
        assert_eq!(negotiated("de-DE,de;q=0.9,uk;q=0.8,ru;q=0.7"), Locale::Ukrainian);
        assert_eq!(negotiated("ru-RU, en;q=0.5"), Locale::Russian);
        assert_eq!(negotiated("en;q=0.2,ru;q=0.3"), Locale::Russian);
        assert_eq!(negotiated("fr"), Locale::English);
        assert_eq!(negotiated(";q=,,"), Locale::English);
    }

    #[test]
    fn a_value_is_put_in_and_never_read_as_a_placeholder() {
        let message = Message::with(text("`{0}` and {1} of {9}", "", ""), ["{1}", "b"]);
        assert_eq!(message.in_locale(Locale::English), "`{1}` and b of {9}");
    }
}
