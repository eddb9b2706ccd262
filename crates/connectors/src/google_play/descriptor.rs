//! Google Play's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized {
        en: "Google Play reviews", ru: "Отзывы в Google Play", uk: "Відгуки в Google Play"
    },
    summary: Localized {
        en: "Reviews of an app of your own in Google Play, of the last seven days, with your answers. Needs a service account of Google Cloud that is invited in the Play Console.",
        ru: "Отзывы о вашем приложении в Google Play за последние семь дней, с вашими ответами. Нужен сервисный аккаунт Google Cloud, приглашённый в Play Console.",
        uk: "Відгуки про ваш застосунок у Google Play за останні сім днів, з вашими відповідями. Потрібен сервісний акаунт Google Cloud, запрошений у Play Console.",
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
    PACKAGE,
    SERVICE_ACCOUNT,
    Setting {
        key: "min_interval_minutes",
        kind: SettingKind::Number { min: 5, max: 1_440 },
        label: Localized {
            en: "Shortest interval, minutes",
            ru: "Наименьший интервал, минут",
            uk: "Найменший інтервал, хвилин",
        },
        help: Localized {
            en: "Google Play is asked no more often than this, and less often when it is quiet.",
            ru: "Чаще этого Google Play не запрашивается, а в тихое время — реже.",
            uk: "Частіше Google Play не запитується, а в тихий час — рідше.",
        },
        required: false,
        default: Some("15"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 7 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes; Google shows a week. Older reviews come by file from the Play Console.",
            ru: "Насколько далеко назад заглянуть в первый раз; Google показывает неделю. Более старые — файлом из Play Console.",
            uk: "Наскільки далеко назад зазирнути вперше; Google показує тиждень. Старіші — файлом із Play Console.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: None,
    },
    API_URL,
];

/// Of an account that answers.
pub(super) const ACCOUNT: &[Setting] = &[PACKAGE, SERVICE_ACCOUNT, API_URL];

const PACKAGE: Setting = Setting {
    key: "package",
    kind: SettingKind::Text,
    label: Localized { en: "App", ru: "Приложение", uk: "Застосунок" },
    help: Localized {
        en: "Its package, or its address in Google Play.",
        ru: "Имя пакета или адрес в Google Play.",
        uk: "Назва пакета або адреса в Google Play.",
    },
    required: true,
    default: None,
    placeholder: Some("com.example.app"),
    shown_when: None,
};

const SERVICE_ACCOUNT: Setting = Setting {
    key: "service_account",
    kind: SettingKind::Secret,
    label: Localized {
        en: "Service account", ru: "Сервисный аккаунт", uk: "Сервісний акаунт"
    },
    help: Localized {
        en: "The whole JSON file of its key: Google Cloud → IAM → Service accounts → Keys → Add key.",
        ru: "Весь JSON-файл ключа: Google Cloud → «IAM» → «Service accounts» → «Keys» → «Add key».",
        uk: "Увесь JSON-файл ключа: Google Cloud → «IAM» → «Service accounts» → «Keys» → «Add key».",
    },
    required: true,
    default: None,
    placeholder: None,
    shown_when: None,
};

const API_URL: Setting = Setting {
    key: "url",
    kind: SettingKind::Url,
    label: Localized { en: "Address of the API", ru: "Адрес API", uk: "Адреса API" },
    help: Localized {
        en: "Only for a stand-in of your own.",
        ru: "Только если вместо Google отвечает ваш сервер.",
        uk: "Лише якщо замість Google відповідає ваш сервер.",
    },
    required: false,
    default: Some("https://androidpublisher.googleapis.com"),
    placeholder: None,
    shown_when: None,
};
