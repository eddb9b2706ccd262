//! The form of an account, and why a mention cannot be answered from it.

use super::descriptor::{ACCESS_TOKEN, HOMESERVER};
use crate::reply::WhyNot;
use crate::settings::{Localized, Setting};

pub(super) static SETTINGS: &[Setting] = &[HOMESERVER, ACCESS_TOKEN];

pub(super) static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is not a message of a room of Matrix.",
        ru: "Это не сообщение из комнаты Matrix.",
        uk: "Це не повідомлення з кімнати Matrix.",
    },
};
