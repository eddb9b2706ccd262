//! Reddit's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::search::by_topics;
use crate::settings::{CONSENTED, Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "Reddit", ru: "Reddit", uk: "Reddit" },
    summary: Localized {
        en: "New posts and comments of communities, and posts that hold your words, within a minute or two. Needs an app of your own; Reddit approves access to its API by hand, and commercial use by contract.",
        ru: "Новые записи и комментарии сообществ и записи с вашими словами, за минуту-две. Нужно своё приложение; доступ к API Reddit одобряет вручную, а для коммерческого использования — по договору.",
        uk: "Нові дописи й коментарі спільнот і дописи з вашими словами, за хвилину-дві. Потрібен власний застосунок; доступ до API Reddit схвалює вручну, а для комерційного використання — за договором.",
    },
    mode: Mode::Poll,
    capabilities: Capabilities {
        keyword_listen: true,
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
    CONSENTED,
    CLIENT_ID,
    CLIENT_SECRET,
    Setting {
        key: "subreddits",
        kind: SettingKind::List,
        label: Localized { en: "Communities", ru: "Сообщества", uk: "Спільноти" },
        help: Localized {
            en: "One a line: every new post and comment of these. With words below, only these are searched.",
            ru: "По одному в строке: все новые записи и комментарии. Если ниже есть слова, поиск идёт только здесь.",
            uk: "По одній у рядку: усі нові дописи й коментарі. Якщо нижче є слова, пошук іде лише тут.",
        },
        required: false,
        default: None,
        placeholder: Some("r/ukraine"),
        shown_when: None,
    },
    Setting {
        key: "comments",
        kind: SettingKind::Flag,
        label: Localized { en: "Comments too", ru: "И комментарии", uk: "І коментарі" },
        help: Localized {
            en: "Reads the comments of the communities, not only their posts.",
            ru: "Читать и комментарии сообществ, а не только записи.",
            uk: "Читати й коментарі спільнот, а не лише дописи.",
        },
        required: false,
        default: Some("true"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "words",
        kind: SettingKind::List,
        label: Localized { en: "Searches", ru: "Поиск", uk: "Пошук" },
        help: Localized {
            en: "One a line, 40 at most, in Reddit's own search language; finds posts, not comments. Without communities and searches: what the topics look for.",
            ru: "По одному запросу в строке, не более 40, на языке поиска Reddit; находит записи, не комментарии. Без сообществ и запросов — то, что ищут темы.",
            uk: "По одному запиту в рядку, не більше 40, мовою пошуку Reddit; знаходить дописи, не коментарі. Без спільнот і запитів — те, що шукають теми.",
        },
        required: false,
        default: None,
        placeholder: Some("\"brand name\""),
        shown_when: None,
    },
    by_topics(None),
    Setting {
        key: "min_interval_minutes",
        kind: SettingKind::Number { min: 1, max: 1_440 },
        label: Localized {
            en: "Shortest interval, minutes",
            ru: "Наименьший интервал, минут",
            uk: "Найменший інтервал, хвилин",
        },
        help: Localized {
            en: "Reddit is asked no more often than this, and less often when it is quiet.",
            ru: "Чаще этого Reddit не запрашивается, а в тихое время — реже.",
            uk: "Частіше Reddit не запитується, а в тихий час — рідше.",
        },
        required: false,
        default: Some("1"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 365 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes; Reddit shows the newest thousand of a list and no more.",
            ru: "Насколько далеко назад заглянуть в первый раз; Reddit показывает только тысячу последних в каждом списке.",
            uk: "Наскільки далеко назад зазирнути вперше; Reddit показує лише тисячу останніх у кожному списку.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: None,
    },
    LOGIN,
    Setting {
        key: "password",
        kind: SettingKind::Secret,
        label: Localized { en: "Password", ru: "Пароль", uk: "Пароль" },
        help: Localized {
            en: "Only for an app of the kind “script” that shall read as its user; otherwise leave it empty.",
            ru: "Только для приложения вида «script», которое читает от имени пользователя; иначе оставьте пустым.",
            uk: "Лише для застосунку виду «script», що читає від імені користувача; інакше залиште порожнім.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    API_URL,
    SITE_URL,
];

pub(super) const CLIENT_ID: Setting = Setting {
    key: "client_id",
    kind: SettingKind::Text,
    label: Localized {
        en: "Client id", ru: "Идентификатор клиента", uk: "Ідентифікатор клієнта"
    },
    help: Localized {
        en: "Stands under the name of your app at reddit.com/prefs/apps.",
        ru: "Написан под названием вашего приложения на странице reddit.com/prefs/apps.",
        uk: "Написаний під назвою вашого застосунку на сторінці reddit.com/prefs/apps.",
    },
    required: true,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(super) const CLIENT_SECRET: Setting = Setting {
    key: "client_secret",
    kind: SettingKind::Secret,
    label: Localized { en: "Client secret", ru: "Секрет клиента", uk: "Секрет клієнта" },
    help: Localized {
        en: "Stands on the same page beside “secret”.",
        ru: "На той же странице, рядом со словом «secret».",
        uk: "На тій самій сторінці, поруч зі словом «secret».",
    },
    required: true,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(super) const LOGIN: Setting = Setting {
    key: "login",
    kind: SettingKind::Text,
    label: Localized {
        en: "Your user name", ru: "Ваше имя пользователя", uk: "Ваше ім'я користувача"
    },
    help: Localized {
        en: "Reddit's rules want to know who runs the app: it is named with every request.",
        ru: "По правилам Reddit владелец приложения называет себя в каждом запросе.",
        uk: "За правилами Reddit власник застосунку називає себе в кожному запиті.",
    },
    required: true,
    default: None,
    placeholder: Some("my_company"),
    shown_when: None,
};

pub(super) const API_URL: Setting = Setting {
    key: "api_url",
    kind: SettingKind::Url,
    label: Localized { en: "Address of the API", ru: "Адрес API", uk: "Адреса API" },
    help: Localized {
        en: "Only for a stand-in of your own.",
        ru: "Только если вместо Reddit отвечает ваш сервер.",
        uk: "Лише якщо замість Reddit відповідає ваш сервер.",
    },
    required: false,
    default: Some("https://oauth.reddit.com"),
    placeholder: None,
    shown_when: None,
};

pub(super) const SITE_URL: Setting = Setting {
    key: "site_url",
    kind: SettingKind::Url,
    label: Localized {
        en: "Address for tokens", ru: "Адрес для токенов", uk: "Адреса для токенів"
    },
    help: Localized {
        en: "Only for a stand-in of your own.",
        ru: "Только если вместо Reddit отвечает ваш сервер.",
        uk: "Лише якщо замість Reddit відповідає ваш сервер.",
    },
    required: false,
    default: Some("https://www.reddit.com"),
    placeholder: None,
    shown_when: None,
};
