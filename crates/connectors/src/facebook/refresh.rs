//! Posts and comments by their ids; reviews have none. Where and by whom they were said is known already.

use super::read::{self, PageOf};
use super::{DESCRIPTOR, FEED};
use crate::meta::refresh::{AT_ONCE, Kind, look_up};
use crate::refresh::Refresh;

const PAGE: PageOf = PageOf { id: String::new(), title: None };

pub(super) static REFRESH: Refresh =
    Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(&DESCRIPTOR, KINDS, session, posts)));

static KINDS: &[Kind] = &[
    Kind { name: "post", fields: read::POST, read: |raw, now| PAGE.post(raw, now, FEED.key).item },
    Kind { name: "comment", fields: read::COMMENT, read: |raw, now| PAGE.comment(raw, "", now).item },
];
