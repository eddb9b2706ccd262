//! What a character is, and the tables of the fast path.

use unicode_normalization::char::is_combining_mark;

/// Scripts seen in a word, as bits.
pub(crate) const LATIN: u8 = 1;
pub(crate) const CYRILLIC: u8 = 2;

/// An ASCII letter or digit in lower case and its script; 0 for everything else.
pub(crate) static ASCII: [(u8, u8); 256] = ascii();

/// What the segmenter does at a byte that may begin something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Nothing: spaces and most signs of ASCII.
    Space,
    /// An ASCII letter or digit, or the first byte of what is Cyrillic for the most part.
    Letter,
    Line,
    Stop,
    Hash,
    At,
    Other,
}

pub(crate) static CLASS: [Class; 256] = classes();

/// Lower case of U+0400..U+0500 with ё as е; 0 for what is not a letter.
pub(crate) static CYRILLIC_FOLD: [u16; 0x100] = cyrillic_fold();

const fn ascii() -> [(u8, u8); 256] {
    let mut table = [(0, 0); 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = (byte.to_ascii_lowercase(), if byte.is_ascii_alphabetic() { LATIN } else { 0 });
        }
        byte += 1;
    }
    table
}

const fn classes() -> [Class; 256] {
    let mut table = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'\n' => Class::Line,
            b'.' | b'!' | b'?' => Class::Stop,
            b'#' => Class::Hash,
            b'@' => Class::At,
            0xd0..=0xd3 => Class::Letter,
            other if other.is_ascii_alphanumeric() => Class::Letter,
            other if other.is_ascii() => Class::Space,
            _ => Class::Other,
        };
        byte += 1;
    }
    table
}

const fn cyrillic_fold() -> [u16; 0x100] {
    let mut table = [0; 0x100];
    let mut code: u16 = 0x400;
    while code < 0x500 {
        table[(code - 0x400) as usize] = match code {
            0x401 | 0x451 => 0x435,
            0x400..=0x40f => code + 0x50,
            0x410..=0x42f => code + 0x20,
            0x482..=0x489 => 0,
            0x4c0 => 0x4cf,
            0x4c1..=0x4ce => code + (code & 1),
            0x460..=0x481 | 0x48a..=0x4bf | 0x4d0..=0x4ff => code | 1,
            _ => code,
        };
        code += 1;
    }
    table
}

/// A plain Latin or Cyrillic letter in lower case with ё as е; anything else as it is.
pub(crate) fn fold_plain(c: char) -> char {
    match c {
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        '\u{400}'..'\u{500}' => match CYRILLIC_FOLD[c as usize - 0x400] {
            0 => c,
            folded => char::from_u32(u32::from(folded)).unwrap_or(c),
        },
        _ => c,
    }
}

/// The apostrophes people type inside words, Ukrainian ones included.
pub(crate) const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02bc}' | '\u{2018}' | '\u{02b9}' | '\u{ff07}' | '\u{055a}' | '\u{a78c}')
}

/// Invisible inside a word: joiners, soft hyphens, direction marks, variation selectors.
pub(crate) const fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{34f}' | '\u{61c}' | '\u{e0000}'..='\u{e01ef}')
}

/// Starts a word, or goes on with one.
pub(crate) fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        '\u{400}'..'\u{500}' => CYRILLIC_FOLD[c as usize - 0x400] != 0,
        // Quotation marks, dashes, arrows, frames: what stands in texts most.
        '«' | '»' | '\u{a0}' | '\u{2010}'..='\u{205f}' | '\u{2190}'..='\u{22ff}' => false,
        _ => c.is_alphanumeric() && !is_apostrophe(c),
    }
}

/// Goes on with a word once it has begun.
pub(crate) fn continues_word(c: char) -> bool {
    is_letter(c) || (!c.is_ascii() && (is_ignorable(c) || is_combining_mark(c)))
}

/// The hyphens that join words: ASCII, hyphen, non-breaking hyphen.
pub(crate) const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// A Latin letter or a Cyrillic one; 0 for digits and other scripts.
pub(crate) const fn script_of(c: char) -> u8 {
    match c {
        'a'..='z'
        | 'A'..='Z'
        | '\u{c0}'..='\u{2af}'
        | '\u{1e00}'..='\u{1eff}'
        | '\u{2c60}'..='\u{2c7f}'
        | '\u{a720}'..='\u{a7ff}' => LATIN,
        '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{a640}'..='\u{a69f}' => CYRILLIC,
        _ => 0,
    }
}

/// Latin and Cyrillic letters that look alike, in the case in which they do.
const LOOK_ALIKE: &[(char, char)] = &[
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('i', 'і'),
    ('j', 'ј'),
    ('k', 'к'),
    ('o', 'о'),
    ('p', 'р'),
    ('s', 'ѕ'),
    ('x', 'х'),
    ('y', 'у'),
    ('ï', 'ї'),
    ('ë', 'ё'),
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('J', 'Ј'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('S', 'Ѕ'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('Y', 'У'),
    ('Ï', 'Ї'),
    ('Ë', 'Ё'),
];

/// The Cyrillic letter that looks like this Latin one.
pub(crate) fn to_cyrillic(latin: char) -> Option<char> {
    LOOK_ALIKE.iter().find(|(from, _)| *from == latin).map(|(_, to)| *to)
}

/// The Latin letter that looks like this Cyrillic one.
pub(crate) fn to_latin(cyrillic: char) -> Option<char> {
    LOOK_ALIKE.iter().find(|(_, from)| *from == cyrillic).map(|(to, _)| *to)
}

/// Pictures: emoji and the older symbols that are shown as such.
pub(crate) const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{231a}' | '\u{231b}'
        | '\u{23e9}'..='\u{23fa}' | '\u{2b05}'..='\u{2b07}' | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}'
        | '\u{2934}' | '\u{2935}' | '\u{203c}' | '\u{2049}' | '\u{3030}' | '\u{303d}')
}

pub(crate) const fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

pub(crate) const fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cyrillic_table_agrees_with_unicode() {
        for code in 0x400..0x500_u32 {
            let c = char::from_u32(code).expect("a letter");
            let expected = if c.is_alphabetic() {
                let lower = c.to_lowercase().next().expect("a lower case");
                if lower == 'ё' { u32::from('е') } else { u32::from(lower) }
            } else {
                0
            };
            assert_eq!(u32::from(CYRILLIC_FOLD[(code - 0x400) as usize]), expected, "{c}");
        }
    }
}
