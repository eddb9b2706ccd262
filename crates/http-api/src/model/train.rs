use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use molva_connectors::Localized;

use crate::access::caller::Caller;
use crate::api::Api;
use crate::locale::text;
use crate::model::get;
use crate::problem::Problem;
use crate::wire::model::Steps;

/// Lets the models learn from what people said by now, in the background; `GET` tells how far it is and what came of it. What runs
/// already goes on. A day after the last training it happens on its own when fifty labels came since.
#[utoipa::path(
    post, path = "/api/model/train", operation_id = "trainModel", tag = "model",
    responses((status = 202, body = Steps), (status = 409, description = "`nothing_to_learn`")),
)]
pub(crate) async fn train_model(State(api): State<Api>, caller: Caller) -> Result<(StatusCode, Json<Steps>), Problem> {
    let answered = api.storage().answered_audits(api.workspace(), None, None).await?;
    if get::labels(&api, &answered).await?.is_empty() {
        return Err(Problem::new(StatusCode::CONFLICT, "nothing_to_learn", NOTHING));
    }
    let _ = api.pipeline().train(caller.actor());
    let steps = api.pipeline().training().map_or(Steps { done: 1, total: 1 }, Into::into);
    Ok((StatusCode::ACCEPTED, Json(steps)))
}

const NOTHING: Localized = text(
    "nobody has corrected or labelled anything yet; correct some mentions in the stream, or play the labelling game",
    "ещё никто ничего не исправил и не разметил; поправьте оценки в потоке или сыграйте в разметку",
    "ще ніхто нічого не виправив і не розмітив; виправте оцінки в потоці або зіграйте в розмітку",
);
