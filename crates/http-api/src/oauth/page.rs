//! What a browser that comes back from a network is shown when nothing was connected: the problem as a page.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use super::CALLBACK;
use crate::docs::schema_text::escape;
use crate::locale::{Locale, text};
use crate::wire::Problem;

/// Whether the answer is for a person's eyes.
pub(crate) fn is_wanted(request: &Request) -> bool {
    request.uri().path().starts_with(CALLBACK) && accepts_html(request.headers())
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|kind| kind.trim().starts_with("text/html"))
}

/// Without a style, a script or anything that is not in the problem.
pub(crate) fn render(problem: &Problem, locale: Locale) -> String {
    let title = escape(locale.of(NOT_CONNECTED));
    let (lang, detail, back) = (locale.code(), escape(&problem.detail), escape(locale.of(BACK)));
    format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title} · Molva</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"></head>\
         <body><main><h1>{title}</h1><p>{detail}</p><p><a href=\"/settings/accounts\">{back}</a></p></main></body></html>"
    )
}

const NOT_CONNECTED: molva_connectors::Localized =
    text("Nothing was connected", "Ничего не подключено", "Нічого не підключено");
const BACK: molva_connectors::Localized = text(
    "Back to Molva: Settings, Accounts",
    "Назад в Молву: Настройки, Аккаунты",
    "Назад у Молву: Налаштування, Акаунти",
);
