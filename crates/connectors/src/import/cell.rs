//! One value of a record, and one record: a value for each field of a post.

use std::borrow::Cow;

use molva_domain::Timestamp;

use super::field::Field;

/// What stood in a cell or behind a key.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Absent, blank or `null`.
    #[default]
    Empty,
    Text(Cow<'a, str>),
    Integer(i64),
    Number(f64),
    Flag(bool),
    Moment(Timestamp),
    /// An array or an object where a value was expected.
    Nested,
}

impl<'a> Cell<'a> {
    /// The value as a person would write it; `None` when empty or nested.
    pub(crate) fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Empty | Self::Nested => None,
            Self::Text(text) => {
                let trimmed = text.trim();
                if trimmed.is_empty() {
                    None
                } else if trimmed.len() == text.len() {
                    Some(text)
                } else {
                    Some(match text {
                        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
                    })
                }
            }
            Self::Integer(number) => Some(number.to_string().into()),
            // Spreadsheets hold every number as a float: a whole one is written without a point.
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(format!("{number:.0}").into()),
            Self::Number(number) => Some(number.to_string().into()),
            Self::Flag(flag) => Some(if flag { "true" } else { "false" }.into()),
            Self::Moment(moment) => Some(moment.to_rfc3339().into()),
        }
    }

    /// A count: `12`, `12.0`, `1 234`; `None` for anything else, negative numbers too.
    pub(crate) fn to_count(&self) -> Option<u64> {
        match self {
            Self::Integer(number) => u64::try_from(*number).ok(),
            Self::Number(number) => whole(*number),
            Self::Text(text) => {
                let digits: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
                digits.parse().ok().or_else(|| whole(digits.replace(',', ".").parse().ok()?))
            }
            _ => None,
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
fn whole(number: f64) -> Option<u64> {
    (0.0..1e15).contains(&number).then(|| number.round() as u64)
}

/// A record: one cell for each field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row<'a>([Cell<'a>; Field::COUNT]);

impl<'a> Row<'a> {
    pub(crate) fn set(&mut self, field: Field, cell: Cell<'a>) {
        self.0[field as usize] = cell;
    }

    pub(crate) const fn get(&self, field: Field) -> &Cell<'a> {
        &self.0[field as usize]
    }

    pub(crate) fn take(&mut self, field: Field) -> Cell<'a> {
        std::mem::take(&mut self.0[field as usize])
    }

    pub(crate) fn take_text(&mut self, field: Field) -> Option<Cow<'a, str>> {
        self.take(field).into_text()
    }
}
