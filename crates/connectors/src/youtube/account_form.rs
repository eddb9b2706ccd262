//! The form of an account that answers, and why something cannot be answered from it.

use super::descriptor::API_URL;
use crate::google::access::TOKENS;
use crate::reply::WhyNot;
use crate::settings::{CONSENTED, Localized, Setting, SettingKind};

pub(super) static SETTINGS: &[Setting] = &[
    CONSENTED,
    Setting {
        key: "client_id",
        kind: SettingKind::Text,
        label: Localized {
            en: "Client id", ru: "Идентификатор клиента", uk: "Ідентифікатор клієнта"
        },
        help: Localized {
            en: "Of an OAuth client: Google Cloud → APIs & Services → Credentials.",
            ru: "Клиента OAuth: Google Cloud → «APIs & Services» → «Credentials».",
            uk: "Клієнта OAuth: Google Cloud → «APIs & Services» → «Credentials».",
        },
        required: true,
        default: None,
        placeholder: Some("1234-abcd.apps.googleusercontent.com"),
        shown_when: None,
    },
    Setting {
        key: "client_secret",
        kind: SettingKind::Secret,
        label: Localized { en: "Client secret", ru: "Секрет клиента", uk: "Секрет клієнта" },
        help: Localized {
            en: "Stands beside the client id.",
            ru: "Стоит рядом с идентификатором клиента.",
            uk: "Стоїть поруч з ідентифікатором клієнта.",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "refresh_token",
        kind: SettingKind::Secret,
        label: Localized { en: "Refresh token", ru: "Refresh-токен", uk: "Refresh-токен" },
        help: Localized {
            en: "Of the channel in whose name replies are written, with the right `youtube.force-ssl`; the page of this network says how to get it.",
            ru: "Канала, от имени которого пишутся ответы, с правом `youtube.force-ssl`; как его получить, сказано на странице этой сети.",
            uk: "Каналу, від імені якого пишуться відповіді, з правом `youtube.force-ssl`; як його отримати, сказано на сторінці цієї мережі.",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    API_URL,
    Setting {
        key: "token_url",
        kind: SettingKind::Url,
        label: Localized {
            en: "Address for tokens", ru: "Адрес для токенов", uk: "Адреса для токенів"
        },
        help: Localized {
            en: "Only for a stand-in of your own.",
            ru: "Только если вместо Google отвечает ваш сервер.",
            uk: "Лише якщо замість Google відповідає ваш сервер.",
        },
        required: false,
        default: Some(TOKENS),
        placeholder: None,
        shown_when: None,
    },
];

pub(super) static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is neither a comment nor a video on YouTube.",
        ru: "Это не комментарий и не видео на YouTube.",
        uk: "Це не коментар і не відео на YouTube.",
    },
};

pub(super) static MISSING_RIGHT: WhyNot = WhyNot {
    code: "missing_right",
    reason: Localized {
        en: "The account's token may not comment; make a new one with the right `youtube.force-ssl`.",
        ru: "Токен учётной записи не позволяет комментировать; сделайте новый с правом `youtube.force-ssl`.",
        uk: "Токен облікового запису не дозволяє коментувати; зробіть новий із правом `youtube.force-ssl`.",
    },
};
