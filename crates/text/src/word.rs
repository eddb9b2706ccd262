//! Words: the fast path that hashes them while it reads, and the slow one for the unusual.

use crate::analysis::{MAX_PARTS, Probe, Scanner, TokenKind};
use crate::hash::{Key, KeySpace, START, step};
use crate::letters::{
    ASCII, CYRILLIC, CYRILLIC_FOLD, LATIN, continues_word, fold_plain, is_apostrophe, is_hyphen, is_letter,
};
use crate::normalise::{Case, Stretch, normalise_into};

/// A word as the fast path read it.
pub(crate) struct Read {
    pub(crate) end: usize,
    pub(crate) running: u64,
    /// The fast path cannot know its normal form.
    pub(crate) unusual: bool,
}

/// The letters read so far.
struct Letters {
    running: u64,
    count: u32,
    scripts: u8,
    previous: u32,
    /// Two in a row were one letter, or one digit.
    doubled: bool,
}

impl Default for Letters {
    fn default() -> Self {
        Self { running: START, count: 0, scripts: 0, previous: 0, doubled: false }
    }
}

impl Letters {
    #[inline(always)]
    const fn read(&mut self, letter: u32) {
        self.running = step(self.running, letter);
        self.count += 1;
        self.doubled |= letter == self.previous;
        self.previous = letter;
    }
}

impl Scanner<'_> {
    /// A word, and what hyphens join to it; gives where to read on.
    #[inline]
    pub(crate) fn word<const PROBE: bool>(&mut self, start: usize) -> usize {
        let probes = self.analysis.probes.len();
        let read = self.read_word::<PROBE>(start);
        if read.end == start {
            return start + self.char_at(start).map_or(1, char::len_utf8);
        }
        match self.bytes.get(read.end) {
            Some(b' ') | None => {
                self.plain_word(start, &read, probes);
                return read.end + 1;
            }
            Some(b':') if self.is_address(start, read.end) => {
                self.analysis.probes.truncate(probes);
                return self.address(start);
            }
            Some(b'.') if self.bytes[start..read.end].eq_ignore_ascii_case(b"www") => {
                self.analysis.probes.truncate(probes);
                return self.address(start);
            }
            _ => {}
        }
        self.plain_word(start, &read, probes);
        if matches!(self.bytes[read.end], b'-' | 0xe2) { self.compound::<PROBE>(start, read.end) } else { read.end }
    }

    /// What hyphens join to the word that was read last.
    fn compound<const PROBE: bool>(&mut self, start: usize, mut end: usize) -> usize {
        let first = self.position() - 1;
        let mut parts = 1;
        while parts < MAX_PARTS {
            let Some(hyphen) = self.hyphen_at(end) else { break };
            let probes = self.analysis.probes.len();
            let next = self.read_word::<PROBE>(end + hyphen);
            if next.end == end + hyphen {
                break;
            }
            self.plain_word(end + hyphen, &next, probes);
            end = next.end;
            parts += 1;
        }
        if parts > 1 {
            self.slow_word(start, end, (first, self.position() - 1), true);
        }
        end
    }

    /// Bytes of the hyphen at this place when a word goes on after it.
    fn hyphen_at(&self, at: usize) -> Option<usize> {
        let byte = *self.bytes.get(at)?;
        if byte != b'-' && byte != 0xe2 {
            return None;
        }
        let hyphen = self.char_at(at).filter(|c| is_hyphen(*c))?;
        self.char_at(at + hyphen.len_utf8()).is_some_and(is_letter).then(|| hyphen.len_utf8())
    }

    /// `probes`: how many there were before the word was read.
    #[inline]
    fn plain_word(&mut self, start: usize, read: &Read, probes: usize) {
        let position = self.position();
        if read.unusual {
            self.analysis.probes.truncate(probes);
            self.slow_word(start, read.end, (position, position), false);
        } else {
            let key = Key::of(read.running, KeySpace::Form);
            self.push(key, (start, read.end), (position, position), TokenKind::Word, false);
        }
        self.advance();
    }

    /// The complete normalisation, for words the fast path cannot finish and for compounds.
    pub(crate) fn slow_word(&mut self, start: usize, end: usize, positions: (u32, u32), derived: bool) {
        let written = &self.source[start..end];
        let mut form = std::mem::take(&mut self.analysis.form);
        normalise_into(written, Stretch::ToOne, Case::Fold, &mut form);
        if !form.is_empty() {
            let key = self.push_form(&form, (start, end), positions, TokenKind::Word, derived);
            if !read_alike(written, &form) {
                normalise_into(written, Stretch::ToTwo, Case::Fold, &mut form);
                if Key::of_text(&form, KeySpace::Form) != key {
                    self.push_form(&form, (start, end), positions, TokenKind::Stretched, true);
                }
            }
        }
        self.analysis.form = form;
    }

    fn push_form(
        &mut self,
        form: &str,
        bytes: (usize, usize),
        positions: (u32, u32),
        kind: TokenKind,
        derived: bool,
    ) -> Key {
        let (mut running, mut letters) = (START, 0);
        for letter in form.chars() {
            running = step(running, u32::from(letter));
            letters += 1;
            self.probe(letters, running);
        }
        let key = Key::of(running, KeySpace::Form);
        self.push(key, bytes, positions, kind, derived);
        key
    }

    /// Keeps the beginning of the word that is being read when the filter lets it through.
    #[inline]
    fn probe(&mut self, letters: u32, running: u64) {
        if self.filter.may_begin(letters, running) {
            let token = self.analysis.tokens.len() as u32;
            self.analysis.probes.push(Probe { token, key: Key::of(running, KeySpace::Beginning) });
        }
    }

    /// The fast path: one step a letter while the letters are plain Latin, Cyrillic or digits.
    #[inline(always)]
    pub(crate) fn read_word<const PROBE: bool>(&mut self, start: usize) -> Read {
        let mut letters = Letters::default();
        let mut unusual = false;
        let mut rest = &self.bytes[start..];
        loop {
            if let [0xd0..=0xd3, ..] = rest {
                letters.scripts |= CYRILLIC;
                while let [first @ 0xd0..=0xd3, second, tail @ ..] = rest {
                    let folded = CYRILLIC_FOLD[usize::from(first & 3) << 6 | usize::from(second & 0x3f)];
                    if folded == 0 {
                        break;
                    }
                    letters.read(u32::from(folded));
                    if PROBE {
                        self.probe(letters.count, letters.running);
                    }
                    rest = tail;
                }
            }
            while let [byte, tail @ ..] = rest {
                let (folded, script) = ASCII[usize::from(*byte)];
                if folded == 0 {
                    break;
                }
                letters.scripts |= script;
                letters.read(u32::from(folded));
                if PROBE {
                    self.probe(letters.count, letters.running);
                }
                rest = tail;
            }
            let at = self.bytes.len() - rest.len();
            match rest.first() {
                None | Some(b' ') => break,
                Some(0xd0..=0xd3) if self.folds(at) => {}
                Some(b'\'' | 0x80..) => {
                    let Some(c) = self.char_at(at) else { break };
                    if is_apostrophe(c) {
                        if !self.joins(at, start, c.len_utf8()) {
                            break;
                        }
                        letters.read(u32::from('\''));
                        if PROBE {
                            self.probe(letters.count, letters.running);
                        }
                    } else if if at == start { is_letter(c) } else { continues_word(c) } {
                        unusual = true;
                    } else {
                        break;
                    }
                    rest = &rest[c.len_utf8()..];
                }
                _ => break,
            }
        }
        let Letters { running, scripts, doubled, .. } = letters;
        let end = self.bytes.len() - rest.len();
        unusual |= scripts == LATIN | CYRILLIC;
        unusual |= doubled && !unusual && is_stretched(&self.source[start..end]);
        Read { end, running, unusual }
    }

    /// Whether a plain Cyrillic letter stands here.
    fn folds(&self, at: usize) -> bool {
        let second = self.bytes.get(at + 1).copied().unwrap_or_default();
        CYRILLIC_FOLD[usize::from(self.bytes[at] & 3) << 6 | usize::from(second & 0x3f)] != 0
    }

    /// An apostrophe is part of a word when letters stand on both sides.
    fn joins(&self, at: usize, start: usize, width: usize) -> bool {
        at > start && self.char_at(at + width).is_some_and(is_letter)
    }
}

/// Whether nothing was shortened for sure, so that there is no second reading: as many letters as were written.
fn read_alike(written: &str, form: &str) -> bool {
    form.len() == written.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).count()
}

/// Whether three letters in a row are one; asked only of plain words, and only where two are.
fn is_stretched(word: &str) -> bool {
    let (mut previous, mut same) = ('\0', 0);
    word.chars().any(|c| {
        let folded = fold_plain(c);
        same = if folded == previous { same + 1 } else { 0 };
        previous = folded;
        same >= 2
    })
}
