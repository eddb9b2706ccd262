use axum::extract::State;
use molva_domain::MentionId;

use super::desk::Desk;
use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::mentions;
use crate::request::PathId;
use crate::wire::ReplyList;

/// What we said to a mention, or are about to say, oldest first; the oldest 200.
#[utoipa::path(
    get, path = "/api/mentions/{id}/replies", operation_id = "listMentionReplies", tag = "replies",
    params(("id" = String, Path)),
    responses((status = 200, body = ReplyList), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn list_mention_replies(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<MentionId>,
) -> Answer<ReplyList> {
    api.storage().mention(api.workspace(), id).await?.ok_or_else(mentions::unknown)?;
    let desk = Desk::of(&api, caller, locale).await?;
    let replies = api.storage().replies_to(api.workspace(), id).await?;
    ok(replies.into_iter().map(|reply| desk.show(reply)).collect())
}
