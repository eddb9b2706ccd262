use molva_domain::Sought;

use crate::parse;

/// In short: `word` for its spellings, `(a & b)`, `(a | b)`, `?why` for what is not asked for.
fn short(sought: &Sought) -> String {
    let joined = |parts: &[Sought], by: &str| format!("({})", parts.iter().map(short).collect::<Vec<_>>().join(by));
    match sought {
        Sought::Word(spellings) => spellings.last().cloned().unwrap_or_default(),
        Sought::Row(words) => {
            let words: Vec<&str> = words.iter().filter_map(|word| word.last()).map(String::as_str).collect();
            format!("\"{}\"", words.join(" "))
        }
        Sought::Hashtag(sign) | Sought::Mention(sign) | Sought::Emoji(sign) => sign.clone(),
        Sought::Author(name) => format!("by {name}"),
        Sought::Network { name, is } => format!("{}{name}", if *is { "on " } else { "not on " }),
        Sought::All(parts) => joined(parts, " & "),
        Sought::Any(parts) => joined(parts, " | "),
        Sought::Untold(untold) => format!("?{}", untold.why),
    }
}

fn check(query: &str, expected: &str) {
    assert_eq!(short(&parse(query).query.expect(query).sought()), expected, "{query}");
}

#[test]
fn what_a_search_cannot_say_is_wider_and_told() {
    check("=раз =два", "(раз & два)");
    check("=раз | (=два -=три)", "(раз | (два & ?excluded))");
    check("\"нет интернета\"", "\"нет интернета\"");
    check("\"нет #связи мегаф* интернета тут\"", "(нет & #связи & ?beginning & \"интернета тут\")");
    check("=раз NEAR/3 (=два OR =три)", "(раз & (два | три) & ?distance)");
    check("\"=раз =два\"~2", "(раз & два & ?distance)");
    check("=раз мегаф*", "(раз & ?beginning)");
    check("2 OF (=раз, =два, =три)", "((раз & два) | (раз & три) | (два & три))");
    check("title:=раз author:@anna lang:ru", "(раз & by anna & ?field)");
    check("=раз network:x -network:vk", "(раз & on x & not on vk)");
    check("=раз NOT (network:vk OR =два)", "(раз & not on vk & ?excluded)");
    check("6 OF (=a, =b, =c, =d, =e, =f, =g, =h, =i, =j)", "((a | b | c | d | e) & ?count)");
}

#[test]
fn a_word_is_asked_for_in_every_form_and_as_it_was_written() {
    let Sought::Word(spellings) = parse("Ёлка").query.expect("a query").sought() else { panic!("no word") };
    for form in ["елка", "елки", "елкой", "ёлка"] {
        assert!(spellings.iter().any(|known| known == form), "{form}: {spellings:?}");
    }
}
