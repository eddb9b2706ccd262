//! Word forms: which words are one word in another case, number or tense.
//!
//! Every form stands for one or more lemmas; two forms are the same word when they share one. The answer depends on the
//! form alone, never on the post around it, so that a query word and a post's word are always read alike.

use frostem::{Algorithm, Stemmer};

use crate::hash::{Key, KeySpace, hash_letters};

/// Most lemmas a form may have.
pub const MAX_LEMMAS: usize = 8;

/// The dictionary form, or the stem, of a word in one language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lemma {
    /// Lemmas are compared within their language only.
    pub space: LemmaSpace,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LemmaSpace {
    Russian,
    Ukrainian,
    English,
    /// A word of no known language: it is its own lemma.
    Other,
}

impl Lemma {
    #[must_use]
    pub fn key(&self) -> Key {
        Key::of(
            hash_letters(&self.text) ^ 0x5555,
            match self.space {
                LemmaSpace::Russian => KeySpace::Russian,
                LemmaSpace::Ukrainian => KeySpace::Ukrainian,
                LemmaSpace::English => KeySpace::English,
                LemmaSpace::Other => KeySpace::Form,
            },
        )
    }
}

/// The lemmas of a normalised word form; at least one, at most [`MAX_LEMMAS`], sorted.
#[must_use]
pub fn lemmas(form: &str) -> Vec<Lemma> {
    let mut found = Vec::with_capacity(3);
    collect(form, &mut found);
    // МТС'а, iPhone'ом: an ending behind an apostrophe.
    if let Some((head, ending)) = form.split_once('\'')
        && head.chars().count() >= 2
        && ending.chars().count() <= 3
    {
        collect(head, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(MAX_LEMMAS);
    found
}

/// Letters that every form of a lemma of this word begins with, at least one: what a matcher may filter by.
#[must_use]
pub fn shared_beginning(lemma: &Lemma) -> &str {
    let letters = lemma.text.chars().count();
    let shared = match lemma.space {
        // The Russian stemmer only cuts; three letters separate words well enough.
        LemmaSpace::Russian => 3,
        // The others may change the last letters of what remains.
        LemmaSpace::Ukrainian | LemmaSpace::English => letters.saturating_sub(2).clamp(1, 3),
        LemmaSpace::Other => 3,
    };
    let end = lemma.text.char_indices().nth(shared).map_or(lemma.text.len(), |(at, _)| at);
    &lemma.text[..end]
}

fn collect(form: &str, found: &mut Vec<Lemma>) {
    let (mut cyrillic, mut latin, mut other) = (false, false, false);
    let (mut russian_only, mut ukrainian_only) = (false, false);
    for c in form.chars() {
        match c {
            'ы' | 'э' | 'ъ' => (cyrillic, russian_only) = (true, true),
            'і' | 'ї' | 'є' | 'ґ' => (cyrillic, ukrainian_only) = (true, true),
            'а'..='я' => cyrillic = true,
            'a'..='z' => latin = true,
            '\'' => {}
            _ => other = true,
        }
    }
    if other || cyrillic == latin || (russian_only && ukrainian_only) {
        found.push(Lemma { space: LemmaSpace::Other, text: form.to_owned() });
        return;
    }
    if latin {
        found.push(Lemma { space: LemmaSpace::English, text: stem(Algorithm::English, form) });
        return;
    }
    // A form is its own stem too: the stemmers take the end of ростелеком and кредит for an ending and cut the
    // nominative shorter than the other cases, whose stem is the nominative.
    if !ukrainian_only {
        found.push(Lemma { space: LemmaSpace::Russian, text: stem(Algorithm::Russian, form) });
        found.push(Lemma { space: LemmaSpace::Russian, text: form.to_owned() });
    }
    if !russian_only {
        found.push(Lemma { space: LemmaSpace::Ukrainian, text: stem(Algorithm::Ukrainian, form) });
        found.push(Lemma { space: LemmaSpace::Ukrainian, text: form.to_owned() });
    }
}

fn stem(algorithm: Algorithm, form: &str) -> String {
    let stem = Stemmer::new(algorithm).stem(form);
    if stem.is_empty() { form.to_owned() } else { stem.into_owned() }
}

/// Lemma keys of the forms seen lately: natural text repeats itself, and a stem costs a hundred look-ups.
#[derive(Clone, Debug, Default)]
pub struct LemmaCache {
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    form: Key,
    count: u8,
    keys: [Key; MAX_LEMMAS],
}

/// About 1 MB when full; natural text hits it nine times in ten.
const SLOTS: usize = 1 << 14;

impl LemmaCache {
    /// The lemma keys of a form; `form` writes the form itself when it is not known by its key.
    pub fn keys(&mut self, key: Key, form: impl FnOnce() -> String) -> &[Key] {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, Slot::default());
        }
        let slot = &mut self.slots[(key.get() >> 40) as usize & (SLOTS - 1)];
        if slot.count == 0 || slot.form != key {
            slot.form = key;
            slot.count = 0;
            for (to, lemma) in slot.keys.iter_mut().zip(lemmas(&form())) {
                *to = lemma.key();
                slot.count += 1;
            }
        }
        &slot.keys[..slot.count as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same_word(a: &str, b: &str) -> bool {
        let of_a = lemmas(a);
        lemmas(b).iter().any(|lemma| of_a.contains(lemma))
    }

    #[test]
    fn forms_of_a_word_share_a_lemma_in_three_languages() {
        for (a, b) in [
            ("билайн", "билайном"),
            ("мегафон", "мегафона"),
            ("тариф", "тарифами"),
            ("карта", "карту"),
            ("ростелеком", "ростелекома"),
            ("ростелеком", "ростелекомом"),
            ("кредит", "кредита"),
            ("кредит", "кредиты"),
            ("київстар", "київстару"),
            ("картка", "картку"),
            ("bank", "banks"),
            ("beeline", "beeline's"),
            ("мтс", "мтс'а"),
            ("iphone", "iphone'ом"),
        ] {
            assert!(same_word(a, b), "{a} {b}");
        }
        assert!(!same_word("мегафон", "микрофон"));
    }

    #[test]
    fn every_form_begins_with_what_the_filter_is_told() {
        for (a, b) in [("dying", "die"), ("skies", "sky"), ("буду", "будь"), ("happily", "happy"), ("картці", "картка")]
        {
            for lemma in lemmas(a).iter().filter(|lemma| lemmas(b).contains(lemma)) {
                assert!(a.starts_with(shared_beginning(lemma)) && b.starts_with(shared_beginning(lemma)), "{a} {b}");
            }
        }
    }
}
