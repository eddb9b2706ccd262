//! Defence against cross-site request forgery: a change by cookie must come from our own page.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use molva_connectors::Localized;

use crate::locale::text;
use crate::problem::Problem;

/// Header that a foreign form or image cannot send; a foreign script may only after a preflight, which we never grant.
const CSRF_HEADER: &str = "x-molva-csrf";
const FETCH_SITE: &str = "sec-fetch-site";

/// For changes by cookie: the header, and proof of the same origin.
pub(crate) fn require_same(headers: &HeaderMap, public_origin: Option<&str>) -> Result<(), Problem> {
    if headers.get(CSRF_HEADER).is_none_or(|value| value != "1") {
        return Err(Problem::new(StatusCode::FORBIDDEN, "csrf_header_missing", HEADER_MISSING));
    }
    match comes_from(headers, public_origin) {
        Site::Same => Ok(()),
        Site::Foreign | Site::Unknown => Err(foreign()),
    }
}

/// For changes that need no cookie (sign-in): what a browser says is foreign is refused, programs say nothing and pass.
pub(crate) fn refuse_foreign(headers: &HeaderMap, public_origin: Option<&str>) -> Result<(), Problem> {
    match comes_from(headers, public_origin) {
        Site::Same | Site::Unknown => Ok(()),
        Site::Foreign => Err(foreign()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Site {
    Same,
    Foreign,
    Unknown,
}

/// A browser's own `Sec-Fetch-Site` decides; where it sends none (plain `http` in a local network), `Origin` does.
fn comes_from(headers: &HeaderMap, public_origin: Option<&str>) -> Site {
    if let Some(site) = headers.get(FETCH_SITE) {
        return if site == "same-origin" { Site::Same } else { Site::Foreign };
    }
    let Some(origin) = headers.get(ORIGIN) else { return Site::Unknown };
    let Ok(origin) = origin.to_str() else { return Site::Foreign };
    let same = match public_origin {
        Some(public) => origin.eq_ignore_ascii_case(public.trim_end_matches('/')),
        None => {
            let host = headers.get(HOST).and_then(|value| value.to_str().ok());
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            matches!((host, authority), (Some(host), Some(authority)) if host.eq_ignore_ascii_case(authority))
        }
    };
    if same { Site::Same } else { Site::Foreign }
}

fn foreign() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "foreign_origin", FOREIGN)
}

const HEADER_MISSING: Localized = text(
    "a change by cookie needs the header `X-Molva-Csrf: 1`; programs send an API token instead of a cookie",
    "для изменения по cookie нужен заголовок `X-Molva-Csrf: 1`; программы вместо cookie передают ключ API",
    "для зміни за cookie потрібен заголовок `X-Molva-Csrf: 1`; програми замість cookie передають ключ API",
);
const FOREIGN: Localized = text(
    "the request does not come from Molva's own page; open Molva at its address, or set `public_origin` to it",
    "запрос пришёл не со страницы Молвы; откройте Молву по её адресу или укажите его в `public_origin`",
    "запит прийшов не зі сторінки Молви; відкрийте Молву за її адресою або вкажіть її в `public_origin`",
);

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn code(headers: &[(&'static str, &'static str)], public_origin: Option<&str>) -> &'static str {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        match require_same(&headers, public_origin) {
            Ok(()) => "passes",
            Err(problem) => problem.code(),
        }
    }

    #[test]
    fn a_change_by_cookie_needs_the_header_and_the_same_origin() {
        let csrf = ("x-molva-csrf", "1");
        let host = ("host", "molva.example:8080");
        let cases = [
            (code(&[csrf, ("sec-fetch-site", "same-origin")], None), "passes"),
            (code(&[("sec-fetch-site", "same-origin")], None), "csrf_header_missing"),
            (code(&[csrf, ("sec-fetch-site", "same-site")], None), "foreign_origin"),
            (code(&[csrf, ("sec-fetch-site", "cross-site")], None), "foreign_origin"),
            (code(&[csrf, host, ("origin", "http://molva.example:8080")], None), "passes"),
            (code(&[csrf, host, ("origin", "http://evil.example")], None), "foreign_origin"),
            (code(&[csrf, host, ("origin", "null")], None), "foreign_origin"),
            (code(&[csrf, host], None), "foreign_origin"),
            (code(&[csrf, host, ("origin", "https://public.example")], Some("https://public.example/")), "passes"),
            (code(&[csrf, host, ("origin", "http://molva.example:8080")], Some("https://p.example")), "foreign_origin"),
        ];
        for (index, (got, wanted)) in cases.iter().enumerate() {
            assert_eq!(got, wanted, "case {index}");
        }
    }
}
