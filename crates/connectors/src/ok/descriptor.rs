//! Odnoklassniki's row in the gallery and its forms.

use super::hook::WHAT;
use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{Localized, Setting, SettingKind, when};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "Odnoklassniki", ru: "Одноклассники", uk: "Однокласники" },
    summary: Localized {
        en: "Topics of groups and the comments under them, within a minute, or what people write to your group, at once. Needs an application with rights that OK's support gives.",
        ru: "Темы групп и комментарии к ним в течение минуты или сообщения вашей группе сразу. Нужно приложение с правами, которые выдаёт поддержка ОК.",
        uk: "Теми груп і коментарі до них упродовж хвилини або повідомлення вашій групі одразу. Потрібен застосунок із правами, які видає підтримка ОК.",
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

pub(super) const APPLICATION_KEY: Setting = Setting {
    key: "application_key",
    kind: SettingKind::Text,
    label: Localized {
        en: "Public key of the application",
        ru: "Публичный ключ приложения",
        uk: "Публічний ключ застосунку",
    },
    help: Localized {
        en: "On ok.ru/devaccess: it stands in the letter that came when the application was made.",
        ru: "На ok.ru/devaccess: он указан в письме о создании приложения.",
        uk: "На ok.ru/devaccess: його вказано в листі про створення застосунку.",
    },
    required: false,
    default: None,
    placeholder: Some("CBAKLMNOABABABABA"),
    shown_when: None,
};

pub(super) const APPLICATION_SECRET: Setting = Setting {
    key: "application_secret",
    kind: SettingKind::Secret,
    label: Localized {
        en: "Secret key of the application",
        ru: "Секретный ключ приложения",
        uk: "Секретний ключ застосунку",
    },
    help: Localized {
        en: "From the same letter; requests are signed with it.",
        ru: "Из того же письма; им подписываются запросы.",
        uk: "З того самого листа; ним підписуються запити.",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(super) const ACCESS_TOKEN: Setting = Setting {
    key: "access_token",
    kind: SettingKind::Secret,
    label: Localized { en: "Access token", ru: "Токен доступа", uk: "Токен доступу" },
    help: Localized {
        en: "In the settings of the application: Eternal access_token, Get a new one. It is the token of a person who administers the groups.",
        ru: "В настройках приложения: «Вечный access_token», «Получить новый». Это токен человека, который управляет группами.",
        uk: "У налаштуваннях застосунку: «Вічний access_token», «Отримати новий». Це токен людини, яка керує групами.",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(super) const GROUP_TOKEN: Setting = Setting {
    key: "group_token",
    kind: SettingKind::Secret,
    label: Localized { en: "Token of the group", ru: "Токен группы", uk: "Токен групи" },
    help: Localized {
        en: "For messages. In the group: Settings, Messages, Work with API, Get an access key. A new one ends the old.",
        ru: "Для сообщений. В группе: «Настройки», «Сообщения», «Работа с API», «Получить ключ доступа». Новый отменяет прежний.",
        uk: "Для повідомлень. У групі: «Налаштування», «Повідомлення», «Робота з API», «Отримати ключ доступу». Новий скасовує попередній.",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(super) const AS_GROUP: Setting = Setting {
    key: "as_group",
    kind: SettingKind::Flag,
    label: Localized {
        en: "In the name of the group", ru: "От имени группы", uk: "Від імені групи"
    },
    help: Localized {
        en: "Comments are the group's, not the person's whose token it is.",
        ru: "Комментарии пишет группа, а не человек, чей это токен.",
        uk: "Коментарі пише група, а не людина, чий це токен.",
    },
    required: false,
    default: Some("true"),
    placeholder: None,
    shown_when: None,
};

pub(super) const API_URL: Setting = Setting {
    key: "api_url",
    kind: SettingKind::Url,
    label: Localized { en: "Address of the API", ru: "Адрес API", uk: "Адреса API" },
    help: Localized {
        en: "Only for a sandbox.", ru: "Только для песочницы.", uk: "Лише для пісочниці."
    },
    required: false,
    default: Some("https://api.ok.ru"),
    placeholder: None,
    shown_when: None,
};

const SETTINGS: &[Setting] = &[
    Setting {
        key: WHAT,
        kind: SettingKind::Choice(&[
            (
                "groups",
                Localized {
                    en: "Topics and comments of groups",
                    ru: "Темы и комментарии групп",
                    uk: "Теми й коментарі груп",
                },
            ),
            (
                "messages",
                Localized {
                    en: "Messages to my group", ru: "Сообщения моей группе", uk: "Повідомлення моїй групі"
                },
            ),
        ]),
        label: Localized { en: "Listen to", ru: "Что слушать", uk: "Що слухати" },
        help: Localized {
            en: "Topics need the keys of an application and a token; messages the token of the group, and a public address of this Molva that OK can call.",
            ru: "Для тем нужны ключи приложения и токен доступа; для сообщений — токен группы и публичный адрес этой Молвы, который ОК может вызвать.",
            uk: "Для тем потрібні ключі застосунку й токен доступу; для повідомлень — токен групи та публічна адреса цієї Молви, яку ОК може викликати.",
        },
        required: false,
        default: Some("groups"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "groups",
        kind: SettingKind::List,
        label: Localized { en: "Groups", ru: "Группы", uk: "Групи" },
        help: Localized {
            en: "Their numbers or the addresses of their pages with the number, one a line, at most 16.",
            ru: "Их номера или адреса страниц с номером, по одному в строке, не больше 16.",
            uk: "Їхні номери або адреси сторінок із номером, по одному в рядку, не більше 16.",
        },
        required: true,
        default: None,
        placeholder: Some("70000000000001"),
        shown_when: when(WHAT, &["groups"]),
    },
    Setting { required: true, shown_when: when(WHAT, &["groups"]), ..APPLICATION_KEY },
    Setting { required: true, shown_when: when(WHAT, &["groups"]), ..APPLICATION_SECRET },
    Setting { required: true, shown_when: when(WHAT, &["groups"]), ..ACCESS_TOKEN },
    Setting { required: true, shown_when: when(WHAT, &["messages"]), ..GROUP_TOKEN },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 365 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes, and for how long topics are looked at for new comments.",
            ru: "Как далеко назад смотреть сначала и сколько дней искать в темах новые комментарии.",
            uk: "Як далеко назад дивитися спочатку і скільки днів шукати в темах нові коментарі.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: when(WHAT, &["groups"]),
    },
    API_URL,
];
