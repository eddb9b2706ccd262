//! Which terms of a slice's dictionary a word of a query stands for.

use std::io;

use molva_query::syntax::WordTest;
use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::termdict::TermDictionary;

use crate::tokens::{HAS_LONG, bounded, cased_term, emoji_term, long_beginning, split_long};

/// A term and which of its places count.
#[derive(Clone, Debug)]
pub(crate) struct Meant {
    pub(crate) info: TermInfo,
    /// Only words written as their normal form is.
    pub(crate) plain_only: bool,
    /// Further positions each of its tokens takes, when they are many.
    pub(crate) more: Option<u32>,
}

/// Whether the dictionary alone cannot tell: the letter case is looked up at each place.
pub(crate) fn needs_places(test: &WordTest) -> bool {
    matches!(test, WordTest::Cased { form, cased } if form == cased)
}

/// Every term that one of the words stands for, each once, in the order of the dictionary.
pub(crate) fn meant(tests: &[WordTest], inverted: &InvertedIndexReader) -> io::Result<Vec<Meant>> {
    let dictionary = inverted.terms();
    let mut found = Search { dictionary, has_long: dictionary.get(HAS_LONG)?.is_some(), meant: Vec::new() };
    for test in tests {
        match test {
            WordTest::AnyForm { forms, .. } => {
                for form in forms.texts() {
                    found.exact(bounded(form.to_owned()), false)?;
                }
            }
            WordTest::Exact(form) | WordTest::Hashtag(form) | WordTest::Mention(form) => {
                found.exact(bounded(form.clone()), false)?;
            }
            WordTest::Emoji(form) => found.exact(emoji_term(form), false)?,
            WordTest::Cased { form, .. } if needs_places(test) => found.exact(bounded(form.clone()), true)?,
            WordTest::Cased { form, cased } => found.exact(cased_term(form, cased), false)?,
            WordTest::Prefix(prefix) => found.beginning(prefix, |_| true)?,
            WordTest::Pattern(pattern) => found.beginning(&pattern.beginning(), |form| pattern.matches(form))?,
        }
    }
    let mut meant = found.meant;
    meant.sort_by_key(|one| (one.info.postings_range.start, one.plain_only));
    meant.dedup_by_key(|one| one.info.postings_range.start);
    Ok(meant)
}

struct Search<'a> {
    dictionary: &'a TermDictionary,
    has_long: bool,
    meant: Vec<Meant>,
}

impl Search<'_> {
    fn exact(&mut self, term: String, plain_only: bool) -> io::Result<()> {
        if term.is_empty() {
            return Ok(());
        }
        if let Some(info) = self.dictionary.get(&term)? {
            self.meant.push(Meant { info, plain_only, more: None });
        }
        if self.has_long {
            self.range(&long_beginning(&term), plain_only, |_| true)?;
        }
        Ok(())
    }

    fn beginning(&mut self, beginning: &str, fits: impl Fn(&str) -> bool) -> io::Result<()> {
        if beginning.is_empty() { Ok(()) } else { self.range(beginning, false, fits) }
    }

    fn range(&mut self, beginning: &str, plain_only: bool, fits: impl Fn(&str) -> bool) -> io::Result<()> {
        let behind = format!("{beginning}{}", char::MAX);
        let mut terms = self.dictionary.range().ge(beginning).lt(behind).into_stream()?;
        while let Some((term, info)) = terms.next() {
            let (form, more) = split_long(std::str::from_utf8(term).unwrap_or_default());
            if fits(form) {
                self.meant.push(Meant { info: info.clone(), plain_only, more });
            }
        }
        Ok(())
    }
}
