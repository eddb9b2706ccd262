use super::post;
use crate::parse;

#[track_caller]
fn clauses(text: &str) -> Vec<(&str, &'static str)> {
    let query = parse(text).query.expect("a query");
    query.clauses().into_iter().map(|clause| (&text[clause.span], clause.role.name())).collect()
}

#[test]
fn the_parts_of_two_levels_can_be_asked_for() {
    assert_eq!(clauses("билайн"), []);
    assert_eq!(clauses("wi-fi"), []);
    assert_eq!(
        clauses("(билайн OR beeline) связь -(вакансия OR резюме)"),
        [
            ("(билайн OR beeline)", "required"),
            ("билайн", "any"),
            ("beeline", "any"),
            ("связь", "required"),
            ("-(вакансия OR резюме)", "excluded"),
            ("вакансия", "excluded"),
            ("резюме", "excluded"),
        ]
    );
    assert_eq!(clauses("a OR (b -c)"), [("a", "any"), ("(b -c)", "any"), ("b", "required"), ("-c", "excluded")]);
    assert_eq!(
        clauses("2 OF (a, b (c OR d))"),
        [("a", "any"), ("b (c OR d)", "any"), ("b", "required"), ("(c OR d)", "required")]
    );
}

#[test]
fn a_query_without_a_part_matches_what_the_rest_says() {
    let text = "(билайн OR beeline) связь -(вакансия OR резюме)";
    let query = parse(text).query.expect("a query");
    let without = |part: &str| {
        let clause = query.clauses().into_iter().find(|clause| &text[clause.span.clone()] == part).expect("a clause");
        query.without(&clause).map(|left| left.canonical())
    };
    assert_eq!(without("связь").as_deref(), Some("(билайн OR beeline) NOT (вакансия OR резюме)"));
    assert_eq!(without("билайн").as_deref(), Some("beeline связь NOT (вакансия OR резюме)"));
    assert_eq!(without("резюме").as_deref(), Some("(билайн OR beeline) связь NOT вакансия"));
    assert_eq!(without("-(вакансия OR резюме)").as_deref(), Some("(билайн OR beeline) связь"));

    let query = parse("a -b").query.expect("a query");
    let left: Vec<_> =
        query.clauses().iter().map(|clause| query.without(clause).map(|left| left.canonical())).collect();
    assert_eq!(left, [None, Some("a".to_owned())]);

    let query = parse("2 OF (a, b, c)").query.expect("a query");
    let left = query.without(&query.clauses()[2]).expect("a query");
    assert_eq!(left.canonical(), "2 OF (a, b)");
    assert!(left.matches(&post("b a")) && !left.matches(&post("c a")));
}
