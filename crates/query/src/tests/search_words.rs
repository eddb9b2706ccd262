use crate::parse;

fn words(query: &str) -> Option<Vec<String>> {
    parse(query).query.expect("a query").search_words().map(|words| words.texts())
}

#[test]
fn the_fewest_words_are_pushed_down() {
    let some = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    assert_eq!(words("(билайн OR beeline) AND связь"), some(&["связь"]));
    assert_eq!(words("(билайн OR beeline) -связь lang:ru"), some(&["beeline", "билайн"]));
    assert_eq!(words("мегаф*"), None);
    assert_eq!(words("2 OF (раз, два, мегаф*)"), some(&["два", "раз"]));
    assert_eq!(words("\"нет мегаф* интернета\""), some(&["интернета"]));
    assert_eq!(words("kind:post OR слово"), None);
}

#[test]
fn a_word_brings_the_forms_to_ask_where_a_search_does_not_inflect() {
    let query = parse("билайн OR =мтс OR #тег").query.expect("a query");
    let found = query.search_words().expect("words").words;
    assert_eq!(found.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["#тег", "билайн", "мтс"]);
    assert_eq!(found[0].forms, ["#тег"]);
    assert_eq!(found[2].forms, ["мтс"]);
    for form in ["билайн", "билайна", "билайном"] {
        assert!(found[1].forms.iter().any(|known| known == form), "{form}");
    }
}
