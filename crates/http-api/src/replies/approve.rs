use axum::extract::State;
use molva_domain::ReplyId;
use molva_storage::reply::Person;

use super::changed;
use super::desk::Desk;
use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::PathId;
use crate::wire::Reply;

/// Agrees to a reply of another person; it then goes out at its time.
#[utoipa::path(
    post, path = "/api/replies/{id}/approve", operation_id = "approveReply", tag = "replies", params(("id" = String, Path)),
    responses(
        (status = 200, body = Reply),
        (status = 403, description = "`own_words`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`not_possible_now`: the detail says in what state it is."),
    ),
)]
pub(crate) async fn approve_reply(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<ReplyId>,
) -> Answer<Reply> {
    let desk = Desk::of(&api, caller.clone(), locale).await?;
    let person = Person { actor: caller.actor(), name: caller.name().to_owned() };
    let change = api.storage().approve_reply(api.workspace(), person, id).await?;
    let reply = changed(change)?;
    api.pipeline().replies_changed();
    ok(desk.show(reply))
}
