//! The form of an account that answers, and why something cannot be answered from it.

use super::descriptor::{API_URL, CLIENT_ID, CLIENT_SECRET, LOGIN, SITE_URL};
use crate::reply::WhyNot;
use crate::settings::{CONSENTED, Localized, Setting, SettingKind};

pub(super) static SETTINGS: &[Setting] = &[
    CONSENTED,
    CLIENT_ID,
    CLIENT_SECRET,
    LOGIN,
    Setting {
        key: "password",
        kind: SettingKind::Secret,
        label: Localized { en: "Password", ru: "Пароль", uk: "Пароль" },
        help: Localized {
            en: "Of that user. The app has to be of the kind “script” and the user one of its developers, without two-factor authentication.",
            ru: "Этого пользователя. Приложение должно быть вида «script», пользователь — одним из его разработчиков, без двухфакторного входа.",
            uk: "Цього користувача. Застосунок має бути виду «script», користувач — одним з його розробників, без двофакторного входу.",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    API_URL,
    SITE_URL,
];

pub(super) static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is neither a post nor a comment on Reddit.",
        ru: "Это не запись и не комментарий на Reddit.",
        uk: "Це не допис і не коментар на Reddit.",
    },
};

pub(super) static MISSING_RIGHT: WhyNot = WhyNot {
    code: "missing_right",
    reason: Localized {
        en: "The account's token may not write; connect it with the right `submit`.",
        ru: "Токен учётной записи не позволяет писать; подключите её с правом `submit`.",
        uk: "Токен облікового запису не дозволяє писати; під’єднайте його з правом `submit`.",
    },
};
