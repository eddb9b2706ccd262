//! Named lists that queries use.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod update;

use std::sync::Arc;

use molva_connectors::Localized;
use molva_domain::{ListId, ListKind};
use molva_query::{List as ReadList, ListProblem, check_list};
use molva_storage::list::{ListDraft, MAX_ENTRIES, MAX_ENTRY_CHARS, name_key};

use crate::api::Api;
use crate::locale::{Locale, Message, text};
use crate::problem::Problem;
use crate::request::Checks;

const MAX_NAME_CHARS: usize = molva_query::MAX_LIST_NAME;
/// Problems told at once.
const MAX_PROBLEMS: usize = 100;
/// Largest body: as many entries as there may be, in two bytes a letter, with room for their quotation marks.
pub(crate) const MAX_BODY_BYTES: usize = 4 << 20;

/// A draft that queries can be read with, and the list it is to them.
async fn check(name: &str, kind: ListKind, entries: Vec<String>) -> Result<(ListDraft, Arc<ReadList>), Problem> {
    let mut checks = Checks::default();
    let name = checks.line("name", name, MAX_NAME_CHARS);
    if entries.len() > MAX_ENTRIES {
        checks.wrong("entries", "too_many", Message::with(TOO_MANY, [&MAX_ENTRIES.to_string()]));
    }
    let too_long = entries.iter().enumerate().filter(|(_, entry)| entry.chars().nth(MAX_ENTRY_CHARS).is_some());
    for (index, _) in too_long.take(MAX_PROBLEMS) {
        let most = MAX_ENTRY_CHARS.to_string();
        checks.wrong(format!("entries.{index}"), "too_long", Message::with(ENTRY_TOO_LONG, [&most]));
    }
    checks.finish()?;
    let entries = entries.into_iter().map(|entry| entry.trim().to_owned()).collect();
    let list = ReadList::new(name, kind, entries);
    let (list, problems) = off_the_runtime(move || {
        let problems = check_list(&list);
        (list, problems)
    })
    .await?;
    let mut checks = Checks::default();
    for problem in problems.iter().filter(|problem| problem.is_error()).take(MAX_PROBLEMS) {
        checks.wrong(field_of(problem), problem.diagnostic.code, said(problem));
    }
    checks.finish()?;
    let draft = ListDraft { name: list.name().to_owned(), kind, entries: list.entries().to_vec() };
    Ok((draft, Arc::new(list)))
}

fn field_of(problem: &ListProblem) -> String {
    match problem.entry {
        Some(index) => format!("entries.{index}"),
        None if problem.diagnostic.code == "list_name" => "name".to_owned(),
        None => "entries".to_owned(),
    }
}

fn said(problem: &ListProblem) -> Message {
    Message::said(|language| problem.diagnostic.message(language))
}

/// 422 when a topic that uses the list could not be read with it any more. A change of an old version or to another name is
/// left to storage, which has better words for it.
async fn check_topics(api: &Api, id: ListId, from: u32, draft: &Arc<ReadList>) -> Result<(), Problem> {
    let before = api.storage().list(api.workspace(), id).await?;
    if before.is_none_or(|list| list.version != from || name_key(&list.name) != name_key(draft.name())) {
        return Ok(());
    }
    let uses = api.storage().uses_of_list(api.workspace(), id).await?;
    let ids: Vec<_> = uses.into_iter().map(|list_use| list_use.topic).collect();
    let topics = api.storage().topics_by_id(api.workspace(), &ids).await?;
    // Those of the moment, but such as have been read already.
    api.pipeline().lists_changed(api.workspace()).await?;
    let (lists, draft) = (api.pipeline().lists(), Arc::clone(draft));
    let broken = off_the_runtime(move || {
        let lists = lists.with(id, draft);
        let (topic, diagnostic) = lists.breaks(&topics)?;
        Some(Message::said(|language| {
            let cause = diagnostic.as_ref().map(|diagnostic| diagnostic.message(language)).unwrap_or_default();
            Locale::of_language(language).of(BREAKS_TOPIC).replacen("{1}", &cause, 1).replacen("{0}", &topic.name, 1)
        }))
    });
    match broken.await? {
        Some(message) => Err(Problem::field("entries", "breaks_topic", message)),
        None => Ok(()),
    }
}

/// Runs what may take many milliseconds where it holds up nobody.
pub(crate) async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
}

fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

const UNKNOWN: Localized = text(
    "there is no list with this id; it may have been deleted, look at the lists there are",
    "списка с таким номером нет; возможно, его удалили — посмотрите, какие есть",
    "списку з таким номером немає; можливо, його видалили — перегляньте, які є",
);
const TOO_MANY: Localized = text(
    "has more than {0} entries; split it into several lists",
    "больше {0} строк; разделите на несколько списков",
    "більше ніж {0} рядків; поділіть на кілька списків",
);
const ENTRY_TOO_LONG: Localized = text(
    "is longer than {0} characters; shorten it",
    "длиннее {0} знаков; сократите",
    "довше за {0} знаків; скоротіть",
);
const BREAKS_TOPIC: Localized = text(
    "topic `{0}` could not be read with this list: {1}; change the topic first",
    "с этим списком не прочитать запрос темы «{0}»: {1}; сначала измените тему",
    "із цим списком не прочитати запит теми «{0}»: {1}; спершу змініть тему",
);
