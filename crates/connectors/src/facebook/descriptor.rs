//! Facebook's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::meta::form::{ACCESS_TOKEN, API_URL, APP_SECRET, HISTORY_DAYS, MESSAGES, VERIFY_TOKEN};
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "Facebook page", ru: "Страница Facebook", uk: "Сторінка Facebook" },
    summary: Localized {
        en: "Posts, comments, reviews and tags of your own page, within two minutes, or at once when Meta may call. Needs the page's token.",
        ru: "Записи, комментарии, отзывы и отметки вашей страницы за две минуты или сразу, если Meta может вызывать. Нужен токен страницы.",
        uk: "Дописи, коментарі, відгуки й позначення вашої сторінки за дві хвилини або одразу, якщо Meta може викликати. Потрібен токен сторінки.",
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
    ACCESS_TOKEN,
    APP_SECRET,
    VERIFY_TOKEN,
    Setting {
        key: "page_id",
        kind: SettingKind::Text,
        label: Localized {
            en: "Number of the page", ru: "Номер страницы", uk: "Номер сторінки"
        },
        help: Localized {
            en: "Only where one application serves several pages: calls for the others are left alone.",
            ru: "Только если одно приложение обслуживает несколько страниц: вызовы о других пропускаются.",
            uk: "Лише якщо один застосунок обслуговує кілька сторінок: виклики про інші пропускаються.",
        },
        required: false,
        default: None,
        placeholder: Some("104000000000001"),
        shown_when: None,
    },
    Setting {
        key: "tagged",
        kind: SettingKind::Flag,
        label: Localized {
            en: "Tags of the page", ru: "Отметки страницы", uk: "Позначення сторінки"
        },
        help: Localized {
            en: "Public posts of others in which the page is tagged.",
            ru: "Публичные записи других, в которых отмечена страница.",
            uk: "Публічні дописи інших, у яких позначено сторінку.",
        },
        required: false,
        default: Some("true"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "reviews",
        kind: SettingKind::Flag,
        label: Localized { en: "Reviews", ru: "Отзывы", uk: "Відгуки" },
        help: Localized {
            en: "Recommendations and reviews of the page.",
            ru: "Рекомендации и отзывы о странице.",
            uk: "Рекомендації й відгуки про сторінку.",
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
