use axum::extract::State;
use molva_domain::ReplyId;

use super::changed;
use super::desk::{Desk, may_speak};
use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::PathId;
use crate::wire::Reply;

/// Has a refused reply tried again, as it is. The network is asked first whether it has it after all.
#[utoipa::path(
    post, path = "/api/replies/{id}/send-again", operation_id = "sendReplyAgain", tag = "replies", params(("id" = String, Path)),
    responses(
        (status = 200, body = Reply),
        (status = 403, description = "`not_yours`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`not_possible_now`: the detail says in what state it is."),
    ),
)]
pub(crate) async fn send_reply_again(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<ReplyId>,
) -> Answer<Reply> {
    let desk = Desk::of(&api, caller.clone(), locale).await?;
    let before = super::stored(&api, id).await?;
    if desk.account(before.account).is_some_and(|account| !may_speak(account, &caller)) {
        return Err(super::not_yours());
    }
    let change = api.storage().send_reply_again(api.workspace(), caller.actor(), id).await?;
    let reply = changed(change)?;
    api.pipeline().replies_changed();
    ok(desk.show(reply))
}
