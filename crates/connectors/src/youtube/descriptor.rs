//! YouTube's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::search::by_topics;
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "YouTube", ru: "YouTube", uk: "YouTube" },
    summary: Localized {
        en: "Comments under the videos of channels and under single videos, with replies, and new videos that hold your words. Needs a free key of Google Cloud; its units last for a look every few minutes.",
        ru: "Комментарии под видео каналов и под отдельными видео, с ответами, и новые видео с вашими словами. Нужен бесплатный ключ Google Cloud; его единиц хватает на запрос каждые несколько минут.",
        uk: "Коментарі під відео каналів і під окремими відео, з відповідями, і нові відео з вашими словами. Потрібен безплатний ключ Google Cloud; його одиниць вистачає на запит що кілька хвилин.",
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
    Setting {
        key: "api_key",
        kind: SettingKind::Secret,
        label: Localized { en: "API key", ru: "Ключ API", uk: "Ключ API" },
        help: Localized {
            en: "Google Cloud → APIs & Services → Credentials, in a project where the YouTube Data API v3 is switched on.",
            ru: "Google Cloud → «APIs & Services» → «Credentials», в проекте, где включён YouTube Data API v3.",
            uk: "Google Cloud → «APIs & Services» → «Credentials», у проєкті, де ввімкнено YouTube Data API v3.",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "channels",
        kind: SettingKind::List,
        label: Localized { en: "Channels", ru: "Каналы", uk: "Канали" },
        help: Localized {
            en: "One a line, by the id that begins with UC or an address with it: comments under all their videos.",
            ru: "По одному в строке: идентификатор, который начинается с UC, или адрес с ним. Комментарии под всеми видео.",
            uk: "По одному в рядку: ідентифікатор, що починається з UC, або адреса з ним. Коментарі під усіма відео.",
        },
        required: false,
        default: None,
        placeholder: Some("https://www.youtube.com/channel/UC_x5XG1OV2P6uZZ5FSM9Ttw"),
        shown_when: None,
    },
    Setting {
        key: "videos",
        kind: SettingKind::List,
        label: Localized { en: "Videos", ru: "Видео", uk: "Відео" },
        help: Localized {
            en: "One a line, by address: comments under each.",
            ru: "По одному адресу в строке: комментарии под каждым.",
            uk: "По одній адресі в рядку: коментарі під кожним.",
        },
        required: false,
        default: None,
        placeholder: Some("https://youtu.be/dQw4w9WgXcQ"),
        shown_when: None,
    },
    Setting {
        key: "words",
        kind: SettingKind::List,
        label: Localized { en: "Searches for videos", ru: "Поиск видео", uk: "Пошук відео" },
        help: Localized {
            en: "One a line: new videos that hold these words, one of several with a|b. A day has a hundred searches, which are spread over it. Where nothing is named: what the topics look for.",
            ru: "По одному запросу в строке: новые видео с этими словами, одно из нескольких — а|б. В сутки доступно сто поисков, они распределяются равномерно. Если не указано ничего — то, что ищут темы.",
            uk: "По одному запиту в рядку: нові відео з цими словами, одне з кількох — а|б. На добу є сто пошуків, вони розподіляються рівномірно. Якщо не вказано нічого — те, що шукають теми.",
        },
        required: false,
        default: None,
        placeholder: None,
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
            en: "YouTube is asked no more often than this, and less often when it is quiet or the units would not last.",
            ru: "Чаще этого YouTube не запрашивается, а в тихое время или при нехватке единиц — реже.",
            uk: "Частіше YouTube не запитується, а в тихий час або коли бракує одиниць — рідше.",
        },
        required: false,
        default: Some("5"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 365 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes, 10,000 threads of a channel or video at most.",
            ru: "Насколько далеко назад заглянуть в первый раз, не более 10 000 веток на канал или видео.",
            uk: "Наскільки далеко назад зазирнути вперше, не більше 10 000 гілок на канал чи відео.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "units_per_day",
        kind: SettingKind::Number { min: 100, max: 100_000_000 },
        label: Localized { en: "Units a day", ru: "Единиц в сутки", uk: "Одиниць на добу" },
        help: Localized {
            en: "What Google grants the key; 10,000 unless you asked for more. A fifth is left for replies.",
            ru: "Сколько Google даёт ключу; 10 000, если вы не просили больше. Пятая часть остаётся для ответов.",
            uk: "Скільки Google дає ключу; 10 000, якщо ви не просили більше. П'ята частина лишається для відповідей.",
        },
        required: false,
        default: Some("10000"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "searches_per_day",
        kind: SettingKind::Number { min: 1, max: 1_000_000 },
        label: Localized {
            en: "Searches a day", ru: "Поисков в сутки", uk: "Пошуків на добу"
        },
        help: Localized {
            en: "What Google grants the key; a hundred unless you asked for more.",
            ru: "Сколько Google даёт ключу; сто, если вы не просили больше.",
            uk: "Скільки Google дає ключу; сто, якщо ви не просили більше.",
        },
        required: false,
        default: Some("100"),
        placeholder: None,
        shown_when: None,
    },
    API_URL,
];

pub(super) const API_URL: Setting = Setting {
    key: "url",
    kind: SettingKind::Url,
    label: Localized { en: "Address of the API", ru: "Адрес API", uk: "Адреса API" },
    help: Localized {
        en: "Only for a stand-in of your own.",
        ru: "Только если вместо YouTube отвечает ваш сервер.",
        uk: "Лише якщо замість YouTube відповідає ваш сервер.",
    },
    required: false,
    default: Some("https://www.googleapis.com"),
    placeholder: None,
    shown_when: None,
};
