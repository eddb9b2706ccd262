//! Figures as tables: the very answers that the page is drawn from, a row each.

use axum::extract::State;
use molva_connectors::Localized;
use molva_domain::Timestamp;
use molva_exports::{Block, Cell, Column, Kind};
use molva_insights::definitions;

use crate::api::Api;
use crate::exports::about::about;
use crate::exports::{Prepared, Rows, table_of};
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::questions;
use crate::request::Json;
use crate::wire::Time;
use crate::wire::export::{ExportContent, ExportRequest};
use crate::wire::questions::rhythm::{RhythmBucket, RhythmRequest};

/// A column of a figure's table.
struct Head {
    id: &'static str,
    kind: Kind,
    said: Said,
}

enum Said {
    Plain(Localized),
    /// By the table of definitions.
    Figure(&'static str),
}

const fn plain(id: &'static str, kind: Kind, heading: Localized) -> Head {
    Head { id, kind, said: Said::Plain(heading) }
}

const fn figure(id: &'static str, kind: Kind, definition: &'static str) -> Head {
    Head { id, kind, said: Said::Figure(definition) }
}

pub(crate) async fn prepare(api: &Api, request: &ExportRequest, locale: Locale) -> Result<Prepared, Problem> {
    let (heads, (block, missing)) = match request.what {
        ExportContent::Mentions | ExportContent::Rhythm => (RHYTHM, rhythm(api, request, locale).await?),
        _ => return Err(Problem::busy(std::time::Duration::from_secs(5))),
    };
    let figures: Vec<&'static str> = heads.iter().filter_map(Head::definition).collect();
    let columns = heads.iter().map(|head| head.column(locale)).collect();
    let notes = about(api, request, locale, &figures).await?;
    let table = table_of(api, request.what, locale, columns, notes).await?;
    Ok(Prepared { table, rows: Rows::Figures(block, missing) })
}

impl Head {
    fn column(&self, locale: Locale) -> Column {
        let heading = match self.said {
            Said::Plain(heading) => locale.of(heading),
            Said::Figure(id) => definitions::figure(id).map_or(id, |figure| figure.name.in_language(locale.language())),
        };
        Column { id: self.id, heading: heading.to_owned(), kind: self.kind }
    }

    const fn definition(&self) -> Option<&'static str> {
        match self.said {
            Said::Plain(_) => None,
            Said::Figure(id) => Some(id),
        }
    }
}

const RHYTHM: &[Head] = &[
    plain("from", Kind::Time, text("From", "С", "Від")),
    plain("to", Kind::Time, text("To (not included)", "До (не входит)", "До (не входить)")),
    figure("mentions", Kind::Integer, "bucket_mentions"),
    figure("negative", Kind::Integer, "negative"),
    figure("neutral", Kind::Integer, "neutral"),
    figure("positive", Kind::Integer, "positive"),
    figure("unjudged", Kind::Integer, "unjudged"),
    figure("gap", Kind::Flag, "gap"),
    figure("before", Kind::Integer, "bucket_before"),
    plain("before_from", Kind::Time, text("Compared from", "Сравнение с", "Порівняння від")),
    plain("before_to", Kind::Time, text("Compared to", "Сравнение до", "Порівняння до")),
];

async fn rhythm(api: &Api, request: &ExportRequest, locale: Locale) -> Result<(Block, Vec<String>), Problem> {
    let ask =
        RhythmRequest { selection: request.selection.clone(), unit: request.unit, compare: request.compare.clone() };
    let axum::Json(rhythm) = questions::rhythm::ask_rhythm(State(api.clone()), locale, Json(ask)).await?;
    let mut block = Block::default();
    for RhythmBucket {
        from,
        to,
        mentions,
        negative,
        neutral,
        positive,
        unjudged,
        gap,
        before,
        before_from,
        before_to,
    } in rhythm.buckets
    {
        block.push([
            at(&from),
            at(&to),
            mentions.into(),
            negative.into(),
            neutral.into(),
            positive.into(),
            unjudged.into(),
            gap.into(),
            before.into(),
            before_from.as_ref().map_or(Cell::Nothing, at),
            before_to.as_ref().map_or(Cell::Nothing, at),
        ]);
    }
    Ok((block, rhythm.missing))
}

fn at(time: &Time) -> Cell {
    Timestamp::parse(time.as_str()).into()
}
