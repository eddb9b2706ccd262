use axum::extract::State;
use molva_domain::{AuditId, Tone};
use molva_storage::audit::{Answer as Given, Said};

use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::problem::Problem;
use crate::request::{Checks, Json, PathId, REQUIRED};
use crate::wire::labelling::{LabelAnswer, ToLabel};

/// More than an hour says nothing of how long it took.
const LONGEST_S: u32 = 3_600;

/// Keeps what the caller says of a mention, in place of what they said before, and answers the next. The mention itself stays as
/// it is.
#[utoipa::path(
    post, path = "/api/labelling/{audit_id}", operation_id = "answerLabel", tag = "labelling",
    params(("audit_id" = String, Path)), request_body = LabelAnswer,
    responses(
        (status = 200, body = Option<ToLabel>),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_fields`"),
    ),
)]
pub(crate) async fn answer_label(
    State(api): State<Api>,
    person: Person,
    PathId(id): PathId<AuditId>,
    Json(answer): Json<LabelAnswer>,
) -> Answer<Option<ToLabel>> {
    let given = Given { said: said(&answer)?, seconds: answer.seconds.min(LONGEST_S) };
    if api.storage().audit(api.workspace(), id).await?.is_none() {
        return Err(super::unknown());
    }
    api.storage().answer_audit(api.workspace(), person.user.id, id, given).await?;
    ok(super::next_of(&api, person.user.id).await?)
}

fn said(answer: &LabelAnswer) -> Result<Option<Said>, Problem> {
    if answer.skipped {
        return Ok(None);
    }
    let tone = match answer.tone {
        Some(tone) => tone.0,
        // What is not about the object says nothing of it, and generated text means nothing by what it says.
        None if answer.spam || !answer.relevant => Tone::Neutral,
        None => {
            let mut checks = Checks::default();
            checks.wrong("tone", "required", REQUIRED);
            return checks.finish().map(|()| None);
        }
    };
    Ok(Some(Said {
        tone,
        intents: answer.intents.iter().map(|intent| intent.0).collect(),
        stage: answer.stage.map(|stage| stage.0),
        spam: answer.spam,
        relevant: answer.relevant,
    }))
}
