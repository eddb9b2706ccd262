use axum::extract::State;
use axum::http::StatusCode;
use molva_archive::{Archive, Error, Order};
use molva_connectors::Localized;
use molva_domain::{Actor, MentionId};
use molva_storage::mention::MentionChange;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Locale, Message, text};
use crate::mentions;
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::selection::{self, Selected};
use crate::wire::search::{ChangeOfFound, Changed, FoundChange};

/// Mentions changed by one request.
const AT_MOST: u64 = 10_000;
/// Mentions of one transaction: others write in between.
const CHUNK: usize = 200;
/// How far the count may move between look and decision, whichever is more.
const TOLERANCE: u64 = 20;
const TOLERANCE_PERCENT: u64 = 1;

/// Keeps, bins, judges or tags everything that is found, at most 10,000 mentions. Refused when much more or less is found than
/// the person saw who decided. Goes on to its end when the caller leaves.
#[utoipa::path(
    post, path = "/api/search/change", operation_id = "changeFound", tag = "search", request_body = FoundChange,
    responses(
        (status = 200, body = Changed),
        (status = 409, description = "`count_changed`: the number found differs from `expected` by more than 20 and 1 %"),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn change_found(
    State(api): State<Api>,
    locale: Locale,
    caller: Caller,
    Json(body): Json<FoundChange>,
) -> Answer<Changed> {
    let change = check(&body.change)?;
    let Selected { query, filter } = selection::read(&api, &body.selection, locale).await?;
    let find = move |archive: &Archive| {
        let count = archive.count(query.as_ref(), &filter)?.mentions;
        let most = usize::try_from(AT_MOST).unwrap_or(Archive::MAX_HITS);
        let hits = match count <= AT_MOST {
            true => archive.search(query.as_ref(), &filter, Order::Newest, None, most)?.hits,
            false => Vec::new(),
        };
        Ok::<_, Error>((count, hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()))
    };
    let (count, ids) = api.ask_archive(find).await?;
    if count.abs_diff(body.expected) > TOLERANCE.max(body.expected * TOLERANCE_PERCENT / 100) {
        let (found, expected) = (count.to_string(), body.expected.to_string());
        let detail = Message::with(COUNT_CHANGED, [&found, &expected]);
        return Err(Problem::new(StatusCode::CONFLICT, "count_changed", detail));
    }
    if count > AT_MOST {
        let detail = Message::with(TOO_MANY, [&count.to_string(), &AT_MOST.to_string()]);
        return Err(Problem::field("selection", "too_many", detail));
    }
    // Half of it done would be worse than a caller who does not hear the end.
    let task = tokio::spawn(run(api, caller.actor(), ids, change));
    ok(Changed { changed: task.await.map_err(Problem::internal)?? })
}

async fn run(api: Api, actor: Actor, ids: Vec<MentionId>, change: MentionChange) -> Result<u64, Problem> {
    let mut changed = 0;
    for chunk in ids.chunks(CHUNK) {
        let now = api.storage().change_mentions(api.workspace(), actor, chunk, &change).await?;
        changed += now.len() as u64;
    }
    Ok(changed)
}

fn check(body: &ChangeOfFound) -> Result<MentionChange, Problem> {
    let mut checks = Checks::default();
    let change = MentionChange {
        state: body.state.map(|word| word.0),
        tone: body.tone.map(|tone| tone.map(|word| word.0)),
        intents: mentions::change::intents(body.intents.as_ref()),
        stage: body.stage.map(|stage| stage.map(|word| word.0)),
        spam: body.spam,
        add_tags: mentions::change::tags(&mut checks, "change.add_tags", &body.add_tags),
        remove_tags: mentions::change::tags(&mut checks, "change.remove_tags", &body.remove_tags),
    };
    if change == MentionChange::default() {
        checks.wrong("change", "required", NOTHING_TO_CHANGE);
    }
    checks.finish()?;
    Ok(change)
}

const COUNT_CHANGED: Localized = text(
    "by now {0} mentions are found, not {1}; look at them again, then decide",
    "теперь найдено упоминаний: {0}, а было {1}; посмотрите ещё раз и решите заново",
    "тепер знайдено згадок: {0}, а було {1}; перегляньте ще раз і вирішіть знову",
);
const TOO_MANY: Localized = text(
    "finds {0} mentions, and at most {1} are changed at once; narrow it, by a period for example",
    "находит упоминаний: {0}, а за раз меняется не больше {1}; сузьте выбор, например по времени",
    "знаходить згадок: {0}, а за раз змінюється не більше ніж {1}; звузьте вибір, наприклад за часом",
);
const NOTHING_TO_CHANGE: Localized = text(
    "says nothing to change; give `state`, `tone`, `intents`, `stage`, `spam`, `add_tags` or `remove_tags`",
    "не говорит, что менять; укажите `state`, `tone`, `intents`, `stage`, `spam`, `add_tags` или `remove_tags`",
    "не каже, що змінити; вкажіть `state`, `tone`, `intents`, `stage`, `spam`, `add_tags` або `remove_tags`",
);
