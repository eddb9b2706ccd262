//! The App Store's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "App Store reviews", ru: "Отзывы в App Store", uk: "Відгуки в App Store" },
    summary: Localized {
        en: "Reviews of any app in Apple's App Store, by country, within the hour and without a key; of your own app all of them, with your answers, by a key of App Store Connect.",
        ru: "Отзывы о любом приложении в App Store по странам, в течение часа и без ключа; о своём приложении — все, с вашими ответами, по ключу App Store Connect.",
        uk: "Відгуки про будь-який застосунок в App Store за країнами, упродовж години й без ключа; про власний — усі, з вашими відповідями, за ключем App Store Connect.",
    },
    mode: Mode::Poll,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: true,
        backfill: true,
        delete_events: false,
        metrics: false,
    },
    settings: SETTINGS,
    silent_after_s: None,
    add_by_hand: true,
};

const SETTINGS: &[Setting] = &[
    APP,
    Setting {
        key: "countries",
        kind: SettingKind::List,
        label: Localized { en: "Countries", ru: "Страны", uk: "Країни" },
        help: Localized {
            en: "Two letters each, one a line; each has reviews of its own. Not needed with a key.",
            ru: "По две буквы, по одной в строке; в каждой стране свои отзывы. С ключом не нужны.",
            uk: "По дві літери, по одній у рядку; у кожній країні свої відгуки. З ключем не потрібні.",
        },
        required: false,
        default: Some("ua"),
        placeholder: Some("ua"),
        shown_when: None,
    },
    Setting {
        key: "min_interval_minutes",
        kind: SettingKind::Number { min: 5, max: 1_440 },
        label: Localized {
            en: "Shortest interval, minutes",
            ru: "Наименьший интервал, минут",
            uk: "Найменший інтервал, хвилин",
        },
        help: Localized {
            en: "The App Store is asked no more often than this, and less often when it is quiet.",
            ru: "Чаще этого App Store не запрашивается, а в тихое время — реже.",
            uk: "Частіше App Store не запитується, а в тихий час — рідше.",
        },
        required: false,
        default: Some("30"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 3_650 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes; without a key five hundred reviews a country, with one 20,000.",
            ru: "Насколько далеко назад заглянуть в первый раз; без ключа — пятьсот отзывов на страну, с ключом — 20 000.",
            uk: "Наскільки далеко назад зазирнути вперше; без ключа — п'ятсот відгуків на країну, з ключем — 20 000.",
        },
        required: false,
        default: Some("30"),
        placeholder: None,
        shown_when: None,
    },
    PRIVATE_KEY,
    ISSUER,
    KEY_ID,
    Setting {
        key: "url",
        kind: SettingKind::Url,
        label: Localized { en: "Address of the feeds", ru: "Адрес лент", uk: "Адреса стрічок" },
        help: Localized {
            en: "Only for a stand-in of your own.",
            ru: "Только если вместо Apple отвечает ваш сервер.",
            uk: "Лише якщо замість Apple відповідає ваш сервер.",
        },
        required: false,
        default: Some("https://itunes.apple.com"),
        placeholder: None,
        shown_when: None,
    },
    CONNECT_URL,
];

/// Of an account that answers.
pub(super) const ACCOUNT: &[Setting] = &[
    APP,
    Setting { required: true, ..PRIVATE_KEY },
    Setting { required: true, ..ISSUER },
    Setting { required: true, ..KEY_ID },
    CONNECT_URL,
];

const APP: Setting = Setting {
    key: "app",
    kind: SettingKind::Text,
    label: Localized { en: "App", ru: "Приложение", uk: "Застосунок" },
    help: Localized {
        en: "Its address in the App Store, or the number behind `id` in it.",
        ru: "Адрес в App Store или число после `id` в нём.",
        uk: "Адреса в App Store або число після `id` у ній.",
    },
    required: true,
    default: None,
    placeholder: Some("https://apps.apple.com/ua/app/name/id389801252"),
    shown_when: None,
};

const PRIVATE_KEY: Setting = Setting {
    key: "private_key",
    kind: SettingKind::Secret,
    label: Localized {
        en: "Key of App Store Connect", ru: "Ключ App Store Connect", uk: "Ключ App Store Connect"
    },
    help: Localized {
        en: "Only for an app of your own: the whole .p8 file from Users and Access → Integrations, with the role Customer Support.",
        ru: "Только для своего приложения: весь файл .p8 из раздела «Users and Access» → «Integrations», роль «Customer Support».",
        uk: "Лише для власного застосунку: увесь файл .p8 з розділу «Users and Access» → «Integrations», роль «Customer Support».",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};

const ISSUER: Setting = Setting {
    key: "issuer_id",
    kind: SettingKind::Text,
    label: Localized { en: "Issuer id", ru: "Issuer ID", uk: "Issuer ID" },
    help: Localized {
        en: "Only with a key: stands above the list of keys.",
        ru: "Только с ключом: написан над списком ключей.",
        uk: "Лише з ключем: написаний над списком ключів.",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};

const KEY_ID: Setting = Setting {
    key: "key_id",
    kind: SettingKind::Text,
    label: Localized { en: "Key id", ru: "Key ID", uk: "Key ID" },
    help: Localized {
        en: "Only with a key: stands beside its name.",
        ru: "Только с ключом: написан рядом с его названием.",
        uk: "Лише з ключем: написаний поруч із його назвою.",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};

const CONNECT_URL: Setting = Setting {
    key: "connect_url",
    kind: SettingKind::Url,
    label: Localized {
        en: "Address of App Store Connect",
        ru: "Адрес App Store Connect",
        uk: "Адреса App Store Connect",
    },
    help: Localized {
        en: "Only for a stand-in of your own.",
        ru: "Только если вместо Apple отвечает ваш сервер.",
        uk: "Лише якщо замість Apple відповідає ваш сервер.",
    },
    required: false,
    default: Some("https://api.appstoreconnect.apple.com"),
    placeholder: None,
    shown_when: None,
};
