//! The mailbox's row in the gallery, its form, and the form of an account that answers.

use crate::connector::{Capabilities, Descriptor, Mode};
use crate::settings::{CONSENTED, Localized, Setting, SettingKind, when};

pub(super) static DESCRIPTOR: Descriptor = Descriptor {
    name: super::NETWORK,
    title: Localized { en: "E-mail", ru: "Электронная почта", uk: "Електронна пошта" },
    summary: Localized {
        en: "Letters to a mailbox, within seconds, and answers to them. Needs the IMAP server, a name and a password; nothing is marked as read.",
        ru: "Письма в почтовый ящик, за секунды, и ответы на них. Нужны сервер IMAP, имя и пароль; письма не отмечаются прочитанными.",
        uk: "Листи до поштової скриньки, за секунди, і відповіді на них. Потрібні сервер IMAP, ім’я та пароль; листи не позначаються прочитаними.",
    },
    mode: Mode::Poll,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: true,
        backfill: true,
        delete_events: false,
        metrics: false,
    },
    settings: SETTINGS,
    silent_after_s: None,
    add_by_hand: true,
};

const SETTINGS: &[Setting] = &[
    IMAP_HOST,
    IMAP_SECURITY,
    IMAP_PORT,
    USERNAME,
    SIGN_IN,
    PASSWORD,
    TOKEN,
    AUTHORIZE_URL,
    TOKEN_URL,
    SCOPES,
    MAILBOX,
    Setting {
        key: "history_days",
        kind: SettingKind::Number { min: 0, max: 3_650 },
        label: Localized { en: "History, days", ru: "История, дней", uk: "Історія, днів" },
        help: Localized {
            en: "How far back letters are read at first.",
            ru: "За сколько дней письма читаются в первый раз.",
            uk: "За скільки днів листи читаються вперше.",
        },
        required: false,
        default: Some("7"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "language",
        kind: SettingKind::Text,
        label: Localized { en: "Language", ru: "Язык", uk: "Мова" },
        help: Localized {
            en: "If all letters are in one: a code such as ru. Otherwise it is detected.",
            ru: "Если все письма на одном: код, например ru. Иначе определяется сам.",
            uk: "Якщо всі листи однією: код, наприклад uk. Інакше визначається сама.",
        },
        required: false,
        default: None,
        placeholder: Some("ru"),
        shown_when: None,
    },
];

/// What an account needs: the mailbox, where the letters that are answered lie, and the server that sends.
pub(super) const ACCOUNT_SETTINGS: &[Setting] = &[
    Setting {
        key: "address",
        kind: SettingKind::Text,
        label: Localized {
            en: "Address of the sender", ru: "Адрес отправителя", uk: "Адреса відправника"
        },
        help: Localized {
            en: "Answers go out from it. Left empty, the name of the login is taken.",
            ru: "С него уходят ответы. Если пусто — берётся имя для входа.",
            uk: "З неї йдуть відповіді. Якщо порожньо — береться ім’я для входу.",
        },
        required: false,
        default: None,
        placeholder: Some("info@example.org"),
        shown_when: None,
    },
    Setting {
        key: "name",
        kind: SettingKind::Text,
        label: Localized {
            en: "Name of the sender", ru: "Имя отправителя", uk: "Ім’я відправника"
        },
        help: Localized {
            en: "As people will see it.", ru: "Как его увидят люди.", uk: "Як його побачать люди."
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    USERNAME,
    SIGN_IN,
    PASSWORD,
    TOKEN,
    AUTHORIZE_URL,
    TOKEN_URL,
    SCOPES,
    Setting {
        key: "smtp_host",
        kind: SettingKind::Text,
        label: Localized { en: "SMTP server", ru: "Сервер SMTP", uk: "Сервер SMTP" },
        help: Localized {
            en: "The server that sends letters.",
            ru: "Сервер, который отправляет письма.",
            uk: "Сервер, що надсилає листи.",
        },
        required: true,
        default: None,
        placeholder: Some("smtp.example.org"),
        shown_when: None,
    },
    Setting { key: "smtp_security", ..IMAP_SECURITY },
    Setting {
        key: "smtp_port",
        label: Localized { en: "Port of SMTP", ru: "Порт SMTP", uk: "Порт SMTP" },
        help: Localized {
            en: "Left empty: 465 with TLS, 587 otherwise.",
            ru: "Если пусто: 465 с TLS, иначе 587.",
            uk: "Якщо порожньо: 465 з TLS, інакше 587.",
        },
        ..IMAP_PORT
    },
    IMAP_HOST,
    IMAP_SECURITY,
    IMAP_PORT,
    MAILBOX,
];

const IMAP_HOST: Setting = Setting {
    key: "imap_host",
    kind: SettingKind::Text,
    label: Localized { en: "IMAP server", ru: "Сервер IMAP", uk: "Сервер IMAP" },
    help: Localized {
        en: "The server where the mailbox is read.",
        ru: "Сервер, на котором читается ящик.",
        uk: "Сервер, на якому читається скринька.",
    },
    required: true,
    default: None,
    placeholder: Some("imap.example.org"),
    shown_when: None,
};
const IMAP_PORT: Setting = Setting {
    key: "imap_port",
    kind: SettingKind::Number { min: 1, max: 65_535 },
    label: Localized { en: "Port of IMAP", ru: "Порт IMAP", uk: "Порт IMAP" },
    help: Localized {
        en: "Left empty: 993 with TLS, 143 otherwise.",
        ru: "Если пусто: 993 с TLS, иначе 143.",
        uk: "Якщо порожньо: 993 з TLS, інакше 143.",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};
const IMAP_SECURITY: Setting = Setting {
    key: "imap_security",
    kind: SettingKind::Choice(SECURITY),
    label: Localized { en: "Encryption", ru: "Шифрование", uk: "Шифрування" },
    help: Localized {
        en: "TLS where the server has it. Without encryption only servers named in `allow-private-host` are spoken to.",
        ru: "TLS, если он есть на сервере. Без шифрования — только с серверами из `allow-private-host`.",
        uk: "TLS, якщо він є на сервері. Без шифрування — лише із серверами з `allow-private-host`.",
    },
    required: false,
    default: Some("tls"),
    placeholder: None,
    shown_when: None,
};
const SECURITY: &[(&str, Localized)] = &[
    ("tls", Localized { en: "TLS", ru: "TLS", uk: "TLS" }),
    ("starttls", Localized { en: "STARTTLS", ru: "STARTTLS", uk: "STARTTLS" }),
    ("none", Localized { en: "None", ru: "Без шифрования", uk: "Без шифрування" }),
];
const USERNAME: Setting = Setting {
    key: "username",
    kind: SettingKind::Text,
    label: Localized { en: "Login", ru: "Имя для входа", uk: "Ім’я для входу" },
    help: Localized {
        en: "Most often the whole address.",
        ru: "Чаще всего адрес целиком.",
        uk: "Найчастіше повна адреса.",
    },
    required: true,
    default: None,
    placeholder: Some("info@example.org"),
    shown_when: None,
};
const PASSWORD: Setting = Setting {
    key: "password",
    kind: SettingKind::Secret,
    label: Localized { en: "Password", ru: "Пароль", uk: "Пароль" },
    help: Localized {
        en: "Large providers want a password made for programs (an app password) in their security settings.",
        ru: "Крупным почтовым службам нужен пароль приложения: он создаётся в настройках безопасности.",
        uk: "Великі поштові служби вимагають пароль застосунку: він створюється в налаштуваннях безпеки.",
    },
    required: true,
    default: None,
    placeholder: None,
    shown_when: when("sign_in", &["password"]),
};
const SIGN_IN: Setting = Setting {
    key: "sign_in",
    kind: SettingKind::Choice(&[
        ("password", Localized { en: "Password", ru: "Пароль", uk: "Пароль" }),
        ("google", Localized { en: "Google", ru: "Google", uk: "Google" }),
        ("microsoft", Localized { en: "Microsoft 365", ru: "Microsoft 365", uk: "Microsoft 365" }),
        (
            "other",
            Localized {
                en: "Another provider (OAuth 2)", ru: "Другая служба (OAuth 2)", uk: "Інша служба (OAuth 2)"
            },
        ),
    ]),
    label: Localized { en: "Sign-in", ru: "Вход", uk: "Вхід" },
    help: Localized {
        en: "By password, or by consent on the provider's own page; then no password is needed.",
        ru: "По паролю или через согласие на странице самой службы; тогда пароль не нужен.",
        uk: "За паролем або через згоду на сторінці самої служби; тоді пароль не потрібен.",
    },
    required: false,
    default: Some("password"),
    placeholder: None,
    shown_when: None,
};
/// Nothing else opens the mailbox there.
const TOKEN: Setting =
    Setting { required: true, shown_when: when("sign_in", &["google", "microsoft", "other"]), ..CONSENTED };
const AUTHORIZE_URL: Setting = Setting {
    key: "authorize_url",
    kind: SettingKind::Url,
    label: Localized {
        en: "Page of consent", ru: "Страница согласия", uk: "Сторінка згоди"
    },
    help: Localized {
        en: "`authorization_endpoint` in the provider's description of OAuth 2.",
        ru: "`authorization_endpoint` в описании OAuth 2 этой службы.",
        uk: "`authorization_endpoint` в описі OAuth 2 цієї служби.",
    },
    required: true,
    default: None,
    placeholder: Some("https://id.example.org/authorize"),
    shown_when: when("sign_in", &["other"]),
};
const TOKEN_URL: Setting = Setting {
    key: "token_url",
    label: Localized {
        en: "Address for tokens", ru: "Адрес для токенов", uk: "Адреса для токенів"
    },
    help: Localized {
        en: "`token_endpoint` in the same description.",
        ru: "`token_endpoint` в том же описании.",
        uk: "`token_endpoint` у тому самому описі.",
    },
    placeholder: Some("https://id.example.org/token"),
    ..AUTHORIZE_URL
};
const SCOPES: Setting = Setting {
    key: "scopes",
    kind: SettingKind::Text,
    label: Localized { en: "Rights", ru: "Права", uk: "Права" },
    help: Localized {
        en: "What opens IMAP and SMTP there, separated by blanks; often `offline_access`, too, or nothing can be renewed.",
        ru: "Что открывает там IMAP и SMTP, через пробел; часто и `offline_access`, иначе доступ не продлить.",
        uk: "Що відкриває там IMAP і SMTP, через пробіл; часто й `offline_access`, інакше доступ не продовжити.",
    },
    required: false,
    placeholder: Some("mail offline_access"),
    ..AUTHORIZE_URL
};
const MAILBOX: Setting = Setting {
    key: "mailbox",
    kind: SettingKind::Text,
    label: Localized { en: "Mailbox", ru: "Папка", uk: "Папка" },
    help: Localized {
        en: "The folder that is read.",
        ru: "Папка, из которой читаются письма.",
        uk: "Папка, з якої читаються листи.",
    },
    required: false,
    default: Some("INBOX"),
    placeholder: None,
    shown_when: None,
};
