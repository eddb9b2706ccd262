//! MAX's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{Localized, Setting, SettingKind, when};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "MAX", ru: "MAX", uk: "MAX" },
    summary: Localized {
        en: "Everything said where your bot is: channels it administers with their comments, group chats, messages to the bot; at once, with edits and removals.",
        ru: "Всё, что пишут там, где ваш бот: каналы, где он администратор, с комментариями, групповые чаты, сообщения боту; сразу, с правками и удалениями.",
        uk: "Усе, що пишуть там, де ваш бот: канали, де він адміністратор, з коментарями, групові чати, повідомлення боту; одразу, з правками й вилученнями.",
    },
    mode: Mode::Poll,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: true,
        backfill: false,
        delete_events: true,
        metrics: true,
    },
    settings: SETTINGS,
    silent_after_s: None,
    add_by_hand: true,
};

pub(super) const BOT_TOKEN: Setting = Setting {
    key: "bot_token",
    kind: SettingKind::Secret,
    label: Localized { en: "Token of the bot", ru: "Токен бота", uk: "Токен бота" },
    help: Localized {
        en: "On business.max.ru: Chat-bots, your bot, Integration. Make the bot an administrator of your channels and groups, with the right to read all messages.",
        ru: "На business.max.ru: «Чат-боты», ваш бот, «Интеграция». Сделайте бота администратором каналов и групп с правом читать все сообщения.",
        uk: "На business.max.ru: «Чат-боты», ваш бот, «Интеграция». Зробіть бота адміністратором каналів і груп із правом читати всі повідомлення.",
    },
    required: true,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(super) const API_URL: Setting = Setting {
    key: "api_url",
    kind: SettingKind::Url,
    label: Localized { en: "Address of the Bot API", ru: "Адрес Bot API", uk: "Адреса Bot API" },
    help: Localized {
        en: "Only for another server of MAX or a sandbox.",
        ru: "Только для другого сервера MAX или песочницы.",
        uk: "Лише для іншого сервера MAX чи пісочниці.",
    },
    required: false,
    default: Some("https://platform-api2.max.ru"),
    placeholder: None,
    shown_when: None,
};

const SETTINGS: &[Setting] = &[
    BOT_TOKEN,
    Setting {
        key: super::hook::DELIVERY,
        kind: SettingKind::Choice(&[
            ("poll", Localized { en: "Molva asks", ru: "Молва спрашивает", uk: "Молва питає" }),
            ("webhook", Localized { en: "MAX calls", ru: "MAX вызывает", uk: "MAX викликає" }),
        ]),
        label: Localized {
            en: "How news come", ru: "Как приходят новости", uk: "Як надходять новини"
        },
        help: Localized {
            en: "Asking works everywhere. MAX recommends calls: for them Molva needs a public address with a certificate; it tells MAX by itself.",
            ru: "Спрашивать можно отовсюду. MAX советует вызовы: для них Молве нужен публичный адрес с сертификатом; MAX она настроит сама.",
            uk: "Питати можна звідусіль. MAX радить виклики: для них Молві потрібна публічна адреса із сертифікатом; MAX вона налаштує сама.",
        },
        required: false,
        default: Some("poll"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "webhook_secret",
        kind: SettingKind::Secret,
        label: Localized {
            en: "Secret of the webhook", ru: "Секрет вебхука", uk: "Секрет вебхука"
        },
        help: Localized {
            en: "For calls. Leave it empty: Molva makes one and tells it to MAX.",
            ru: "Для вызовов. Оставьте пустым: Молва придумает его и сообщит MAX.",
            uk: "Для викликів. Залиште порожнім: Молва вигадає його й повідомить MAX.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: when(super::hook::DELIVERY, &["webhook"]),
    },
    Setting {
        key: "messages",
        kind: SettingKind::Flag,
        label: Localized {
            en: "Private messages too", ru: "И личные сообщения", uk: "І особисті повідомлення"
        },
        help: Localized {
            en: "What people write to the bot in private. Everybody who sees this workspace will see it.",
            ru: "Что пишут боту лично. Это увидят все, у кого есть доступ к этому пространству.",
            uk: "Що пишуть боту особисто. Це побачать усі, хто має доступ до цього простору.",
        },
        required: false,
        default: Some("false"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "chats",
        kind: SettingKind::List,
        label: Localized {
            en: "Channels and groups", ru: "Каналы и группы", uk: "Канали й групи"
        },
        help: Localized {
            en: "Their numbers, one a line; may be empty, the bot hears all it is in. A test then says whether it hears these, and what was missed is read from them.",
            ru: "Их номера, по одному в строке; можно не заполнять — бот слышит все, где он есть. Проверка скажет, слышит ли он эти, и пропущенное будет прочитано в них.",
            uk: "Їхні номери, по одному в рядку; можна не заповнювати — бот чує всі, де він є. Перевірка скаже, чи чує він ці, і пропущене буде прочитано в них.",
        },
        required: false,
        default: None,
        placeholder: Some("-70000000000001"),
        shown_when: None,
    },
    API_URL,
];
