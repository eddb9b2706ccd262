//! Reads a word of a query with the same analysis that reads posts.

use std::ops::Range;
use std::sync::LazyLock;

use molva_text::{
    Analysis, PrefixFilter, TokenKind, WordForms, normal_form, normalise, normalise_cased, normalise_plain,
};

use crate::diagnostic::Diagnostic;
use crate::syntax::{Expr, Node, Pattern, Phrase, Word, WordTest};

/// Letters a star needs before it.
const SHORTEST_PREFIX: usize = 3;

/// Longest run of signs without a space that is read as words, in characters.
const LONGEST_WORD: usize = 500;

/// How a word is compared when nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    AnyForm,
    Exact,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    Plain(Plain),
    Exact,
    Cased,
}

/// A single word of a query, with its `=`, `==`, `*` and `?`. Words that fall apart in the analysis become a row.
pub(crate) fn read_word(
    written: &str,
    span: Range<usize>,
    plain: Plain,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Expr> {
    let (strictness, body) = if let Some(body) = written.strip_prefix("==") {
        (Strictness::Cased, body)
    } else if let Some(body) = written.strip_prefix('=') {
        (Strictness::Exact, body)
    } else {
        (Strictness::Plain(plain), written)
    };
    if has_wildcard(body) {
        let test = wildcard(body, &span, diagnostics)?;
        return Some(single(span, body, test));
    }
    if body.len() > LONGEST_WORD && body.chars().count() > LONGEST_WORD {
        diagnostics.push(Diagnostic::error("word_too_long", span, body.chars().take(20).collect::<String>()));
        return None;
    }
    if let Some(word) = plain_word(body, &span, strictness) {
        return Some(Expr::new(span, Node::Word(word)));
    }
    let words = row(body, &span, strictness);
    match words.parts.len() {
        0 => {
            diagnostics.push(match written {
                "&" | "&&" => Diagnostic::error("sign_operator", span, written).with("AND"),
                _ => Diagnostic::error("not_a_word", span, written).with(""),
            });
            None
        }
        1 => words.parts.into_iter().next().map(|word| Expr::new(span, Node::Word(word))),
        _ => {
            let row = Expr::new(span.clone(), Node::Phrase(Phrase { words: words.parts, slop: None }));
            match words.whole {
                None => Some(row),
                Some(whole) => {
                    let whole = Expr::new(span.clone(), Node::Word(whole));
                    Some(Expr::new(span, Node::Or(vec![whole, row])))
                }
            }
        }
    }
}

/// The words of a phrase. Each may have its own `=`, `==`, `*` and `?`. `place` says where bytes of the phrase lie in the
/// query.
pub(crate) fn read_phrase(
    content: &str,
    place: &dyn Fn(Range<usize>) -> Range<usize>,
    plain: Plain,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Word> {
    let mut words = Vec::new();
    for (start, piece) in pieces(content) {
        let span = place(start..start + piece.len());
        let (strictness, body) = if let Some(body) = piece.strip_prefix("==") {
            (Strictness::Cased, body)
        } else if let Some(body) = piece.strip_prefix('=') {
            (Strictness::Exact, body)
        } else {
            (Strictness::Plain(plain), piece)
        };
        // Signs after a word are punctuation of a pasted sentence, question marks among them.
        let (stem, signs) = body.split_at(body.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '*').len());
        if has_wildcard(stem) {
            let test = wildcard(stem, &span, diagnostics);
            words.extend(test.map(|test| Word { span: span.clone(), written: stem.to_owned(), test }));
            words.extend(row(signs, &span, strictness).parts);
        } else if let Some(word) = plain_word(body.trim_end_matches('?'), &span, strictness) {
            words.push(word);
        } else {
            words.extend(row(body, &span, strictness).parts);
        }
    }
    words
}

fn pieces(content: &str) -> impl Iterator<Item = (usize, &str)> {
    content.split_whitespace().map(move |piece| (piece.as_ptr() as usize - content.as_ptr() as usize, piece))
}

fn has_wildcard(body: &str) -> bool {
    body.bytes().any(|byte| matches!(byte, b'*' | b'?')) && body.chars().any(char::is_alphanumeric)
}

fn single(span: Range<usize>, written: &str, test: WordTest) -> Expr {
    Expr::new(span.clone(), Node::Word(Word { span, written: written.to_owned(), test }))
}

/// The short way for most words: letters and digits of one alphabet, which the analysis would leave whole.
fn plain_word(body: &str, span: &Range<usize>, strictness: Strictness) -> Option<Word> {
    let mut form = String::with_capacity(body.len());
    let joined = body.bytes().any(|byte| matches!(byte, b'-' | b'_'));
    if joined || !normalise_plain(body, &mut form) || form.is_empty() {
        return None;
    }
    let test = word_test(form, body, strictness);
    Some(Word { span: span.clone(), written: body.to_owned(), test })
}

fn word_test(form: String, written: &str, strictness: Strictness) -> WordTest {
    match strictness {
        Strictness::Plain(Plain::AnyForm) => WordTest::AnyForm { forms: WordForms::of(&form), form },
        Strictness::Plain(Plain::Exact) | Strictness::Exact => WordTest::Exact(form),
        Strictness::Cased => WordTest::Cased { form, cased: normalise_cased(written) },
    }
}

struct Row {
    parts: Vec<Word>,
    /// The hyphenated word as one.
    whole: Option<Word>,
}

/// Cuts a word the way posts are cut.
fn row(body: &str, span: &Range<usize>, strictness: Strictness) -> Row {
    static NO_FILTER: LazyLock<PrefixFilter> = LazyLock::new(PrefixFilter::default);
    let mut analysis = Analysis::default();
    analysis.run("", body, &NO_FILTER);
    let mut row = Row { parts: Vec::new(), whole: None };
    let last = analysis.tokens().iter().map(|token| token.last).max().unwrap_or(0);
    for token in analysis.tokens() {
        if token.kind == TokenKind::Address || token.kind == TokenKind::Stretched {
            continue;
        }
        let written = token.written("", body);
        let mut form = String::new();
        normal_form(token.kind, written, &mut form);
        let test = match token.kind {
            TokenKind::Hashtag => WordTest::Hashtag(form),
            TokenKind::Mention => WordTest::Mention(form),
            TokenKind::Emoji => WordTest::Emoji(form),
            _ => word_test(form, written, strictness),
        };
        let word = Word { span: span.clone(), written: written.to_owned(), test };
        if !token.derived {
            row.parts.push(word);
        } else if token.kind == TokenKind::Word && token.position == 0 && token.last == last && last > 0 {
            row.whole = Some(word);
        }
    }
    // A compound inside a longer run of words is no whole.
    if row
        .parts
        .iter()
        .any(|part| matches!(part.test, WordTest::Hashtag(_) | WordTest::Mention(_) | WordTest::Emoji(_)))
    {
        row.whole = None;
    }
    row
}

fn wildcard(body: &str, span: &Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> Option<WordTest> {
    let mut refuse = |code| {
        diagnostics.push(Diagnostic::error(code, span.clone(), body));
        None
    };
    if body.starts_with(['#', '@']) {
        return refuse("wildcard_here");
    }
    if body.starts_with(['*', '?']) {
        return refuse("leading_wildcard");
    }
    let open = body.ends_with('*');
    let inner = body.trim_end_matches('*');
    if inner.contains('*') {
        return refuse("star_inside");
    }
    let mut letters = Vec::new();
    for (index, piece) in inner.split('?').enumerate() {
        if index > 0 {
            letters.push(None);
        }
        letters.extend(normalise(piece).chars().map(Some));
    }
    if !matches!(letters.first(), Some(Some(_))) {
        return refuse("leading_wildcard");
    }
    let known = letters.iter().flatten().count();
    if open && known < SHORTEST_PREFIX {
        return refuse("prefix_too_short");
    }
    if letters.iter().all(Option::is_some) {
        return Some(WordTest::Prefix(letters.into_iter().flatten().collect()));
    }
    Some(WordTest::Pattern(Pattern { letters, open }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_short_way_gives_what_the_analysis_gives(
            body in "[а-яёіїєґА-ЯЁІЇ]{1,8}|[a-zA-Z0-9]{1,8}|[а-яa-zёЁ0-9'’_.@#-]{1,8}|\\PC{1,6}|[оoя1]{1,6}",
            cased in any::<bool>(),
        ) {
            let strictness = if cased { Strictness::Cased } else { Strictness::Plain(Plain::AnyForm) };
            if let Some(word) = plain_word(&body, &(0..1), strictness) {
                let row = row(&body, &(0..1), strictness);
                prop_assert!(row.whole.is_none());
                prop_assert_eq!(row.parts, vec![word]);
            }
        }
    }
}
