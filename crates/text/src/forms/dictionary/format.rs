//! The layout of a compiled dictionary; `xtask` writes it, [`super::Dictionary`] reads it.
//!
//! All numbers are little-endian. A file is:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | [`MAGIC`] |
//! | 4 | language: two letters, two zeros |
//! | 4 × 7 | lengths in bytes of the sections that follow, in this order |
//! | | `prefixes`: what some forms put before the stem, a line each |
//! | | `ending lengths`: a byte for each ending |
//! | | `endings`: their letters in a row |
//! | | `paradigms`: see below |
//! | | `stems`: an FST set of stem + [`paradigm_code`] |
//! | | `irregular`: an FST set of form + [`paradigm_code`], for words whose forms share no letter |
//! | | `guesses`: an FST map from a word's last letters, last one first, to a [`Guess`] |
//! | 4 | CRC-32 of everything before |
//!
//! `paradigms` is a 32-bit count, then for each paradigm the 32-bit offset of its 16-bit words, and one offset more for the
//! end; the words are the [`Class`] and then the endings by number, the dictionary form's first. A word from
//! [`PREFIX_MARK`] on is no ending: the endings behind it go with the prefix of that number.
//!
//! Letters are single bytes, [`letter_code`]; all words are normal forms.

pub const MAGIC: [u8; 8] = *b"molvafm1";
pub const SECTIONS: usize = 7;
/// Bytes before the first section.
pub const HEADER: usize = MAGIC.len() + 4 + 4 * SECTIONS;

pub const PREFIX_MARK: u16 = 0xfff0;

/// The part of speech of a paradigm, in the low bits, and marks.
pub mod class {
    pub const OTHER: u16 = 0;
    pub const NOUN: u16 = 1;
    pub const ADJECTIVE: u16 = 2;
    pub const VERB: u16 = 3;
    pub const PART_OF_SPEECH: u16 = 0x0f;
    /// Names of people, places and organisations.
    pub const PROPER: u16 = 0x10;
}

/// Every letter of Russian and Ukrainian, and the apostrophe.
const LETTERS: [char; 37] = [
    'а', 'б', 'в', 'г', 'д', 'е', 'ж', 'з', 'и', 'й', 'к', 'л', 'м', 'н', 'о', 'п', 'р', 'с', 'т', 'у', 'ф', 'х', 'ц',
    'ч', 'ш', 'щ', 'ъ', 'ы', 'ь', 'э', 'ю', 'я', 'і', 'ї', 'є', 'ґ', '\'',
];

/// The bytes that the `fst` crate stores in the least space, in the order of [`LETTERS`].
const CODES: [u8; 37] = *b"te/oasripcnw.hlm-du012g=:bf3y5&_4v967";

/// The byte of a letter; `None` for what is no letter of these languages.
#[must_use]
pub fn letter_code(letter: char) -> Option<u8> {
    let place = match letter {
        'а'..='я' => letter as usize - 'а' as usize,
        'і' => 32,
        'ї' => 33,
        'є' => 34,
        'ґ' => 35,
        '\'' => 36,
        _ => return None,
    };
    Some(CODES[place])
}

/// A word in bytes; `None` when it has other letters.
#[must_use]
pub fn encode(word: &str) -> Option<Vec<u8>> {
    word.chars().map(letter_code).collect()
}

/// Appends letters to a text; bytes that are none are skipped.
pub fn decode_into(bytes: &[u8], text: &mut String) {
    text.extend(bytes.iter().filter_map(|byte| DECODE.get(*byte as usize).copied()).filter(|letter| *letter != '\0'));
}

static DECODE: [char; 128] = decode_table();

const fn decode_table() -> [char; 128] {
    let mut table = ['\0'; 128];
    let mut place = 0;
    while place < CODES.len() {
        table[CODES[place] as usize] = LETTERS[place];
        place += 1;
    }
    table
}

/// Paradigms with a code of one byte: the commonest.
pub const SHORT_CODES: u16 = 96;
const LONG: u8 = 0xe0;
/// Most paradigms a dictionary may have.
pub const MAX_PARADIGMS: u16 = SHORT_CODES + 31 * 256;

/// A paradigm's number behind a stem: one or two bytes, the first of which is no letter.
#[must_use]
pub fn paradigm_code(paradigm: u16) -> ([u8; 2], usize) {
    if paradigm < SHORT_CODES {
        ([0x80 + paradigm as u8, 0], 1)
    } else {
        let rest = paradigm - SHORT_CODES;
        ([LONG + (rest >> 8) as u8, rest as u8], 2)
    }
}

/// Whether a byte behind a stem begins a code, and then the number if that byte is all of it.
#[must_use]
pub(super) const fn first_of_code(byte: u8) -> Option<Code> {
    match byte {
        0..0x80 => None,
        0x80..LONG => Some(Code::Whole((byte - 0x80) as u16)),
        LONG.. => Some(Code::Begun(SHORT_CODES + (((byte - LONG) as u16) << 8))),
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Code {
    Whole(u16),
    /// To be added to the next byte.
    Begun(u16),
}

/// What words with some ending most likely are, packed into an FST's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Guess {
    /// Paradigms of which such a word is the dictionary form, the likelier first.
    pub lemma: [Option<u16>; 2],
    /// The paradigm of which it is another form, and the letters of the ending.
    pub oblique: Option<(u16, u8)>,
}

const NONE: u64 = 0x3fff;

impl Guess {
    #[must_use]
    pub fn pack(self) -> u64 {
        let number = |paradigm: Option<u16>| paradigm.map_or(NONE, u64::from);
        let (oblique, letters) =
            self.oblique.map_or((NONE, 0), |(paradigm, letters)| (paradigm.into(), letters.into()));
        // The commonest first guess takes the least bytes.
        letters << 42 | oblique << 28 | number(self.lemma[1]) << 14 | number(self.lemma[0])
    }

    #[must_use]
    pub fn unpack(value: u64) -> Self {
        let number =
            |shift: u32| Some(value >> shift & NONE).filter(|number| *number != NONE).map(|number| number as u16);
        Self {
            lemma: [number(0), number(14)],
            oblique: number(28).map(|paradigm| (paradigm, (value >> 42 & 0xff) as u8)),
        }
    }
}
