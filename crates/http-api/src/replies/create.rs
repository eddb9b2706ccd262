use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_connectors::reply::attachment::NO_FILES;
use molva_domain::{AccountId, AccountState, MentionId};
use molva_pipeline::accounts::target_of;
use molva_storage::reply as stored;

use super::desk::Desk;
use super::options::{networks_of, obstacle};
use super::{UNDO_SECONDS, files, text};
use crate::access::caller::Caller;
use crate::accounts::facts_of;
use crate::answer::{Created, created};
use crate::api::Api;
use crate::locale::{Locale, Message, text as said};
use crate::mentions;
use crate::problem::Problem;
use crate::request::{Json, PathId};
use crate::wire::Reply;
use crate::wire::reply::ReplyDraft;

/// Answers a mention. The reply can be taken back until `send_after`; where its account asks for approval it waits for another
/// person first. It is sent exactly once.
#[utoipa::path(
    post, path = "/api/mentions/{id}/replies", operation_id = "createReply", tag = "replies",
    params(("id" = String, Path)), request_body = ReplyDraft,
    responses(
        (status = 201, body = Reply),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`too_many`, `account_gone`"),
        (status = 422, description = "`empty`, `too_long`, `may_not`, `invalid_fields` (`attachments`: `not_taken`, `too_many`, `not_alone`, `not_private`, `too_big`, `alt_too_long`, `unknown`)"),
    ),
)]
pub(crate) async fn create_reply(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<MentionId>,
    Json(body): Json<ReplyDraft>,
) -> Created<Reply> {
    let mention = api.storage().mention(api.workspace(), id).await?.ok_or_else(mentions::unknown)?;
    let desk = Desk::of(&api, caller.clone(), locale).await?;
    let account = body.account_id.parse().ok().and_then(|id: AccountId| desk.account(id));
    let networks = networks_of(&api, &mention).await?;
    let account = account
        .filter(|account| account.state != AccountState::Disconnected && networks.contains(&account.connector))
        .ok_or_else(|| Problem::field("account_id", "unknown_account", UNKNOWN_ACCOUNT))?;
    if mention.post_deleted {
        return Err(may_not(locale.of(DELETED)));
    }
    let target = target_of(&mention.post);
    obstacle(&api, account, &target, &caller, locale).map_err(|why| may_not(&why.message))?;
    // The obstacle would have been that there are none.
    let Some(facts) = facts_of(account) else { return Err(Problem::internal("an account without facts")) };
    let visibility = match body.visibility() {
        None => facts.rule.visibilities.first().copied(),
        Some(asked) => facts.rule.visibilities.contains(&asked).then_some(asked),
    };
    let visibility = visibility.ok_or_else(|| Problem::field("visibility", "not_offered", NOT_OFFERED))?;
    let settings = molva_connectors::Settings::new(account.settings.clone(), Default::default());
    let replies = api.pipeline().replies_on(&account.connector);
    let greeting = replies.and_then(|replies| replies.greeting(&target, &settings, &facts));
    let rule = replies.map_or(Err(NO_FILES), |replies| replies.attachments(&target, &settings, &facts));
    let attachments = files::check(&api, body.attachments, rule, visibility).await?;
    let beside = rule.ok().and_then(|rule| rule.text).filter(|_| !attachments.is_empty());
    let text = text::check(&body.text, greeting.as_deref(), &facts.rule, beside)?;
    let now = api.now();
    let send_after = match &body.send_after {
        Some(named) => text::send_after(named, now)?,
        None => now.plus(Duration::from_secs(u64::from(UNDO_SECONDS))),
    };
    let draft = stored::ReplyDraft {
        mention: id,
        target: serde_json::to_string(&target).map_err(Problem::internal)?,
        account: account.id,
        visibility,
        text,
        send_after,
        attachments,
    };
    let writer = stored::Person { actor: caller.actor(), name: caller.name().to_owned() };
    let reply = api.storage().create_reply(api.workspace(), writer, draft).await?;
    api.pipeline().replies_changed();
    created(format!("/api/replies/{}", reply.id), desk.show(reply))
}

fn may_not(why: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "may_not", Message::with(MAY_NOT, [why]))
}

const UNKNOWN_ACCOUNT: Localized = said(
    "names no connected account of this network; choose one of the reply options",
    "такой подключённой учётной записи этой сети нет; выберите из предложенных",
    "такого підключеного облікового запису цієї мережі немає; виберіть із запропонованих",
);
const NOT_OFFERED: Localized = said(
    "is not offered by this account; choose one of its rule",
    "эта учётная запись так не умеет; выберите из её правил",
    "цей обліковий запис так не вміє; виберіть із його правил",
);
const DELETED: Localized =
    said("the post was deleted where it stood", "пост удалён там, где он стоял", "допис видалено там, де він стояв");
const MAY_NOT: Localized = said(
    "it cannot be answered from this account: {0}",
    "с этой учётной записи ответить нельзя: {0}",
    "із цього облікового запису відповісти не можна: {0}",
);
