//! What is listened for.

pub(crate) mod backfill;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod update;

use molva_connectors::Localized;
use molva_query::Scope;
use molva_storage::topic::TopicDraft;

use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::queries;
use crate::request::Checks;
use crate::wire;

const MAX_NAME_CHARS: usize = 120;

/// A draft whose query can be used.
async fn check(api: &Api, draft: wire::topic::TopicDraft, locale: Locale) -> Result<TopicDraft, Problem> {
    let mut checks = Checks::default();
    let name = checks.line("name", &draft.name, MAX_NAME_CHARS);
    queries::check_length(&mut checks, &draft.query);
    checks.finish()?;
    let query = queries::read_sound(api, &draft.query, Scope::Topic, locale).await?;
    let lists = query.lists().into_iter().map(str::to_owned).collect();
    Ok(TopicDraft { name, level: draft.level.0, kind: draft.kind.0, query: draft.query, lists })
}

fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

const UNKNOWN: Localized = text(
    "there is no topic with this id; it may have been deleted, look at the list of topics",
    "темы с таким номером нет; возможно, её удалили — посмотрите список тем",
    "теми з таким номером немає; можливо, її видалили — перегляньте список тем",
);
