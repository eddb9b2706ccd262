//! Where sentences end.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::analysis::{Scanner, TokenKind};
use crate::hash::{Key, KeySpace};

/// Bytes of the longest abbreviation.
const LONGEST: usize = 8;

static ABBREVIATIONS: LazyLock<HashSet<Key>> = LazyLock::new(|| {
    let written = "ул руб коп тыс тис млн млрд гг др пр стр тел им обл пл св вул грн mr mrs ms dr vs st jr";
    written.split(' ').map(|word| Key::of_text(word, KeySpace::Form)).collect()
});

impl Scanner<'_> {
    /// A full stop, exclamation or question mark: ends a sentence when a space follows and no abbreviation precedes.
    pub(crate) fn stop(&mut self, at: usize) -> usize {
        let mut end = at;
        while let Some(byte @ (b'.' | b'!' | b'?')) = self.bytes.get(end) {
            self.analysis.question |= *byte == b'?';
            end += 1;
        }
        let mut after = end;
        while self.bytes.get(after).is_some_and(|byte| matches!(byte, b'"' | b'\'' | b')' | b']')) {
            after += 1;
        }
        let spaced = match self.bytes.get(after) {
            None => true,
            Some(byte) => byte.is_ascii_whitespace() || *byte >= 0xe2,
        };
        let single_dot = end == at + 1 && self.bytes[at] == b'.';
        if spaced && !(single_dot && self.abbreviation_before(at)) {
            self.analysis.end_sentence();
        }
        end
    }

    fn abbreviation_before(&self, at: usize) -> bool {
        let Some(token) = self.analysis.tokens.last() else { return false };
        if token.end as usize != at || token.in_title != self.in_title || token.kind != TokenKind::Word {
            return false;
        }
        let written = &self.source[token.start as usize..at];
        if written.len() > LONGEST {
            return false;
        }
        let mut letters = written.chars();
        let single = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
        single || ABBREVIATIONS.contains(&token.key)
    }
}
