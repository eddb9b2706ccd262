use axum::extract::State;
use axum::http::HeaderMap;
use molva_connectors::oauth::ClientBy;

use super::{origin, redirect};
use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::oauth::{ConsentClient, ConsentClients, ConsentServerAddress};

/// With which networks an owner has registered Molva, and the redirect address to enter there.
#[utoipa::path(
    get, path = "/api/oauth/clients", operation_id = "listConsentClients", tag = "oauth",
    responses((status = 200, body = ConsentClients)),
)]
pub(crate) async fn list_consent_clients(
    State(api): State<Api>,
    _person: Person,
    headers: HeaderMap,
) -> Answer<ConsentClients> {
    let clients = api.storage().oauth_clients(api.workspace()).await?;
    let origin = origin(&api, &headers);
    let way_back = |server: &str| origin.as_ref().map(|origin| redirect(origin, server));
    let known = molva_connectors::CONNECTORS.iter().filter_map(|row| match row.oauth()?.client {
        ClientBy::OwnerAtEach(servers) => Some(servers.iter().map(|server| server.host)),
        _ => None,
    });
    let servers = known
        .flatten()
        .map(|server| ConsentServerAddress { server: server.to_owned(), redirect_address: way_back(server) });
    ok(ConsentClients {
        redirect_address: way_back(""),
        servers: servers.collect(),
        items: clients
            .into_iter()
            .map(|client| ConsentClient {
                redirect_address: way_back(&client.server),
                connector: client.connector,
                server: client.server,
                client_id: client.client_id,
                secret_set: client.secret.is_some(),
            })
            .collect(),
    })
}
