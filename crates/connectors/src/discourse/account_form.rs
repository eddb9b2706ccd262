//! The form of an account on a forum, and why a mention cannot be answered from it.

use crate::reply::WhyNot;
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "url",
        kind: SettingKind::Url,
        label: Localized { en: "Address of the forum", ru: "Адрес форума", uk: "Адреса форуму" },
        help: Localized {
            en: "Its front page.", ru: "Главная страница.", uk: "Головна сторінка."
        },
        required: true,
        default: None,
        placeholder: Some("https://forum.example.org/"),
    },
    Setting {
        key: "api_username",
        kind: SettingKind::Text,
        label: Localized { en: "User", ru: "Пользователь", uk: "Користувач" },
        help: Localized {
            en: "In whose name replies are written; the key has to be for this user or for all.",
            ru: "От чьего имени пишутся ответы; ключ должен быть для этого пользователя или для всех.",
            uk: "Від чийого імені пишуться відповіді; ключ має бути для цього користувача або для всіх.",
        },
        required: true,
        default: None,
        placeholder: Some("support"),
    },
    Setting {
        key: "api_key",
        kind: SettingKind::Secret,
        label: Localized { en: "API key", ru: "Ключ API", uk: "Ключ API" },
        help: Localized {
            en: "Made by an administrator of the forum under Admin, API: for the user above, with reading and `posts: create`, or global.",
            ru: "Создаёт администратор форума в разделе «API»: для этого пользователя, с чтением и `posts: create`, или глобальный.",
            uk: "Створює адміністратор форуму в розділі «API»: для цього користувача, з читанням і `posts: create`, або глобальний.",
        },
        required: true,
        default: None,
        placeholder: None,
    },
];

pub(super) static OTHER_FORUM: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "The post is on another forum than this account.",
        ru: "Запись на другом форуме, не на том, где эта учётная запись.",
        uk: "Допис на іншому форумі, не на тому, де цей обліковий запис.",
    },
};
