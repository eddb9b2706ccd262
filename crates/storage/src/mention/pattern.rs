//! "Contains, in any case", said so that both engines agree on every alphabet.
//!
//! `LOWER` and `LIKE` know only ASCII in SQLite, and in PostgreSQL whatever the database's locale knows. Character classes made
//! here (`[пП]`) mean the same to both: `GLOB` in SQLite, a regular expression in PostgreSQL.

/// Characters of a text that are looked for; the rest is cut off.
const MOST_CHARACTERS: usize = 200;

/// The operator and its right side.
pub(super) fn contains(text: &str, postgres: bool) -> (&'static str, String) {
    let mut pattern = String::from(if postgres { "" } else { "*" });
    for character in text.chars().filter(|character| *character != '\0').take(MOST_CHARACTERS) {
        let variants = variants(character);
        if variants.len() > 1 {
            pattern.push('[');
            pattern.extend(variants);
            pattern.push(']');
        } else if postgres {
            if character.is_ascii_punctuation() {
                pattern.push('\\');
            }
            pattern.push(character);
        } else if matches!(character, '*' | '?' | '[') {
            pattern.extend(['[', character, ']']);
        } else {
            pattern.push(character);
        }
    }
    if postgres {
        ("~", pattern)
    } else {
        pattern.push('*');
        ("GLOB", pattern)
    }
}

/// The character in both cases, where they are single characters.
fn variants(character: char) -> Vec<char> {
    let mut variants = vec![character];
    let mut add = |mut cased: Box<dyn Iterator<Item = char>>| {
        if let (Some(one), None) = (cased.next(), cased.next())
            && !variants.contains(&one)
        {
            variants.push(one);
        }
    };
    add(Box::new(character.to_lowercase()));
    add(Box::new(character.to_uppercase()));
    variants
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_classes_and_signs_stand_for_themselves() {
        assert_eq!(contains("Яa?", false), ("GLOB", "*[Яя][aA][?]*".to_owned()));
        assert_eq!(contains("я.[", true), ("~", "[яЯ]\\.\\[".to_owned()));
    }
}
