//! The forum's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::forum;
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "NodeBB forum", ru: "Форум NodeBB", uk: "Форум NodeBB" },
    summary: Localized {
        en: "Every post of a NodeBB forum, within a few minutes. Needs only its address; a closed forum needs a token.",
        ru: "Все записи форума на NodeBB, за несколько минут. Нужен только адрес; закрытому форуму нужен токен.",
        uk: "Усі дописи форуму на NodeBB, за кілька хвилин. Потрібна лише адреса; закритому форуму потрібен токен.",
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
        kind: SettingKind::Number { min: 0, max: 30 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes; the forum shows a month at most.",
            ru: "Насколько далеко назад заглянуть в первый раз; форум показывает не более месяца.",
            uk: "Наскільки далеко назад зазирнути вперше; форум показує не більше місяця.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: None,
    },
    forum::LANGUAGE,
    Setting {
        key: "token",
        kind: SettingKind::Secret,
        label: Localized { en: "API token", ru: "Токен API", uk: "Токен API" },
        help: Localized {
            en: "Only for a closed forum: made by its administrator under Settings → API Access for one user. What that user may read is taken for public.",
            ru: "Только для закрытого форума: создаёт администратор в разделе «API Access» для одного пользователя. Всё, что он видит, считается публичным.",
            uk: "Лише для закритого форуму: створює адміністратор у розділі «API Access» для одного користувача. Усе, що він бачить, вважається публічним.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
];
