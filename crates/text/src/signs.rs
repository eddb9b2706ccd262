//! Hashtags, mentions, web addresses and emoji.

use crate::analysis::{Scanner, TokenKind};
use crate::hash::{Key, KeySpace, START, step};
use crate::letters::{continues_word, fold_plain, is_emoji, is_flag_letter, is_letter, is_skin_tone};
use crate::normalise::{Case, Stretch, append_normalised};

const JOINER: char = '\u{200d}';
const EMOJI_STYLE: char = '\u{fe0f}';
/// Words of one hashtag; the rest of a longer one is read as its last word.
const MAX_TAG_WORDS: usize = 12;

/// `#Дом_Ру` -> `#дом_ру`: every word normalised, the underscores kept.
pub(crate) fn hashtag_form(written: &str, form: &mut String) {
    form.clear();
    for (index, word) in written.trim_start_matches('#').split('_').enumerate() {
        form.push(if index == 0 { '#' } else { '_' });
        append_normalised(word, Stretch::ToOne, Case::Fold, form);
    }
}

/// `@Name` -> `@name`.
pub(crate) fn mention_form(written: &str, form: &mut String) {
    form.clear();
    if written.is_ascii() {
        form.push_str(written);
        form.make_ascii_lowercase();
    } else {
        form.extend(written.chars().flat_map(char::to_lowercase));
    }
}

/// Without skin tones and presentation marks, so that 👍🏽 is 👍.
pub(crate) fn emoji_form(written: &str, form: &mut String) {
    form.clear();
    form.extend(written.chars().filter(|c| !is_skin_tone(*c) && *c != EMOJI_STYLE));
}

/// Cuts a hashtag's body at underscores, at capitals and between letters and digits; calls `word` with the bytes of each.
pub(crate) fn tag_words(body: &str, mut word: impl FnMut(usize, usize)) {
    let (mut words, mut start, mut before) = (0, None, None::<char>);
    let mut letters = body.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        if c == '_' {
            if let Some(start) = start.take() {
                word(start, at);
                words += 1;
            }
            before = None;
            continue;
        }
        let after = letters.peek().map(|(_, c)| *c);
        let cut = before.is_some_and(|before| {
            (is_digit(before) != is_digit(c) && (is_digit(before) || is_letter(before)))
                || (is_capital(c) && (is_small(before) || after.is_some_and(is_small)))
        });
        if cut
            && words + 1 < MAX_TAG_WORDS
            && let Some(start) = start.take()
        {
            word(start, at);
            words += 1;
        }
        start.get_or_insert(at);
        before = Some(c);
    }
    if let Some(start) = start {
        word(start, body.len());
    }
}

/// Whether a hashtag's body is one word for sure: small letters of the two alphabets, the first of them large or not.
fn is_one_word(body: &[u8]) -> bool {
    let first = match body {
        [0xd0 | 0xd1, ..] => 2,
        _ => 1,
    };
    let mut rest = body.get(first..).unwrap_or_default();
    loop {
        rest = match rest {
            [] => return body.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == 0xd0 || *byte == 0xd1),
            [b'a'..=b'z', tail @ ..] | [0xd0, 0xb0..=0xbf, tail @ ..] | [0xd1, 0x80..=0x8f, tail @ ..] => tail,
            _ => return false,
        };
    }
}

/// Adds the letters of a plain word to a running hash.
fn fold_plain_word(running: u64, word: &str) -> u64 {
    word.chars().fold(running, |running, letter| step(running, u32::from(fold_plain(letter))))
}

fn is_digit(c: char) -> bool {
    if c < '\u{530}' { c.is_ascii_digit() || (c > '\u{7f}' && c < '\u{400}' && c.is_numeric()) } else { c.is_numeric() }
}

fn is_capital(c: char) -> bool {
    match c {
        'А'..='Я' | 'A'..='Z' => true,
        'а'..='я' | '\0'..='\x7f' => false,
        _ => c.is_uppercase(),
    }
}

fn is_small(c: char) -> bool {
    match c {
        'а'..='я' | 'a'..='z' => true,
        'А'..='Я' | '\0'..='\x7f' => false,
        _ => c.is_lowercase(),
    }
}

impl Scanner<'_> {
    /// A hashtag as such, its words and, when there are several, the words joined.
    pub(crate) fn hashtag(&mut self, at: usize) -> usize {
        let body_start = at + 1;
        let mut end = body_start;
        while let Some(c) = self.char_at(end).filter(|c| *c == '_' || continues_word(*c)) {
            end += c.len_utf8();
        }
        let body = &self.source[body_start..end];
        if !body.chars().any(|c| is_letter(c) && !is_digit(c)) {
            return body_start;
        }
        if self.plain_hashtag(at, end) {
            return end;
        }
        let mut form = std::mem::take(&mut self.analysis.form);
        hashtag_form(&self.source[at..end], &mut form);
        let (key, empty) = (Key::of_text(&form, KeySpace::Hashtag), !form.contains(is_letter));
        self.analysis.form = form;
        // Letters that are marks on others leave nothing behind.
        if empty {
            return body_start;
        }
        let (first, mut words) = (self.position(), 0);
        tag_words(body, |from, to| {
            let position = self.position();
            self.slow_word(body_start + from, body_start + to, (position, position), true);
            self.advance();
            words += 1;
        });
        let last = self.position() - 1;
        if words > 1 {
            self.slow_word(body_start, end, (first, last), true);
        }
        self.push(key, (at, end), (first, last), TokenKind::Hashtag, false);
        end
    }

    /// The short way for most hashtags: one plain word. False when it is no such, and then nothing was done.
    fn plain_hashtag(&mut self, at: usize, end: usize) -> bool {
        let body = &self.bytes[at + 1..end];
        if !self.filter.is_empty() || !is_one_word(body) {
            return false;
        }
        let read = self.read_word::<false>(at + 1);
        if read.unusual || read.end != end {
            return false;
        }
        let position = self.position();
        let tag = fold_plain_word(step(START, u32::from('#')), &self.source[at + 1..end]);
        self.push(Key::of(read.running, KeySpace::Form), (at + 1, end), (position, position), TokenKind::Word, true);
        self.advance();
        self.push(Key::of(tag, KeySpace::Hashtag), (at, end), (position, position), TokenKind::Hashtag, false);
        true
    }

    /// `@name` and `@name@server`; the second also counts as the first.
    pub(crate) fn mention(&mut self, at: usize) -> usize {
        let glued = self.source[..at].chars().next_back().is_some_and(|c| is_letter(c) || c == '_');
        let name_end = self.name_end(at + 1);
        if glued || name_end == at + 1 {
            return at + 1;
        }
        let position = self.position();
        let plain = &self.bytes[at..name_end];
        if self.bytes.get(name_end) != Some(&b'@') && plain.is_ascii() {
            let running = plain.iter().fold(START, |running, byte| step(running, u32::from(byte.to_ascii_lowercase())));
            let key = Key::of(running, KeySpace::Mention);
            self.push(key, (at, name_end), (position, position), TokenKind::Mention, false);
            self.advance();
            return name_end;
        }
        let mut form = std::mem::take(&mut self.analysis.form);
        let mut end = name_end;
        if self.bytes.get(name_end) == Some(&b'@') {
            let server_end = self.name_end(name_end + 1);
            if server_end > name_end + 1 {
                end = server_end;
                mention_form(&self.source[at..name_end], &mut form);
                let key = Key::of_text(&form, KeySpace::Mention);
                self.push(key, (at, name_end), (position, position), TokenKind::Mention, true);
            }
        }
        mention_form(&self.source[at..end], &mut form);
        let key = Key::of_text(&form, KeySpace::Mention);
        self.push(key, (at, end), (position, position), TokenKind::Mention, false);
        self.analysis.form = form;
        self.advance();
        end
    }

    /// Dots and hyphens belong to a name when it goes on after them.
    fn name_end(&self, start: usize) -> usize {
        let plain = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let mut end = start + self.bytes[start.min(self.bytes.len())..].iter().take_while(plain).count();
        let mut at = end;
        while let Some(c) = self.char_at(at) {
            if is_letter(c) || c == '_' {
                at += c.len_utf8();
                end = at;
            } else if (c == '.' || c == '-') && at > start && end == at {
                at += 1;
            } else {
                break;
            }
        }
        end
    }

    /// Whether a word followed by a colon is the scheme of a web address.
    pub(crate) fn is_address(&self, start: usize, colon: usize) -> bool {
        let scheme = &self.bytes[start..colon];
        self.bytes[colon..].starts_with(b"://")
            && (scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https"))
    }

    /// A web address: one token without words, up to a space or a quotation mark.
    pub(crate) fn address(&mut self, start: usize) -> usize {
        let rest = &self.source[start..];
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '«' | '»' | '“' | '”' | '…');
        // Addresses are ASCII as a rule.
        let plain =
            rest.bytes().take_while(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>')).count();
        let length = plain + rest[plain..].find(ends).unwrap_or(rest.len() - plain);
        // A full stop that ends the sentence is not part of the address.
        let end = start + self.source[start..start + length].trim_end_matches(['.', '!', '?', ')', ',']).len().max(1);
        let position = self.position();
        self.push(Key::default(), (start, end), (position, position), TokenKind::Address, false);
        self.advance();
        end
    }

    /// One picture: a base with its tone and style, joined ones as one, two letters of a flag as one.
    pub(crate) fn emoji(&mut self, at: usize) -> usize {
        let mut end = at;
        let mut flags = 0;
        let mut joined = true;
        while let Some(c) = self.char_at(end) {
            let takes = match c {
                EMOJI_STYLE => true,
                JOINER => {
                    joined = true;
                    let next = self.char_at(end + c.len_utf8());
                    next.is_some_and(is_emoji)
                }
                c if is_skin_tone(c) => true,
                c if is_flag_letter(c) && (flags == 1 || end == at) => {
                    flags += 1;
                    joined = false;
                    true
                }
                c if is_emoji(c) && joined => {
                    joined = false;
                    true
                }
                _ => false,
            };
            if !takes {
                break;
            }
            end += c.len_utf8();
        }
        let mut form = std::mem::take(&mut self.analysis.form);
        emoji_form(&self.source[at..end], &mut form);
        let position = self.position();
        let key = Key::of_text(&form, KeySpace::Emoji);
        self.analysis.form = form;
        self.push(key, (at, end), (position, position), TokenKind::Emoji, false);
        self.advance();
        end
    }
}
