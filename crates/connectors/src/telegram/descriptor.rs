//! Telegram's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{Localized, Setting, SettingKind, when};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "Telegram", ru: "Telegram", uk: "Telegram" },
    summary: Localized {
        en: "Everything said where your bot is: channels it administers, groups, comments under posts, topics of forums; at once, edits too. It hears nothing from before it came.",
        ru: "Всё, что пишут там, где ваш бот: каналы, где он администратор, группы, комментарии под записями, темы форумов; сразу, вместе с правками. Написанного до его прихода он не слышит.",
        uk: "Усе, що пишуть там, де ваш бот: канали, де він адміністратор, групи, коментарі під дописами, теми форумів; одразу, разом із правками. Написаного до його приходу він не чує.",
    },
    mode: Mode::Poll,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: true,
        backfill: false,
        delete_events: false,
        metrics: false,
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
        en: "Write /newbot to @BotFather, then /setprivacy, Disable; add the bot to your groups, and to your channels as an administrator.",
        ru: "Напишите @BotFather: /newbot, затем /setprivacy, Disable; добавьте бота в группы, а в каналы — администратором.",
        uk: "Напишіть @BotFather: /newbot, потім /setprivacy, Disable; додайте бота в групи, а в канали — адміністратором.",
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
        en: "Only for a Bot API server of your own or a sandbox.",
        ru: "Только для собственного сервера Bot API или песочницы.",
        uk: "Лише для власного сервера Bot API чи пісочниці.",
    },
    required: false,
    default: Some("https://api.telegram.org"),
    placeholder: None,
    shown_when: None,
};

const SETTINGS: &[Setting] = &[
    BOT_TOKEN,
    Setting {
        key: super::webhook::DELIVERY,
        kind: SettingKind::Choice(&[
            ("poll", Localized { en: "Molva asks", ru: "Молва спрашивает", uk: "Молва питає" }),
            ("webhook", Localized { en: "Telegram calls", ru: "Telegram вызывает", uk: "Telegram викликає" }),
        ]),
        label: Localized {
            en: "How news come", ru: "Как приходят новости", uk: "Як надходять новини"
        },
        help: Localized {
            en: "Asking works everywhere and is as fast. For calls Molva needs a public address with a certificate; it tells Telegram by itself.",
            ru: "Спрашивать можно отовсюду и так же быстро. Для вызовов Молве нужен публичный адрес с сертификатом; Telegram она настроит сама.",
            uk: "Питати можна звідусіль і так само швидко. Для викликів Молві потрібна публічна адреса із сертифікатом; Telegram вона налаштує сама.",
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
            en: "For calls. Leave it empty: Molva makes one and tells it to Telegram.",
            ru: "Для вызовов. Оставьте пустым: Молва придумает его и сообщит Telegram.",
            uk: "Для викликів. Залиште порожнім: Молва вигадає його й повідомить Telegram.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: when(super::webhook::DELIVERY, &["webhook"]),
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
    API_URL,
];
