//! Posts and comments by their ids; reviews have none. Where and by whom they were said is known already.

use super::read::{self, PageOf};
use super::{DESCRIPTOR, FEED};
use crate::meta::refresh::{GraphRefresh, Kind};

const PAGE: PageOf = PageOf { id: String::new(), title: None };

pub(super) static REFRESH: GraphRefresh = GraphRefresh {
    of: &DESCRIPTOR,
    kinds: &[
        Kind { name: "post", fields: read::POST, read: |raw, now| PAGE.post(raw, now, FEED.key).item },
        Kind { name: "comment", fields: read::COMMENT, read: |raw, now| PAGE.comment(raw, "", now).item },
    ],
};
