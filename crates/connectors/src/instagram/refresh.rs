//! Media and comments by their ids. Where and by whom they were said is known already.

use molva_domain::Post;
use serde_json::Value;

use super::read::{self, AccountOf};
use super::{DESCRIPTOR, NETWORK};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::meta::graph::Graph;
use crate::meta::refresh::{AT_ONCE, Kind, look_up};
use crate::refresh::Refresh;
use crate::session::{Item, Session};

pub(super) struct InstagramRefresh;

impl Refresh for InstagramRefresh {
    fn at_once(&self) -> u32 {
        AT_ONCE as u32
    }

    fn look_up<'a>(
        &'a self,
        session: &'a Session,
        posts: &'a [Post],
    ) -> BoxFuture<'a, Result<Vec<Item>, ConnectorError>> {
        Box::pin(async move {
            let session = &session.with_defaults(DESCRIPTOR.settings);
            let graph = Graph::of(&session.settings)?;
            let account = AccountOf { id: String::new(), username: String::new(), name: None };
            let media = |raw: &Value, now| account.media(raw, now, false).item;
            let comment = |raw: &Value, now| account.comment(raw, "", None, now).item;
            let kinds = [
                Kind { name: "media", fields: read::MEDIA, read: &media },
                Kind { name: "comment", fields: read::COMMENT, read: &comment },
            ];
            look_up(session, &graph, NETWORK, &kinds, posts).await
        })
    }
}
