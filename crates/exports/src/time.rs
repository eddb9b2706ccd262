//! Times as people read them.

use chrono::{DateTime, SecondsFormat, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;
use molva_domain::Timestamp;

/// RFC 3339 in UTC, with microseconds where there are any.
pub(crate) fn utc(time: Timestamp) -> String {
    let time = moment(time);
    time.to_rfc3339_opts(fraction(&time), true)
}

/// RFC 3339 in a zone, with its offset, and with microseconds where there are any.
pub(crate) fn local(time: Timestamp, zone: Tz) -> String {
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
    fn a_spreadsheet_sees_the_wall_clock_of_the_zone() {
        assert_eq!(serial(at("2000-01-01T00:00:00Z"), Tz::UTC), Some(36_526.0));
        assert_eq!(serial(at("2026-07-01T21:00:00Z"), Tz::Europe__Kyiv), Some(46_205.0));
        assert_eq!(serial(at("1899-12-31T00:00:00Z"), Tz::UTC), None);
    }
}
