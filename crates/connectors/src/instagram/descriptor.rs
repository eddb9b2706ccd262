//! Instagram's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::meta::form::{self, API_URL, HISTORY_DAYS, MESSAGES, PAGE_ID, VERIFY_TOKEN};
use crate::meta::login::{SIGN_IN, of_a_page};
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "Instagram", ru: "Instagram", uk: "Instagram" },
    summary: Localized {
        en: "Comments under your own media, tags and mentions of a professional account, within two minutes, or at once when Meta may call. Needs the token of the linked page, or of the account itself.",
        ru: "Комментарии под вашими публикациями, отметки и упоминания профессионального аккаунта за две минуты или сразу, если Meta может вызывать. Нужен токен связанной страницы или самого аккаунта.",
        uk: "Коментарі під вашими публікаціями, позначення й згадки професійного акаунта за дві хвилини або одразу, якщо Meta може викликати. Потрібен токен пов'язаної сторінки або самого акаунта.",
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

const ACCESS_TOKEN: Setting = Setting {
    label: Localized { en: "Access token", ru: "Токен доступа", uk: "Токен доступу" },
    help: Localized {
        en: "Of the Facebook page the account is linked with: made from a long-lived user token, or of a system user, it does not end. With Instagram Login of the account itself: it ends after sixty days, and only what came by consent is renewed.",
        ru: "Страницы Facebook, с которой связан аккаунт: полученный из долгосрочного токена пользователя или от системного пользователя, он не истекает. С Instagram Login — самого аккаунта: он истекает через шестьдесят дней, и продлевается только полученный через согласие.",
        uk: "Сторінки Facebook, з якою пов'язано акаунт: отриманий із довгострокового токена користувача чи від системного користувача, він не закінчується. З Instagram Login — самого акаунта: він закінчується за шістдесят днів, і продовжується лише отриманий через згоду.",
    },
    ..form::ACCESS_TOKEN
};

const APP_SECRET: Setting = Setting {
    help: Localized {
        en: "Of the application the token was made with (App settings → Basic). Requests are signed with it, and calls of Meta are proved by it. With Instagram Login the Instagram app secret (Instagram → API setup with Instagram login); it proves calls only.",
        ru: "Приложения, через которое получен токен (Настройки приложения → Основное). Им подписываются запросы и проверяются вызовы Meta. С Instagram Login — секрет приложения Instagram (Instagram → API setup with Instagram login); им только проверяются вызовы.",
        uk: "Застосунку, через який отримано токен (Налаштування застосунку → Основне). Ним підписуються запити й перевіряються виклики Meta. З Instagram Login — секрет застосунку Instagram (Instagram → API setup with Instagram login); ним лише перевіряються виклики.",
    },
    ..form::APP_SECRET
};

/// Of an account that answers.
pub(super) const ACCOUNT: &[Setting] = &[SIGN_IN, ACCESS_TOKEN, APP_SECRET, of_a_page(PAGE_ID), API_URL];

const SETTINGS: &[Setting] = &[
    SIGN_IN,
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
