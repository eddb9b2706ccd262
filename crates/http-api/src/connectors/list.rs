use molva_connectors::CONNECTORS;

use crate::answer::{Answer, ok};
use crate::locale::Locale;
use crate::wire::{Connector, ConnectorList};

/// Networks and the settings their forms are generated from, in the reader's language.
#[utoipa::path(
    get, path = "/api/connectors", operation_id = "listConnectors", tag = "sources",
    responses((status = 200, body = ConnectorList)),
)]
pub(crate) async fn list_connectors(locale: Locale) -> Answer<ConnectorList> {
    ok(CONNECTORS.iter().map(|connector| Connector::of(*connector, locale)).collect())
}
