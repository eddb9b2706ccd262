//! All forms a word of a query stands for, ready to be looked up.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use hashbrown::HashMap;

use super::lexeme::Lexeme;
use super::lexemes;
use crate::hash::{Key, KeySpace, hash_letters};
use crate::normalise::normalise;

/// Most forms one word of a query stands for.
pub const MAX_FORMS: usize = 400;

/// The forms of a word of a query, all its readings together. Cheap to clone; the word itself is always among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordForms(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    form: Box<str>,
    /// Sorted, a line each.
    texts: Box<str>,
    keys: Arc<[Key]>,
}

impl WordForms {
    /// The forms of a word; what was asked lately is remembered for the whole process.
    #[must_use]
    pub fn of(form: &str) -> Self {
        let form = normalise(form);
        let shard = &CACHE[hash_letters(&form) as usize % SHARDS];
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).get(form.as_str()) {
            return known.clone();
        }
        let forms = Self::expand(&form);
        let mut words = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if words.len() >= WORDS_PER_SHARD {
            words.clear();
        }
        words.insert(form.into(), forms.clone());
        forms
    }

    fn expand(form: &str) -> Self {
        let lexemes = lexemes(form);
        let mut texts: Vec<&str> = lexemes.iter().flat_map(|lexeme| &lexeme.forms).map(String::as_str).collect();
        // The readings come likeliest first.
        if texts.len() > MAX_FORMS {
            let mut seen = hashbrown::HashSet::with_capacity(texts.len());
            texts.retain(|text| *text != form && seen.insert(*text));
            texts.truncate(MAX_FORMS - 1);
            texts.push(form);
        }
        texts.sort_unstable();
        texts.dedup();
        let mut keys: Vec<_> = texts.iter().map(|text| Key::of_text(text, KeySpace::Form)).collect();
        keys.sort_unstable();
        keys.dedup();
        Self(Arc::new(Inner { form: form.into(), texts: texts.join("\n").into(), keys: keys.into() }))
    }

    /// The word they are forms of, normalised.
    #[must_use]
    pub fn form(&self) -> &str {
        &self.0.form
    }

    /// Whether a word of a post, by its key in [`KeySpace::Form`], is one of the forms.
    #[must_use]
    pub fn contains(&self, key: Key) -> bool {
        self.0.keys.binary_search(&key).is_ok()
    }

    /// In [`KeySpace::Form`], sorted, each once; never empty.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.0.keys
    }

    /// The same, to be kept when the forms themselves are not.
    #[must_use]
    pub fn shared_keys(&self) -> Arc<[Key]> {
        Arc::clone(&self.0.keys)
    }

    /// The forms spelled out, sorted; never empty.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.texts.split('\n')
    }

    /// The readings behind the forms, the likeliest first; worked out anew.
    #[must_use]
    pub fn lexemes(&self) -> Vec<Lexeme> {
        lexemes(&self.0.form)
    }
}

const SHARDS: usize = 16;
/// About 1 KB a word: at most some 16 MB.
const WORDS_PER_SHARD: usize = 1024;

type Words = HashMap<Box<str>, WordForms, foldhash::fast::FixedState>;

static CACHE: LazyLock<[Mutex<Words>; SHARDS]> = LazyLock::new(Default::default);

/// Forgets what was asked: a new dictionary answers differently.
pub(super) fn forget() {
    for shard in CACHE.iter() {
        shard.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
