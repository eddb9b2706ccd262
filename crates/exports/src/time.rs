//! Times as people read them.

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;
use molva_domain::Timestamp;

/// RFC 3339 in UTC, with microseconds where there are any.
pub(crate) fn utc(time: Timestamp) -> String {
    let time = moment(time);
    time.to_rfc3339_opts(fraction(&time), true)
}

/// The zone of that IANA name; UTC when there is none.
#[must_use]
pub fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// The day on a wall clock of the zone, `2026-11-22`.
#[must_use]
pub fn day(time: Timestamp, zone: Tz) -> String {
    moment(time).with_timezone(&zone).format("%Y-%m-%d").to_string()
}

/// When a day such as `2026-11-22` begins in the zone; `None` when the text is no day. Where a clock change takes midnight
/// away, the day begins an hour later.
#[must_use]
pub fn start_of_day(text: &str, zone: Tz) -> Option<Timestamp> {
    let midnight = text.trim().parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN);
    let wall = [midnight, midnight + TimeDelta::hours(1)];
    let begin = wall.into_iter().find_map(|wall| zone.from_local_datetime(&wall).earliest())?;
    Some(Timestamp::from_micros(begin.timestamp_micros()))
}

/// RFC 3339 in a zone, with its offset, and with microseconds where there are any.
#[must_use]
pub fn local(time: Timestamp, zone: Tz) -> String {
    let time = moment(time).with_timezone(&zone);
    time.to_rfc3339_opts(fraction(&time), true)
}

/// The day and time on a wall clock of the zone as spreadsheets count them: days since 1899-12-30, to the millisecond.
/// `None` before 1900-03-01, where spreadsheets do not agree about the calendar, and after the year 9999.
pub(crate) fn serial(time: Timestamp, zone: Tz) -> Option<f64> {
    const EPOCH: i64 = -2_209_161_600_000; // 1899-12-30, milliseconds
    const DAY: f64 = 86_400_000.0;
    let wall = zone.from_utc_datetime(&moment(time).naive_utc()).naive_local();
    let days = (wall.and_utc().timestamp_millis() - EPOCH) as f64 / DAY;
    (61.0..2_958_466.0).contains(&days).then_some(days)
}

fn moment(time: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time.as_micros()).unwrap_or_default()
}

fn fraction<T: chrono::TimeZone>(time: &DateTime<T>) -> SecondsFormat {
    match time.nanosecond() {
        0 => SecondsFormat::Secs,
        nanos if nanos % 1_000_000 == 0 => SecondsFormat::Millis,
        _ => SecondsFormat::Micros,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    #[test]
    fn a_time_keeps_its_fraction_and_says_its_offset() {
        let time = at("2026-07-01T21:30:00.25Z");
        assert_eq!(utc(time), "2026-07-01T21:30:00.250Z");
        assert_eq!(local(time, Tz::Europe__Kyiv), "2026-07-02T00:30:00.250+03:00");
        assert_eq!(local(at("2026-01-01T00:00:00Z"), Tz::Europe__Kyiv), "2026-01-01T02:00:00+02:00");
        assert_eq!(utc(Timestamp::from_micros(1)), "1970-01-01T00:00:00.000001Z");
        assert_eq!(local(at("2026-01-01T00:00:00Z"), Tz::UTC), "2026-01-01T00:00:00Z");
    }

    #[test]
    fn a_day_begins_by_the_clock_of_its_zone() {
        assert_eq!(start_of_day("2026-07-01", Tz::Europe__Kyiv), Some(at("2026-06-30T21:00:00Z")));
        assert_eq!(start_of_day("2026-03-29", Tz::Asia__Beirut), Some(at("2026-03-28T22:00:00Z")));
        assert_eq!(start_of_day("yesterday", Tz::UTC), None);
        assert_eq!(day(at("2026-06-30T21:00:00Z"), Tz::Europe__Kyiv), "2026-07-01");
    }

    #[test]
    fn a_spreadsheet_sees_the_wall_clock_of_the_zone() {
        assert_eq!(serial(at("2000-01-01T00:00:00Z"), Tz::UTC), Some(36_526.0));
        assert_eq!(serial(at("2026-07-01T21:00:00Z"), Tz::Europe__Kyiv), Some(46_205.0));
        assert_eq!(serial(at("1899-12-31T00:00:00Z"), Tz::UTC), None);
    }
}
