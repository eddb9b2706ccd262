use std::collections::HashMap;

use axum::extract::{RawQuery, State};
use molva_domain::{MentionId, ReplyState};
use molva_storage::mention::Mention;
use molva_storage::reply::ReplyFilter;
use utoipa::IntoParams;

use super::desk::Desk;
use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::{Checks, Parameters};
use crate::wire::Id;
use crate::wire::reply::{AnsweredMention, ReplyPage};
use crate::wire::words::ReplyStateWord;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
const EXCERPT_CHARS: usize = 200;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query string")]
pub(crate) struct ReplyParams {
    /// In one of these states; all when none is given.
    #[param(required = false)]
    state: Vec<ReplyStateWord>,
    /// Of this account.
    account: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The outbox: replies to all mentions, newest first.
#[utoipa::path(
    get, path = "/api/replies", operation_id = "listReplies", tag = "replies", params(ReplyParams),
    responses((status = 200, body = ReplyPage), (status = 400, description = "`invalid_cursor`")),
)]
pub(crate) async fn list_replies(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    RawQuery(query): RawQuery,
) -> Answer<ReplyPage> {
    let parameters = Parameters::parse(query.as_deref(), &["state", "account", "cursor", "limit"])?;
    let mut checks = Checks::default();
    let filter = ReplyFilter {
        states: checks.each("state", parameters.all("state"), ReplyState::parse),
        account: checks.each("account", parameters.one("account").into_iter(), |id| id.parse().ok()).pop(),
    };
    let limit = checks.number("limit", parameters.one("limit"), DEFAULT_LIMIT, MAX_LIMIT);
    checks.finish()?;
    let page = api.storage().replies(api.workspace(), &filter, parameters.one("cursor"), limit).await?;
    let desk = Desk::of(&api, caller, locale).await?;
    let mut ids: Vec<MentionId> = page.replies.iter().map(|reply| reply.mention).collect();
    ids.sort();
    ids.dedup();
    let mentions = api.storage().mentions_by_id(api.workspace(), &ids).await?;
    let mentions: HashMap<MentionId, Mention> = mentions.into_iter().map(|mention| (mention.id, mention)).collect();
    let items = page.replies.into_iter().map(|reply| {
        let answered = answered(reply.mention, mentions.get(&reply.mention));
        desk.show_with(reply, answered)
    });
    ok(ReplyPage { items: items.collect(), next_cursor: page.next })
}

fn answered(id: MentionId, mention: Option<&Mention>) -> AnsweredMention {
    let post = mention.map(|mention| &mention.post);
    let text = post.map_or("", |post| post.title.as_deref().filter(|_| post.text.is_empty()).unwrap_or(&post.text));
    AnsweredMention {
        id: Id::of(id),
        excerpt: text.chars().take(EXCERPT_CHARS).collect(),
        url: post.and_then(|post| post.url.clone()),
    }
}
