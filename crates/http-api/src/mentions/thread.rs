use axum::extract::State;
use molva_domain::MentionId;
use molva_storage::thread::ThreadEntry as Stored;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::replies::desk::Desk;
use crate::request::PathId;
use crate::wire::{ThreadEntry, ThreadEntryList};

/// The thread that a mention stands in: what was said first, each reply of ours below what it answers, what was answered to us
/// below that. At most 200 entries.
#[utoipa::path(
    get, path = "/api/mentions/{id}/thread", operation_id = "getThread", tag = "mentions",
    params(("id" = String, Path)),
    responses((status = 200, body = ThreadEntryList), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn get_thread(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<MentionId>,
) -> Answer<ThreadEntryList> {
    let entries = api.storage().thread(api.workspace(), id).await?;
    if entries.is_empty() {
        return Err(super::unknown());
    }
    let desk = Desk::of(&api, caller, locale).await?;
    let shown = entries.into_iter().map(|entry| match entry {
        Stored::Mention(mention) => ThreadEntry::Mention { mention: Box::new((*mention).into()) },
        Stored::Reply(reply) => ThreadEntry::Reply { reply: Box::new(desk.show(*reply)) },
    });
    ok(shown.collect())
}
