//! A row a bar of the chart.

use axum::extract::State;
use molva_exports::{Block, Cell, Kind};

use super::{FigureTable, Head, TONES, at, figure, plain};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::questions;
use crate::request::Json;
use crate::wire::export::ExportRequest;
use crate::wire::questions::rhythm::RhythmRequest;

const HEADS: &[Head] = &[
    plain("from", Kind::Time, text("From", "С", "Від")),
    plain("to", Kind::Time, text("To (not included)", "До (не входит)", "До (не входить)")),
    figure("mentions", Kind::Integer, "bucket_mentions"),
    TONES[0],
    TONES[1],
    TONES[2],
    TONES[3],
    figure("gap", Kind::Flag, "gap"),
    figure("before", Kind::Integer, "bucket_before"),
    plain("before_from", Kind::Time, text("Compared from", "Сравнение с", "Порівняння від")),
    plain("before_to", Kind::Time, text("Compared to", "Сравнение до", "Порівняння до")),
];

pub(super) async fn table(api: &Api, request: &ExportRequest, locale: Locale) -> Result<FigureTable, Problem> {
    let (selection, compare) = (request.selection.clone(), request.compare.clone());
    let ask = RhythmRequest { selection, unit: request.unit, compare };
    let axum::Json(rhythm) = questions::rhythm::ask_rhythm(State(api.clone()), locale, Json(ask)).await?;
    let mut block = Block::default();
    for bucket in rhythm.buckets {
        block.push([
            at(&bucket.from),
            at(&bucket.to),
            bucket.mentions.into(),
            bucket.negative.into(),
            bucket.neutral.into(),
            bucket.positive.into(),
            bucket.unjudged.into(),
            bucket.gap.into(),
            bucket.before.into(),
            bucket.before_from.as_ref().map_or(Cell::Nothing, at),
            bucket.before_to.as_ref().map_or(Cell::Nothing, at),
        ]);
    }
    Ok(FigureTable { heads: HEADS, block, missing: rhythm.missing })
}
