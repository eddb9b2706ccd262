//! Things by their ids, fifty in a call: `?ids=…`, <https://developers.facebook.com/docs/graph-api/overview#multiple-ids>. The Graph API
//! refuses the whole call when one of them is not there, so it is asked again in halves; what is refused alone is gone. Of
//! `graph.instagram.com` nothing of the kind is written; there each is asked for by itself.

use std::collections::HashMap;

use molva_domain::{Post, Timestamp, Urn};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::graph::Graph;
use super::is_id;
use super::login::Login;
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
        let (told, gone) = match graph.login() {
            Login::Facebook => in_halves(&ids, MOST_CALLS, ask).await?,
            Login::Instagram => one_by_one(session, graph, &ids, kind.fields).await?,
        };
        if gone.len() < SUSPICIOUS || !told.is_empty() {
            items.extend(gone.iter().filter_map(|id| Some(Item::Deleted((*named.get(id)?).clone()))));
        }
        let now = session.now();
        items.extend(told.iter().flatten().map(|(_, raw)| (kind.read)(raw, now)));
    }
    Ok(items)
}

async fn ask(
    session: &Session,
    graph: &Graph,
    ids: String,
    fields: &str,
) -> Result<HashMap<String, Value>, ConnectorError> {
    once(session, graph, "", &[("ids", &*ids), ("fields", fields)]).await
}

/// Where no more than one is promised in a call: what is told, and what is not there.
async fn one_by_one(
    session: &Session,
    graph: &Graph,
    ids: &[String],
    fields: &str,
) -> Result<(Vec<HashMap<String, Value>>, Vec<String>), ConnectorError> {
    let (mut told, mut gone) = (HashMap::new(), Vec::new());
    for id in ids {
        match once(session, graph, id, &[("fields", fields)]).await {
            Ok(raw) => drop(told.insert(id.clone(), raw)),
            Err(ConnectorError::NotFound(_) | ConnectorError::Gone(_)) => gone.push(id.clone()),
            Err(error) => return Err(error),
        }
    }
    Ok((if told.is_empty() { Vec::new() } else { vec![told] }, gone))
}

/// Asks once; who answers people comes first.
async fn once<T: DeserializeOwned>(
    session: &Session,
    graph: &Graph,
    path: &str,
    parameters: &[(&str, &str)],
) -> Result<T, ConnectorError> {
    let wait = graph.usage().wait(session.now());
    if !wait.is_zero() {
        return Err(ConnectorError::RateLimited { until: Some(session.after(wait)) });
    }
    let asked = graph.once(session, Method::GET, path, parameters).await;
    asked.map(|(told, _)| told).map_err(|failure| failure.explain(session.now(), graph.usage()))
}
