//! Where a source is called: an address that nobody guesses, and the secret that both sides know.

use molva_domain::Secret;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::same;
use crate::error::ConnectorError;
use crate::session::Session;
use crate::settings::Settings;

/// The secret of a source that stands in its address. No setting: Molva makes it and nobody enters it.
pub const ADDRESS_KEY: &str = "webhook_key";
/// Letters and digits, because some networks take nothing else in a secret; 62 to the power of 32 are 190 bits.
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH: usize = 32;

/// A secret that nobody guesses: 32 letters and digits, which every network takes.
///
/// # Panics
/// When the operating system gives no random bytes.
#[must_use]
pub fn new_secret() -> Secret {
    let random = SystemRandom::new();
    let mut secret = String::with_capacity(LENGTH);
    while secret.len() < LENGTH {
        let mut bytes = [0_u8; 2 * LENGTH];
        random.fill(&mut bytes).expect("the operating system gives random bytes");
        // What is above the last whole multiple of 62 would make the first letters likelier.
        let fair = bytes.iter().filter(|byte| **byte < 248).map(|byte| char::from(LETTERS[usize::from(*byte) % 62]));
        secret.extend(fair.take(LENGTH - secret.len()));
    }
    Secret::new(secret)
}

/// Where a network shall call this source, or what to do so that it can. `setting` chooses who calls whom.
pub(crate) fn own<'a>(session: &'a Session, setting: &'static str, network: &str) -> Result<&'a str, ConnectorError> {
    session.webhook_address.as_deref().ok_or_else(|| ConnectorError::invalid(setting, format!(
            "needs the address at which {network} reaches this Molva: set `public_origin` (`--public-origin https://molva.example`) \
             and start it again, or let Molva ask"
        )))
}

/// The path at which a source is called: `/api/webhooks/CONNECTOR/ID`, and behind the id the key of the address where it has one.
#[must_use]
pub fn path(connector: &str, source_key: &str, settings: &Settings) -> String {
    match settings.secret(ADDRESS_KEY) {
        Some(key) => format!("/api/webhooks/{connector}/{source_key}-{}", key.expose()),
        None => format!("/api/webhooks/{connector}/{source_key}"),
    }
}

/// Whether an address is one of a source's, with whatever key: the one it has or one it had.
#[must_use]
pub fn is_of(address: &str, connector: &str, source_key: &str) -> bool {
    let place = format!("/api/webhooks/{connector}/{source_key}");
    let rest = address.split_once(&*place).map(|(_, rest)| rest);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Whether a call came to the right address of a source: the last part of the path without its id. Sources of before there were keys
/// have none; such are called by their id alone where calls are proved otherwise too.
#[must_use]
pub fn fits(settings: &Settings, given: Option<&str>, proved_otherwise: bool) -> bool {
    match (settings.secret(ADDRESS_KEY), given) {
        (Some(key), Some(given)) => same(key, given),
        (Some(_), None) => false,
        (None, _) => proved_otherwise,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn settings(key: Option<&str>) -> Settings {
        let secrets = key.map(|key| (ADDRESS_KEY.to_owned(), Secret::new(key)));
        Settings::new(BTreeMap::new(), secrets.into_iter().collect())
    }

    #[test]
    fn a_secret_is_long_and_never_the_same() {
        let (one, other) = (new_secret(), new_secret());
        assert_ne!(one.expose(), other.expose());
        assert!(one.expose().len() == 32 && one.expose().bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn an_address_holds_the_key_and_only_the_right_one_fits() {
        let keyed = settings(Some("abc"));
        assert_eq!(path("vk", "12", &keyed), "/api/webhooks/vk/12-abc");
        assert_eq!(path("vk", "12", &settings(None)), "/api/webhooks/vk/12");
        let fit = [Some("abc"), Some("abd"), Some(""), None].map(|given| fits(&keyed, given, true));
        assert_eq!(fit, [true, false, false, false]);
        assert!(fits(&settings(None), None, true) && !fits(&settings(None), Some("abc"), false));
    }

    #[test]
    fn an_address_of_before_is_known_as_ours() {
        let ours = |address: &str| is_of(address, "telegram", "12");
        assert!(
            ours("https://old.example/api/webhooks/telegram/12-abc")
                && ours("https://m.example/api/webhooks/telegram/12")
        );
        assert!(!ours("https://m.example/api/webhooks/telegram/123-abc") && !ours("https://bot.example/hook"));
    }
}
