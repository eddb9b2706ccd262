//! Words by number, so that counts of many segments are added up without comparing texts.
//!
//! Every segment numbers the words of its own column; a table leads from there to the numbers here. Both are made when they
//! are first needed and can be forgotten at any time.

use std::hash::BuildHasher as _;
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;

use crate::cache::{Cache, Kept, Print};

/// Words of one vocabulary at most, at some 30 bytes each; then another is begun.
const MOST_WORDS: usize = 4_000_000;

/// The vocabulary in use.
pub(crate) struct Vocabularies(RwLock<Arc<Vocabulary>>);

#[derive(Default)]
pub(crate) struct Vocabulary {
    /// Tells it from those before it.
    pub(crate) number: u64,
    words: RwLock<Words>,
}

#[derive(Default)]
struct Words {
    /// All words, one behind the other.
    texts: String,
    /// Where each ends.
    ends: Vec<usize>,
    numbers: HashTable<u32>,
}

/// Numbers of a segment's words.
pub(crate) struct Table(pub(crate) Box<[u32]>);

impl Kept for Table {
    fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

impl Default for Vocabularies {
    fn default() -> Self {
        Self(RwLock::new(Arc::default()))
    }
}

impl Vocabularies {
    /// The one in use, or a new one when that is full.
    pub(crate) fn get(&self) -> Arc<Vocabulary> {
        let used = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        if used.len() < MOST_WORDS {
            return used;
        }
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if current.number == used.number {
            *current = Arc::new(Vocabulary { number: used.number + 1, ..Vocabulary::default() });
        }
        Arc::clone(&current)
    }
}

impl Vocabulary {
    /// Every number is below.
    pub(crate) fn len(&self) -> usize {
        self.words.read().unwrap_or_else(PoisonError::into_inner).ends.len()
    }

    pub(crate) fn text(&self, number: u32) -> String {
        self.words.read().unwrap_or_else(PoisonError::into_inner).text(number).to_owned()
    }

    /// The numbers of the words of a segment's column.
    pub(crate) fn table(
        &self,
        cache: &Cache,
        reader: &SegmentReader,
        column: &StrColumn,
    ) -> tantivy::Result<Arc<Table>> {
        let print = Print::of_segment("vocabulary", reader.segment_id(), self.number);
        if let Some(known) = cache.get(&print) {
            return Ok(known);
        }
        let table = Arc::new(Table(self.numbers_of(column)?));
        cache.put(&print, &table);
        Ok(table)
    }

    fn numbers_of(&self, column: &StrColumn) -> tantivy::Result<Box<[u32]>> {
        let mut numbers = Vec::with_capacity(column.num_terms());
        let mut unknown: Vec<(usize, String)> = Vec::new();
        let words = self.words.read().unwrap_or_else(PoisonError::into_inner);
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            let text = String::from_utf8_lossy(stream.key());
            let number = words.number(&text);
            if number.is_none() {
                unknown.push((numbers.len(), text.into_owned()));
            }
            numbers.push(number.unwrap_or_default());
        }
        drop(words);
        let mut words = self.words.write().unwrap_or_else(PoisonError::into_inner);
        for (at, text) in unknown {
            numbers[at] = words.add(&text);
        }
        Ok(numbers.into())
    }
}

impl Words {
    fn text(&self, number: u32) -> &str {
        text_of(&self.texts, &self.ends, number)
    }

    fn number(&self, text: &str) -> Option<u32> {
        self.numbers.find(hash(text), |number| self.text(*number) == text).copied()
    }

    fn add(&mut self, text: &str) -> u32 {
        if let Some(known) = self.number(text) {
            return known;
        }
        let number = self.ends.len() as u32;
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        let Self { texts, ends, numbers } = self;
        numbers.insert_unique(hash(text), number, |number| hash(text_of(texts, ends, *number)));
        number
    }
}

fn text_of<'a>(texts: &'a str, ends: &[usize], number: u32) -> &'a str {
    let number = number as usize;
    let start = if number == 0 { 0 } else { ends[number - 1] };
    &texts[start..ends[number]]
}

fn hash(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_number() {
        let mut words = Words::default();
        let texts: Vec<String> = (0..5_000).map(|number| format!("слово{number}")).collect();
        let numbers: Vec<u32> = texts.iter().map(|text| words.add(text)).collect();
        assert_eq!(numbers, (0..5_000).collect::<Vec<_>>());
        assert!(texts.iter().zip(0..).all(|(text, number)| words.add(text) == number && words.text(number) == text));
        assert_eq!((words.number("другое"), words.ends.len()), (None, 5_000));
    }
}
