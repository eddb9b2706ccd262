//! Things by their ids, fifty in a call: `?ids=…`, <https://developers.facebook.com/docs/graph-api/overview#multiple-ids>. The Graph API
//! refuses the whole call when one of them is not there, so it is asked again in halves; what is refused alone is gone.

use std::collections::HashMap;

use molva_domain::{Post, Timestamp, Urn};
use serde_json::Value;

use super::graph::Graph;
use super::is_id;
use crate::connector::{BoxFuture, Descriptor};
use crate::error::ConnectorError;
use crate::http::Method;
use crate::refresh::in_halves;
use crate::session::{Item, Session};

/// Things of one call; the Graph API takes no more.
pub(crate) const AT_ONCE: u32 = 50;
/// Calls of one look.
const MOST_CALLS: usize = 16;
/// When so many are asked for and none of them is there, it is the token that may not see them.
const SUSPICIOUS: usize = 5;

/// One kind of things that can be asked for.
pub(crate) struct Kind {
    /// As it stands in URNs.
    pub name: &'static str,
    pub fields: &'static str,
    pub read: fn(&Value, Timestamp) -> Item,
}

/// Looks up those of a network that is read by the Graph API.
pub(crate) async fn look_up(
    network: &Descriptor,
    kinds: &[Kind],
    session: &Session,
    posts: &[Post],
) -> Result<Vec<Item>, ConnectorError> {
    let session = &session.with_defaults(network.settings);
    let graph = &Graph::of(&session.settings)?;
    let mut items = Vec::new();
    for kind in kinds {
        let named = |urn| Some((Urn::parts_of(urn, network.name, kind.name)?.native, urn)).filter(|(id, _)| is_id(id));
        let named: HashMap<String, &Urn> = posts.iter().map(|post| &post.urn).filter_map(named).collect();
        let ids: Vec<String> = named.keys().cloned().collect();
        let ask = move |ids: String| -> BoxFuture<'_, Result<HashMap<String, Value>, ConnectorError>> {
            Box::pin(ask(session, graph, ids, kind.fields))
        };
        let (told, gone) = in_halves(&ids, MOST_CALLS, ask).await?;
        if gone.len() < SUSPICIOUS || !told.is_empty() {
            items.extend(gone.iter().filter_map(|id| Some(Item::Deleted((*named.get(id)?).clone()))));
        }
        let now = session.now();
        items.extend(told.iter().flatten().map(|(_, raw)| (kind.read)(raw, now)));
    }
    Ok(items)
}

/// Asks once; who answers people comes first.
async fn ask(
    session: &Session,
    graph: &Graph,
    ids: String,
    fields: &str,
) -> Result<HashMap<String, Value>, ConnectorError> {
    let wait = graph.usage().wait(session.now());
    if !wait.is_zero() {
        return Err(ConnectorError::RateLimited { until: Some(session.after(wait)) });
    }
    let asked = graph.once(session, Method::GET, "", &[("ids", &*ids), ("fields", fields)]).await;
    asked.map(|(told, _)| told).map_err(|failure| failure.explain(session.now(), graph.usage()))
}
