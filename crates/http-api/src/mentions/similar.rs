use std::collections::HashSet;

use axum::extract::State;
use molva_archive::{Archive, Filter};
use molva_domain::MentionId;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::selection::not_binned;
use crate::wire::{Mention, MentionList};

/// Mentions shown.
const SHOWN: usize = 20;
/// Mentions asked for: some are of the post itself, or of one post in several topics.
const ASKED: usize = 100;

/// Mentions that say much the same, the most alike first; at most 20, each post once, without exact copies.
#[utoipa::path(
    get, path = "/api/mentions/{id}/similar", operation_id = "similarMentions", tag = "mentions",
    params(("id" = String, Path)),
    responses(
        (status = 200, body = MentionList),
        (status = 404, description = "`not_found`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn similar_mentions(State(api): State<Api>, PathId(id): PathId<MentionId>) -> Answer<MentionList> {
    let mention = api.storage().mention(api.workspace(), id).await?.ok_or_else(super::unknown)?;
    let (post, own) = (mention.post, mention.post_id);
    let filter = Filter { states: not_binned(), without_copies: true, without_spam: true, ..Filter::default() };
    let found = api.ask_archive(move |archive: &Archive| archive.similar(&post, &filter, ASKED)).await?;
    let ids: Vec<MentionId> = found.hits.into_iter().map(|hit| hit.id).collect();
    let mut seen = HashSet::from([own]);
    let mut alike = api.storage().mentions_by_id(api.workspace(), &ids).await?;
    // The original of a copy says the very same; it is shown as such elsewhere.
    alike.retain(|other| Some(other.id) != mention.copy_of && seen.insert(other.post_id));
    ok(alike.into_iter().take(SHOWN).map(Mention::from).collect())
}
