//! What is said about a file beside its rows: the sheet *About* of XLSX, the metadata of Parquet.

use axum::extract::State;
use molva_connectors::Localized;
use molva_domain::Timestamp;
use molva_exports::Note;
use molva_insights::definitions::{self, Figure};
use serde_json::Value;

use crate::api::Api;
use crate::exports::{title, workspace};
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::questions;
use crate::request::Json;
use crate::wire::export::ExportRequest;
use crate::wire::questions::trust::TrustRequest;
use crate::wire::selection::Included;

/// The notes of a file: what was asked for, when and by whose clock, and how each figure of its columns is defined.
pub(crate) async fn about(
    api: &Api,
    request: &ExportRequest,
    locale: Locale,
    figures: &[&'static str],
) -> Result<Vec<Note>, Problem> {
    let workspace = workspace(api).await?;
    let zone = molva_exports::zone(&workspace.time_zone);
    let note =
        |id: &str, title: Localized, text: String| Note { id: id.to_owned(), title: locale.of(title).to_owned(), text };
    let local = |at: Timestamp| molva_exports::local(at, zone);
    let selection = &request.selection;
    let moment = |text: &Option<String>| text.as_deref().and_then(Timestamp::parse).map_or("…".to_owned(), local);
    let mut notes = vec![
        note("content", CONTENT, locale.of(title(request.what)).to_owned()),
        note("workspace", WORKSPACE, workspace.name.clone()),
        note("made_at", MADE_AT, local(api.now())),
        note("time_zone", TIME_ZONE, zone.name().to_owned()),
        note("period", PERIOD, format!("{} – {}", moment(&selection.from), moment(&selection.to))),
        note("query", QUERY, selection.query.clone().unwrap_or_default()),
        note("selection", SELECTION, chosen(api, request).await?),
        note("left_out", LEFT_OUT, left_out(request, locale)),
    ];
    if let Some(compare) = &request.compare {
        let [from, to] = [&compare.from, &compare.to].map(|text| moment(&Some(text.clone())));
        notes.push(note("compared_period", COMPARED, format!("{from} – {to}")));
    }
    notes.extend(trust(api, request, locale).await?);
    for figure in figures.iter().filter_map(|id| definitions::figure(id)) {
        notes.push(definition(figure, locale));
    }
    Ok(notes)
}

/// How far the figures can be trusted: the trust strip in words.
async fn trust(api: &Api, request: &ExportRequest, locale: Locale) -> Result<Vec<Note>, Problem> {
    let ask = TrustRequest { selection: request.selection.clone() };
    let axum::Json(trust) = questions::trust::ask_trust(State(api.clone()), locale, Json(ask)).await?;
    let percent = |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{:.1} %", share * 100.0));
    let named = |id: &str, text: String| {
        let title = definitions::figure(id).map_or(id, |figure| figure.name.in_language(locale.language()));
        Note { id: format!("trust.{id}"), title: title.to_owned(), text }
    };
    Ok(vec![
        Note { id: "trust".to_owned(), title: locale.of(TRUST).to_owned(), text: trust.reasons.join("\n") },
        named("sources_expected", trust.sources.expected.to_string()),
        named("sources_delivering", trust.sources.delivering.to_string()),
        named("gap_share", percent(trust.gap_share)),
        named("quota_cuts", trust.quota_cuts.len().to_string()),
        named("duplicates_share", percent(trust.duplicates.share)),
        named("binned", trust.binned.to_string()),
        named("spam", trust.spam.to_string()),
        named("judged_share", percent(trust.judged_by_people.share)),
        Note { id: "missing".to_owned(), title: locale.of(MISSING).to_owned(), text: trust.missing.join(", ") },
    ])
}

fn definition(figure: &Figure, locale: Locale) -> Note {
    let language = locale.language();
    let parts = [figure.formula, figure.rows, figure.excludes].map(|part| part.in_language(language));
    let source = figure.source.into_iter();
    Note {
        id: format!("figure.{}", figure.id),
        title: figure.name.in_language(language).to_owned(),
        text: parts.into_iter().chain([figure.symbols]).chain(source).collect::<Vec<_>>().join("\n"),
    }
}

/// The parts of the selection but query and period, a line each, topics by their names.
async fn chosen(api: &Api, request: &ExportRequest) -> Result<String, Problem> {
    let selection = &request.selection;
    let ids: Vec<_> = selection.topic.iter().filter_map(|id| id.parse().ok()).collect();
    let topics = api.storage().topics_by_id(api.workspace(), &ids).await?;
    let mut lines = Vec::new();
    if !topics.is_empty() {
        lines.push(format!("topic: {}", topics.iter().map(|topic| topic.name.as_str()).collect::<Vec<_>>().join(", ")));
    }
    // Plain data with string keys: it cannot fail to become JSON.
    let Ok(Value::Object(parts)) = serde_json::to_value(selection) else { return Ok(lines.join("\n")) };
    for (name, values) in parts.iter().filter(|(name, _)| *name != "topic" && *name != "include") {
        let Value::Array(values) = values else { continue };
        let shown = values.iter().filter_map(Value::as_str).map(|value| if value.is_empty() { "–" } else { value });
        if !values.is_empty() {
            lines.push(format!("{name}: {}", shown.collect::<Vec<_>>().join(", ")));
        }
    }
    Ok(lines.join("\n"))
}

/// Which mentions are not among the rows.
fn left_out(request: &ExportRequest, locale: Locale) -> String {
    let selection = &request.selection;
    let switches = [
        (Included::Binned, BINNED, selection.state.is_empty()),
        (Included::Copies, COPIES, true),
        (Included::Spam, SPAM, true),
    ];
    let left = switches.iter().filter(|(switch, _, usual)| *usual && !selection.include.contains(switch));
    let left = left.map(|(_, name, _)| locale.of(*name)).chain([locale.of(DELETED)]);
    left.collect::<Vec<_>>().join(", ")
}

const CONTENT: Localized = text("Content", "Содержание", "Зміст");
const WORKSPACE: Localized = text("Workspace", "Рабочее пространство", "Робочий простір");
const MADE_AT: Localized = text("Made", "Создано", "Створено");
const TIME_ZONE: Localized = text("Time zone", "Часовой пояс", "Часовий пояс");
const PERIOD: Localized = text("Period (end not included)", "Период (конец не входит)", "Період (кінець не входить)");
const COMPARED: Localized = text("Compared period", "Период сравнения", "Період порівняння");
const QUERY: Localized = text("Query", "Запрос", "Запит");
const SELECTION: Localized = text("Selection", "Выборка", "Вибірка");
const TRUST: Localized = text("Trust", "Доверие", "Довіра");
const MISSING: Localized =
    text("Months that cannot be read", "Месяцы, которые не читаются", "Місяці, які не читаються");
const LEFT_OUT: Localized = text("Left out", "Не вошли", "Не увійшли");
const BINNED: Localized = text("binned mentions", "упоминания в корзине", "згадки в кошику");
const COPIES: Localized = text("exact copies", "точные копии", "точні копії");
const SPAM: Localized = text("spam", "спам", "спам");
const DELETED: Localized =
    text("posts deleted at their network", "публикации, удалённые в сети", "дописи, видалені в мережі");
