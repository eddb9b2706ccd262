//! A row a place; what is beyond the rows, and what has no place, have rows of their own, so that nothing is lost.

use molva_connectors::Localized;
use molva_exports::{Block, Cell, Kind};

use super::{FigureTable, Head, MOST_ROWS, TONES, figure, plain};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::questions;
use crate::wire::export::ExportRequest;

const HEADS: &[Head] = &[
    plain("sort", Kind::Text, text("Sort of place", "Вид места", "Вид місця")),
    plain("value", Kind::Text, text("Value", "Значение", "Значення")),
    plain("label", Kind::Text, text("Place", "Место", "Місце")),
    figure("mentions", Kind::Integer, "place_mentions"),
    figure("share", Kind::Real, "place_share"),
    TONES[0],
    TONES[1],
    TONES[2],
    TONES[3],
    figure("reach", Kind::Integer, "reach"),
];

const OTHERS: Localized = text("(others)", "(остальные)", "(решта)");
const UNKNOWN: Localized = text("(unknown)", "(неизвестно)", "(невідомо)");

pub(super) async fn table(api: &Api, request: &ExportRequest, locale: Locale) -> Result<FigureTable, Problem> {
    let axum::Json(places) = questions::places::answer(api, locale, &request.selection, MOST_ROWS).await?;
    let lists = [
        ("network", places.networks),
        ("site", places.sites),
        ("community", places.communities),
        ("country", places.countries),
        ("region", places.regions),
        ("city", places.cities),
    ];
    let mut block = Block::default();
    for (sort, list) in lists {
        for place in list.values {
            block.push([
                sort.into(),
                place.value.into(),
                place.label.into(),
                place.mentions.into(),
                place.share.into(),
                place.negative.into(),
                place.neutral.into(),
                place.positive.into(),
                place.unjudged.into(),
                place.reach.into(),
            ]);
        }
        for (rest, label) in [(list.others, OTHERS), (list.without, UNKNOWN)] {
            if rest > 0 {
                let mut row: [Cell; HEADS.len()] = Default::default();
                (row[0], row[2], row[3]) = (sort.into(), locale.of(label).into(), rest.into());
                block.push(row);
            }
        }
    }
    Ok(FigureTable { heads: HEADS, block, missing: places.missing })
}
