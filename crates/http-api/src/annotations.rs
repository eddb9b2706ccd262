//! Notes on the time line.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod update;

use molva_connectors::Localized;
use molva_domain::Timestamp;
use molva_storage::annotation::AnnotationDraft as Draft;

use crate::locale::text;
use crate::problem::Problem;
use crate::request::Checks;
use crate::wire::annotation::AnnotationDraft;

const MAX_TEXT_CHARS: usize = 500;

fn check(draft: &AnnotationDraft) -> Result<Draft, Problem> {
    let mut checks = Checks::default();
    let at = checks.each("at", [draft.at.as_str()].into_iter(), Timestamp::parse).pop();
    let until = checks.each("until", draft.until.as_deref().into_iter(), Timestamp::parse).pop();
    let topic = checks.each("topic_id", draft.topic_id.as_deref().into_iter(), |id| id.parse().ok()).pop();
    let text = checks.line("text", &draft.text, MAX_TEXT_CHARS);
    if let (Some(at), Some(until)) = (at, until)
        && until <= at
    {
        checks.wrong("until", "before_at", BEFORE_AT);
    }
    checks.finish()?;
    Ok(Draft { at: at.unwrap_or_default(), until, text, topic })
}

fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

const UNKNOWN: Localized = text(
    "there is no annotation with this id; it may have been deleted, or its topic was",
    "заметки с таким номером нет; возможно, удалили её или её тему",
    "нотатки з таким номером немає; можливо, видалили її або її тему",
);
const BEFORE_AT: Localized = text(
    "must lie after `at`; swap the two, or leave it out for a moment",
    "должно быть позже `at`; поменяйте их местами или не указывайте, если это один момент",
    "має бути пізніше за `at`; поміняйте їх місцями або не вказуйте, якщо це одна мить",
);
