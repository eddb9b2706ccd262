//! X's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::search::by_topics;
use crate::settings::{Localized, Setting, SettingKind, when};

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
        shown_when: None,
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
        shown_when: None,
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
        shown_when: None,
    },
    Setting {
        key: "words",
        kind: SettingKind::List,
        label: Localized { en: "Searches", ru: "Запросы", uk: "Запити" },
        help: Localized {
            en: "Empty: what the topics look for. One a line, in the words of X: several words must all be there, \"in quotes\" as they stand, also OR, -word, #tag, @name, from:name, lang:uk.",
            ru: "Пусто — то, что ищут темы. По одному в строке, на языке X: несколько слов — все сразу, «\"в кавычках\"» — как есть, а также OR, -слово, #метка, @имя, from:имя, lang:ru.",
            uk: "Порожньо — те, що шукають теми. По одному в рядку, мовою X: кілька слів — усі разом, «\"у лапках\"» — як є, а також OR, -слово, #мітка, @ім'я, from:ім'я, lang:uk.",
        },
        required: false,
        default: None,
        placeholder: Some("molva"),
        shown_when: when("what", &["stream", "search"]),
    },
    by_topics(when("what", &["stream", "search"])),
    Setting {
        key: "narrower",
        kind: SettingKind::Text,
        label: Localized {
            en: "Behind every query", ru: "В конце каждого запроса", uk: "Наприкінці кожного запиту"
        },
        help: Localized {
            en: "Words of X that stand behind each query and save money, as lang:uk or -giveaway. What they leave out is not heard.",
            ru: "Слова X в конце каждого запроса, которые экономят деньги: lang:ru, -розыгрыш. Что они отсекут, услышано не будет.",
            uk: "Слова X наприкінці кожного запиту, що заощаджують гроші: lang:uk, -розіграш. Що вони відсічуть, почуто не буде.",
        },
        required: false,
        default: None,
        placeholder: Some("lang:ru"),
        shown_when: when("what", &["stream", "search"]),
    },
    Setting {
        key: "access",
        kind: SettingKind::Choice(&[
            ("self_serve", Localized { en: "Self-serve", ru: "Самостоятельный", uk: "Самостійний" }),
            ("enterprise", Localized { en: "Enterprise", ru: "Enterprise", uk: "Enterprise" }),
        ]),
        label: Localized { en: "Access at X", ru: "Доступ у X", uk: "Доступ у X" },
        help: Localized {
            en: "How long queries and rules may be, and how many. Whoever pays by use has self-serve.",
            ru: "От него зависит длина и число запросов и правил. Кто платит за использование, у того самостоятельный.",
            uk: "Від нього залежить довжина й кількість запитів і правил. Хто платить за використання, у того самостійний.",
        },
        required: false,
        default: Some("self_serve"),
        placeholder: None,
        shown_when: when("what", &["stream", "search"]),
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
        required: true,
        default: None,
        placeholder: Some("@molva"),
        shown_when: when("what", &["mentions"]),
    },
    Setting {
        key: "delivery",
        kind: SettingKind::Choice(&[
            ("poll", Localized { en: "Molva asks", ru: "Молва спрашивает", uk: "Молва запитує" }),
            ("webhook", Localized { en: "X calls", ru: "X вызывает", uk: "X викликає" }),
        ]),
        label: Localized {
            en: "How mentions come", ru: "Как приходят упоминания", uk: "Як надходять згадки"
        },
        help: Localized {
            en: "X calls within seconds (X Activity API, also for those who pay by use). For that Molva needs a public address with https and the secret of the API key below; it tells X by itself.",
            ru: "X вызывает за секунды (X Activity API, доступен и при оплате за использование). Нужны публичный адрес Молвы по https и секрет ключа API ниже; X она сообщит сама.",
            uk: "X викликає за секунди (X Activity API, доступний і за оплати за використання). Потрібні публічна адреса Молви за https і секрет ключа API нижче; X вона повідомить сама.",
        },
        required: false,
        default: Some("poll"),
        placeholder: None,
        shown_when: when("what", &["mentions"]),
    },
    Setting {
        key: "user_token",
        kind: SettingKind::Secret,
        label: Localized {
            en: "Access token of the account",
            ru: "Токен учётной записи",
            uk: "Токен облікового запису",
        },
        help: Localized {
            en: "For calls with mentions: an OAuth 2.0 token of the account, with users.read and tweet.read. X asks for the account's own consent to that.",
            ru: "Для вызовов об упоминаниях: токен OAuth 2.0 учётной записи с правами users.read и tweet.read. X требует согласия самой учётной записи.",
            uk: "Для викликів про згадки: токен OAuth 2.0 облікового запису з правами users.read і tweet.read. X вимагає згоди самого облікового запису.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: when(super::webhook::DELIVERY, &["webhook"]),
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
        shown_when: None,
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
        shown_when: None,
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
        shown_when: None,
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
            en: "Each post is asked for again while it is young; on the day it came that is free, later only while little of the cap is spent. X wants deleted posts to be deleted here.",
            ru: "Каждый пост спрашивается снова, пока он свежий; в день появления это бесплатно, позже — лишь пока потрачено мало. X требует удалять удалённые посты.",
            uk: "Кожен допис запитується знову, поки він свіжий; у день появи це безкоштовно, пізніше — лише поки витрачено мало. X вимагає видаляти видалені дописи.",
        },
        required: false,
        default: Some("true"),
        placeholder: None,
        shown_when: None,
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
        shown_when: when("what", &["stream"]),
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
            en: "Only where X calls: its calls to the address of the source are proved with it.",
            ru: "Только если X вызывает сам: этим секретом проверяются его вызовы на адрес источника.",
            uk: "Лише якщо X викликає сам: цим секретом перевіряються його виклики на адресу джерела.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    api_url(),
];
