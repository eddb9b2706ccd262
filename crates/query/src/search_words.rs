//! Push-down: the fewest words a network's own search must be asked for so that no match is lost.

use crate::syntax::{Expr, Node, WordTest};

/// Words of which every match holds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchWords {
    /// Sorted by text, each once.
    pub words: Vec<SearchWord>,
}

/// A word to ask a network for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchWord {
    pub text: String,
    /// What to ask for where the network's search does not inflect: every form that would match; the text alone for signs
    /// and exact words.
    pub forms: Vec<String>,
}

impl SearchWords {
    /// The words alone, for networks whose search inflects.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.words.iter().map(|word| word.text.clone()).collect()
    }
}

/// `None` when no words bound the part: exclusions, fields, prefixes.
pub(crate) fn search_words(expr: &Expr) -> Option<SearchWords> {
    let words = cover(expr)?;
    let mut words: Vec<_> = words.into_iter().filter_map(of_word).collect();
    words.sort_unstable();
    // The same word exactly and in any form: the wider one asks for more.
    words.dedup_by(|later, earlier| {
        let same = later.text == earlier.text;
        if same && later.forms.len() > earlier.forms.len() {
            std::mem::swap(later, earlier);
        }
        same
    });
    Some(SearchWords { words })
}

/// Words of which every match holds one.
fn cover(expr: &Expr) -> Option<Vec<&WordTest>> {
    match &expr.node {
        Node::Word(word) => letters(&word.test).map(|_| vec![&word.test]),
        Node::Phrase(phrase) => {
            let words = phrase.words.iter().filter(|word| letters(&word.test).is_some());
            words.max_by_key(|word| letters(&word.test)).map(|word| vec![&word.test])
        }
        Node::Title(part) => cover(part),
        Node::List { of, .. } => cover(of),
        Node::Near { left, right, .. } | Node::Sentence { left, right } => {
            [cover(left), cover(right)].into_iter().flatten().min_by_key(|words| cost(words))
        }
        Node::And(parts) => parts.iter().filter_map(cover).min_by_key(|words| cost(words)),
        Node::Or(parts) => parts.iter().map(cover).collect::<Option<Vec<_>>>().map(|covers| covers.concat()),
        Node::AtLeast { count, of } => {
            // Whatever matches holds at least one of any `len - count + 1` parts.
            let mut covers: Vec<_> = of.iter().filter_map(cover).collect();
            let needed = (of.len() + 1).checked_sub(*count)?;
            covers.sort_by_key(|words| cost(words));
            (covers.len() >= needed).then(|| covers[..needed].concat())
        }
        Node::Field(_) | Node::Not(_) => None,
    }
}

/// Few words first, then long ones: long words are rarer.
fn cost(words: &[&WordTest]) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = words.iter().filter_map(|word| letters(word)).min().unwrap_or(0);
    (words.len(), std::cmp::Reverse(shortest))
}

/// Length of a word that can be asked for.
fn letters(test: &WordTest) -> Option<usize> {
    match test {
        WordTest::Prefix(_) | WordTest::Pattern(_) => None,
        WordTest::AnyForm { form, .. }
        | WordTest::Exact(form)
        | WordTest::Cased { form, .. }
        | WordTest::Hashtag(form)
        | WordTest::Mention(form)
        | WordTest::Emoji(form) => Some(form.chars().count()),
    }
}

fn of_word(test: &WordTest) -> Option<SearchWord> {
    let (text, forms) = match test {
        WordTest::Prefix(_) | WordTest::Pattern(_) => return None,
        WordTest::AnyForm { form, forms } => (form, forms.texts().map(str::to_owned).collect()),
        WordTest::Exact(form)
        | WordTest::Cased { form, .. }
        | WordTest::Hashtag(form)
        | WordTest::Mention(form)
        | WordTest::Emoji(form) => (form, vec![form.clone()]),
    };
    Some(SearchWord { text: text.clone(), forms })
}
