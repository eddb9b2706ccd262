use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

/// Edges in UTC, to the minute.
fn cut(zone: &str, unit: Unit, from: &str, before: &str) -> Vec<String> {
    let zone = Zone::parse(zone).expect("a zone");
    let edges = edges(zone, unit, at(from), at(before)).expect("few buckets");
    edges.into_iter().map(|edge| edge.to_rfc3339()[..16].to_owned()).collect()
}

fn lengths_h(zone: &str, unit: Unit, from: &str, before: &str) -> Vec<i64> {
    let zone = Zone::parse(zone).expect("a zone");
    let edges = edges(zone, unit, at(from), at(before)).expect("few buckets");
    edges.windows(2).map(|pair| (pair[1].as_secs() - pair[0].as_secs()) / HOUR_S).collect()
}

#[test]
fn the_first_and_the_last_bucket_are_cut_to_the_period() {
    let edges = cut("UTC", Unit::Day, "2026-03-01T10:00:00Z", "2026-03-03T08:30:00Z");
    assert_eq!(edges, ["2026-03-01T10:00", "2026-03-02T00:00", "2026-03-03T00:00", "2026-03-03T08:30"]);
    assert!(cut("UTC", Unit::Day, "2026-03-03T00:00:00Z", "2026-03-03T00:00:00Z").is_empty());
}

#[test]
fn a_day_of_the_change_to_summer_time_has_23_hours_and_of_the_change_back_25() {
    // Berlin's midnights stand at 23:00 UTC in winter and 22:00 UTC in summer.
    let spring = lengths_h("Europe/Berlin", Unit::Day, "2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z");
    assert_eq!(spring, [24, 23, 24]);
    let autumn = lengths_h("Europe/Berlin", Unit::Day, "2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z");
    assert_eq!(autumn, [24, 25, 24]);
}

#[test]
fn the_skipped_hour_has_no_bucket_and_the_doubled_hour_has_two() {
    // 02:00 becomes 03:00 at 01:00 UTC: the local hours are 01, 03, 04.
    let spring = cut("Europe/Kyiv", Unit::Hour, "2026-03-28T23:30:00Z", "2026-03-29T03:00:00Z");
    let expected = ["2026-03-28T23:30", "2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T02:00", "2026-03-29T03:00"];
    assert_eq!(spring, expected);
    let autumn = lengths_h("Europe/Berlin", Unit::Hour, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
    assert_eq!(autumn, [1; 25]);
}

#[test]
fn hours_begin_where_the_wall_clock_says_so() {
    let india = cut("Asia/Kolkata", Unit::Hour, "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z");
    assert_eq!(india, ["2026-01-01T00:00", "2026-01-01T00:30", "2026-01-01T01:30", "2026-01-01T02:00"]);
    // Lord Howe puts the clock forward by half an hour, from 02:00 to 02:30, at 15:30 UTC.
    let howe = cut("Australia/Lord_Howe", Unit::Hour, "2026-10-03T14:30:00Z", "2026-10-03T17:00:00Z");
    assert_eq!(howe, ["2026-10-03T14:30", "2026-10-03T15:30", "2026-10-03T16:00", "2026-10-03T17:00"]);
    // Newfoundland once did so at one minute past midnight: 00:01 became 23:01 of the day before.
    let newfoundland = cut("America/St_Johns", Unit::Hour, "2010-11-07T01:30:00Z", "2010-11-07T04:30:00Z");
    let expected = ["2010-11-07T01:30", "2010-11-07T02:30", "2010-11-07T02:31", "2010-11-07T03:30", "2010-11-07T04:30"];
    assert_eq!(newfoundland, expected);
}

#[test]
fn a_day_begins_after_a_skipped_midnight() {
    // Beirut, 29 March 2026: 00:00 becomes 01:00, at 22:00 UTC of the 28th.
    let days = cut("Asia/Beirut", Unit::Day, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");
    assert_eq!(days, ["2026-03-28T12:00", "2026-03-28T22:00", "2026-03-29T21:00", "2026-03-30T12:00"]);
}

#[test]
fn a_day_the_calendar_left_out_has_no_bucket() {
    // Samoa went from 29 to 31 December 2011 over night.
    let days = cut("Pacific/Apia", Unit::Day, "2011-12-29T10:00:00Z", "2012-01-01T10:00:00Z");
    assert_eq!(days, ["2011-12-29T10:00", "2011-12-30T10:00", "2011-12-31T10:00", "2012-01-01T10:00"]);
}

#[test]
fn longer_units_follow_the_calendar() {
    let weeks = cut("UTC", Unit::Week, "2026-11-18T00:00:00Z", "2026-12-02T00:00:00Z");
    assert_eq!(weeks, ["2026-11-18T00:00", "2026-11-23T00:00", "2026-11-30T00:00", "2026-12-02T00:00"]);
    let months = cut("Europe/Moscow", Unit::Month, "2026-01-15T00:00:00Z", "2026-03-15T00:00:00Z");
    assert_eq!(months, ["2026-01-15T00:00", "2026-01-31T21:00", "2026-02-28T21:00", "2026-03-15T00:00"]);
    let quarters = cut("UTC", Unit::Quarter, "2025-11-30T00:00:00Z", "2026-08-31T00:00:00Z");
    let expected = ["2025-11-30T00:00", "2026-01-01T00:00", "2026-04-01T00:00", "2026-07-01T00:00", "2026-08-31T00:00"];
    assert_eq!(quarters, expected);
    let years = cut("UTC", Unit::Year, "2024-02-29T00:00:00Z", "2026-02-28T00:00:00Z");
    assert_eq!(years, ["2024-02-29T00:00", "2025-01-01T00:00", "2026-01-01T00:00", "2026-02-28T00:00"]);
}

#[test]
fn a_compared_period_is_cut_beside_the_first() {
    let beside = |unit, edges: &[&str], from, before| {
        let zone = Zone::parse("Europe/Berlin").expect("a zone");
        let edges: Vec<_> = edges.iter().map(|edge| at(edge)).collect();
        let beside = beside(zone, unit, &edges, at(from), at(before)).expect("few buckets");
        beside.into_iter().map(|edge| edge.to_rfc3339()[..16].to_owned()).collect::<Vec<_>>()
    };
    // Midnights of two summer days beside those of two winter days.
    let days = ["2026-04-01T22:00:00Z", "2026-04-02T22:00:00Z", "2026-04-03T22:00:00Z"];
    let winter = beside(Unit::Day, &days, "2026-01-01T23:00:00Z", "2026-01-03T23:00:00Z");
    assert_eq!(winter, ["2026-01-01T23:00", "2026-01-02T23:00", "2026-01-03T23:00"]);
    // A shorter period has fewer, a longer one as many.
    let short = beside(Unit::Day, &days, "2026-01-01T23:00:00Z", "2026-01-02T11:00:00Z");
    assert_eq!(short, ["2026-01-01T23:00", "2026-01-02T11:00"]);
    assert_eq!(beside(Unit::Day, &days, "2026-01-01T23:00:00Z", "2026-02-01T23:00:00Z"), winter);
    let months = ["2026-03-31T22:00:00Z", "2026-04-30T22:00:00Z", "2026-05-31T22:00:00Z"];
    let year_ago = beside(Unit::Month, &months, "2025-03-31T22:00:00Z", "2025-05-31T22:00:00Z");
    assert_eq!(year_ago, ["2025-03-31T22:00", "2025-04-30T22:00", "2025-05-31T22:00"]);
    let hours = ["2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"];
    let day_before = beside(Unit::Hour, &hours, "2026-03-28T00:00:00Z", "2026-03-28T01:00:00Z");
    assert_eq!(day_before, ["2026-03-28T00:00", "2026-03-28T01:00"]);
    assert!(beside(Unit::Day, &[], "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z").is_empty());
}

#[test]
fn too_many_buckets_are_refused_and_not_made() {
    let (from, before) = (at("1990-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"));
    assert_eq!(edges(Zone::UTC, Unit::Minute, from, before), Err(TooManyBuckets { unit: Unit::Minute }));
    let exactly = from.plus(Duration::from_secs(60 * MAX_BUCKETS as u64));
    assert_eq!(edges(Zone::UTC, Unit::Minute, from, exactly).map(|edges| edges.len()), Ok(MAX_BUCKETS + 1));
    let far = Timestamp::from_micros(i64::MAX);
    assert!(edges(Zone::UTC, Unit::Year, from, far).is_err());
}

#[test]
fn the_unit_suits_the_length_of_the_period() {
    let suited = |days_of_period: u64| {
        let from = at("2026-01-01T00:00:00Z");
        Unit::suited(from, from.plus(Duration::from_secs(days_of_period * 86_400))).as_str()
    };
    let chosen = [1, 7, 30, 190, 366, 731, 3_000, 10_000].map(suited);
    assert_eq!(chosen, ["hour", "hour", "day", "day", "week", "week", "month", "quarter"]);
    let start = Timestamp::from_secs(0);
    assert_eq!(Unit::suited(start, start), Unit::Minute);
}

#[test]
fn a_cell_is_a_weekday_and_an_hour_of_the_wall_clock() {
    // Sunday, 29 March 2026 in Berlin: 01:45 is followed by 03:00.
    let zone = Zone::parse("Europe/Berlin").expect("a zone");
    let cells = week_cells(zone, at("2026-03-29T00:50:00Z"), at("2026-03-29T01:20:00Z"));
    let sunday = 6 * 24;
    assert_eq!(
        cells,
        WeekCells { start: at("2026-03-29T00:45:00Z"), cell_of_slot: vec![sunday + 1, sunday + 3, sunday + 3] }
    );
    let whole = week_cells(zone, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    assert_eq!(whole.cell_of_slot.len(), 365 * 96);
    for (slot, cell) in whole.cell_of_slot.iter().enumerate() {
        let (local, _) = zone.local(Timestamp::from_secs(whole.start.as_secs() + slot as i64 * 900));
        let expected = local.weekday().num_days_from_monday() * 24 + chrono::Timelike::hour(&local);
        assert_eq!(u32::from(*cell), expected, "{local}");
    }
}

#[test]
fn zones_are_known_by_their_names() {
    assert_eq!(Zone::parse("Europe/Kyiv").map(Zone::name), Some("Europe/Kyiv"));
    assert_eq!(Zone::parse("Europe/Nowhere"), None);
    assert!(Zone::names().any(|name| name == "Asia/Yekaterinburg"));
}
