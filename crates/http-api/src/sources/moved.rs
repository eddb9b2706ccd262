//! Secrets stay with the server they were given for: nobody reads them here, and nobody shall have them sent elsewhere by changing an
//! address.

use std::collections::BTreeMap;

use molva_connectors::webhook::address;
use molva_connectors::{Connector, Localized, Setting, SettingKind, Settings};
use molva_domain::Secret;
use url::Url;

use crate::locale::text;
use crate::request::Checks;

/// Refuses settings that lead to another server while secrets of before would go along.
pub(super) fn check(
    connector: &dyn Connector,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    kept: &BTreeMap<String, Secret>,
    given: &BTreeMap<String, Secret>,
) -> Checks {
    let (mut checks, declared) = (Checks::default(), connector.descriptor().settings);
    let read =
        |values: &BTreeMap<String, String>| Settings::new(values.clone(), BTreeMap::new()).with_defaults(declared);
    let (before, after) = (read(before), read(after));
    let moved = |setting: &&Setting| leads_somewhere(setting) && server(&before, setting) != server(&after, setting);
    if declared.iter().any(|setting| moved(&setting)) {
        // What proves that a network calls us goes nowhere.
        let ours = connector.webhooks().and_then(|webhooks| webhooks.shared_secret());
        let stays = |key: &str| key == address::ADDRESS_KEY || ours == Some(key);
        let goes_along = |(key, secret): &(&String, &Secret)| {
            !secret.is_empty() && !stays(key) && given.get(*key).is_none_or(Secret::is_empty)
        };
        for (key, _) in kept.iter().filter(goes_along) {
            checks.wrong(format!("settings.{key}"), "secret_needed", SECRET_NEEDED);
        }
    }
    checks
}

fn leads_somewhere(setting: &Setting) -> bool {
    setting.kind == SettingKind::Url || setting.key.ends_with("_host")
}

/// Scheme, host and port of an address; the text itself where it is none.
fn server(settings: &Settings, setting: &Setting) -> String {
    let text = settings.text(setting.key).unwrap_or_default();
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&whole).ok().filter(Url::has_host);
    url.map_or_else(|| text.to_owned(), |url| url[..url::Position::BeforePath].to_owned())
}

const SECRET_NEEDED: Localized = text(
    "is needed again: the address leads to another server now, and what was kept is not sent there",
    "нужно указать снова: адрес ведёт теперь на другой сервер, а сохранённое туда не отправляется",
    "потрібно вказати знову: адреса веде тепер на інший сервер, а збережене туди не надсилається",
);
