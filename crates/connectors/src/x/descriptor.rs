//! X's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "X (Twitter)", ru: "X (Twitter)", uk: "X (Twitter)" },
    summary: Localized {
        en: "Public posts with your words within seconds, or those that mention an account within a minute. X takes money for every post; a daily cap holds it.",
        ru: "Публичные посты с вашими словами за секунды или упоминания учётной записи за минуту. X берёт деньги за каждый пост; есть дневной предел расходов.",
        uk: "Публічні дописи з вашими словами за секунди або згадки облікового запису за хвилину. X бере гроші за кожен допис; є денна межа витрат.",
    },
    mode: Mode::Stream,
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

/// The address of the API, of a source and of an account.
pub(super) const fn api_url() -> Setting {
    Setting {
        key: "api_url",
        kind: SettingKind::Url,
        label: Localized { en: "Address of the API", ru: "Адрес API", uk: "Адреса API" },
        help: Localized {
            en: "Only for a sandbox.", ru: "Только для песочницы.", uk: "Лише для пісочниці."
        },
        required: false,
        default: Some("https://api.x.com"),
        placeholder: None,
    }
}

const SETTINGS: &[Setting] = &[
    Setting {
        key: "what",
        kind: SettingKind::Choice(&[
            (
                "stream",
                Localized {
                    en: "Words, at once (stream)", ru: "Слова, сразу (поток)", uk: "Слова, одразу (потік)"
                },
            ),
            (
                "search",
                Localized {
                    en: "Words, once a minute (search)",
                    ru: "Слова, раз в минуту (поиск)",
                    uk: "Слова, раз на хвилину (пошук)",
                },
            ),
            (
                "mentions",
                Localized {
                    en: "Mentions of an account",
                    ru: "Упоминания учётной записи",
                    uk: "Згадки облікового запису",
                },
            ),
        ]),
        label: Localized { en: "What to listen to", ru: "Что слушать", uk: "Що слухати" },
        help: Localized {
            en: "An application has one stream: of several sources with the same token one may use it, the others search.",
            ru: "У приложения один поток: из нескольких источников с одним токеном им пользуется один, остальные ищут.",
            uk: "Застосунок має один потік: з кількох джерел з одним токеном ним користується одне, решта шукають.",
        },
        required: true,
        default: Some("stream"),
        placeholder: None,
    },
    Setting {
        key: "bearer_token",
        kind: SettingKind::Secret,
        label: Localized { en: "Bearer token", ru: "Токен (bearer)", uk: "Токен (bearer)" },
        help: Localized {
            en: "Of your application: developer console, Keys and tokens.",
            ru: "Вашего приложения: консоль разработчика, «Keys and tokens».",
            uk: "Вашого застосунку: консоль розробника, «Keys and tokens».",
        },
        required: true,
        default: None,
        placeholder: None,
    },
    Setting {
        key: "words",
        kind: SettingKind::List,
        label: Localized { en: "Searches", ru: "Запросы", uk: "Запити" },
        help: Localized {
            en: "One a line, in the words of X: several words must all be there, \"in quotes\" as they stand, also OR, -word, #tag, @name, from:name, lang:uk.",
            ru: "По одному в строке, на языке X: несколько слов — все сразу, «\"в кавычках\"» — как есть, а также OR, -слово, #метка, @имя, from:имя, lang:ru.",
            uk: "По одному в рядку, мовою X: кілька слів — усі разом, «\"у лапках\"» — як є, а також OR, -слово, #мітка, @ім'я, from:ім'я, lang:uk.",
        },
        required: false,
        default: None,
        placeholder: Some("molva"),
    },
    Setting {
        key: "account",
        kind: SettingKind::Text,
        label: Localized { en: "Account", ru: "Учётная запись", uk: "Обліковий запис" },
        help: Localized {
            en: "For mentions: its name, with or without the @.",
            ru: "Для упоминаний: её имя, с @ или без.",
            uk: "Для згадок: його ім'я, з @ чи без.",
        },
        required: false,
        default: None,
        placeholder: Some("@molva"),
    },
    Setting {
        key: "reposts",
        kind: SettingKind::Flag,
        label: Localized { en: "Reposts too", ru: "Репосты тоже", uk: "Репости теж" },
        help: Localized {
            en: "Posts that only repeat another. Each costs as much as one that says something.",
            ru: "Посты, которые лишь повторяют другой. Каждый стоит столько же, сколько содержательный.",
            uk: "Дописи, що лише повторюють інший. Кожен коштує стільки ж, скільки змістовний.",
        },
        required: false,
        default: Some("false"),
        placeholder: None,
    },
    Setting {
        key: "daily_usd",
        kind: SettingKind::Number { min: 1, max: 100_000 },
        label: Localized {
            en: "Cap a day, dollars", ru: "Предел в день, долларов", uk: "Межа на день, доларів"
        },
        help: Localized {
            en: "When so much is spent the source rests until midnight UTC. Counted on the safe side, at the prices of 2026.",
            ru: "Когда потрачено столько, источник отдыхает до полуночи UTC. Считается с запасом, по ценам 2026 года.",
            uk: "Коли витрачено стільки, джерело відпочиває до опівночі UTC. Рахується із запасом, за цінами 2026 року.",
        },
        required: false,
        default: Some("5"),
        placeholder: None,
    },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 7 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes. X finds the last seven days; each post costs.",
            ru: "Как далеко назад смотрит первый обход. X находит последние семь дней; каждый пост стоит денег.",
            uk: "Як далеко назад дивиться перший обхід. X знаходить останні сім днів; кожен допис коштує грошей.",
        },
        required: false,
        default: Some("1"),
        placeholder: None,
    },
    Setting {
        key: "follow_up",
        kind: SettingKind::Flag,
        label: Localized {
            en: "Follow edits and deletions",
            ru: "Следить за правками и удалениями",
            uk: "Стежити за правками й видаленнями",
        },
        help: Localized {
            en: "Each post is asked for once more an hour later; on the same day that is free. X wants deleted posts to be deleted here.",
            ru: "Каждый пост спрашивается ещё раз через час; в тот же день это бесплатно. X требует удалять удалённые посты.",
            uk: "Кожен допис запитується ще раз за годину; того ж дня це безкоштовно. X вимагає видаляти видалені дописи.",
        },
        required: false,
        default: Some("true"),
        placeholder: None,
    },
    Setting {
        key: "backfill_minutes",
        kind: SettingKind::Number { min: 0, max: 5 },
        label: Localized {
            en: "Backfill of the stream, minutes",
            ru: "Догрузка потока, минут",
            uk: "Довантаження потоку, хвилин",
        },
        help: Localized {
            en: "Only where your access allows it (Enterprise). Else what was missed is searched for.",
            ru: "Только если ваш доступ это разрешает (Enterprise). Иначе пропущенное ищется поиском.",
            uk: "Лише якщо ваш доступ це дозволяє (Enterprise). Інакше пропущене шукається пошуком.",
        },
        required: false,
        default: Some("0"),
        placeholder: None,
    },
    Setting {
        key: "consumer_secret",
        kind: SettingKind::Secret,
        label: Localized {
            en: "Secret of the API key, for webhooks",
            ru: "Секрет ключа API, для вебхуков",
            uk: "Секрет ключа API, для вебхуків",
        },
        help: Localized {
            en: "Only where the filtered stream comes by webhook (Enterprise): X's calls to the address of the source are proved with it.",
            ru: "Только если поток приходит вебхуком (Enterprise): этим секретом проверяются вызовы X на адрес источника.",
            uk: "Лише якщо потік надходить вебхуком (Enterprise): цим секретом перевіряються виклики X на адресу джерела.",
        },
        required: false,
        default: None,
        placeholder: None,
    },
    api_url(),
];
