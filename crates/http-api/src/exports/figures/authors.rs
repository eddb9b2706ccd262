//! A row an author, most mentions first; behind them those of most followers who are not among them.

use std::collections::HashSet;

use molva_exports::{Block, Kind};

use super::{FigureTable, Head, MOST_ROWS, TONES, figure, plain};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::questions;
use crate::wire::export::ExportRequest;

const HEADS: &[Head] = &[
    plain("author", Kind::Text, text("Key", "Ключ", "Ключ")),
    plain("name", Kind::Text, text("Name", "Имя", "Ім'я")),
    plain("handle", Kind::Text, text("Handle", "Имя в сети", "Ім'я в мережі")),
    plain("network", Kind::Text, text("Network", "Сеть", "Мережа")),
    plain("url", Kind::Text, text("Address", "Адрес", "Адреса")),
    figure("followers", Kind::Integer, "followers"),
    plain("verified", Kind::Flag, text("Verified", "Подтверждён", "Підтверджений")),
    figure("mentions", Kind::Integer, "author_mentions"),
    figure("share", Kind::Real, "author_share"),
    TONES[0],
    TONES[1],
    TONES[2],
    TONES[3],
];

pub(super) async fn table(api: &Api, request: &ExportRequest, locale: Locale) -> Result<FigureTable, Problem> {
    let axum::Json(authors) = questions::authors::answer(api, locale, &request.selection, MOST_ROWS).await?;
    let mut block = Block::default();
    let mut known = HashSet::new();
    for author in authors.authors.into_iter().chain(authors.loudest) {
        if !known.insert(author.author.clone()) {
            continue;
        }
        block.push([
            author.author.into(),
            author.name.into(),
            author.handle.into(),
            author.network.into(),
            author.url.into(),
            author.followers.into(),
            author.verified.into(),
            author.mentions.into(),
            author.share.into(),
            author.negative.into(),
            author.neutral.into(),
            author.positive.into(),
            author.unjudged.into(),
        ]);
    }
    Ok(FigureTable { heads: HEADS, block, missing: authors.missing })
}
