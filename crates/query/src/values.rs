//! Reads the values of fields.

use std::ops::Bound;

use molva_domain::{CaseStatus, Intent, Language, PostKind, SlaState, Stage, Timestamp, Tone};

use crate::field::{Attachment, FieldTest, NumberField, NumberRange, TimeRange, host_of, normal_words};
use crate::fields::{FIELDS, FieldAbout, FieldStage};
use crate::judgement::{JudgedTest, ScoreField, ScoreRange, TextField, spaced};

/// Why a field and its value make no test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueError {
    UnknownField,
    /// Not one of these.
    Choice(&'static [&'static str]),
    /// Not such a value; an example of one that is.
    Value(&'static str),
    EmptyRange,
}

/// Reads the value of a field, which need not be known there yet: who may use it is asked by the parser.
pub(crate) fn field_test(name: &str, value: &str) -> Result<FieldTest, ValueError> {
    let Some(about) = about(name) else { return Err(ValueError::UnknownField) };
    let wrong = match about.values {
        [] => ValueError::Value(about.examples.first().copied().unwrap_or_default()),
        values => ValueError::Choice(values),
    };
    let value = value.trim();
    if value.is_empty() {
        return Err(wrong);
    }
    let lower = value.to_lowercase();
    if let Some((_, field)) = NumberField::ALL.iter().find(|(known, _)| *known == name) {
        return Ok(FieldTest::Number(*field, numbers(value, wrong)?));
    }
    if about.stage != FieldStage::Post {
        return judged(name, &lower, wrong).map(FieldTest::Judged);
    }
    Ok(match name {
        "network" => FieldTest::Network(lower),
        "kind" => FieldTest::Kind(PostKind::parse(&lower).ok_or(wrong)?),
        "site" => FieldTest::Site(non_empty(host_of(value), wrong)?),
        "url" => FieldTest::Url(lower),
        "community" => FieldTest::Community(lower),
        "link" if host_of(value).len() >= without_scheme(&lower).trim_end_matches('/').len() => {
            FieldTest::Link(non_empty(host_of(value), wrong)?)
        }
        "link" => FieldTest::Link(without_scheme(&lower).to_owned()),
        "author" => match lower.strip_prefix('@') {
            Some(handle) => FieldTest::AuthorHandle(non_empty(handle.to_owned(), wrong)?),
            None => FieldTest::AuthorName(non_empty(normal_words(value), wrong)?),
        },
        "author.city" => FieldTest::AuthorCity(non_empty(normal_words(value), wrong)?),
        "verified" => match lower.as_str() {
            "yes" | "true" | "да" | "так" => FieldTest::Verified(true),
            "no" | "false" | "нет" | "ні" => FieldTest::Verified(false),
            _ => return Err(wrong),
        },
        "lang" => FieldTest::Language(Language::parse(&lower).ok_or(wrong)?),
        "has" => {
            let known = Attachment::ALL.iter().find(|(known, _)| *known == lower);
            FieldTest::Has(known.ok_or(wrong)?.1)
        }
        "published" => FieldTest::Published(times(value, wrong)?),
        "hour" => {
            let range = numbers(value, wrong).or_else(|error| hours_over_midnight(value).ok_or(error))?;
            let (from, to) = (range.from, if range.to == u64::MAX { 23 } else { range.to });
            if from > 23 || to > 23 {
                return Err(wrong);
            }
            FieldTest::Hour(from as u8, to as u8)
        }
        _ => return Err(ValueError::UnknownField),
    })
}

/// What help says of a field.
pub(crate) fn about(name: &str) -> Option<&'static FieldAbout> {
    FIELDS.iter().find(|field| field.name == name)
}

fn judged(name: &str, lower: &str, wrong: ValueError) -> Result<JudgedTest, ValueError> {
    if let Some((_, field)) = TextField::ALL.iter().find(|(known, _)| *known == name) {
        return Ok(JudgedTest::Text(*field, spaced(lower)));
    }
    let test = match name {
        "tone" => Tone::parse(lower).map(JudgedTest::Tone),
        "intent" => Intent::parse(lower).map(JudgedTest::Intent),
        "stage" => Stage::parse(lower).map(JudgedTest::Stage),
        "case.status" => CaseStatus::parse(lower).map(JudgedTest::CaseStatus),
        "case.sla" => SlaState::parse(lower).map(JudgedTest::CaseSla),
        "spam" => return scores(lower, wrong).map(|range| JudgedTest::Score(ScoreField::Spam, range)),
        "bot" => return scores(lower, wrong).map(|range| JudgedTest::Score(ScoreField::Bot, range)),
        _ => return Err(ValueError::UnknownField),
    };
    test.ok_or(wrong)
}

fn non_empty(value: String, wrong: ValueError) -> Result<String, ValueError> {
    if value.is_empty() { Err(wrong) } else { Ok(value) }
}

fn without_scheme(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest)
}

/// The comparison before a value, longest sign first.
fn comparison(value: &str) -> (&str, &str) {
    for sign in [">=", "<=", ">", "<", "="] {
        if let Some(rest) = value.strip_prefix(sign) {
            return (sign, rest.trim_start());
        }
    }
    ("=", value)
}

fn numbers(value: &str, wrong: ValueError) -> Result<NumberRange, ValueError> {
    let number = |text: &str| text.replace(['_', ' ', '\u{a0}'], "").parse::<u64>().map_err(|_| wrong);
    let range = if let Some((from, to)) = value.split_once("..") {
        NumberRange {
            from: if from.is_empty() { 0 } else { number(from)? },
            to: if to.is_empty() { u64::MAX } else { number(to)? },
        }
    } else {
        let (sign, rest) = comparison(value);
        let n = number(rest)?;
        match sign {
            ">=" => NumberRange { from: n, to: u64::MAX },
            "<=" => NumberRange { from: 0, to: n },
            ">" => NumberRange { from: n.checked_add(1).ok_or(ValueError::EmptyRange)?, to: u64::MAX },
            "<" => NumberRange { from: 0, to: n.checked_sub(1).ok_or(ValueError::EmptyRange)? },
            _ => NumberRange { from: n, to: n },
        }
    };
    if range.from > range.to { Err(ValueError::EmptyRange) } else { Ok(range) }
}

/// Probabilities: `>0.8`, `0.5..0.9`, `<=50%`.
fn scores(value: &str, wrong: ValueError) -> Result<ScoreRange, ValueError> {
    let score = |text: &str| {
        let (text, scale) = text.strip_suffix('%').map_or((text, 1.0), |text| (text, 100.0));
        let score = text.trim().parse::<f32>().map_err(|_| wrong)? / scale;
        if (0.0..=1.0).contains(&score) { Ok(score) } else { Err(wrong) }
    };
    if let Some((from, to)) = value.split_once("..") {
        let from = if from.is_empty() { 0.0 } else { score(from)? };
        let to = if to.is_empty() { 1.0 } else { score(to)? };
        return match from <= to {
            true => Ok(ScoreRange { from: Bound::Included(from), to: Bound::Included(to) }),
            false => Err(ValueError::EmptyRange),
        };
    }
    let (sign, rest) = comparison(value);
    let n = score(rest)?;
    let (from, to) = match sign {
        ">=" => (Bound::Included(n), Bound::Unbounded),
        ">" => (Bound::Excluded(n), Bound::Unbounded),
        "<=" => (Bound::Unbounded, Bound::Included(n)),
        "<" => (Bound::Unbounded, Bound::Excluded(n)),
        _ => (Bound::Included(n), Bound::Included(n)),
    };
    let empty = from == Bound::Excluded(1.0) || to == Bound::Excluded(0.0);
    if empty { Err(ValueError::EmptyRange) } else { Ok(ScoreRange { from, to }) }
}

/// `hour:22..5` runs over midnight.
fn hours_over_midnight(value: &str) -> Option<NumberRange> {
    let (from, to) = value.split_once("..")?;
    Some(NumberRange { from: from.parse().ok()?, to: to.parse().ok()? })
}

/// A day or a moment as the stretch of time it names.
fn moment(text: &str) -> Option<TimeRange> {
    const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);
    const MINUTE: std::time::Duration = std::time::Duration::from_secs(60);
    if text.len() == 10 {
        let from = Timestamp::parse(&format!("{text}T00:00:00Z"))?;
        return Some(TimeRange { from, before: from.plus(DAY) });
    }
    if text.len() == 16 {
        let from = Timestamp::parse(&format!("{text}:00Z"))?;
        return Some(TimeRange { from, before: from.plus(MINUTE) });
    }
    let from = Timestamp::parse(text)?;
    Some(TimeRange { from, before: from.plus(std::time::Duration::from_millis(1)) })
}

fn times(value: &str, wrong: ValueError) -> Result<TimeRange, ValueError> {
    let (first, last) = (Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX));
    let at = |text: &str| moment(text.trim()).ok_or(wrong);
    let range = if let Some((from, to)) = value.split_once("..") {
        TimeRange {
            from: if from.is_empty() { first } else { at(from)?.from },
            before: if to.is_empty() { last } else { at(to)?.before },
        }
    } else {
        let (sign, rest) = comparison(value);
        let named = at(rest)?;
        match sign {
            ">=" => TimeRange { from: named.from, before: last },
            ">" => TimeRange { from: named.before, before: last },
            "<" => TimeRange { from: first, before: named.from },
            "<=" => TimeRange { from: first, before: named.before },
            _ => named,
        }
    };
    if range.from >= range.before { Err(ValueError::EmptyRange) } else { Ok(range) }
}

/// The field somebody most likely meant: one letter more, less or other.
pub(crate) fn nearest_field(name: &str) -> Option<&'static str> {
    crate::nearest::nearest(name, FIELDS.iter().map(|field| field.name)).filter(|_| name.len() > 2)
}
