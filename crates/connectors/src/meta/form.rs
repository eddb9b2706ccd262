//! Settings that the forms of Facebook and Instagram share.

use super::graph::HOST;
use crate::settings::{Localized, Setting, SettingKind};

pub(crate) const ACCESS_TOKEN: Setting = Setting {
    key: "access_token",
    kind: SettingKind::Secret,
    label: Localized { en: "Page access token", ru: "Токен страницы", uk: "Токен сторінки" },
    help: Localized {
        en: "Of the Facebook page (for Instagram, of the page it is linked with). A token made from a long-lived user token, or of a system user, does not end.",
        ru: "Токен страницы Facebook (для Instagram — связанной с ним страницы). Токен, полученный из долгосрочного токена пользователя или от системного пользователя, не истекает.",
        uk: "Токен сторінки Facebook (для Instagram — пов'язаної з ним сторінки). Токен, отриманий із довгострокового токена користувача чи від системного користувача, не закінчується.",
    },
    required: true,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(crate) const APP_SECRET: Setting = Setting {
    key: "app_secret",
    kind: SettingKind::Secret,
    label: Localized {
        en: "App secret", ru: "Секрет приложения", uk: "Секрет застосунку"
    },
    help: Localized {
        en: "Of the application the token was made with (App settings → Basic). Requests are signed with it, and calls of Meta are proved by it.",
        ru: "Приложения, через которое получен токен (Настройки приложения → Основное). Им подписываются запросы и проверяются вызовы Meta.",
        uk: "Застосунку, через який отримано токен (Налаштування застосунку → Основне). Ним підписуються запити й перевіряються виклики Meta.",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(crate) const VERIFY_TOKEN: Setting = Setting {
    key: "verify_token",
    kind: SettingKind::Secret,
    label: Localized {
        en: "Verify token", ru: "Токен подтверждения", uk: "Токен підтвердження"
    },
    help: Localized {
        en: "Any word; enter the same in the application under Webhooks, with the address of the source. Left empty, Molva makes one up.",
        ru: "Любое слово; введите его же в приложении в разделе Webhooks вместе с адресом источника. Если оставить пустым, Molva придумает его сама.",
        uk: "Будь-яке слово; введіть його ж у застосунку в розділі Webhooks разом з адресою джерела. Якщо залишити порожнім, Molva вигадає його сама.",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(crate) const HISTORY_DAYS: Setting = Setting {
    key: "history_days",
    kind: SettingKind::Number { min: 0, max: 365 },
    label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
    help: Localized {
        en: "How far back the first look goes, and for how long comments under a post are looked for.",
        ru: "Насколько далеко назад заглянуть в первый раз и как долго следить за комментариями под записью.",
        uk: "Наскільки далеко назад зазирнути вперше й як довго стежити за коментарями під дописом.",
    },
    required: false,
    default: Some("7"),
    placeholder: None,
    shown_when: None,
};

pub(crate) const MESSAGES: Setting = Setting {
    key: "messages",
    kind: SettingKind::Flag,
    label: Localized {
        en: "Private messages too", ru: "И личные сообщения", uk: "І особисті повідомлення"
    },
    help: Localized {
        en: "What people write to you in private, by calls only. Everybody who sees this workspace will see it.",
        ru: "Что вам пишут лично, только через вызовы. Это увидят все, у кого есть доступ к этому пространству.",
        uk: "Що вам пишуть особисто, лише через виклики. Це побачать усі, хто має доступ до цього простору.",
    },
    required: false,
    default: Some("false"),
    placeholder: None,
    shown_when: None,
};

pub(crate) const API_URL: Setting = Setting {
    key: "api_url",
    kind: SettingKind::Url,
    label: Localized { en: "Address of the API", ru: "Адрес API", uk: "Адреса API" },
    help: Localized {
        en: "Only for a sandbox, or where the usual one cannot be reached.",
        ru: "Только для песочницы или там, где обычный недоступен.",
        uk: "Лише для пісочниці або там, де звичайна недоступна.",
    },
    required: false,
    default: Some(HOST),
    placeholder: None,
    shown_when: None,
};

pub(crate) const PAGE_ID: Setting = Setting {
    key: "page_id",
    kind: SettingKind::Text,
    label: Localized { en: "Number of the page", ru: "Номер страницы", uk: "Номер сторінки" },
    help: Localized {
        en: "Only where you let Molva in to several pages: the one it shall answer for. Of Instagram the number of the account, or of its page.",
        ru: "Только если вы открыли Молве несколько страниц: за какую ей отвечать. Для Instagram — номер аккаунта или его страницы.",
        uk: "Лише якщо ви відкрили Молві кілька сторінок: за яку їй відповідати. Для Instagram — номер акаунта або його сторінки.",
    },
    required: false,
    default: None,
    placeholder: Some("104000000000001"),
    shown_when: None,
};

/// Of a page that answers.
pub(crate) static ACCOUNT: &[Setting] = &[ACCESS_TOKEN, APP_SECRET, PAGE_ID, API_URL];
