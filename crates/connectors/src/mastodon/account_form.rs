//! The form of an account on a server, and why a mention cannot be answered from it.

use crate::reply::WhyNot;
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "instance",
        kind: SettingKind::Url,
        label: Localized { en: "Server", ru: "Сервер", uk: "Сервер" },
        help: Localized {
            en: "Address of the server the account is on.",
            ru: "Адрес сервера, на котором заведена учётная запись.",
            uk: "Адреса сервера, на якому заведено обліковий запис.",
        },
        required: true,
        default: None,
        placeholder: Some("https://mastodon.social"),
        shown_when: None,
    },
    Setting {
        key: "access_token",
        kind: SettingKind::Secret,
        label: Localized { en: "Access token", ru: "Токен доступа", uk: "Токен доступу" },
        help: Localized {
            en: "On the server: Preferences, Development, New application with the rights `read` and `write:statuses`; open it and copy “Your access token”.",
            ru: "На сервере: Настройки, Разработка, Новое приложение с правами `read` и `write:statuses`; откройте его и скопируйте «Ваш токен доступа».",
            uk: "На сервері: Налаштування, Розробка, Новий застосунок із правами `read` і `write:statuses`; відкрийте його та скопіюйте «Ваш токен доступу».",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
];

pub(super) static REPOST: WhyNot = WhyNot {
    code: "read_only",
    reason: Localized {
        en: "A boost cannot be answered; answer the original post.",
        ru: "На продвижение нельзя ответить; ответьте на исходную запись.",
        uk: "На поширення не можна відповісти; дайте відповідь на початковий допис.",
    },
};

pub(super) static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "The post is on a server this account cannot see.",
        ru: "Запись на сервере, которого не видно с этой учётной записи.",
        uk: "Допис на сервері, якого не видно з цього облікового запису.",
    },
};

pub(super) static MISSING_RIGHT: WhyNot = WhyNot {
    code: "missing_right",
    reason: Localized {
        en: "The account's token may not write; make a new one with the rights `read` and `write:statuses`.",
        ru: "Токен учётной записи не позволяет писать; сделайте новый с правами `read` и `write:statuses`.",
        uk: "Токен облікового запису не дозволяє писати; зробіть новий із правами `read` і `write:statuses`.",
    },
};
