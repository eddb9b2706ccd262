//! Instagram's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::meta::form::{ACCESS_TOKEN, API_URL, APP_SECRET, HISTORY_DAYS, MESSAGES, VERIFY_TOKEN};
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "Instagram", ru: "Instagram", uk: "Instagram" },
    summary: Localized {
        en: "Comments under your own media, tags and mentions of a professional account, within two minutes, or at once when Meta may call. Needs the token of the linked page.",
        ru: "Комментарии под вашими публикациями, отметки и упоминания профессионального аккаунта за две минуты или сразу, если Meta может вызывать. Нужен токен связанной страницы.",
        uk: "Коментарі під вашими публікаціями, позначення й згадки професійного акаунта за дві хвилини або одразу, якщо Meta може викликати. Потрібен токен пов'язаної сторінки.",
    },
    mode: Mode::Poll,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: true,
        backfill: true,
        delete_events: true,
        metrics: true,
    },
    settings: SETTINGS,
    silent_after_s: None,
    add_by_hand: true,
};

const SETTINGS: &[Setting] = &[
    ACCESS_TOKEN,
    APP_SECRET,
    VERIFY_TOKEN,
    Setting {
        key: "account_id",
        kind: SettingKind::Text,
        label: Localized {
            en: "Number of the account", ru: "Номер аккаунта", uk: "Номер акаунта"
        },
        help: Localized {
            en: "Only where one application serves several accounts: calls for the others are left alone.",
            ru: "Только если одно приложение обслуживает несколько аккаунтов: вызовы о других пропускаются.",
            uk: "Лише якщо один застосунок обслуговує кілька акаунтів: виклики про інші пропускаються.",
        },
        required: false,
        default: None,
        placeholder: Some("17841400000000001"),
        shown_when: None,
    },
    Setting {
        key: "tagged",
        kind: SettingKind::Flag,
        label: Localized {
            en: "Tags and mentions", ru: "Отметки и упоминания", uk: "Позначення й згадки"
        },
        help: Localized {
            en: "Media of others in which you are tagged, and captions and comments that name you.",
            ru: "Публикации других, где вы отмечены, а также подписи и комментарии, где вы упомянуты.",
            uk: "Публікації інших, де вас позначено, а також підписи й коментарі, де вас згадано.",
        },
        required: false,
        default: Some("true"),
        placeholder: None,
        shown_when: None,
    },
    MESSAGES,
    HISTORY_DAYS,
    API_URL,
];
