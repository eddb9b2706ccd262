//! Media and comments by their ids. Where and by whom they were said is known already.

use super::DESCRIPTOR;
use super::read::{self, AccountOf};
use crate::meta::refresh::{AT_ONCE, Kind, look_up};
use crate::refresh::Refresh;

const ACCOUNT: AccountOf = AccountOf { id: String::new(), username: String::new(), name: None };

pub(super) static REFRESH: Refresh =
    Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(&DESCRIPTOR, KINDS, session, posts)));

static KINDS: &[Kind] = &[
    Kind { name: "media", fields: read::MEDIA, read: |raw, now| ACCOUNT.media(raw, now, false).item },
    Kind { name: "comment", fields: read::COMMENT, read: |raw, now| ACCOUNT.comment(raw, "", None, now).item },
];
