//! Media and comments by their ids. Where and by whom they were said is known already.

use super::DESCRIPTOR;
use super::read::{self, AccountOf};
use crate::meta::refresh::{GraphRefresh, Kind};

const ACCOUNT: AccountOf = AccountOf { id: String::new(), username: String::new(), name: None };

pub(super) static REFRESH: GraphRefresh = GraphRefresh {
    of: &DESCRIPTOR,
    kinds: &[
        Kind { name: "media", fields: read::MEDIA, read: |raw, now| ACCOUNT.media(raw, now, false).item },
        Kind { name: "comment", fields: read::COMMENT, read: |raw, now| ACCOUNT.comment(raw, "", None, now).item },
    ],
};
