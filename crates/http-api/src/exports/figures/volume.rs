//! A row for the whole selection, then one a topic; the same again for the compared period.

use std::collections::HashMap;

use axum::extract::State;
use molva_domain::TopicId;
use molva_exports::{Block, Cell, Kind};

use super::{FigureTable, Head, TONES, at, figure, plain};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::questions;
use crate::request::Json;
use crate::wire::export::ExportRequest;
use crate::wire::questions::volume::{TopicVolume, VolumeFigures, VolumeRequest};

const HEADS: &[Head] = &[
    plain("from", Kind::Time, text("From", "С", "Від")),
    plain("to", Kind::Time, text("To (not included)", "До (не входит)", "До (не входить)")),
    plain(
        "topic",
        Kind::Text,
        text("Topic (empty: all of the selection)", "Тема (пусто: вся выборка)", "Тема (порожньо: уся вибірка)"),
    ),
    plain("topic_id", Kind::Text, text("Topic's number", "Номер темы", "Номер теми")),
    plain("kind", Kind::Text, text("Kind", "Вид", "Вид")),
    plain("level", Kind::Text, text("Level", "Уровень", "Рівень")),
    plain("selected", Kind::Flag, text("Chosen", "Выбрана", "Вибрана")),
    figure("mentions", Kind::Integer, "mentions"),
    figure("share", Kind::Real, "share"),
    figure("share_weighted", Kind::Real, "share_weighted"),
    TONES[0],
    TONES[1],
    TONES[2],
    TONES[3],
    figure("net_sentiment", Kind::Real, "net_sentiment"),
    figure("reach", Kind::Integer, "reach"),
    figure("authors", Kind::Integer, "authors"),
    figure("potential_reach", Kind::Integer, "potential_reach"),
    figure("reach_unknown", Kind::Integer, "reach_unknown"),
    figure("views", Kind::Integer, "views"),
    figure("per_day", Kind::Real, "per_day"),
];

pub(super) async fn table(api: &Api, request: &ExportRequest, locale: Locale) -> Result<FigureTable, Problem> {
    let ask = VolumeRequest { selection: request.selection.clone(), compare: request.compare.clone() };
    let axum::Json(volume) = questions::volume::ask_volume(State(api.clone()), locale, Json(ask)).await?;
    let topics = api.storage().topics(api.workspace()).await?;
    let names: HashMap<TopicId, String> = topics.into_iter().map(|topic| (topic.id, topic.name)).collect();
    let mut block = Block::default();
    for figures in [Some(&volume.figures), volume.before.as_ref()].into_iter().flatten() {
        block.push(total(figures));
        for topic in &figures.topics {
            block.push(row(figures, topic, &names));
        }
    }
    Ok(FigureTable { heads: HEADS, block, missing: volume.missing })
}

fn period(figures: &VolumeFigures) -> [Cell; 2] {
    figures.period.as_ref().map_or_else(Default::default, |period| [at(&period.from), at(&period.to)])
}

fn total(figures: &VolumeFigures) -> [Cell; HEADS.len()] {
    let [from, to] = period(figures);
    let tones = figures.tones;
    [
        from,
        to,
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        figures.mentions.into(),
        figures.share_of_voice.into(),
        figures.share_of_voice_weighted.into(),
        tones.negative.into(),
        tones.neutral.into(),
        tones.positive.into(),
        tones.unjudged.into(),
        figures.net_sentiment.into(),
        Cell::Nothing,
        figures.authors.into(),
        figures.potential_reach.into(),
        figures.reach_unknown.into(),
        figures.views.into(),
        figures.per_day.into(),
    ]
}

fn row(figures: &VolumeFigures, topic: &TopicVolume, names: &HashMap<TopicId, String>) -> [Cell; HEADS.len()] {
    let [from, to] = period(figures);
    let tones = topic.tones;
    let id = topic.topic_id.as_str();
    [
        from,
        to,
        id.parse().ok().and_then(|id: TopicId| names.get(&id)).cloned().into(),
        id.into(),
        topic.kind.0.as_str().into(),
        topic.level.0.as_str().into(),
        topic.selected.into(),
        topic.mentions.into(),
        topic.share.into(),
        topic.share_weighted.into(),
        tones.negative.into(),
        tones.neutral.into(),
        tones.positive.into(),
        tones.unjudged.into(),
        topic.net_sentiment.into(),
        topic.reach.into(),
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
    ]
}
