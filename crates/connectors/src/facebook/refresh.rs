//! Posts and comments by their ids; reviews have none. Where and by whom they were said is known already.

use molva_domain::Post;
use serde_json::Value;

use super::read::{self, PageOf};
use super::{DESCRIPTOR, FEED, NETWORK};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::meta::graph::Graph;
use crate::meta::refresh::{AT_ONCE, Kind, look_up};
use crate::refresh::Refresh;
use crate::session::{Item, Session};

pub(super) struct FacebookRefresh;

impl Refresh for FacebookRefresh {
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
            let page = PageOf { id: String::new(), title: None };
            let post = |raw: &Value, now| page.post(raw, now, FEED.key).item;
            let comment = |raw: &Value, now| page.comment(raw, "", now).item;
            let kinds = [
                Kind { name: "post", fields: read::POST, read: &post },
                Kind { name: "comment", fields: read::COMMENT, read: &comment },
            ];
            look_up(session, &graph, NETWORK, &kinds, posts).await
        })
    }
}
