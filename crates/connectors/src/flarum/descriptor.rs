//! The forum's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::forum;
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "Flarum forum", ru: "Форум Flarum", uk: "Форум Flarum" },
    summary: Localized {
        en: "Every post of a Flarum forum, within a few minutes. Needs only its address; a closed forum needs an API key.",
        ru: "Все записи форума на Flarum, за несколько минут. Нужен только адрес; закрытому форуму нужен ключ API.",
        uk: "Усі дописи форуму на Flarum, за кілька хвилин. Потрібна лише адреса; закритому форуму потрібен ключ API.",
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
    forum::URL,
    forum::INTERVAL,
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 365 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes, 20,000 posts at most.",
            ru: "Насколько далеко назад заглянуть в первый раз, не более 20 000 записей.",
            uk: "Наскільки далеко назад зазирнути вперше, не більше 20 000 дописів.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: None,
    },
    forum::LANGUAGE,
    Setting {
        key: "api_key",
        kind: SettingKind::Secret,
        label: Localized { en: "API key", ru: "Ключ API", uk: "Ключ API" },
        help: Localized {
            en: "Only for a closed forum: a key from its table `api_keys`, or a user's access token. What its user may read is taken for public.",
            ru: "Только для закрытого форума: ключ из таблицы `api_keys` или токен пользователя. Всё, что видит его владелец, считается публичным.",
            uk: "Лише для закритого форуму: ключ із таблиці `api_keys` або токен користувача. Усе, що бачить його власник, вважається публічним.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    USER,
];

const USER: Setting = Setting {
    key: "user_id",
    kind: SettingKind::Number { min: 1, max: 9_007_199_254_740_991 },
    label: Localized {
        en: "User of the key", ru: "Пользователь ключа", uk: "Користувач ключа"
    },
    help: Localized {
        en: "Only with a key that is no user's own: the number of the user in whose name it is read or answered.",
        ru: "Только с ключом, у которого нет своего пользователя: номер того, от чьего имени читать форум или отвечать.",
        uk: "Лише з ключем, у якого немає свого користувача: номер того, від чийого імені читати форум або відповідати.",
    },
    required: false,
    default: None,
    placeholder: Some("1"),
    shown_when: None,
};

/// Of an account that answers.
pub(super) const ACCOUNT: &[Setting] = &[
    forum::URL,
    Setting {
        key: "api_key",
        kind: SettingKind::Secret,
        label: Localized { en: "API key", ru: "Ключ API", uk: "Ключ API" },
        help: Localized {
            en: "The access token of the user in whose name replies are written, or a key from the forum's table `api_keys`.",
            ru: "Токен пользователя, от имени которого пишутся ответы, или ключ из таблицы форума `api_keys`.",
            uk: "Токен користувача, від імені якого пишуться відповіді, або ключ із таблиці форуму `api_keys`.",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    USER,
];
