//! The form of an account that answers.

use crate::forum;
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static SETTINGS: &[Setting] = &[
    forum::URL,
    Setting {
        key: "token",
        kind: SettingKind::Secret,
        label: Localized { en: "API token", ru: "Токен API", uk: "Токен API" },
        help: Localized {
            en: "Made by an administrator of the forum under Settings → API Access, for the user in whose name replies are written.",
            ru: "Создаёт администратор форума в разделе «API Access» для пользователя, от имени которого пишутся ответы.",
            uk: "Створює адміністратор форуму в розділі «API Access» для користувача, від імені якого пишуться відповіді.",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "user_id",
        kind: SettingKind::Number { min: 1, max: 9_007_199_254_740_991 },
        label: Localized {
            en: "User of the token", ru: "Пользователь токена", uk: "Користувач токена"
        },
        help: Localized {
            en: "Only with a master token (user 0): the number of the user in whose name replies are written.",
            ru: "Только с главным токеном (пользователь 0): номер пользователя, от имени которого пишутся ответы.",
            uk: "Лише з головним токеном (користувач 0): номер користувача, від імені якого пишуться відповіді.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    },
];
