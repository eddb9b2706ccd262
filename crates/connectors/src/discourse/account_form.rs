//! The form of an account that answers.

use crate::forum;
use crate::settings::{Localized, Setting, SettingKind};

pub(super) static SETTINGS: &[Setting] = &[
    forum::URL,
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
        shown_when: None,
    },
    Setting {
        key: "api_key",
        kind: SettingKind::Secret,
        label: Localized { en: "API key", ru: "Ключ API", uk: "Ключ API" },
        help: Localized {
            en: "Made by an administrator of the forum under Admin, API: for the user above, with reading, `posts: create` and, for pictures, `uploads: create`, or global.",
            ru: "Создаёт администратор форума в разделе «API»: для этого пользователя, с чтением, `posts: create` и, для картинок, `uploads: create`, или глобальный.",
            uk: "Створює адміністратор форуму в розділі «API»: для цього користувача, з читанням, `posts: create` і, для зображень, `uploads: create`, або глобальний.",
        },
        required: true,
        default: None,
        placeholder: None,
        shown_when: None,
    },
];
