//! Periods cut into buckets of a time zone's calendar, and the cells of the heat map.
//!
//! A bucket is a stretch between two changes of what the wall clock calls it: a day of a change to summer time has 23 hours, the
//! doubled hour of autumn is two buckets, the skipped one of spring is none. All of it is worked out here, so that the archive
//! needs no time zones: it is handed edges.

use std::time::Duration;

use chrono::{
    DateTime, Datelike as _, Days, LocalResult, Months, NaiveDate, NaiveDateTime, Offset as _, TimeZone as _, Utc,
};
use chrono_tz::Tz;
use molva_domain::Timestamp;
use serde::{Deserialize, Serialize};

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 86_400;

/// Most buckets of one answer.
pub const MAX_BUCKETS: usize = 5_000;
/// Most buckets when the unit is chosen for the reader.
const EASY_BUCKETS: i64 = 200;
/// Days the heat map covers at most, counted from its end; about 30 years.
const MAX_CELL_DAYS: i64 = 11_000;
/// A slot of the heat map. Every zone's distance from UTC has been a multiple of it since 1972.
pub const SLOT: Duration = Duration::from_secs(900);
/// Cells of the heat map: hours of a week.
pub const CELLS: usize = 168;

/// A time zone of the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    pub const UTC: Self = Self(Tz::UTC);

    /// Reads a name like `Europe/Kyiv`; `None` when the database has no such zone.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Every name there is, in the order of the database.
    pub fn names() -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// What a clock on a wall shows, and how many seconds it is ahead of UTC.
    #[must_use]
    pub fn local(self, at: Timestamp) -> (NaiveDateTime, i64) {
        let ahead_s = self.ahead_s(at.as_secs());
        (utc(at.as_secs() + ahead_s).naive_utc(), ahead_s)
    }

    fn ahead_s(self, at_s: i64) -> i64 {
        i64::from(self.0.offset_from_utc_datetime(&utc(at_s).naive_utc()).fix().local_minus_utc())
    }

    /// Seconds of the wall clock, counted as if it stood in UTC.
    fn local_s(self, at_s: i64) -> i64 {
        at_s + self.ahead_s(at_s)
    }

    /// The moment at which the wall clock shows that; a time that is skipped is the first moment behind, of a doubled one the first.
    fn at_local_s(self, local_s: i64) -> i64 {
        match self.0.from_local_datetime(&utc(local_s).naive_utc()) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.timestamp(),
            LocalResult::None => {
                first_s(local_s - 2 * DAY_S, local_s + 2 * DAY_S, |at_s| self.local_s(at_s) >= local_s)
            }
        }
    }

    /// The first second of a day. Where midnight is skipped it is the first that follows; where it comes twice, the first one.
    fn midnight_s(self, day: NaiveDate) -> i64 {
        self.at_local_s(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())
    }
}

/// The length of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Minute,
    Hour,
    Day,
    /// From Monday.
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// From the shortest to the longest.
    pub const ALL: [Self; 7] =
        [Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == name)
    }

    /// The shortest unit that cuts the period into at most 200 buckets.
    #[must_use]
    pub fn suited(from: Timestamp, before: Timestamp) -> Self {
        let length_s = (before.as_secs() - from.as_secs()).max(1);
        // One more than fits: a period rarely begins where a bucket does.
        Self::ALL.into_iter().find(|unit| length_s / unit.usual_s() < EASY_BUCKETS).unwrap_or(Self::Year)
    }

    /// About how long it is.
    const fn usual_s(self) -> i64 {
        match self {
            Self::Minute => MINUTE_S,
            Self::Hour => HOUR_S,
            Self::Day => DAY_S,
            Self::Week => 7 * DAY_S,
            Self::Month => 30 * DAY_S,
            Self::Quarter => 91 * DAY_S,
            Self::Year => 365 * DAY_S,
        }
    }

    /// The first day of the unit a day lies in; the day itself for units shorter than a week.
    fn first_day(self, day: NaiveDate) -> NaiveDate {
        let month = match self {
            Self::Minute | Self::Hour | Self::Day => return day,
            Self::Week => {
                let into = Days::new(u64::from(day.weekday().num_days_from_monday()));
                return day.checked_sub_days(into).unwrap_or(day);
            }
            Self::Month => day.month(),
            Self::Quarter => day.month0() / 3 * 3 + 1,
            Self::Year => 1,
        };
        NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day)
    }

    /// The first day of the unit after the one that begins with `day`.
    fn next_day(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Minute | Self::Hour | Self::Day => day.checked_add_days(Days::new(1)),
            Self::Week => day.checked_add_days(Days::new(7)),
            Self::Month => day.checked_add_months(Months::new(1)),
            Self::Quarter => day.checked_add_months(Months::new(3)),
            Self::Year => day.checked_add_months(Months::new(12)),
        }
    }
}

/// The unit is too short for the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the period holds more than {MAX_BUCKETS} buckets of a `{}`; choose a longer unit or a shorter period", unit.as_str())]
pub struct TooManyBuckets {
    pub unit: Unit,
}

/// The edges of the buckets that a period is cut into, ascending; `n` buckets have `n + 1` edges, and nothing has none. The first
/// and the last bucket are cut to the period, so the rows of a bucket are the rows between its edges.
///
/// # Errors
/// When there would be more than [`MAX_BUCKETS`].
pub fn edges(zone: Zone, unit: Unit, from: Timestamp, before: Timestamp) -> Result<Vec<Timestamp>, TooManyBuckets> {
    if from >= before {
        return Ok(Vec::new());
    }
    let mut edges = vec![from];
    let mut last_s = from.as_secs();
    loop {
        last_s = next_edge_s(zone, unit, last_s);
        let edge = Timestamp::from_secs(last_s);
        if edge >= before {
            edges.push(before);
            return Ok(edges);
        }
        if edges.len() == MAX_BUCKETS {
            return Err(TooManyBuckets { unit });
        }
        edges.push(edge);
    }
}

/// Edges for a compared period, so that its first bucket stands beside the first one, and so on. Up to weeks they are `edges` moved
/// along the wall clock, so that buckets are as long as those beside them; from months on they are the calendar's own. No more
/// buckets than beside them; nothing reaches past `before`.
///
/// # Errors
/// When there would be more than [`MAX_BUCKETS`].
pub fn beside(
    zone: Zone,
    unit: Unit,
    edges: &[Timestamp],
    from: Timestamp,
    before: Timestamp,
) -> Result<Vec<Timestamp>, TooManyBuckets> {
    let Some(first) = edges.first().filter(|_| from < before) else { return Ok(Vec::new()) };
    if unit >= Unit::Month {
        let mut own = self::edges(zone, unit, from, before)?;
        own.truncate(edges.len());
        return Ok(own);
    }
    let moved_us = from.as_micros() - first.as_micros();
    let moved_local_s = zone.local_s(from.as_secs()) - zone.local_s(first.as_secs());
    let mut beside = vec![from];
    for edge in &edges[1..] {
        let moved = match unit {
            // An hour is an hour long, whatever the wall clock does meanwhile.
            Unit::Minute | Unit::Hour => Timestamp::from_micros(edge.as_micros() + moved_us),
            _ => Timestamp::from_secs(zone.at_local_s(zone.local_s(edge.as_secs()) + moved_local_s)),
        };
        let last = moved >= before;
        beside.push(moved.min(before).max(beside[beside.len() - 1]));
        if last {
            break;
        }
    }
    Ok(beside)
}

/// The first edge after a moment.
fn next_edge_s(zone: Zone, unit: Unit, after_s: i64) -> i64 {
    let ahead_s = zone.ahead_s(after_s);
    let length_s = match unit {
        Unit::Minute => MINUTE_S,
        Unit::Hour => HOUR_S,
        _ => {
            let mut day = Some(unit.first_day(utc(after_s + ahead_s).date_naive()));
            // A calendar may leave a day out: the next unit begins where this one does, so look further.
            while let Some(next) = day.and_then(|day| unit.next_day(day)) {
                let edge_s = zone.midnight_s(next);
                if edge_s > after_s {
                    return edge_s;
                }
                day = Some(next);
            }
            return i64::MAX / 1_000_000;
        }
    };
    let end_s = after_s - (after_s + ahead_s).rem_euclid(length_s) + length_s;
    // The clock is put forward or back within the unit: what follows has another name.
    if zone.ahead_s(end_s - 1) == ahead_s {
        end_s
    } else {
        first_s(after_s, end_s - 1, |at_s| zone.ahead_s(at_s) != ahead_s)
    }
}

/// The first second in `(low, high]` from which on something holds; it holds at `high`.
fn first_s(mut low: i64, mut high: i64, holds: impl Fn(i64) -> bool) -> i64 {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Which cell of the heat map each quarter of an hour belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekCells {
    /// Start of the first slot.
    pub start: Timestamp,
    /// Weekday (Monday first) * 24 + hour of the wall clock, for each [`SLOT`].
    pub cell_of_slot: Vec<u8>,
}

/// Cells for a period; a period longer than 30 years is cut at its beginning.
#[must_use]
pub fn week_cells(zone: Zone, from: Timestamp, before: Timestamp) -> WeekCells {
    let slot_s = i64::try_from(SLOT.as_secs()).unwrap_or(900);
    let end_s = before.as_secs().saturating_add(i64::from(before.as_micros().rem_euclid(1_000_000) > 0));
    let from_s = from.as_secs().max(end_s - MAX_CELL_DAYS * DAY_S);
    let start_s = from_s.div_euclid(slot_s) * slot_s;
    let slots = usize::try_from((end_s - start_s + slot_s - 1) / slot_s).unwrap_or(0);
    let mut cell_of_slot = Vec::with_capacity(slots);
    while cell_of_slot.len() < slots {
        let at_s = start_s + i64::try_from(cell_of_slot.len()).unwrap_or(0) * slot_s;
        let ahead_s = zone.ahead_s(at_s);
        // Look at the zone once a day; within a day in which it changes, at every slot.
        let steady = zone.ahead_s(at_s + DAY_S) == ahead_s && zone.ahead_s(at_s + DAY_S / 2) == ahead_s;
        let many = if steady { DAY_S / slot_s } else { 1 };
        let wanted = slots - cell_of_slot.len();
        cell_of_slot.extend((0..many).map(|slot| cell(at_s + slot * slot_s + ahead_s)).take(wanted));
    }
    WeekCells { start: Timestamp::from_secs(start_s), cell_of_slot }
}

/// The cell of a wall clock's time.
fn cell(local_s: i64) -> u8 {
    // 1 January 1970 was a Thursday.
    let weekday = (local_s.div_euclid(DAY_S) + 3).rem_euclid(7);
    u8::try_from(weekday * 24 + local_s.rem_euclid(DAY_S) / HOUR_S).unwrap_or(0)
}

fn utc(at_s: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at_s, 0).unwrap_or(if at_s < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

#[cfg(test)]
mod tests;
