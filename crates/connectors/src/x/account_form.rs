//! The form of an account that answers, and why a mention cannot be answered from it.

use super::descriptor::api_url;
use crate::reply::WhyNot;
use crate::settings::{Localized, Setting, SettingKind};

const fn secret(key: &'static str, label: Localized, help: Localized, required: bool) -> Setting {
    Setting {
        key,
        kind: SettingKind::Secret,
        label,
        help,
        required,
        default: None,
        placeholder: None,
        shown_when: None,
    }
}

pub(super) static SETTINGS: &[Setting] = &[
    secret(
        "access_token",
        Localized { en: "Access token", ru: "Токен доступа", uk: "Токен доступу" },
        Localized {
            en: "Of the account that answers: from the developer console, Keys and tokens, made after the application was allowed to read and write.",
            ru: "Той учётной записи, от которой отвечают: консоль разработчика, «Keys and tokens», созданный после того, как приложению разрешены чтение и запись.",
            uk: "Того облікового запису, від якого відповідають: консоль розробника, «Keys and tokens», створений після того, як застосунку дозволено читання й запис.",
        },
        true,
    ),
    secret(
        "access_token_secret",
        Localized {
            en: "Secret of the access token", ru: "Секрет токена доступа", uk: "Секрет токена доступу"
        },
        Localized {
            en: "With the two keys below for a token that does not end (OAuth 1.0a); without the three the token is one of OAuth 2.0.",
            ru: "Вместе с двумя ключами ниже — для бессрочного токена (OAuth 1.0a); без этих трёх токен считается токеном OAuth 2.0.",
            uk: "Разом із двома ключами нижче — для безстрокового токена (OAuth 1.0a); без цих трьох токен вважається токеном OAuth 2.0.",
        },
        false,
    ),
    secret(
        "consumer_key",
        Localized { en: "API key", ru: "Ключ API", uk: "Ключ API" },
        Localized {
            en: "Of the application, also called consumer key.",
            ru: "Ключ приложения, он же consumer key.",
            uk: "Ключ застосунку, він же consumer key.",
        },
        false,
    ),
    secret(
        "consumer_secret",
        Localized { en: "Secret of the API key", ru: "Секрет ключа API", uk: "Секрет ключа API" },
        Localized {
            en: "Of the application, also called consumer secret.",
            ru: "Секрет приложения, он же consumer secret.",
            uk: "Секрет застосунку, він же consumer secret.",
        },
        false,
    ),
    Setting {
        key: "unsummoned",
        kind: SettingKind::Flag,
        label: Localized {
            en: "May answer anybody", ru: "Можно отвечать всем", uk: "Можна відповідати всім"
        },
        help: Localized {
            en: "Only where X has agreed to it (Enterprise). Else X lets an application answer only posts that name or quote the account.",
            ru: "Только если X на это согласилась (Enterprise). Иначе X разрешает приложению отвечать лишь на посты, где учётную запись упомянули или процитировали.",
            uk: "Лише якщо X на це погодилася (Enterprise). Інакше X дозволяє застосунку відповідати лише на дописи, де обліковий запис згадали або процитували.",
        },
        required: false,
        default: Some("false"),
        placeholder: None,
        shown_when: None,
    },
    api_url(),
];

pub(super) const NOT_SUMMONED: WhyNot = WhyNot {
    code: "not_summoned",
    reason: Localized {
        en: "X lets an application answer only posts that name or quote this account; answer in the original.",
        ru: "X разрешает приложению отвечать только на посты, где эту учётную запись упомянули или процитировали; ответьте в оригинале.",
        uk: "X дозволяє застосунку відповідати лише на дописи, де цей обліковий запис згадали або процитували; відповідайте в оригіналі.",
    },
};

pub(super) const OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is not a post on X.", ru: "Это не пост в X.", uk: "Це не допис в X."
    },
};
