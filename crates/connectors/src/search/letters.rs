//! Words as networks cut them.

/// Letters, digits, what joins them and the marks on them: nothing at which a network cuts.
pub(crate) fn is_inside(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || (!letter.is_ascii() && !letter.is_whitespace() && is_mark(letter))
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{2bc}' | '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{eff}')
}

/// What a network makes of a word: several where there is something in it at which it cuts.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter| !is_inside(letter)).filter(|piece| !piece.is_empty())
}

/// Of letters that end no hashtag.
pub(crate) fn is_tag(tag: &str) -> bool {
    tag.chars().all(|letter| letter.is_alphanumeric() || letter == '_') && tag.contains(char::is_alphabetic)
}

/// With `ё` in each one of the places of an `е`: a word has one at most.
pub(crate) fn with_yo(text: &str) -> Vec<String> {
    let places = text.match_indices('е').map(|(at, letter)| format!("{}ё{}", &text[..at], &text[at + letter.len()..]));
    std::iter::once(text.to_owned()).chain(places).collect()
}
