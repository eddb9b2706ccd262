use std::time::Duration;

use axum::extract::State;
use molva_domain::Timestamp;
use molva_insights::calendar::{Unit, Zone, edges};
use molva_storage::audit::{MyAnswer, Round};

use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::labelling::{history, round};
use crate::problem::Problem;
use crate::questions;
use crate::wire::Id;
use crate::wire::labelling::{self, Labelling};

/// A streak is looked for this far back.
const YEAR: Duration = Duration::from_secs(366 * 86_400);
/// What an answer takes as long as nobody has given one, and at most.
const USUAL_S: u64 = 6;
const LONGEST_S: u64 = 60;
/// Answers the pace is taken from.
const PACE: usize = 50;

/// How far the labelling is. Draws the round of the last week when nobody has asked for it before.
#[utoipa::path(
    get, path = "/api/labelling", operation_id = "getLabelling", tag = "labelling",
    responses((status = 200, body = Labelling), (status = 503, description = "`busy`; `Retry-After` says when to ask again")),
)]
pub(crate) async fn get_labelling(State(api): State<Api>, person: Person) -> Answer<Labelling> {
    ok(labelling(&api, &person).await?)
}

pub(super) async fn labelling(api: &Api, person: &Person) -> Result<Labelling, Problem> {
    let user = person.user.id;
    let rounds = round::up_to_date(api, molva_domain::Actor::User(user)).await?;
    let mut current = rounds.first().copied();
    for round in &rounds {
        if api.storage().next_audit(api.workspace(), user, round.id).await?.is_some() {
            current = Some(*round);
            break;
        }
    }
    let mine = api.storage().answers_of(api.workspace(), user, api.now().minus(YEAR)).await?;
    let round = match current {
        Some(round) => Some(shown(api, person, round).await?),
        None => None,
    };
    let left = round.as_ref().map_or(0, |round| round.size.saturating_sub(round.answered_by_me));
    let (agreement, history) = history::read(api, &rounds).await?;
    Ok(Labelling {
        streak_weeks: streak(questions::zone(api).await?, api.now(), &mine)?,
        minutes_estimate: u32::try_from((left * pace_s(&mine)).div_ceil(60)).unwrap_or(u32::MAX),
        round,
        agreement,
        history,
    })
}

async fn shown(api: &Api, person: &Person, round: Round) -> Result<labelling::Round, Problem> {
    let progress = api.storage().audit_progress(api.workspace(), person.user.id, round.id).await?;
    Ok(labelling::Round {
        id: Id::of(round.id),
        from: round.from.into(),
        to: round.to.into(),
        size: round.size,
        answered_by_me: progress.answered_by_me,
        answered: progress.answered,
        double: progress.double,
    })
}

/// Seconds an answer takes.
fn pace_s(mine: &[MyAnswer]) -> u64 {
    let last = &mine[..mine.len().min(PACE)];
    if last.is_empty() {
        return USUAL_S;
    }
    let taken: u64 = last.iter().map(|answer| u64::from(answer.seconds).min(LONGEST_S)).sum();
    (taken / last.len() as u64).max(1)
}

/// Weeks in a row with an answer; this week may still come. `mine` is newest first.
fn streak(zone: Zone, now: Timestamp, mine: &[MyAnswer]) -> Result<u32, Problem> {
    let behind = Timestamp::from_micros(now.as_micros() + 1);
    let edges = edges(zone, Unit::Week, now.minus(YEAR), behind).map_err(molva_insights::Error::from)?;
    let mut weeks = 0;
    for (number, pair) in edges.windows(2).rev().enumerate() {
        if mine.iter().any(|answer| pair[0] <= answer.at && answer.at < pair[1]) {
            weeks += 1;
        } else if number > 0 {
            break;
        }
    }
    Ok(weeks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(at: &[&str]) -> Vec<MyAnswer> {
        at.iter().map(|at| MyAnswer { at: Timestamp::parse(at).expect("a time"), seconds: 4 }).collect()
    }

    #[test]
    fn a_streak_is_not_broken_by_a_week_that_is_not_over() {
        let now = Timestamp::parse("2026-03-04T12:00:00Z").expect("a Wednesday");
        let of = |at: &[&str]| streak(Zone::UTC, now, &answers(at)).expect("a streak");
        assert_eq!(of(&[]), 0);
        assert_eq!(of(&["2026-03-04T12:00:00Z", "2026-03-03T12:00:00Z"]), 1);
        assert_eq!(of(&["2026-03-01T12:00:00Z", "2026-02-20T12:00:00Z"]), 2);
        assert_eq!(of(&["2026-03-02T00:00:00Z", "2026-02-20T12:00:00Z"]), 1);
        assert_eq!(of(&["2026-02-20T12:00:00Z"]), 0);
    }

    #[test]
    fn what_is_left_is_told_at_the_pace_of_the_person() {
        assert_eq!((pace_s(&[]), pace_s(&answers(&["2026-03-04T12:00:00Z"]))), (6, 4));
        let asleep = MyAnswer { at: Timestamp::EARLIEST, seconds: 3_600 };
        assert_eq!(pace_s(&[asleep]), 60);
    }
}
