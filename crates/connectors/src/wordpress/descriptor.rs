//! The site's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: "wordpress",
    title: Localized {
        en: "WordPress comments", ru: "Комментарии WordPress", uk: "Коментарі WordPress"
    },
    summary: Localized {
        en: "Reads the comments of a WordPress site within minutes, with the post they belong to and whom they answer. Needs only the site's address; where its API is closed to strangers, an application password, or the feed of comments is read instead.",
        ru: "Читает комментарии сайта на WordPress за считаные минуты: к какой записи и кому отвечают. Нужен только адрес сайта; если API закрыт для посторонних — пароль приложения, иначе читается лента комментариев.",
        uk: "Читає коментарі сайту на WordPress за лічені хвилини: до якого допису та кому відповідають. Потрібна лише адреса сайту; якщо API закрито для сторонніх — пароль застосунку, інакше читається стрічка коментарів.",
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

const SETTINGS: &[Setting] = &[
    Setting {
        key: "url",
        kind: SettingKind::Url,
        label: Localized { en: "Address of the site", ru: "Адрес сайта", uk: "Адреса сайту" },
        help: Localized {
            en: "Its front page.", ru: "Главная страница.", uk: "Головна сторінка."
        },
        required: true,
        default: None,
        placeholder: Some("https://blog.example.org/"),
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
            en: "The site is asked no more often than this, and less often when it is quiet.",
            ru: "Чаще этого сайт не запрашивается, а в тихое время — реже.",
            uk: "Частіше сайт не запитується, а в тихий час — рідше.",
        },
        required: false,
        default: Some("2"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 3_650 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes, 5,000 comments at most.",
            ru: "Насколько далеко назад заглянуть в первый раз, не более 5 000 комментариев.",
            uk: "Наскільки далеко назад зазирнути вперше, не більше 5 000 коментарів.",
        },
        required: false,
        default: Some("30"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "language",
        kind: SettingKind::Text,
        label: Localized { en: "Language", ru: "Язык", uk: "Мова" },
        help: Localized {
            en: "Two letters, such as `en`. Leave it empty to tell by the text.",
            ru: "Две буквы, например `ru`. Оставьте пустым, чтобы определять по тексту.",
            uk: "Дві літери, наприклад `uk`. Залиште порожнім, щоб визначати за текстом.",
        },
        required: false,
        default: None,
        placeholder: Some("ru"),
        shown_when: None,
    },
    Setting {
        key: "login",
        kind: SettingKind::Text,
        label: Localized { en: "User", ru: "Пользователь", uk: "Користувач" },
        help: Localized {
            en: "Only for sites whose API is closed: a user of the site.",
            ru: "Только для сайтов с закрытым API: пользователь сайта.",
            uk: "Лише для сайтів із закритим API: користувач сайту.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "password",
        kind: SettingKind::Secret,
        label: Localized {
            en: "Application password", ru: "Пароль приложения", uk: "Пароль застосунку"
        },
        help: Localized {
            en: "Made in the user's profile under “Application Passwords”; the user's own password does not work.",
            ru: "Создаётся в профиле пользователя в разделе «Пароли приложений»; обычный пароль не подойдёт.",
            uk: "Створюється у профілі користувача в розділі «Паролі застосунків»; звичайний пароль не підійде.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
];
