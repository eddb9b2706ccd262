use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::{Token, TokenList};

/// API tokens, without their secrets.
#[utoipa::path(get, path = "/api/tokens", operation_id = "listTokens", tag = "tokens", responses((status = 200, body = TokenList)))]
pub(crate) async fn list_tokens(State(api): State<Api>) -> Answer<TokenList> {
    let tokens = api.storage().tokens(api.workspace()).await?;
    ok(tokens.into_iter().map(Token::from).collect())
}
