//! The form of an account on a site, and why a mention cannot be answered from it.

use crate::reply::WhyNot;
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "url",
        kind: SettingKind::Url,
        label: Localized { en: "Address of the site", ru: "Адрес сайта", uk: "Адреса сайту" },
        help: Localized {
            en: "Its front page.", ru: "Главная страница.", uk: "Головна сторінка."
        },
        required: true,
        default: None,
        placeholder: Some("https://blog.example.org/"),
        shown_when: None,
    },
    Setting {
        key: "login",
        kind: SettingKind::Text,
        label: Localized {
            en: "User name", ru: "Имя пользователя", uk: "Ім’я користувача"
        },
        help: Localized {
            en: "The user in whose name comments are written.",
            ru: "Пользователь, от имени которого пишутся комментарии.",
            uk: "Користувач, від імені якого пишуться коментарі.",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "password",
        kind: SettingKind::Secret,
        label: Localized {
            en: "Application password", ru: "Пароль приложения", uk: "Пароль застосунку"
        },
        help: Localized {
            en: "Made on the site under Users, Profile, Application Passwords. Not the password the user logs in with; the site needs HTTPS.",
            ru: "Создаётся на сайте: Пользователи, Профиль, Пароли приложений. Не тот, с которым входят; сайту нужен HTTPS.",
            uk: "Створюється на сайті: Користувачі, Профіль, Паролі застосунків. Не той, з яким входять; сайту потрібен HTTPS.",
        },
        required: true,
        default: None,
        placeholder: Some("xxxx xxxx xxxx xxxx xxxx xxxx"),
        shown_when: None,
    },
];

pub(super) static OTHER_SITE: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "The comment is on another site than this account.",
        ru: "Комментарий на другом сайте, не на том, где эта учётная запись.",
        uk: "Коментар на іншому сайті, не на тому, де цей обліковий запис.",
    },
};
