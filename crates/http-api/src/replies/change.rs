use axum::extract::State;
use molva_connectors::ReplyTarget;
use molva_domain::ReplyId;

use super::desk::{Desk, may_speak};
use super::{changed, not_yours, stored, text};
use crate::access::caller::Caller;
use crate::accounts::facts_of;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::{Json, PathId};
use crate::wire::Reply;
use crate::wire::reply::ReplyPatch;

/// Rewords a reply or moves its time, as long as it was not handed to the network. Other words need another approval.
#[utoipa::path(
    patch, path = "/api/replies/{id}", operation_id = "updateReply", tag = "replies", params(("id" = String, Path)),
    request_body = ReplyPatch,
    responses(
        (status = 200, body = Reply),
        (status = 403, description = "`not_yours`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`not_possible_now`"),
        (status = 422, description = "`empty`, `too_long`, `invalid_fields`"),
    ),
)]
pub(crate) async fn update_reply(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<ReplyId>,
    Json(body): Json<ReplyPatch>,
) -> Answer<Reply> {
    let before = stored(&api, id).await?;
    let desk = Desk::of(&api, caller.clone(), locale).await?;
    let account = desk.account(before.account).ok_or_else(super::unknown)?;
    if !may_speak(account, &caller) {
        return Err(not_yours());
    }
    let text = match (&body.text, facts_of(account)) {
        (Some(text), Some(facts)) => {
            let target: Option<ReplyTarget> = serde_json::from_str(&before.target).ok();
            let settings = molva_connectors::Settings::new(account.settings.clone(), Default::default());
            let replies = api.pipeline().replies_on(&account.connector);
            let beside = replies.filter(|_| !before.attachments.is_empty());
            let beside = beside.and_then(|replies| replies.attachments(target.as_ref()?, &settings, &facts).ok()?.text);
            let greeting = target.as_ref().and_then(|target| replies?.greeting(target, &settings, &facts));
            Some(text::check(text, greeting.as_deref(), &facts.rule, beside)?)
        }
        _ => None,
    };
    let send_after = body.send_after.as_deref().map(|named| text::send_after(named, api.now())).transpose()?;
    let change = api.storage().change_reply(api.workspace(), caller.actor(), id, text, send_after).await?;
    let reply = changed(change)?;
    api.pipeline().replies_changed();
    ok(desk.show(reply))
}
