//! Mentions that say the same as a post: those that hold several of its rarest words, by relevance.

use std::collections::HashSet;

use molva_domain::Post;
use molva_query::syntax::{Expr, Node, Word, WordTest};
use molva_text::{Analysis, PrefixFilter, TokenKind, WordForms};

use crate::archive::Archive;
use crate::ask::{Filter, Found, Order};
use crate::error::Error;
use crate::function_words::is_function_word;
use crate::said::FEWEST_LETTERS;
use crate::slice::{Shelf, Slice};
use crate::words::meant;

/// Different words of the post that are looked up.
const MOST_LOOKED_UP: usize = 96;
/// The rarest of them, which are searched for.
const RAREST: usize = 16;
/// One in so many of these must be there.
const OF: usize = 3;

impl Archive {
    /// Mentions like a post, the most alike first. The post's own mentions are among them when they are in the archive: ask for
    /// some more and leave them out. A word whose form in the post no other mention of the months asked holds
    /// is not looked for.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn similar(&self, post: &Post, filter: &Filter, limit: usize) -> Result<Found, Error> {
        let (shelves, missing) = self.asked(filter);
        let mut known: Vec<(u64, WordTest)> = Vec::new();
        for test in tests_of(post) {
            // How rare a word is its form in the post tells well enough; all its forms are looked for below.
            let exact = WordTest::Exact(named(&test).to_owned());
            let mentions = self.holding(&exact, &shelves)?;
            if mentions > 1 {
                known.push((mentions, test));
            }
        }
        known.sort_by_key(|(mentions, _)| *mentions);
        known.truncate(RAREST);
        if known.is_empty() {
            return Ok(Found { hits: Vec::new(), missing });
        }
        let count = known.len().div_ceil(OF).max(known.len().min(2));
        let of = known.into_iter().map(|(_, test)| expression(Node::Word(word(test)))).collect();
        self.search_for(Some(&expression(Node::AtLeast { count, of })), filter, Order::Relevance, None, limit)
    }

    fn holding(&self, test: &WordTest, shelves: &[(Slice, Shelf)]) -> Result<u64, Error> {
        let mut mentions = 0;
        for (slice, shelf) in shelves {
            for reader in shelf.reader.searcher().segment_readers() {
                let inverted = reader.inverted_index(self.inner.fields.words).map_err(Error::engine("read", *slice))?;
                let terms = meant(std::slice::from_ref(test), &inverted);
                let terms = terms.map_err(|error| Error::engine("look up words", *slice)(error.into()))?;
                mentions += terms.iter().map(|term| u64::from(term.info.doc_freq)).sum::<u64>();
            }
        }
        Ok(mentions)
    }
}

/// The words and hashtags of a post, each once.
fn tests_of(post: &Post) -> Vec<WordTest> {
    let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
    let mut analysis = Analysis::default();
    analysis.run(title, text, &PrefixFilter::default());
    let (mut seen, mut tests, mut form) = (HashSet::new(), Vec::new(), String::new());
    for token in analysis.tokens() {
        if tests.len() == MOST_LOOKED_UP {
            break;
        }
        token.form_into(title, text, &mut form);
        let test = match token.kind {
            TokenKind::Word if !token.derived => {
                let counts = form.chars().count() >= FEWEST_LETTERS && !is_function_word(&form);
                counts.then(|| WordTest::AnyForm { forms: WordForms::of(&form), form: form.clone() })
            }
            TokenKind::Hashtag => Some(WordTest::Hashtag(form.clone())),
            _ => None,
        };
        // Another form of a word that is there already says nothing more.
        if let Some(test) = test
            && seen.insert(named(&test).to_owned())
            && !tests.iter().any(|known| is_form(known, &form))
        {
            tests.push(test);
        }
    }
    tests
}

fn named(test: &WordTest) -> &str {
    match test {
        WordTest::AnyForm { form, .. } | WordTest::Hashtag(form) => form,
        _ => "",
    }
}

fn is_form(test: &WordTest, form: &str) -> bool {
    matches!(test, WordTest::AnyForm { forms, .. } if forms.texts().any(|known| known == form))
}

const fn expression(node: Node) -> Expr {
    Expr { span: 0..0, node }
}

const fn word(test: WordTest) -> Word {
    Word { span: 0..0, written: String::new(), test }
}
