//! Which stretch of time is labelled, and the draw.

use std::time::Duration;

use molva_archive::{Archive, Ask, Filter, Order};
use molva_domain::{Actor, Timestamp, Tone};
use molva_insights::calendar::{Unit, Zone, edges};
use molva_insights::estimate::{self, Listed, TONES};
use molva_storage::audit::{Candidate, NewAudit, Round};

use crate::api::Api;
use crate::labelling::rounds;
use crate::problem::Problem;
use crate::questions;
use crate::selection::not_binned;

/// Mentions of a round: about five minutes' work.
const SIZE: u64 = 60;
/// Mentions a round is drawn from.
const LISTED: usize = 2_000;
/// A week that is not over is begun when it has at least so many mentions and the one before has none.
const ENOUGH: u64 = 30;
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// Rounds, the newest first. When the last week has none yet, it is drawn: what of it lies behind the newest round; without
/// mentions there, this week as far as it goes; in a workspace that has no round at all, the newest week that has mentions.
pub(super) async fn up_to_date(api: &Api, actor: Actor) -> Result<Vec<Round>, Problem> {
    let known = rounds(api).await?;
    let now = api.now();
    let zone = questions::zone(api).await?;
    let (last, this) = weeks(zone, now)?;
    let newest = known.first().map(|round| round.to);
    // What is drawn while the archive is being filled is drawn from a part.
    if newest.is_some_and(|newest| newest >= this) || api.incomplete().is_some() {
        return Ok(known);
    }
    let behind = |at: Timestamp| newest.map_or(at, |newest| newest.max(at));
    let drawn = draw(api, actor, (behind(last), this), 1).await? || draw(api, actor, (this, now), ENOUGH).await?;
    if drawn || (known.is_empty() && draw_older(api, actor).await?) { rounds(api).await } else { Ok(known) }
}

/// Draws the newest week before all rounds that has mentions; `false` when there is none.
pub(super) async fn draw_older(api: &Api, actor: Actor) -> Result<bool, Problem> {
    let zone = questions::zone(api).await?;
    let oldest = api.storage().oldest_audited(api.workspace()).await?;
    let before = match oldest {
        Some(oldest) => oldest,
        None => weeks(zone, api.now())?.1,
    };
    let filter = Filter { before: Some(before), ..population() };
    let found = api.ask_archive(move |archive: &Archive| archive.search(None, &filter, Order::Newest, None, 1)).await?;
    let Some(newest) = found.hits.first() else { return Ok(false) };
    let after = Timestamp::from_micros(newest.at.as_micros() + 1);
    let (_, monday) = weeks(zone, after)?;
    draw(api, actor, (monday, next_monday(zone, monday)?.min(before)), 1).await
}

/// When the last whole week began and when the present one did.
fn weeks(zone: Zone, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
    // A week with a change of the clock is an hour longer than others.
    let from = now.minus(3 * WEEK);
    let edges = edges(zone, Unit::Week, from, now).map_err(molva_insights::Error::from)?;
    let mondays = edges.get(1..edges.len().saturating_sub(1)).unwrap_or_default();
    match mondays {
        [.., last, this] => Ok((*last, *this)),
        _ => Ok((now.minus(WEEK), now)),
    }
}

/// The Monday behind one.
fn next_monday(zone: Zone, monday: Timestamp) -> Result<Timestamp, Problem> {
    let edges = edges(zone, Unit::Week, monday, monday.plus(2 * WEEK)).map_err(molva_insights::Error::from)?;
    Ok(edges.get(1).copied().unwrap_or_else(|| monday.plus(WEEK)))
}

/// What can be drawn: everything but binned mentions and copies. Spam is among it, or nobody would find what the machine calls so.
fn population() -> Filter {
    Filter { states: not_binned(), without_copies: true, without_spam: false, ..Filter::default() }
}

/// Draws of a stretch of time; `false` when it holds fewer mentions than that, or somebody else drew it just now.
async fn draw(api: &Api, actor: Actor, (from, to): (Timestamp, Timestamp), fewest: u64) -> Result<bool, Problem> {
    if from >= to {
        return Ok(false);
    }
    let filter = Filter { from: Some(from), before: Some(to), ..population() };
    let asked = api.ask_archive(move |archive: &Archive| {
        let sampled = archive.sample(None, &filter, LISTED)?;
        let figures = archive.figures(None, &filter, &Ask::default())?;
        Ok::<_, molva_archive::Error>((sampled, figures.tones))
    });
    let (sampled, tones) = asked.await?;
    if sampled.of < fewest.max(1) {
        return Ok(false);
    }
    let candidates = api.storage().audit_candidates(api.workspace(), &sampled.ids).await?;
    let listed = candidates.iter().enumerate().map(|(number, candidate)| listed(number, candidate, from)).collect();
    let populations: [u64; TONES] = [tones.negative, tones.neutral, tones.positive, tones.unjudged];
    let drawn = estimate::draw(listed, populations, SIZE);
    let audits: Vec<NewAudit> = drawn
        .into_iter()
        .map(|drawn| NewAudit {
            mention: candidates[drawn.id].clone(),
            stratum: drawn.stratum as u32,
            population: drawn.population,
            drawn: drawn.drawn,
        })
        .collect();
    Ok(!audits.is_empty() && api.storage().draw_round(api.workspace(), actor, (from, to), &audits).await?.is_some())
}

fn listed(number: usize, candidate: &Candidate, from: Timestamp) -> Listed<usize> {
    let tone = candidate.tone.map_or(TONES - 1, |tone| match tone {
        Tone::Negative => 0,
        Tone::Neutral => 1,
        Tone::Positive => 2,
    });
    let judged = candidate.judged.as_ref();
    let score = judged.zip(candidate.tone).map_or(0.5, |(judged, tone)| f64::from(judged.tone_scores.of(tone)));
    let language = candidate.language.as_ref().map_or("", |language| language.code());
    let language = if ["ru", "uk", "en"].contains(&language) { language } else { "other" };
    let beside = format!("{language} {}", candidate.network);
    Listed { id: number, tone, score, beside, chance: chance(candidate.id.0, from) }
}

/// As good as drawn: nobody chooses the ids of mentions. The finaliser of MurmurHash3 (Appleby 2011), another one than that by
/// which the archive samples.
const fn chance(id: i64, from: Timestamp) -> u64 {
    let mut number = (id as u64) ^ (from.as_micros() as u64).rotate_left(32);
    number = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    number = (number ^ (number >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    #[test]
    fn weeks_are_those_of_the_wall_clock() {
        let kyiv = Zone::parse("Europe/Kyiv").expect("a zone");
        // 29 March 2026 is the Sunday on which summer time begins.
        let (last, this) = weeks(kyiv, at("2026-04-01T12:00:00Z")).expect("weeks");
        assert_eq!((last, this), (at("2026-03-22T22:00:00Z"), at("2026-03-29T21:00:00Z")));
        assert_eq!(next_monday(kyiv, last).expect("a Monday"), this);
        let (last, this) = weeks(Zone::UTC, at("2026-03-02T00:00:00.001Z")).expect("weeks");
        assert_eq!((last, this), (at("2026-02-23T00:00:00Z"), at("2026-03-02T00:00:00Z")));
    }
}
