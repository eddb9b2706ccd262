//! Queries of other products in our language, with a note for everything that could not be carried over unchanged.

mod brandwatch;
mod fields;
mod grammar;
mod meltwater;
mod notes;
mod operands;
mod reader;
mod talkwalker;
#[cfg(test)]
mod tests;
mod writer;
mod youscan;

use std::ops::Range;

use molva_domain::Language;

use crate::Spoken;
use crate::diagnostic::fill;
use crate::parser::MAX_CHARACTERS;
use grammar::Grammar;
use reader::Reader;
use writer::Writer;

/// Whose language a query is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Brandwatch,
    YouScan,
    Talkwalker,
    Meltwater,
}

impl Dialect {
    pub const ALL: &'static [Self] = &[Self::Brandwatch, Self::YouScan, Self::Talkwalker, Self::Meltwater];

    /// Stable name, lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brandwatch => "brandwatch",
            Self::YouScan => "youscan",
            Self::Talkwalker => "talkwalker",
            Self::Meltwater => "meltwater",
        }
    }

    fn grammar(self) -> &'static Grammar {
        match self {
            Self::Brandwatch => &brandwatch::GRAMMAR,
            Self::YouScan => &youscan::GRAMMAR,
            Self::Talkwalker => &talkwalker::GRAMMAR,
            Self::Meltwater => &meltwater::GRAMMAR,
        }
    }

    /// The dialect of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dialect| dialect.name() == name)
    }
}

/// A foreign query in our language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Empty when nothing could be carried over.
    pub query: String,
    /// By place.
    pub notes: Vec<Note>,
}

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Bytes of the foreign query.
    pub span: Range<usize>,
    /// The foreign text at the span.
    pub written: String,
    pub severity: NoteSeverity,
    pub(crate) text: &'static Spoken,
    pub(crate) new: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteSeverity {
    /// It is not in the result.
    Lost,
    /// It is in the result and means something else there.
    Changed,
}

impl NoteSeverity {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Changed => "changed",
        }
    }
}

impl Note {
    /// One sentence. Languages other than Russian and Ukrainian read English.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        fill(self.text.in_language(language), &[("{}", &self.written), ("{new}", &self.new)])
    }
}

/// Rewrites a query of another product. The result finds at least what the original found wherever ours can say so; the
/// notes tell of everything else. When it is not a query of ours that can be used, the last note says so.
#[must_use]
pub fn import(dialect: Dialect, text: &str) -> Import {
    let mut notes = Notes::default();
    if text.chars().count() > MAX_CHARACTERS {
        notes.add(text, 0..text.len(), NoteSeverity::Lost, &notes::TOO_LONG, "");
        return Import { query: String::new(), notes: notes.0 };
    }
    let grammar = dialect.grammar();
    let foreign = Reader { text, grammar, notes: &mut notes, at: 0, depth: 0 }.read();
    let written = foreign.and_then(|foreign| Writer { text, grammar, notes: &mut notes }.write(&foreign, true));
    let query = written.map(|written| written.text).unwrap_or_default();
    notes.0.sort_by_key(|note| (note.span.start, note.span.end));
    if query.is_empty() {
        notes.add(text, 0..text.len(), NoteSeverity::Lost, &notes::EMPTY, "");
    } else if crate::parse(&query).query.is_none() {
        notes.add(text, 0..text.len(), NoteSeverity::Lost, &notes::UNUSABLE, "");
    }
    Import { query, notes: notes.0 }
}

/// Most notes on one query.
const MAX_NOTES: usize = 500;
/// Longest piece of the foreign query that a note repeats, in characters.
const MAX_WRITTEN: usize = 80;

/// The notes so far.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<Note>);

impl Notes {
    fn add(&mut self, text: &str, span: Range<usize>, severity: NoteSeverity, sentence: &'static Spoken, new: &str) {
        let all = text.get(span.clone()).unwrap_or_default();
        let mut written: String = all.chars().take(MAX_WRITTEN).collect();
        if written.len() < all.len() {
            written.push('…');
        }
        let note = Note { span, written, severity, text: sentence, new: new.to_owned() };
        if self.0.len() < MAX_NOTES && self.0.last() != Some(&note) {
            self.0.push(note);
        }
    }

    /// Adds a note on the query as a whole, unless it has been told.
    fn once(&mut self, text: &str, sentence: &'static Spoken) {
        if !self.told(sentence) {
            self.add(text, 0..text.len(), NoteSeverity::Changed, sentence, "");
        }
    }

    fn told(&self, sentence: &'static Spoken) -> bool {
        self.0.iter().any(|note| std::ptr::eq(note.text, sentence))
    }
}
