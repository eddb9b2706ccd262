//! VK's row in the gallery and its form.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::search::by_topics;
use crate::settings::{Localized, Setting, SettingKind, when};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "VK", ru: "ВКонтакте", uk: "ВКонтакте" },
    summary: Localized {
        en: "Posts and comments of all of VK by words, walls and discussions of communities within minutes, or everything in your own community at once. Needs a token.",
        ru: "Записи и комментарии всего ВКонтакте по словам, стены и обсуждения сообществ за минуты или всё, что происходит в вашем сообществе, сразу. Нужен токен.",
        uk: "Дописи й коментарі всього ВКонтакте за словами, стіни й обговорення спільнот за хвилини або все, що відбувається у вашій спільноті, одразу. Потрібен токен.",
    },
    mode: Mode::Poll,
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

const SETTINGS: &[Setting] = &[
    Setting {
        key: "what",
        kind: SettingKind::Choice(&[
            (
                "search",
                Localized {
                    en: "All of VK, by words",
                    ru: "Весь ВКонтакте, по словам",
                    uk: "Увесь ВКонтакте, за словами",
                },
            ),
            (
                "walls",
                Localized {
                    en: "Walls of communities", ru: "Стены сообществ", uk: "Стіни спільнот"
                },
            ),
            ("own", Localized { en: "My community", ru: "Моё сообщество", uk: "Моя спільнота" }),
        ]),
        label: Localized { en: "What to listen to", ru: "Что слушать", uk: "Що слухати" },
        help: Localized {
            en: "Words and walls take the token of a person or an application, your community its own.",
            ru: "Для слов и стен нужен токен пользователя или приложения, для своего сообщества — его собственный.",
            uk: "Для слів і стін потрібен токен користувача чи застосунку, для своєї спільноти — її власний.",
        },
        required: true,
        default: Some("search"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "access_token",
        kind: SettingKind::Secret,
        label: Localized { en: "Access token", ru: "Токен доступа", uk: "Токен доступу" },
        help: Localized {
            en: "The service token of your application (its settings, Development), or the key of your community (Management, Working with the API; right “Community management”, “Community messages” for messages).",
            ru: "Сервисный ключ вашего приложения (его настройки, Разработка) или ключ сообщества (Управление, Работа с API; право «Управление сообществом», для сообщений — «Сообщения сообщества»).",
            uk: "Сервісний ключ вашого застосунку (його налаштування, Розробка) або ключ спільноти (Керування, Робота з API; право «Керування спільнотою», для повідомлень — «Повідомлення спільноти»).",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "words",
        kind: SettingKind::List,
        label: Localized { en: "Searches", ru: "Поиск", uk: "Пошук" },
        help: Localized {
            en: "Empty: what the topics look for. Else words to search for, one query a line, at most 16; VK is asked as they stand, and itself finds other forms of a word.",
            ru: "Пусто — то, что ищут темы. Иначе слова для поиска, по запросу в строке, не больше 16; ВКонтакте получает их как есть и сам находит другие формы слова.",
            uk: "Порожньо — те, що шукають теми. Інакше слова для пошуку, по запиту в рядку, не більше 16; ВКонтакте отримує їх як є й сам знаходить інші форми слова.",
        },
        required: false,
        default: None,
        placeholder: Some("мегафон"),
        shown_when: when("what", &["search"]),
    },
    by_topics(when("what", &["search"])),
    Setting {
        key: "searches_per_day",
        kind: SettingKind::Number { min: 1, max: 1_000_000 },
        label: Localized {
            en: "Searches a day", ru: "Поисков в сутки", uk: "Пошуків на добу"
        },
        help: Localized {
            en: "How many VK grants the token: a thousand, unless it was agreed otherwise. They are spread over the day: one search is asked every two minutes, ten every 18. Where several sources use the token, share them out.",
            ru: "Сколько поисков ВКонтакте даёт токену: тысячу, если не договорились об ином. Они распределяются на сутки: один запрос — раз в две минуты, десять — раз в 18. Если токен служит нескольким источникам, поделите их.",
            uk: "Скільки пошуків ВКонтакте дає токену: тисячу, якщо не домовилися про інше. Вони розподіляються на добу: один запит — раз на дві хвилини, десять — раз на 18. Якщо токен служить кільком джерелам, поділіть їх.",
        },
        required: false,
        default: Some("1000"),
        placeholder: None,
        shown_when: when("what", &["search"]),
    },
    Setting {
        key: "communities",
        kind: SettingKind::List,
        label: Localized { en: "Communities", ru: "Сообщества", uk: "Спільноти" },
        help: Localized {
            en: "For walls: addresses or short names, one a line; at most 16.",
            ru: "Для стен: адреса или короткие имена, по одному в строке; не больше 16.",
            uk: "Для стін: адреси чи короткі імена, по одному в рядку; не більше 16.",
        },
        required: true,
        default: None,
        placeholder: Some("https://vk.com/club1"),
        shown_when: when("what", &["walls"]),
    },
    Setting {
        key: "discussions",
        kind: SettingKind::Flag,
        label: Localized { en: "Discussions too", ru: "И обсуждения", uk: "І обговорення" },
        help: Localized {
            en: "What is written in the discussions of those communities.",
            ru: "Что пишут в обсуждениях этих сообществ.",
            uk: "Що пишуть в обговореннях цих спільнот.",
        },
        required: false,
        default: Some("true"),
        placeholder: None,
        shown_when: when("what", &["walls"]),
    },
    Setting {
        key: "messages",
        kind: SettingKind::Flag,
        label: Localized {
            en: "Private messages too", ru: "И личные сообщения", uk: "І особисті повідомлення"
        },
        help: Localized {
            en: "What people write to your community in private. Everybody who sees this workspace will see it.",
            ru: "Что пишут вашему сообществу лично. Это увидят все, у кого есть доступ к этому пространству.",
            uk: "Що пишуть вашій спільноті особисто. Це побачать усі, хто має доступ до цього простору.",
        },
        required: false,
        default: Some("false"),
        placeholder: None,
        shown_when: when("what", &["own"]),
    },
    Setting {
        key: super::callback::DELIVERY,
        kind: SettingKind::Choice(&[
            (
                "poll",
                Localized {
                    en: "Molva waits (Bots Long Poll)",
                    ru: "Молва ждёт (Bots Long Poll)",
                    uk: "Молва чекає (Bots Long Poll)",
                },
            ),
            (
                "webhook",
                Localized {
                    en: "VK calls (Callback API)",
                    ru: "ВКонтакте вызывает (Callback API)",
                    uk: "ВКонтакте викликає (Callback API)",
                },
            ),
        ]),
        label: Localized {
            en: "How news come", ru: "Как приходят новости", uk: "Як надходять новини"
        },
        help: Localized {
            en: "For your community. Waiting works everywhere and is as fast. For calls Molva needs a public address with a certificate; with the right “Community management” it sets VK up by itself.",
            ru: "Для своего сообщества. Ждать можно отовсюду и так же быстро. Для вызовов Молве нужен публичный адрес с сертификатом; с правом «Управление сообществом» она настроит всё сама.",
            uk: "Для своєї спільноти. Чекати можна звідусіль і так само швидко. Для викликів Молві потрібна публічна адреса із сертифікатом; з правом «Керування спільнотою» вона налаштує все сама.",
        },
        required: false,
        default: Some("poll"),
        placeholder: None,
        shown_when: when("what", &["own"]),
    },
    Setting {
        key: "callback_secret",
        kind: SettingKind::Secret,
        label: Localized {
            en: "Secret key of the calls", ru: "Секретный ключ вызовов", uk: "Секретний ключ викликів"
        },
        help: Localized {
            en: "For calls. Leave it empty: Molva makes one.",
            ru: "Для вызовов. Оставьте пустым: Молва придумает его сама.",
            uk: "Для викликів. Залиште порожнім: Молва вигадає його сама.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: when(super::callback::DELIVERY, &["webhook"]),
    },
    Setting {
        key: "group_id",
        kind: SettingKind::Text,
        label: Localized {
            en: "Number of the community", ru: "Номер сообщества", uk: "Номер спільноти"
        },
        help: Localized {
            en: "For calls. Molva finds it out by the token.",
            ru: "Для вызовов. Молва узнает его по токену.",
            uk: "Для викликів. Молва дізнається його за токеном.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: when(super::callback::DELIVERY, &["webhook"]),
    },
    Setting {
        key: "callback_confirmation",
        kind: SettingKind::Text,
        label: Localized {
            en: "String to be returned",
            ru: "Строка, которую должен вернуть сервер",
            uk: "Рядок, який має повернути сервер",
        },
        help: Localized {
            en: "For calls that are set up by hand: VK shows it beside the address. Else Molva asks for it.",
            ru: "Для вызовов, настроенных вручную: ВКонтакте показывает её рядом с адресом. Иначе Молва узнает её сама.",
            uk: "Для викликів, налаштованих вручну: ВКонтакте показує його поруч з адресою. Інакше Молва дізнається його сама.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: when(super::callback::DELIVERY, &["webhook"]),
    },
    Setting {
        key: "reader_token",
        kind: SettingKind::Secret,
        label: Localized {
            en: "Token for gaps", ru: "Токен для пробелов", uk: "Токен для прогалин"
        },
        help: Localized {
            en: "For your community: a service token. With it the wall is read for what was missed while Molva was away for long.",
            ru: "Для своего сообщества: сервисный ключ. С ним со стены дочитывается то, что пропущено за долгий перерыв.",
            uk: "Для своєї спільноти: сервісний ключ. З ним зі стіни дочитується те, що пропущено за довгу перерву.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: when("what", &["own"]),
    },
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 365 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back the first look goes, and for how long comments under a post are looked for.",
            ru: "Насколько далеко назад заглянуть в первый раз и как долго следить за комментариями под записью.",
            uk: "Наскільки далеко назад зазирнути вперше й як довго стежити за коментарями під дописом.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: None,
    },
    API_URL,
];

/// Of an account that answers.
pub(super) const ACCOUNT_TOKEN: Setting = Setting {
    key: "access_token",
    kind: SettingKind::Secret,
    label: Localized { en: "Access token", ru: "Токен доступа", uk: "Токен доступу" },
    help: Localized {
        en: "The key of your community (Management, Working with the API; rights: wall, community messages), or a person's token, which can also answer in discussions.",
        ru: "Ключ вашего сообщества (Управление, Работа с API; права: стена, сообщения сообщества) или токен человека, который может отвечать и в обсуждениях.",
        uk: "Ключ вашої спільноти (Керування, Робота з API; права: стіна, повідомлення спільноти) або токен людини, який може відповідати й в обговореннях.",
    },
    required: true,
    default: None,
    placeholder: None,
    shown_when: None,
};

pub(super) const API_URL: Setting = Setting {
    key: "api_url",
    kind: SettingKind::Url,
    label: Localized { en: "Address of the API", ru: "Адрес API", uk: "Адреса API" },
    help: Localized {
        en: "Only for a sandbox, or where the usual one cannot be reached: https://api.vk.ru.",
        ru: "Только для песочницы или там, где обычный недоступен: https://api.vk.ru.",
        uk: "Лише для пісочниці або там, де звичайна недоступна: https://api.vk.ru.",
    },
    required: false,
    default: Some("https://api.vk.com"),
    placeholder: None,
    shown_when: None,
};
