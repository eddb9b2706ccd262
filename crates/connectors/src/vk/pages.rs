//! The pages of VK's lists.

use molva_domain::Timestamp;

use super::client::Client;
use super::people::FIELDS;
use super::target::Page;
use crate::error::ConnectorError;
use crate::session::Session;

/// Of a search, the newest first, between two moments.
pub(super) async fn search_page(
    session: &Session,
    client: &Client,
    words: &str,
    since: Timestamp,
    until: Option<i64>,
    from: Option<&str>,
) -> Result<Page, ConnectorError> {
    let start = since.as_secs().max(0).to_string();
    let end = until.map(|until| until.to_string()).unwrap_or_default();
    let parameters = [
        ("q", words),
        ("count", "200"),
        ("extended", "1"),
        ("fields", FIELDS),
        ("start_time", &*start),
        ("end_time", &*end),
        ("start_from", from.unwrap_or_default()),
    ];
    client.call(session, "newsfeed.search", &parameters).await
}

/// Of a wall, the newest first behind what is pinned.
pub(super) async fn wall_page(
    session: &Session,
    client: &Client,
    owner: i64,
    offset: usize,
) -> Result<Page, ConnectorError> {
    let (owner, offset) = (owner.to_string(), offset.to_string());
    let parameters =
        [("owner_id", &*owner), ("count", "100"), ("offset", &*offset), ("extended", "1"), ("fields", FIELDS)];
    client.call(session, "wall.get", &parameters).await
}

/// Of the discussions of a community, what was said in last first.
pub(super) async fn topics(
    session: &Session,
    client: &Client,
    owner: i64,
    offset: usize,
) -> Result<Page, ConnectorError> {
    let (group, offset) = (owner.unsigned_abs().to_string(), offset.to_string());
    let parameters = [("group_id", &*group), ("order", "1"), ("count", "100"), ("offset", &*offset)];
    client.call(session, "board.getTopics", &parameters).await
}
