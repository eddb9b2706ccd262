use axum::extract::State;
use axum::http::HeaderMap;

use super::{origin, redirect};
use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::oauth::{ConsentClient, ConsentClients};

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
    ok(ConsentClients {
        redirect_address: origin(&api, &headers).map(|origin| redirect(&origin, "")),
        items: clients
            .into_iter()
            .map(|client| ConsentClient {
                connector: client.connector,
                client_id: client.client_id,
                secret_set: client.secret.is_some(),
            })
            .collect(),
    })
}
