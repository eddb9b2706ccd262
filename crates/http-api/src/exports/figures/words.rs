//! A row a word, hashtag, emoji or link of each list.

use molva_exports::{Block, Kind};

use super::{FigureTable, Head, MOST_ROWS, figure, plain};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::questions;
use crate::request::Checks;
use crate::wire::export::ExportRequest;

const HEADS: &[Head] = &[
    plain("list", Kind::Text, text("List", "Список", "Список")),
    plain("word", Kind::Text, text("Word", "Слово", "Слово")),
    figure("mentions", Kind::Integer, "word_mentions"),
    figure("share", Kind::Real, "word_share"),
    plain(
        "baseline",
        Kind::Integer,
        text("Mentions in the baseline", "Упоминания в базе сравнения", "Згадки в базі порівняння"),
    ),
    figure("baseline_share", Kind::Real, "baseline_share"),
    figure("lift", Kind::Real, "lift"),
];

pub(super) async fn table(api: &Api, request: &ExportRequest, locale: Locale) -> Result<FigureTable, Problem> {
    let mut checks = Checks::default();
    let baseline = questions::stretch(&mut checks, "compare", request.compare.as_ref());
    checks.finish()?;
    let axum::Json(words) = questions::words::answer(api, locale, &request.selection, baseline, MOST_ROWS).await?;
    let lists = [
        ("typical", words.typical),
        ("rising", words.rising),
        ("hashtags", words.hashtags),
        ("emoji", words.emoji),
        ("links", words.links),
    ];
    let mut block = Block::default();
    for (list, words) in lists {
        for word in words {
            block.push([
                list.into(),
                word.word.into(),
                word.mentions.into(),
                word.share.into(),
                word.baseline.into(),
                word.baseline_share.into(),
                word.lift.into(),
            ]);
        }
    }
    Ok(FigureTable { heads: HEADS, block, missing: words.missing })
}
