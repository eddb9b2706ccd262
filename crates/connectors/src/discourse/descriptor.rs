//! The forum's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::forum;
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "Discourse forum", ru: "Форум Discourse", uk: "Форум Discourse" },
    summary: Localized {
        en: "Every post of a Discourse forum, within a minute or two. Needs only its address; a closed forum needs an API key.",
        ru: "Все записи форума на Discourse, за минуту-две. Нужен только адрес; закрытому форуму нужен ключ API.",
        uk: "Усі дописи форуму на Discourse, за хвилину-дві. Потрібна лише адреса; закритому форуму потрібен ключ API.",
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
    forum::URL,
    Setting { default: Some("1"), ..forum::INTERVAL },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 365 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes, some 20,000 posts at most.",
            ru: "Насколько далеко назад заглянуть в первый раз, не более примерно 20 000 записей.",
            uk: "Наскільки далеко назад зазирнути вперше, не більше приблизно 20 000 дописів.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: None,
    },
    forum::LANGUAGE,
    Setting {
        key: "api_username",
        kind: SettingKind::Text,
        label: Localized {
            en: "User of the key", ru: "Пользователь ключа", uk: "Користувач ключа"
        },
        help: Localized {
            en: "Only with a key: whose eyes the forum is read with. What that user may read is taken for public.",
            ru: "Только с ключом: чьими глазами читать форум. Всё, что видит этот пользователь, считается публичным.",
            uk: "Лише з ключем: чиїми очима читати форум. Усе, що бачить цей користувач, вважається публічним.",
        },
        required: false,
        default: None,
        placeholder: Some("system"),
        shown_when: None,
    },
    Setting {
        key: "api_key",
        kind: SettingKind::Secret,
        label: Localized { en: "API key", ru: "Ключ API", uk: "Ключ API" },
        help: Localized {
            en: "Made by an administrator of the forum under Admin → API; reading is all it needs.",
            ru: "Создаёт администратор форума в разделе «API»; достаточно права чтения.",
            uk: "Створює адміністратор форуму в розділі «API»; досить права читання.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "webhook_secret",
        kind: SettingKind::Secret,
        label: Localized {
            en: "Secret of the webhook", ru: "Секрет вебхука", uk: "Секрет вебхука"
        },
        help: Localized {
            en: "Posts then come at once: in the forum under Admin → API → Webhooks, with this secret and the address of the source.",
            ru: "Тогда записи приходят сразу: на форуме в разделе «API → Вебхуки», с этим секретом и адресом источника.",
            uk: "Тоді дописи надходять одразу: на форумі в розділі «API → Вебхуки», з цим секретом і адресою джерела.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
];
