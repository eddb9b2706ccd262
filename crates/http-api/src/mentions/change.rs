use axum::extract::State;
use molva_connectors::Localized;
use molva_domain::{Intents, MentionId};
use molva_storage::mention::MentionChange as Change;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::wire::mention::MentionChange;
use crate::wire::words::IntentWord;
use crate::wire::{Mention, MentionList};

const MAX_IDS: usize = 200;
const MAX_TAGS: usize = 20;
const MAX_TAG_CHARS: usize = 64;

/// Keeps, bins, judges or tags mentions; unknown ones are left out of the answer.
#[utoipa::path(
    patch, path = "/api/mentions", operation_id = "changeMentions", tag = "mentions", request_body = MentionChange,
    responses((status = 200, body = MentionList)),
)]
pub(crate) async fn change_mentions(
    State(api): State<Api>,
    caller: Caller,
    Json(body): Json<MentionChange>,
) -> Answer<MentionList> {
    let (ids, change) = check(&body)?;
    let changed = api.storage().change_mentions(api.workspace(), caller.actor(), &ids, &change).await?;
    ok(changed.into_iter().map(Mention::from).collect())
}

fn check(body: &MentionChange) -> Result<(Vec<MentionId>, Change), Problem> {
    let mut checks = Checks::default();
    if body.ids.is_empty() || body.ids.len() > MAX_IDS {
        checks.wrong("ids", "out_of_range", Message::with(HOW_MANY, [&MAX_IDS.to_string()]));
    }
    let mut ids: Vec<MentionId> =
        checks.each("ids", body.ids.iter().map(String::as_str).take(MAX_IDS), |id| id.parse().ok());
    // A mention named twice is changed once.
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    let change = Change {
        state: body.state.map(|word| word.0),
        tone: body.tone.map(|tone| tone.map(|word| word.0)),
        intents: intents(body.intents.as_ref()),
        stage: body.stage.map(|stage| stage.map(|word| word.0)),
        spam: body.spam,
        add_tags: tags(&mut checks, "add_tags", &body.add_tags),
        remove_tags: tags(&mut checks, "remove_tags", &body.remove_tags),
    };
    checks.finish()?;
    Ok((ids, change))
}

/// `Some(None)` takes a person's word away.
pub(crate) fn intents(given: Option<&Option<Vec<IntentWord>>>) -> Option<Option<Intents>> {
    given.map(|intents| intents.as_ref().map(|intents| intents.iter().map(|word| word.0).collect()))
}

pub(crate) fn tags(checks: &mut Checks, field: &str, tags: &[String]) -> Vec<String> {
    if tags.len() > MAX_TAGS {
        checks.wrong(field, "out_of_range", Message::with(HOW_MANY, [&MAX_TAGS.to_string()]));
    }
    tags.iter().take(MAX_TAGS).map(|tag| checks.line(field, tag, MAX_TAG_CHARS)).collect()
}

const HOW_MANY: Localized =
    text("takes 1 to {0} entries", "принимает от 1 до {0} значений", "приймає від 1 до {0} значень");

#[cfg(test)]
mod tests {
    use molva_domain::{Intent, Stage, Tone};

    use super::*;

    fn change(json: &str) -> Result<Change, &'static str> {
        let body: MentionChange = serde_json::from_str(json).map_err(|_| "json")?;
        check(&body).map(|(_, change)| change).map_err(|problem| problem.code())
    }

    #[test]
    fn a_tone_that_is_null_is_taken_away_and_one_that_is_absent_stays() {
        assert_eq!(change(r#"{"ids":["1"]}"#).map(|change| change.tone), Ok(None));
        assert_eq!(change(r#"{"ids":["1"],"tone":null}"#).map(|change| change.tone), Ok(Some(None)));
        let negative = change(r#"{"ids":["1"],"tone":"negative"}"#).map(|change| change.tone);
        assert_eq!(negative, Ok(Some(Some(Tone::Negative))));
    }

    #[test]
    fn none_of_them_is_said_apart_from_taking_a_word_away() {
        let intents = |json: &str| change(json).map(|change| change.intents);
        assert_eq!(intents(r#"{"ids":["1"]}"#), Ok(None));
        assert_eq!(intents(r#"{"ids":["1"],"intents":null}"#), Ok(Some(None)));
        assert_eq!(intents(r#"{"ids":["1"],"intents":[]}"#), Ok(Some(Some(Intents::EMPTY))));
        let both = Intents::EMPTY.with(Intent::Help).with(Intent::Churn);
        assert_eq!(intents(r#"{"ids":["1"],"intents":["churn","help","churn"]}"#), Ok(Some(Some(both))));
        assert_eq!(intents(r#"{"ids":["1"],"intents":["anger"]}"#), Err("json"));
        let stage = |json: &str| change(json).map(|change| change.stage);
        assert_eq!(stage(r#"{"ids":["1"]}"#), Ok(None));
        assert_eq!(stage(r#"{"ids":["1"],"stage":null}"#), Ok(Some(None)));
        assert_eq!(stage(r#"{"ids":["1"],"stage":"none"}"#), Ok(Some(Some(None))));
        assert_eq!(stage(r#"{"ids":["1"],"stage":"leave"}"#), Ok(Some(Some(Some(Stage::Leave)))));
        assert_eq!(stage(r#"{"ids":["1"],"stage":"birth"}"#), Err("json"));
        let spam = |json: &str| change(json).map(|change| change.spam);
        assert_eq!(spam(r#"{"ids":["1"]}"#), Ok(None));
        assert_eq!(spam(r#"{"ids":["1"],"spam":null}"#), Ok(Some(None)));
        assert_eq!(spam(r#"{"ids":["1"],"spam":false}"#), Ok(Some(Some(false))));
    }

    #[test]
    fn ids_are_bounded_and_must_be_ids() {
        let many: Vec<String> = (0..201).map(|id| format!("\"{id}\"")).collect();
        assert_eq!(change(&format!(r#"{{"ids":[{}]}}"#, many.join(","))), Err("invalid_fields"));
        assert_eq!(change(r#"{"ids":[]}"#), Err("invalid_fields"));
        assert_eq!(change(r#"{"ids":["x"]}"#), Err("invalid_fields"));
        assert_eq!(change(r#"{"ids":["1"],"add_tags":[" "]}"#), Err("invalid_fields"));
    }
}
