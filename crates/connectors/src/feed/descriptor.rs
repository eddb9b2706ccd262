//! The feed's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: "feed",
    title: Localized {
        en: "News and blogs (RSS, Atom, JSON Feed)",
        ru: "Новости и блоги (RSS, Atom, JSON Feed)",
        uk: "Новини та блоги (RSS, Atom, JSON Feed)",
    },
    summary: Localized {
        en: "Reads any site that offers a feed: news, blogs, forums, podcasts. Entries arrive within 5 to 60 minutes, as often as the site publishes. Needs only an address, of the feed or of the site.",
        ru: "Читает любой сайт, у которого есть лента: новости, блоги, форумы, подкасты. Записи приходят за 5–60 минут, в ритме самого сайта. Нужен только адрес ленты или самого сайта.",
        uk: "Читає будь-який сайт, що має стрічку: новини, блоги, форуми, подкасти. Записи надходять за 5–60 хвилин, у ритмі самого сайту. Потрібна лише адреса стрічки або самого сайту.",
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
    // A site may well say nothing for weeks.
    silent_after_s: None,
    add_by_hand: true,
};

const SETTINGS: &[Setting] = &[
    Setting {
        key: "url",
        kind: SettingKind::Url,
        label: Localized { en: "Address", ru: "Адрес", uk: "Адреса" },
        help: Localized {
            en: "The feed, or any page of the site: the feed it announces is found. When the site moves its feed for good, the address follows.",
            ru: "Лента или любая страница сайта: лента, которую она объявляет, найдётся сама. Если сайт перенесёт ленту навсегда, адрес обновится.",
            uk: "Стрічка або будь-яка сторінка сайту: стрічка, яку вона оголошує, знайдеться сама. Якщо сайт перенесе стрічку назавжди, адреса оновиться.",
        },
        required: true,
        default: None,
        placeholder: Some("https://example.org/feed"),
        shown_when: None,
    },
    Setting {
        key: "min_interval_minutes",
        kind: SettingKind::Number { min: 1, max: 1_440 },
        label: Localized {
            en: "Shortest interval, minutes",
            ru: "Наименьший интервал, минут",
            uk: "Найменший інтервал, хвилин",
        },
        help: Localized {
            en: "The feed is asked no more often than this. Longer waits that the site asks for are always respected.",
            ru: "Чаще этого лента не запрашивается. Более долгие паузы, о которых просит сайт, соблюдаются всегда.",
            uk: "Частіше стрічка не запитується. Довші паузи, про які просить сайт, дотримуються завжди.",
        },
        required: false,
        default: Some("5"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "kind",
        kind: SettingKind::Choice(&[
            ("article", Localized { en: "articles", ru: "статьи", uk: "статті" }),
            ("post", Localized { en: "posts", ru: "посты", uk: "дописи" }),
            ("comment", Localized { en: "comments", ru: "комментарии", uk: "коментарі" }),
            ("review", Localized { en: "reviews", ru: "отзывы", uk: "відгуки" }),
        ]),
        label: Localized {
            en: "What the entries are", ru: "Что это за записи", uk: "Що це за записи"
        },
        help: Localized {
            en: "The feed itself does not say. Queries can ask for it with `kind:`.",
            ru: "Сама лента этого не сообщает. В запросах доступно как `kind:`.",
            uk: "Сама стрічка цього не повідомляє. У запитах доступно як `kind:`.",
        },
        required: false,
        default: Some("article"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "language",
        kind: SettingKind::Text,
        label: Localized { en: "Language", ru: "Язык", uk: "Мова" },
        help: Localized {
            en: "Two letters, such as `en`. Leave it empty to believe the feed or the text.",
            ru: "Две буквы, например `ru`. Оставьте пустым, чтобы верить ленте или определять по тексту.",
            uk: "Дві літери, наприклад `uk`. Залиште порожнім, щоб вірити стрічці або визначати за текстом.",
        },
        required: false,
        default: None,
        placeholder: Some("ru"),
        shown_when: None,
    },
    Setting {
        key: "network",
        kind: SettingKind::Text,
        label: Localized { en: "Network name", ru: "Название сети", uk: "Назва мережі" },
        help: Localized {
            en: "How queries and filters call it: `network:rss`. Give forums or review sites a name of their own if you like.",
            ru: "Как её называют запросы и фильтры: `network:rss`. Форумам и отзовикам можно дать собственное название.",
            uk: "Як її називають запити та фільтри: `network:rss`. Форумам і сайтам відгуків можна дати власну назву.",
        },
        required: false,
        default: Some("rss"),
        placeholder: Some("rss"),
        shown_when: None,
    },
    Setting {
        key: "login",
        kind: SettingKind::Text,
        label: Localized { en: "Login", ru: "Логин", uk: "Логін" },
        help: Localized {
            en: "Only for feeds behind a password (HTTP Basic).",
            ru: "Только для лент под паролем (HTTP Basic).",
            uk: "Лише для стрічок під паролем (HTTP Basic).",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "password",
        kind: SettingKind::Secret,
        label: Localized { en: "Password", ru: "Пароль", uk: "Пароль" },
        help: Localized {
            en: "Stored sealed and sent to this site only.",
            ru: "Хранится зашифрованным и отправляется только этому сайту.",
            uk: "Зберігається зашифрованим і надсилається лише цьому сайту.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
];
