//! What the models say week by week: when it changes, either the world has changed or what is written has.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use molva_archive::{Archive, Filter};
use molva_domain::{MachineJudgement, ModelId, Timestamp, Tone};
use molva_insights::calendar::{Unit, edges};

use crate::api::Api;
use crate::problem::Problem;
use crate::questions;
use crate::selection::not_binned;
use crate::wire::model::DriftWeek;

const WEEKS: u32 = 12;
const WEEK: Duration = Duration::from_secs(7 * 86_400);
/// Mentions of a week that are looked at.
const SAMPLE: usize = 300;
/// Below it the likeliest tone is a guess.
const SURE: f32 = 0.6;
/// The page asks every few seconds.
const KEPT: Duration = Duration::from_secs(60);

/// What was worked out last: when, of which models' judgements.
#[derive(Default)]
pub(crate) struct DriftKept(Mutex<Option<(Instant, ModelId, Vec<DriftWeek>)>>);

/// The oldest first. Nothing while the archive is being filled: a part of it would look like a change.
pub(super) async fn weeks(api: &Api) -> Result<Vec<DriftWeek>, Problem> {
    if api.incomplete().is_some() {
        return Ok(Vec::new());
    }
    let model = api.pipeline().models().id;
    let kept = api.drift.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, _, weeks)) = kept.filter(|(at, of, _)| *of == model && at.elapsed() < KEPT) {
        return Ok(weeks);
    }
    let (zone, now) = (questions::zone(api).await?, api.now());
    let behind = Timestamp::from_micros(now.as_micros() + 1);
    let edges = edges(zone, Unit::Week, now.minus(WEEK * (WEEKS - 1)), behind).map_err(molva_insights::Error::from)?;
    let mut weeks = Vec::new();
    for pair in edges.windows(2) {
        if let Some(week) = week(api, pair[0], pair[1]).await? {
            weeks.push(week);
        }
    }
    let fresh = (Instant::now(), model, weeks.clone());
    *api.drift.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
    Ok(weeks)
}

async fn week(api: &Api, from: Timestamp, to: Timestamp) -> Result<Option<DriftWeek>, Problem> {
    let filter = Filter {
        from: Some(from),
        before: Some(to),
        states: not_binned(),
        without_copies: true,
        without_spam: true,
        ..Filter::default()
    };
    let sampled = api.ask_archive(move |archive: &Archive| archive.sample(None, &filter, SAMPLE)).await?;
    let candidates = api.storage().audit_candidates(api.workspace(), &sampled.ids).await?;
    let judged: Vec<&MachineJudgement> = candidates.iter().filter_map(|candidate| candidate.judged.as_ref()).collect();
    if judged.is_empty() {
        return Ok(None);
    }
    let all = judged.len() as u64;
    let of_all = |count: usize| (count as u64 * sampled.of + all / 2) / all;
    let tone = |tone: Tone| of_all(judged.iter().filter(|judged| judged.tone == tone).count());
    let unsure = |judged: &&&MachineJudgement| Tone::ALL.iter().all(|tone| judged.tone_scores.of(*tone) < SURE);
    Ok(Some(DriftWeek {
        week: from.into(),
        negative: tone(Tone::Negative),
        neutral: tone(Tone::Neutral),
        positive: tone(Tone::Positive),
        unsure: of_all(judged.iter().filter(unsure).count()),
    }))
}
