//! A word with its forms.

use molva_domain::Language;

use crate::letters::{CYRILLIC, LATIN, script_of, to_cyrillic, to_latin};
use crate::normalise::normalise;

/// A word in all its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexeme {
    /// The form dictionaries name it by.
    pub lemma: String,
    pub language: Option<Language>,
    pub origin: Origin,
    /// Normalised, sorted, each once; the lemma is among them.
    pub forms: Vec<String>,
}

/// How the forms of a word are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It stands in a dictionary.
    Dictionary,
    /// It ends as words of a dictionary do, and is inflected like them.
    Guessed,
    /// By rules of grammar.
    Rules,
    /// Nothing is known of it.
    Itself,
}

/// The dictionary form of a word in one language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lemma {
    pub text: String,
    pub language: Option<Language>,
}

impl Lexeme {
    /// Forms may come in any order and not quite normalised.
    pub(super) fn new(lemma: String, language: Option<Language>, origin: Origin, forms: Vec<String>) -> Self {
        let lemma = if is_plain(&lemma) { lemma } else { normalise(&lemma) };
        let mut known = Vec::with_capacity(forms.len() + 1);
        known.push(lemma.clone());
        let mut lexeme = Self { lemma, language, origin, forms: known };
        lexeme.add(forms);
        lexeme
    }

    pub(super) fn itself(form: &str, more: Vec<String>) -> Self {
        Self::new(form.to_owned(), None, Origin::Itself, more)
    }

    pub(super) fn add(&mut self, forms: Vec<String>) {
        for form in forms {
            if is_plain(&form) {
                self.forms.push(form);
                continue;
            }
            let normal = normalise(&form);
            // СССРу would be read as a stretched сру.
            if normal.chars().count() == form.chars().count() {
                self.forms.push(normal);
            }
        }
        self.forms.sort_unstable();
        self.forms.dedup();
    }

    /// Whether a normal form is one of this word.
    #[must_use]
    pub fn has(&self, form: &str) -> bool {
        self.forms.binary_search_by(|known| known.as_str().cmp(form)).is_ok()
    }
}

/// Certainly its own normal form, seen without the complete normalisation: small letters and digits, nothing three times
/// in a row, apostrophes between letters, no letter that only looks like one of the word's own alphabet.
fn is_plain(form: &str) -> bool {
    let (mut previous, mut same, mut seen) = ('\'', 0, 0);
    for c in form.chars() {
        match c {
            'а'..='я' | 'і' | 'ї' | 'є' | 'ґ' => seen |= CYRILLIC,
            'a'..='z' => seen |= LATIN,
            '0'..='9' => {}
            '\'' if previous != '\'' => {}
            _ => return false,
        }
        same = if c == previous { same + 1 } else { 0 };
        if same >= 2 {
            return false;
        }
        previous = c;
    }
    previous != '\'' && (seen != LATIN | CYRILLIC || is_distinct(form))
}

/// Whether a word of both alphabets has letters of both that look like none of the other, and so keeps them all.
fn is_distinct(form: &str) -> bool {
    let own =
        |script, twin: fn(char) -> Option<char>| form.chars().any(|c| script_of(c) == script && twin(c).is_none());
    own(LATIN, to_cyrillic) && own(CYRILLIC, to_latin)
}
