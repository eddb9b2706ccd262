//! Reads the values of fields.

use molva_domain::{Language, PostKind, Timestamp};

use crate::field::{Attachment, FieldTest, NumberField, NumberRange, TimeRange, host_of, normal_words};

/// Why a field and its value make no test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueError {
    UnknownField,
    /// The field exists after enrichment only.
    NotInTopics,
    /// Not such a value; an example of one that is.
    Value(&'static str),
    EmptyRange,
}

/// Fields that enrichment and the work on cases add.
const LATER: &[&str] = &["tone", "intent", "stage", "motive", "spam", "bot", "tag", "topic", "story"];

/// Fields of posts that this module reads, with an example each. `title` is read by the parser.
pub const FIELDS: &[(&str, &str)] = &[
    ("network", "network:vk"),
    ("kind", "kind:comment"),
    ("site", "site:pikabu.ru"),
    ("url", "url:/news/"),
    ("community", "community:vk/123"),
    ("link", "link:dom.ru"),
    ("author", "author:@name"),
    ("author.city", "author.city:Энгельс"),
    ("followers", "followers:>=1000"),
    ("verified", "verified:yes"),
    ("title", "title:слово"),
    ("lang", "lang:ru"),
    ("has", "has:image"),
    ("rating", "rating:<=2"),
    ("published", "published:>2026-03-01"),
    ("hour", "hour:0..6"),
    ("likes", "likes:>50"),
    ("reposts", "reposts:>10"),
    ("comments", "comments:>5"),
    ("views", "views:1000..5000"),
];

pub(crate) fn field_test(name: &str, value: &str) -> Result<FieldTest, ValueError> {
    let Some((_, example)) = FIELDS.iter().find(|(known, _)| *known == name) else {
        let later = LATER.contains(&name) || name.starts_with("case.") || name.starts_with("customer.");
        return Err(if later { ValueError::NotInTopics } else { ValueError::UnknownField });
    };
    let wrong = ValueError::Value(example);
    let value = value.trim();
    if value.is_empty() {
        return Err(wrong);
    }
    let lower = value.to_lowercase();
    if let Some((_, field)) = NumberField::ALL.iter().find(|(known, _)| *known == name) {
        return Ok(FieldTest::Number(*field, numbers(value, wrong)?));
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
    let close = |known: &str| {
        let (longer, shorter) = if known.len() >= name.len() { (known, name) } else { (name, known) };
        let same_start = longer.bytes().zip(shorter.bytes()).take_while(|(a, b)| a == b).count();
        let skip = usize::from(longer.len() == shorter.len());
        longer.len() - shorter.len() <= 1 && longer[same_start..].get(1..) == shorter[same_start..].get(skip..)
    };
    FIELDS.iter().map(|(known, _)| *known).find(|known| close(known))
}
