//! Checking a draft against what its connector declares.

use std::collections::BTreeMap;

use molva_connectors::webhook::address;
use molva_connectors::{Descriptor, Localized, Mode, OAuth, SettingKind, Settings};
use molva_domain::Secret;
use molva_storage::source::SourceDraft;

use crate::accounts::draft::{in_place_of_consent, secrets};
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::request::Checks;
use crate::wire;

const MAX_NAME_CHARS: usize = 120;
/// Settings of one source.
const MAX_SETTINGS: usize = 64;

/// A draft whose connector is known.
pub(crate) struct Draft {
    pub(crate) descriptor: &'static Descriptor,
    pub(crate) stored: SourceDraft,
}

/// Finds the connector. Settings are checked by [`Draft::check`], once secrets are complete.
pub(crate) fn read(draft: wire::source::SourceDraft) -> Result<Draft, Problem> {
    let Some(connector) = molva_connectors::find(&draft.connector) else {
        let names: Vec<&str> = molva_connectors::CONNECTORS.iter().map(|row| row.descriptor().name).collect();
        return Err(Problem::field(
            "connector",
            "unknown_connector",
            Message::with(UNKNOWN_CONNECTOR, [&names.join("`, `")]),
        ));
    };
    let descriptor = connector.descriptor();
    if descriptor.mode == Mode::File {
        return Err(Problem::field("connector", "not_addable", FILES_BY_COMMAND));
    }
    if draft.settings.len() + draft.secrets.len() > MAX_SETTINGS {
        return Err(Problem::field(
            "settings",
            "too_many",
            Message::with(TOO_MANY_SETTINGS, [&MAX_SETTINGS.to_string()]),
        ));
    }
    Ok(Draft {
        descriptor,
        stored: SourceDraft {
            connector: draft.connector,
            name: draft.name,
            settings: draft.settings,
            secrets: secrets(draft.secrets),
        },
    })
}

impl Draft {
    fn oauth(&self) -> Option<&'static OAuth> {
        molva_connectors::find(&self.stored.connector)?.oauth()
    }

    /// See [`in_place_of_consent`].
    pub(crate) fn take_in_place_of_consent(&mut self) {
        in_place_of_consent(self.oauth(), &mut self.stored.secrets);
    }

    /// Key of the setting that holds the first secret of the connector.
    pub(crate) fn secret_key(&self) -> Option<&'static str> {
        self.descriptor.settings.iter().find(|setting| setting.kind == SettingKind::Secret).map(|setting| setting.key)
    }

    /// For a network that calls: a secret for both sides where nobody entered one, and the key of the address. After [`Self::check`].
    pub(crate) fn make_webhook_secrets(&mut self) {
        let connector = molva_connectors::find(&self.stored.connector);
        let Some(webhooks) = connector.and_then(molva_connectors::Connector::webhooks) else { return };
        let declared = |key: &&str| self.descriptor.settings.iter().any(|setting| setting.key == *key);
        if let Some(shared) = webhooks.shared_secret().filter(declared) {
            self.stored.secrets.entry(shared.to_owned()).or_insert_with(address::new_secret);
        }
        self.stored.secrets.insert(address::ADDRESS_KEY.to_owned(), address::new_secret());
    }

    /// Every problem of name and settings at once; `kept` are secrets that stay as they are stored.
    pub(crate) fn check(&mut self, mut kept: BTreeMap<String, Secret>) -> Result<(), Problem> {
        kept.remove(address::ADDRESS_KEY);
        let mut checks = Checks::default();
        self.stored.name = checks.line("name", &self.stored.name, MAX_NAME_CHARS);
        let mut secrets = kept;
        secrets.extend(self.stored.secrets.clone());
        let settings = Settings::new(self.stored.settings.clone(), secrets);
        for problem in settings.check_with(self.descriptor.settings, self.oauth()) {
            checks.wrong(format!("settings.{}", problem.setting), "invalid_setting", problem.said);
        }
        checks.finish()
    }
}

const UNKNOWN_CONNECTOR: Localized =
    text("is not known; there are `{0}`", "не известен; есть `{0}`", "не відомий; є `{0}`");
const FILES_BY_COMMAND: Localized = text(
    "files are not added as sources; import them with `molva import FILE`",
    "файлы не добавляют как источники; загрузите их командой `molva import ФАЙЛ`",
    "файли не додають як джерела; завантажте їх командою `molva import ФАЙЛ`",
);
const TOO_MANY_SETTINGS: Localized = text(
    "holds more than {0} settings; a connector's own settings are listed at `/api/connectors`",
    "содержит больше {0} настроек; настройки каждого подключения перечислены в `/api/connectors`",
    "містить більше ніж {0} налаштувань; налаштування кожного підключення перелічено в `/api/connectors`",
);
