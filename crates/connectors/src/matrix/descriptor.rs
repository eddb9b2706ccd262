//! Matrix's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "Matrix", ru: "Matrix", uk: "Matrix" },
    summary: Localized {
        en: "Everything said in the rooms an account is in, at once, with edits, removals, answers and threads. Rooms that are encrypted end to end cannot be read.",
        ru: "Всё, что пишут в комнатах, где состоит учётная запись, — сразу, с правками, удалениями, ответами и ветками. Комнаты со сквозным шифрованием прочесть нельзя.",
        uk: "Усе, що пишуть у кімнатах, де є обліковий запис, — одразу, з правками, вилученнями, відповідями й гілками. Кімнати з наскрізним шифруванням прочитати не можна.",
    },
    mode: Mode::Poll,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: true,
        backfill: true,
        delete_events: true,
        metrics: false,
    },
    settings: SETTINGS,
    silent_after_s: None,
    add_by_hand: true,
};

pub(super) const HOMESERVER: Setting = Setting {
    key: "homeserver",
    kind: SettingKind::Url,
    label: Localized { en: "Homeserver", ru: "Домашний сервер", uk: "Домашній сервер" },
    help: Localized {
        en: "What stands behind the colon of the account's name: of `@shop:example.org` it is `example.org`. The address of the API is found by it; its own address does too.",
        ru: "То, что стоит в имени учётной записи после двоеточия: у `@shop:example.org` это `example.org`. Адрес API находится по нему; можно дать и его самого.",
        uk: "Те, що стоїть в імені облікового запису після двокрапки: у `@shop:example.org` це `example.org`. Адреса API знаходиться за ним; можна дати й її саму.",
    },
    required: true,
    default: None,
    placeholder: Some("https://matrix.org"),
    shown_when: None,
};

pub(super) const ACCESS_TOKEN: Setting = Setting {
    key: "access_token",
    kind: SettingKind::Secret,
    label: Localized { en: "Access token", ru: "Токен доступа", uk: "Токен доступу" },
    help: Localized {
        en: "Log in for Molva alone with one request, as the page of the network shows; a token copied out of a program ends when that program logs out.",
        ru: "Войдите отдельно для Молвы одним запросом, как показано на странице сети; токен, скопированный из программы, кончится, когда она выйдет.",
        uk: "Увійдіть окремо для Молви одним запитом, як показано на сторінці мережі; токен, скопійований із програми, скінчиться, коли вона вийде.",
    },
    required: true,
    default: None,
    placeholder: None,
    shown_when: None,
};

const SETTINGS: &[Setting] = &[
    HOMESERVER,
    ACCESS_TOKEN,
    Setting {
        key: "rooms",
        kind: SettingKind::List,
        label: Localized { en: "Rooms", ru: "Комнаты", uk: "Кімнати" },
        help: Localized {
            en: "Their addresses or ids, one a line, at most 50; empty: all the account is in.",
            ru: "Их адреса или номера, по одному в строке, не больше 50; пусто — все, где состоит учётная запись.",
            uk: "Їхні адреси чи номери, по одному в рядку, не більше 50; порожньо — усі, де є обліковий запис.",
        },
        required: false,
        default: None,
        placeholder: Some("#support:example.org"),
        shown_when: None,
    },
    Setting {
        key: "join",
        kind: SettingKind::Flag,
        label: Localized { en: "Join by itself", ru: "Входить самой", uk: "Входити самій" },
        help: Localized {
            en: "Go into rooms the account is invited to, and into the rooms named above. Without this you join them with any Matrix program.",
            ru: "Входить в комнаты, куда учётную запись пригласили, и в названные выше. Без этого войдите в них сами любой программой для Matrix.",
            uk: "Входити до кімнат, куди обліковий запис запросили, і до названих вище. Без цього увійдіть до них самі будь-якою програмою для Matrix.",
        },
        required: false,
        default: Some("false"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "messages",
        kind: SettingKind::Flag,
        label: Localized {
            en: "Private conversations too", ru: "И личные беседы", uk: "І особисті бесіди"
        },
        help: Localized {
            en: "Rooms of two that nobody else may join. Everybody who sees this workspace will see them.",
            ru: "Комнаты на двоих, куда другие войти не могут. Их увидят все, у кого есть доступ к этому пространству.",
            uk: "Кімнати на двох, куди інші увійти не можуть. Їх побачать усі, хто має доступ до цього простору.",
        },
        required: false,
        default: Some("false"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 365 },
        label: Localized { en: "Days back", ru: "Дней назад", uk: "Днів назад" },
        help: Localized {
            en: "How far back rooms are read when listening begins, as far as the server shows it; 0: only what is new.",
            ru: "Насколько назад прочесть комнаты вначале, если сервер это показывает; 0 — только новое.",
            uk: "Наскільки назад прочитати кімнати на початку, якщо сервер це показує; 0 — лише нове.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: None,
    },
];
