use std::sync::Arc;

use proptest::prelude::*;

use crate::lexer::Lexer;
use crate::parse;
use crate::syntax::{Expr, Node, Word};

/// The tree without the places in the text.
fn bare(expr: &Expr) -> Expr {
    let word = |word: &Word| Word { span: 0..0, ..word.clone() };
    let all = |parts: &[Expr]| parts.iter().map(bare).collect::<Vec<_>>();
    let node = match &expr.node {
        Node::Word(own) => Node::Word(word(own)),
        Node::Phrase(phrase) => {
            Node::Phrase(crate::syntax::Phrase { words: phrase.words.iter().map(word).collect(), slop: phrase.slop })
        }
        Node::Near { left, right, distance, ordered } => Node::Near {
            left: Box::new(bare(left)),
            right: Box::new(bare(right)),
            distance: *distance,
            ordered: *ordered,
        },
        Node::Sentence { left, right } => Node::Sentence { left: Box::new(bare(left)), right: Box::new(bare(right)) },
        Node::AtLeast { count, of } => Node::AtLeast { count: *count, of: all(of) },
        Node::Title(part) => Node::Title(Box::new(bare(part))),
        Node::Field(test) => Node::Field(test.clone()),
        Node::List { name, of } => Node::List { name: name.clone(), of: Arc::new(bare(of)) },
        Node::And(parts) => Node::And(all(parts)),
        Node::Or(parts) => Node::Or(all(parts)),
        Node::Not(part) => Node::Not(Box::new(bare(part))),
    };
    Expr { span: 0..0, node }
}

/// The comments there are, sorted: some move past what they stood before.
fn comments(text: &str) -> Vec<&str> {
    let (_, places) = Lexer::read_with_comments(text, &mut Vec::new());
    let mut comments: Vec<_> = places.into_iter().map(|place| text[place].trim()).collect();
    comments.sort_unstable();
    comments
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let query = parse(text).query.unwrap_or_else(|| panic!("{text}: {:?}", parse(text).diagnostics));
    assert_eq!(query.format(), expected);
    let again = parse(expected).query.expect("a query");
    assert_eq!(bare(again.expr()), bare(query.expr()));
    assert_eq!(again.format(), expected);
}

#[test]
fn a_short_query_stays_on_one_line() {
    check("  билайн   OR\n beeline ", "билайн OR beeline");
    check("a|b   -c", "a OR b -c");
    check("( a AND   b )И НЕ(c)", "(a AND b) И НЕ (c)");
    check("2  OF( a,b , c )", "2 OF (a, b, c)");
    check("a NEAR/3 (b|\"c   d\")", "a NEAR/3 (b OR \"c d\")");
    check("a <<< why >>> b", "a <<< why >>> b");
}

#[test]
fn a_long_query_is_broken_where_it_joins() {
    check(
        "(билайн OR beeline OR \"вымпелком\" OR vimpelcom) (кредит OR тариф OR \"нет интернета\" OR связь) -(вакансия OR резюме) lang:ru",
        "(билайн OR beeline OR \"вымпелком\" OR vimpelcom)\n\
         (кредит OR тариф OR \"нет интернета\" OR связь)\n\
         -(вакансия OR резюме)\n\
         lang:ru",
    );
    let many: Vec<_> = (100..140).map(|number| format!("слово{number}")).collect();
    let text = format!("сбой ({})", many.join(" OR "));
    let query = parse(&text).query.expect("a query");
    let lines: Vec<_> = query.format().lines().map(str::to_owned).collect();
    assert_eq!(lines[..2], ["сбой", "("]);
    assert!(lines[2].starts_with("  слово100 OR слово101 OR") && lines[3].starts_with("  OR слово10"));
    assert_eq!(lines.last().map(String::as_str), Some(")"));
    assert!(lines.iter().all(|line| line.chars().count() <= 100));
}

#[test]
fn comments_stay_with_what_they_stand_at() {
    check(
        "-- our brand\n(билайн -- the network\n OR beeline OR -- in Latin\n vimpelcom)\n-- noise\n -вакансия",
        "-- our brand\n(\n  билайн -- the network\n  OR beeline -- in Latin\n  OR vimpelcom\n)\n-- noise\n-вакансия",
    );
    check("a -- the end", "a -- the end");
}

#[test]
fn a_comment_in_brackets_may_touch_the_words_beside_it() {
    check("a<<< x >>>b AND -- y\nc", "a <<< x >>>\nb -- y\nAND c");
    check("kind:post<<<x>>>\"a b\"<<<y>>>", "kind:post <<<x>>> \"a b\" <<<y>>>");
    // Two hyphens at the end of a word are a part of it.
    check("a-- y", "a-- y");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn laying_out_changes_no_query(
        text in "(a|б|слово|\"c d\"|-|(слово ){30}| AND | OR | NOT | И |\\||\\(|\\)|\"x\"~2| NEAR/2 | SENTENCE |2 OF \\(|, |title:|kind:\\(post, reply\\)|<<< x >>>|-- y\n|\n| ){0,24}",
    ) {
        if let Some(query) = parse(&text).query {
            let laid_out = query.format();
            let again = parse(&laid_out);
            prop_assert!(again.query.is_some(), "{} {:?}", laid_out, again.diagnostics);
            let again = again.query.unwrap_or(query.clone());
            prop_assert_eq!(bare(again.expr()), bare(query.expr()), "{}", laid_out);
            // A comment inside a distance moves behind it, and then there is no telling it from others.
            prop_assert!(again.format() == laid_out || text.contains("--") || text.contains("<<<"));
            prop_assert_eq!(comments(&text), comments(&laid_out));
        }
    }
}
