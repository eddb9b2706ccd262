//! How networks count the length of a text. The page counts by the same rules while a person types; both are held to the
//! table of `fixtures/lengths.json`.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation as _;

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LengthRule {
    pub limit: u32,
    pub unit: LengthUnit,
    /// A second limit, in bytes of UTF-8.
    pub bytes: Option<u32>,
    /// A web address counts as so many, however long it is.
    pub url_counts: Option<u32>,
    /// `@user@server` counts as `@user`.
    pub short_handles: bool,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthUnit {
    /// What people take for one character (Unicode annex 29, extended).
    Graphemes,
    /// Unicode scalar values.
    Characters,
    /// Units of UTF-16, as JavaScript and Telegram count.
    Utf16,
    /// As X counts: a scalar of the Latin and neighbouring blocks is one, any other two, an emoji sequence two.
    Weighted,
}

/// The length of a text by a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    pub used: u32,
    pub limit: u32,
    /// Bytes of UTF-8.
    pub bytes: u32,
    /// Too long by either limit.
    pub over: bool,
}

impl LengthRule {
    #[must_use]
    pub const fn new(limit: u32, unit: LengthUnit) -> Self {
        Self { limit, unit, bytes: None, url_counts: None, short_handles: false }
    }

    #[must_use]
    pub fn measure(&self, text: &str) -> Measured {
        let mut used = 0;
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, counts) = self.special(rest, text.len() - rest.len(), text);
            if let Some(counts) = counts {
                used += counts;
                rest = &rest[piece..];
            } else {
                // Up to the next place where an address or a handle may begin.
                let plain = self.plain_until(rest);
                used += self.count(&rest[..plain]);
                rest = &rest[plain..];
            }
        }
        let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let over = used > self.limit || self.bytes.is_some_and(|most| bytes > most);
        Measured { used, limit: self.limit, bytes, over }
    }

    /// The bytes of an address or a handle at the beginning of `rest`, and what they count.
    fn special(&self, rest: &str, at: usize, text: &str) -> (usize, Option<u32>) {
        if let Some(counts) = self.url_counts
            && let Some(length) = address(rest)
        {
            return (length, Some(counts));
        }
        let begins_word =
            text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '/');
        if self.short_handles
            && begins_word
            && let Some((local, whole)) = handle(rest)
        {
            return (whole, Some(self.count(&rest[..local])));
        }
        (0, None)
    }

    fn plain_until(&self, rest: &str) -> usize {
        let first = rest.chars().next().map_or(0, char::len_utf8);
        rest.char_indices()
            .skip(1)
            .find(|(at, letter)| {
                (self.url_counts.is_some() && matches!(letter, 'h' | 'H') && address(&rest[*at..]).is_some())
                    || (self.short_handles && *letter == '@')
            })
            .map_or(rest.len(), |(at, _)| at)
            .max(first)
    }

    fn count(&self, text: &str) -> u32 {
        let counted = match self.unit {
            LengthUnit::Graphemes => text.graphemes(true).count(),
            LengthUnit::Characters => text.chars().count(),
            LengthUnit::Utf16 => text.encode_utf16().count(),
            LengthUnit::Weighted => text.graphemes(true).map(weight).sum(),
        };
        u32::try_from(counted).unwrap_or(u32::MAX)
    }
}

/// Bytes of a web address at the beginning, without the punctuation that ends a sentence.
fn address(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(scheme)))?;
    let end = text.find(|letter: char| letter.is_whitespace() || "<>\"«»".contains(letter)).unwrap_or(text.len());
    let trimmed = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '…']);
    (trimmed.len() > scheme.len()).then_some(trimmed.len())
}

/// Bytes of `@user` and of the whole `@user@server`.
pub(super) fn handle(text: &str) -> Option<(usize, usize)> {
    let name = |text: &str, more: &[char]| {
        text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || more.contains(&letter)))
            .unwrap_or(text.len())
    };
    let user = name(text.strip_prefix('@')?, &['.', '-']);
    let local = 1 + user;
    let server = text[local..].strip_prefix('@')?;
    let length = server[..name(server, &['.', '-'])].trim_end_matches(['.', '-']).len();
    (user > 0 && length > 0).then_some((local, local + 1 + length))
}

/// Source: `config/v3.json` of twitter-text: ranges of weight 100 of a scale of 100, the default is 200, emoji parsed as one.
fn weight(grapheme: &str) -> usize {
    const LIGHT: [std::ops::RangeInclusive<u32>; 4] = [0..=4351, 8192..=8205, 8208..=8223, 8242..=8247];
    let emoji = grapheme.chars().any(|letter| matches!(letter, '\u{1F000}'..='\u{1FAFF}' | '\u{FE0F}' | '\u{20E3}'));
    if emoji {
        return 2;
    }
    grapheme
        .chars()
        .map(|letter| if LIGHT.iter().any(|range| range.contains(&u32::from(letter))) { 1 } else { 2 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Case {
        rule: LengthRule,
        text: String,
        used: u32,
        over: bool,
    }

    #[test]
    fn lengths_are_those_of_the_common_table() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../fixtures/lengths.json")).expect("the table of lengths");
        for case in cases {
            let measured = case.rule.measure(&case.text);
            assert_eq!((measured.used, measured.over), (case.used, case.over), "{}", case.text);
        }
    }
}
