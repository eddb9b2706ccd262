//! Whether what a network shows is what we sent. Networks set quotes and dashes anew, turn signs into pictures, shorten
//! mentions and leave out markup; letters and digits stay.

use super::length::handle;

/// Whether both say the same words.
pub(crate) fn same_words(ours: &str, shown: &str) -> bool {
    let (ours_said, shown_said) = (letters(ours), letters(shown));
    if ours_said.is_empty() && shown_said.is_empty() {
        let signs = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>();
        return signs(ours) == signs(shown);
    }
    ours_said == shown_said
}

/// Letters and digits, of `@user@server` those of the user only.
fn letters(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some((user, whole)) = handle(rest) {
            said.extend(rest[..user].chars().filter(|letter| letter.is_alphanumeric()));
            rest = &rest[whole..];
        } else {
            said.extend(Some(letter).filter(|letter| letter.is_alphanumeric()));
            rest = &rest[letter.len_utf8()..];
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_network_sets_anew_is_still_the_same_words() {
        assert!(same_words("@olena@m.example Привет \"мир\" -- да :)", "@olena Привет “мир” — да 🙂"));
        assert!(same_words("a\n\nb https://x.example/1", "a b https://x.example/1"));
        assert!(same_words("👍", " 👍\n") && !same_words("👍", "👎"));
        assert!(!same_words("да", "да да") && !same_words("@olena да", "@petro да") && !same_words("👍", "да"));
    }
}
