//! Dates as people and programs write them in files.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use molva_domain::Timestamp;

use super::cell::Cell;

/// Spellings with a time of day. A day before the month where both are possible.
const WITH_TIME: &[&str] = &[
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y, %H:%M:%S",
    "%d.%m.%Y, %H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d %H:%M:%S",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d.%m.%y %H:%M:%S",
    "%d.%m.%y %H:%M",
];

const DAY_ONLY: &[&str] =
    &["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%Y", "%d.%m.%y", "%Y%m%d"];

const WITH_ZONE: &[&str] = &[
    "%Y-%m-%d %H:%M:%S%.f %z",
    "%Y-%m-%dT%H:%M:%S%.f%z",
    "%Y-%m-%d %H:%M:%S%.f%z",
    "%d.%m.%Y %H:%M:%S %z",
    // As X writes it: `Sat Nov 21 19:51:29 +0000 2026`.
    "%a %b %d %H:%M:%S %z %Y",
];

/// Days from 1899-12-30, where spreadsheets begin to count, to 1970-01-01.
const SPREADSHEET_EPOCH_DAYS: f64 = 25_569.0;
/// Spreadsheet dates from 1990 to 2119; as seconds since 1970 these would all be one day of that year.
const SPREADSHEET_DAYS: std::ops::Range<f64> = 32_874.0..80_000.0;

/// Reads a date: a number (seconds, milli-, micro- or nanoseconds since 1970, or days of a spreadsheet), RFC 3339,
/// RFC 2822, or one of the spellings above; a time without a zone is UTC. `None` for what cannot be read or lies before
/// [`Timestamp::EARLIEST`].
pub(crate) fn read_date(cell: &Cell<'_>) -> Option<Timestamp> {
    match cell {
        Cell::Moment(moment) => sane(*moment),
        Cell::Integer(number) => moment_of_integer(*number),
        Cell::Number(number) => moment_of_number(*number),
        Cell::Text(text) => parse(text),
        Cell::Empty | Cell::Flag(_) | Cell::Nested => None,
    }
}

/// A whole number as a moment; the unit follows from the size.
pub(crate) fn moment_of_integer(number: i64) -> Option<Timestamp> {
    match number {
        ..100_000 => moment_of_number(f64::from(i32::try_from(number).ok()?)),
        100_000..100_000_000_000 => sane(Timestamp::from_secs(number)),
        100_000_000_000..100_000_000_000_000 => sane(Timestamp::from_millis(number)),
        100_000_000_000_000..100_000_000_000_000_000 => sane(Timestamp::from_micros(number)),
        _ => sane(Timestamp::from_micros(number / 1_000)),
    }
}

/// As [`moment_of_integer`], with a fraction.
#[expect(clippy::cast_possible_truncation, reason = "a float of a date is far below the limits of the integer")]
pub(crate) fn moment_of_number(number: f64) -> Option<Timestamp> {
    if SPREADSHEET_DAYS.contains(&number) {
        // A day's fraction in binary is rarely exact; people wrote whole milliseconds.
        let millis = ((number - SPREADSHEET_EPOCH_DAYS) * 86_400_000.0).round();
        return sane(Timestamp::from_millis(millis as i64));
    }
    match number {
        100_000.0..1e11 => sane(Timestamp::from_micros((number * 1e6).round() as i64)),
        1e11..1e18 => moment_of_integer(number.round() as i64),
        _ => None,
    }
}

fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() != 8 {
        return moment_of_integer(text.parse().ok()?);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b'.')
        && text.bytes().filter(|byte| !byte.is_ascii_digit()).count() == 1
    {
        return moment_of_number(text.replace(',', ".").parse().ok()?);
    }
    Timestamp::parse(text)
        .and_then(sane)
        .or_else(|| {
            WITH_ZONE.iter().find_map(|format| moment(DateTime::parse_from_str(text, format).ok()?.timestamp_micros()))
        })
        .or_else(|| civil(text))
}

fn civil(text: &str) -> Option<Timestamp> {
    let text: Cow<'_, str> = text
        .strip_suffix("UTC")
        .or_else(|| text.strip_suffix("GMT"))
        .or_else(|| text.strip_suffix('Z'))
        .unwrap_or(text)
        .into();
    let text = text.trim();
    WITH_TIME
        .iter()
        .find_map(|format| moment(NaiveDateTime::parse_from_str(text, format).ok()?.and_utc().timestamp_micros()))
        .or_else(|| {
            DAY_ONLY.iter().find_map(|format| {
                let day = NaiveDate::parse_from_str(text, format).ok()?;
                moment(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros())
            })
        })
}

fn moment(micros: i64) -> Option<Timestamp> {
    sane(Timestamp::from_micros(micros))
}

/// From 1990 to the year 9999: dates ahead of the present are kept, dates no calendar shows are not.
fn sane(moment: Timestamp) -> Option<Timestamp> {
    const LATEST: Timestamp = Timestamp::from_secs(253_402_300_799);
    (Timestamp::EARLIEST..=LATEST).contains(&moment).then_some(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let read = read_date(&Cell::Text(text.into())).map(Timestamp::to_rfc3339);
        assert_eq!(read.as_deref(), expected, "{text}");
    }

    #[test]
    fn dates_are_read_however_they_are_written() {
        for text in [
            "1386326044",
            "1386326044000",
            "1386326044000000",
            "1386326044000000000",
            "2013-12-06T10:34:04Z",
            "2013-12-06T13:34:04+03:00",
            "2013-12-06T13:34:04+0300",
            "Fri, 06 Dec 2013 10:34:04 GMT",
            "Fri Dec 06 10:34:04 +0000 2013",
            "2013-12-06 10:34:04",
            "2013-12-06 10:34:04 UTC",
            "06.12.2013 10:34:04",
            "06.12.2013, 10:34:04",
            "6.12.2013 10:34:04",
            "06/12/2013 10:34:04",
            "41614.44032407",
            "41614,44032407",
        ] {
            check(text, Some("2013-12-06T10:34:04.000Z"));
        }
        check("06.12.2013 10:34", Some("2013-12-06T10:34:00.000Z"));
        check("06.12.13", Some("2013-12-06T00:00:00.000Z"));
        check("20131206", Some("2013-12-06T00:00:00.000Z"));
        check("12/31/2013", Some("2013-12-31T00:00:00.000Z"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "вчера", "0", "12", "-5", "1971-01-01", "31.02.2020", "99999999999999999999", "2013-13-41"]
        {
            check(text, None);
        }
    }

    #[test]
    fn a_date_in_the_future_is_kept() {
        check("2199-01-01", Some("2199-01-01T00:00:00.000Z"));
    }
}
