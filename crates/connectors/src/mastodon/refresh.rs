//! Statuses by their numbers, twenty in a call, since Mastodon 4.3: <https://docs.joinmastodon.org/methods/statuses/#index>. What a
//! call for many leaves out is asked for alone: `404` there says that the status does not exist or is not for everybody any more.

use std::collections::HashSet;

use molva_domain::Post;

use super::names::Names;
use super::server::Server;
use super::{numbers, status};
use crate::error::ConnectorError;
use crate::refresh::{ALONE, Refresh};
use crate::session::{Item, Session};

/// Statuses of one call; servers take no more.
const AT_ONCE: u32 = 20;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let server = Server::named(session)?;
    let known = numbers::of(&server.host);
    let number = |urn| Some((numbers::number(&known, urn, &server.host)?, urn));
    let asked: Vec<_> = posts.iter().map(|post| &post.urn).filter_map(number).collect();
    let ids: Vec<&str> = asked.iter().map(|(id, _)| id.as_str()).collect();
    let Some(statuses) = server.statuses(session, &ids).await? else { return Ok(Vec::new()) };
    let (now, names) = (session.now(), Names::default());
    let (mut items, mut told) = (Vec::new(), HashSet::new());
    for raw in &statuses {
        let read = status::read(raw.get(), &server.host, &names, "status", now);
        told.insert(read.id);
        items.extend(read.result.ok().map(Item::Post));
    }
    for (id, urn) in asked.iter().filter(|(id, _)| !told.contains(id)).take(ALONE) {
        if !server.shows(session, id).await? {
            items.push(Item::Deleted((*urn).clone()));
        }
    }
    Ok(items)
}
