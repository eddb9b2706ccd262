//! A compiled dictionary of one language: reads in place, copies nothing.

pub mod format;
mod guess;

use fst::raw::{Fst, Node};
use molva_domain::Language;

use format::{Code, HEADER, MAGIC, PREFIX_MARK, SECTIONS, class, decode_into, encode, first_of_code};

use super::lexeme::{Lexeme, Origin};

/// What is wrong with a dictionary file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Not a compiled dictionary, or of another version.
    Foreign,
    /// A dictionary of another language.
    OtherLanguage,
    /// Shorter or longer than it says.
    Length,
    /// Its bytes are not those that were written.
    Checksum,
    /// A part of it cannot be read.
    Content,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Foreign => "not a dictionary that this version reads",
            Self::OtherLanguage => "a dictionary of another language",
            Self::Length => "cut short, or more than a dictionary",
            Self::Checksum => "its checksum is wrong",
            Self::Content => "its parts do not fit together",
        })
    }
}

impl std::error::Error for Damage {}

pub(super) struct Dictionary<'d> {
    language: Language,
    prefixes: Vec<&'d [u8]>,
    /// Where each ending begins; one more at the end.
    ending_starts: Vec<u32>,
    endings: &'d [u8],
    paradigms: &'d [u8],
    stems: Fst<&'d [u8]>,
    irregular: Fst<&'d [u8]>,
    guesses: Fst<&'d [u8]>,
}

/// One way to read a form: its stem's bytes, the paradigm and which of its forms it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reading {
    /// Letters before the stem.
    before: usize,
    /// Letters of the stem.
    stem: usize,
    paradigm: u16,
    is_lemma: bool,
}

impl<'d> Dictionary<'d> {
    /// Reads the tables of a compiled dictionary. `verify` also checks its sum, which reads every byte.
    pub(super) fn open(bytes: &'d [u8], language: Language, verify: bool) -> Result<Self, Damage> {
        if bytes.get(..MAGIC.len()) != Some(&MAGIC) {
            return Err(Damage::Foreign);
        }
        let (content, sum) = bytes.split_last_chunk::<4>().ok_or(Damage::Length)?;
        if verify && crc32fast::hash(content) != u32::from_le_bytes(*sum) {
            return Err(Damage::Checksum);
        }
        let header = content.get(MAGIC.len()..HEADER).ok_or(Damage::Length)?;
        if header.get(..2) != Some(language.code().as_bytes()) {
            return Err(Damage::OtherLanguage);
        }
        let mut rest = content.get(HEADER..).ok_or(Damage::Length)?;
        let mut sections = [&[][..]; SECTIONS];
        for (section, length) in sections.iter_mut().zip(header[4..].chunks_exact(4)) {
            let length = u32_at(length, 0).ok_or(Damage::Length)? as usize;
            (*section, rest) = rest.split_at_checked(length).ok_or(Damage::Length)?;
        }
        if !rest.is_empty() {
            return Err(Damage::Length);
        }
        let [prefixes, lengths, endings, paradigms, stems, irregular, guesses] = sections;
        let mut ending_starts = Vec::with_capacity(lengths.len() + 1);
        let mut start = 0;
        for length in lengths {
            ending_starts.push(start);
            start += u32::from(*length);
        }
        ending_starts.push(start);
        let fst = |bytes| Fst::new(bytes).map_err(|_| Damage::Content);
        Ok(Self {
            language,
            prefixes: prefixes.split(|byte| *byte == b'\n').collect(),
            ending_starts,
            endings,
            paradigms,
            stems: fst(stems)?,
            irregular: fst(irregular)?,
            guesses: fst(guesses)?,
        })
    }

    /// The words a form is known to be a form of, with their [`class`]; empty when it is unknown.
    ///
    /// A word that is itself the dictionary form of a word with forms is not taken for another word's form: карта is
    /// not the genitive of карт. Names of people and places do not count: вера is also a form of others.
    pub(super) fn lexemes(&self, form: &str) -> Vec<(u16, Lexeme)> {
        let Some(letters) = encode(form) else { return Vec::new() };
        let readings = self.chosen(&letters);
        self.make(form, &letters, &readings, Origin::Dictionary)
    }

    /// Whether the dictionary has a form.
    pub(super) fn knows(&self, form: &str) -> bool {
        encode(form).is_some_and(|letters| !self.readings(&letters).is_empty())
    }

    fn chosen(&self, letters: &[u8]) -> Vec<Reading> {
        let mut readings = self.readings(letters);
        let decides = |reading: &Reading| {
            reading.is_lemma
                && self.paradigm(reading.paradigm).is_some_and(|paradigm| {
                    paradigm.class() & class::PROPER == 0 && paradigm.endings().nth(1).is_some()
                })
        };
        if readings.iter().any(decides) {
            readings.retain(|reading| reading.is_lemma);
        }
        readings.sort_by_key(|reading| !reading.is_lemma);
        readings
    }

    fn make(&self, form: &str, letters: &[u8], readings: &[Reading], origin: Origin) -> Vec<(u16, Lexeme)> {
        let mut found: Vec<(u16, Lexeme)> = Vec::with_capacity(readings.len());
        let text = |range: std::ops::Range<usize>| {
            let mut text = String::with_capacity(range.len() * 2);
            decode_into(letters.get(range).unwrap_or_default(), &mut text);
            text
        };
        for reading in readings {
            let Some(paradigm) = self.paradigm(reading.paradigm) else { continue };
            let stem = text(reading.before..reading.before + reading.stem);
            let mut forms = self.forms(paradigm, &stem);
            if forms.is_empty() {
                continue;
            }
            let lemma = forms.swap_remove(0);
            let lexeme = Lexeme::new(lemma, Some(self.language), origin, forms);
            if lexeme.has(form) && !found.iter().any(|(_, known)| known.forms == lexeme.forms) {
                found.push((paradigm.class(), lexeme));
            }
        }
        found
    }

    /// All forms of a stem, the dictionary form first.
    fn forms(&self, paradigm: Paradigm<'_>, stem: &str) -> Vec<String> {
        let endings = paradigm.endings();
        let mut forms = Vec::with_capacity(paradigm.words.len() / 2);
        for (prefix, ending) in endings {
            let (Some(prefix), Some(ending)) = (self.prefix(prefix), self.ending(ending)) else { continue };
            let mut form = String::with_capacity(stem.len() + 2 * (prefix.len() + ending.len()));
            decode_into(prefix, &mut form);
            form.push_str(stem);
            decode_into(ending, &mut form);
            forms.push(form);
        }
        forms
    }

    /// Every way to read a word as a known form.
    fn readings(&self, letters: &[u8]) -> Vec<Reading> {
        let mut readings = Vec::new();
        let mut irregular = Vec::new();
        if let Some(node) = follow(&self.irregular, self.irregular.root(), letters) {
            each_paradigm(&self.irregular, &node, |paradigm| irregular.push(paradigm));
        }
        for paradigm in irregular {
            // The stem is empty: the whole form is the ending.
            self.read(letters, 0, 0, paradigm, &mut readings);
        }
        for prefix in 0..self.prefixes.len() as u16 {
            let Some(before) = self.prefix(prefix).filter(|prefix| letters.starts_with(prefix)) else { continue };
            let (before, mut node) = (before.len(), self.stems.root());
            for (stem, letter) in letters[before..].iter().enumerate() {
                let Some(transition) = node.find_input(*letter) else { break };
                node = self.stems.node(node.transition_addr(transition));
                each_paradigm(&self.stems, &node, |paradigm| {
                    self.read(letters, prefix, stem + 1, paradigm, &mut readings);
                });
            }
        }
        readings
    }

    /// Adds the reading of a word as one of a paradigm's forms, if it is one.
    fn read(&self, letters: &[u8], prefix: u16, stem: usize, paradigm: u16, readings: &mut Vec<Reading>) {
        let before = self.prefix(prefix).map_or(0, <[u8]>::len);
        let Some(rest) = letters.get(before + stem..) else { return };
        let Some(known) = self.paradigm(paradigm) else { return };
        let place = known.endings().position(|(its, ending)| its == prefix && self.ending(ending) == Some(rest));
        if let Some(place) = place {
            let reading = Reading { before, stem, paradigm, is_lemma: place == 0 };
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
    }

    fn prefix(&self, number: u16) -> Option<&'d [u8]> {
        self.prefixes.get(number as usize).copied()
    }

    fn ending(&self, number: u16) -> Option<&'d [u8]> {
        let (start, end) = (self.ending_starts.get(number as usize)?, self.ending_starts.get(number as usize + 1)?);
        self.endings.get(*start as usize..*end as usize)
    }

    fn paradigm(&self, number: u16) -> Option<Paradigm<'d>> {
        let count = u32_at(self.paradigms, 0)? as usize;
        let number = number as usize;
        if number >= count {
            return None;
        }
        let (start, end) = (u32_at(self.paradigms, 4 + number * 4)?, u32_at(self.paradigms, 8 + number * 4)?);
        let words = self.paradigms.get(8 + count * 4..)?.get(start as usize..end as usize)?;
        Some(Paradigm { words })
    }
}

/// The 16-bit words of a paradigm.
#[derive(Clone, Copy, Debug)]
struct Paradigm<'a> {
    words: &'a [u8],
}

impl<'a> Paradigm<'a> {
    fn class(self) -> u16 {
        self.words.first_chunk().map_or(class::OTHER, |word| u16::from_le_bytes(*word))
    }

    fn part_of_speech(self) -> u16 {
        self.class() & class::PART_OF_SPEECH
    }

    /// Numbers of prefixes and endings, the dictionary form's first.
    fn endings(self) -> impl Iterator<Item = (u16, u16)> + 'a {
        let mut prefix = 0;
        self.words.chunks_exact(2).skip(1).filter_map(move |word| {
            let word = u16::from_le_bytes([word[0], word[1]]);
            if word >= PREFIX_MARK {
                prefix = word - PREFIX_MARK;
                return None;
            }
            Some((prefix, word))
        })
    }
}

fn follow<'f>(fst: &'f Fst<&[u8]>, from: Node<'f>, letters: &[u8]) -> Option<Node<'f>> {
    let mut node = from;
    for letter in letters {
        let transition = node.find_input(*letter)?;
        node = fst.node(node.transition_addr(transition));
    }
    Some(node)
}

/// Calls `found` with the paradigms behind a stem.
fn each_paradigm(fst: &Fst<&[u8]>, node: &Node<'_>, mut found: impl FnMut(u16)) {
    for transition in node.transitions() {
        match first_of_code(transition.inp) {
            None => {}
            Some(Code::Whole(paradigm)) => found(paradigm),
            Some(Code::Begun(base)) => {
                for second in fst.node(transition.addr).transitions() {
                    found(base + u16::from(second.inp));
                }
            }
        }
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_le_bytes(*word))
}

#[cfg(test)]
impl Dictionary<'_> {
    /// Every so-manieth word with its class.
    pub(super) fn sample(&self, step: usize) -> Vec<(u16, Lexeme)> {
        use fst::Streamer as _;
        let (mut words, mut seen) = (Vec::new(), 0);
        let mut stems = self.stems.stream();
        while let Some((key, _)) = stems.next() {
            seen += 1;
            let Some(at) = key.iter().position(|byte| *byte >= 0x80).filter(|_| seen % step == 0) else { continue };
            let paradigm = match (first_of_code(key[at]), key.get(at + 1)) {
                (Some(Code::Begun(base)), Some(second)) => base + u16::from(*second),
                (Some(Code::Whole(paradigm)), _) => paradigm,
                _ => continue,
            };
            let Some(paradigm) = self.paradigm(paradigm) else { continue };
            let mut stem = String::new();
            decode_into(&key[..at], &mut stem);
            let mut forms = self.forms(paradigm, &stem);
            let lemma = forms.swap_remove(0);
            words.push((paradigm.class(), Lexeme::new(lemma, Some(self.language), Origin::Dictionary, forms)));
        }
        words
    }
}
