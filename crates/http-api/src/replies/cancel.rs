use axum::extract::State;
use molva_domain::ReplyId;

use super::changed;
use super::desk::Desk;
use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::PathId;
use crate::wire::Reply;

/// Takes a reply back that was not handed to the network, or was not accepted so far.
#[utoipa::path(
    post, path = "/api/replies/{id}/cancel", operation_id = "cancelReply", tag = "replies", params(("id" = String, Path)),
    responses(
        (status = 200, body = Reply),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`not_possible_now`: the detail says in what state it is."),
    ),
)]
pub(crate) async fn cancel_reply(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<ReplyId>,
) -> Answer<Reply> {
    let desk = Desk::of(&api, caller.clone(), locale).await?;
    let change = api.storage().cancel_reply(api.workspace(), caller.actor(), id).await?;
    let reply = changed(change)?;
    api.pipeline().replies_changed();
    ok(desk.show(reply))
}
