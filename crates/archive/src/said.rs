//! What a mention says, as its forward columns hold it: so that words can be counted over any set of mentions.
//!
//! A word counts when it is made of letters, has at least [`FEWEST_LETTERS`] of them and is no function word. It stands in the
//! column in its dictionary form, of the likeliest reading of its normal form alone, so that every word is counted once; the
//! figure of a word is what the facet `word` finds. Words inside hashtags and second readings of the same letters do not count.

use std::collections::HashMap;

use molva_text::{Analysis, Key, TokenKind, forms};

use crate::facet::bounded_value;
use crate::function_words::is_function_word;

pub(crate) const FEWEST_LETTERS: usize = 3;
/// Of a longer text the first so many different words count, and so many hashtags and emoji each.
pub(crate) const MOST_WORDS: usize = 256;
const MOST_SIGNS: usize = 64;
/// Forms whose dictionary forms are remembered: some 20 MB.
const MOST_KNOWN: usize = 200_000;

/// Each value once, in the order of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) words: Vec<String>,
    pub(crate) hashtags: Vec<String>,
    pub(crate) emoji: Vec<String>,
}

/// Remembers dictionary forms from mention to mention.
#[derive(Default)]
pub(crate) struct Lemmas(HashMap<Key, Box<str>, foldhash::fast::FixedState>);

impl Lemmas {
    /// What counts of the tokens of a text that has been analysed.
    pub(crate) fn said(&mut self, analysis: &Analysis, title: &str, text: &str) -> Said {
        let mut said = Said::default();
        let mut form = String::new();
        for token in analysis.tokens() {
            let (list, most) = match token.kind {
                TokenKind::Word if !token.derived => (&mut said.words, MOST_WORDS),
                TokenKind::Hashtag => (&mut said.hashtags, MOST_SIGNS),
                TokenKind::Emoji => (&mut said.emoji, MOST_SIGNS),
                _ => continue,
            };
            if list.len() == most {
                continue;
            }
            let value = if token.kind == TokenKind::Word {
                match self.0.get(&token.key) {
                    Some(known) => known,
                    None => {
                        token.form_into(title, text, &mut form);
                        if self.0.len() >= MOST_KNOWN {
                            self.0.clear();
                        }
                        self.0.entry(token.key).or_insert(counted_word(&form).into())
                    }
                }
            } else {
                token.form_into(title, text, &mut form);
                bounded_value(&form)
            };
            if !value.is_empty() && !list.iter().any(|known| *known == *value) {
                list.push(value.to_owned());
            }
        }
        said
    }
}

/// The dictionary form under which a normal form is counted; empty when it does not count.
fn counted_word(form: &str) -> String {
    let letters = form.chars().filter(|c| c.is_alphabetic()).count();
    let plain = form.chars().all(|c| c.is_alphabetic() || c == '\'');
    if !plain || letters < FEWEST_LETTERS || is_function_word(form) {
        return String::new();
    }
    let lemma = forms::lexemes(form).into_iter().next().map_or_else(|| form.to_owned(), |lexeme| lexeme.lemma);
    if is_function_word(&lemma) { String::new() } else { bounded_value(&lemma).to_owned() }
}

#[cfg(test)]
mod tests {
    use molva_text::PrefixFilter;

    use super::*;

    #[test]
    fn words_count_once_in_their_dictionary_form() {
        let text = "Связи нет, связь! Не работает интернет-банк 24 часа… #ДомРу 😡😡 в Wi-Fi";
        let mut analysis = Analysis::default();
        analysis.run("Цены", text, &PrefixFilter::default());
        let said = Lemmas::default().said(&analysis, "Цены", text);
        assert_eq!(said.words, ["цена", "связь", "работать", "интернет", "банк", "час"]);
        assert_eq!((said.hashtags, said.emoji), (vec!["#домру".to_owned()], vec!["😡".to_owned()]));
    }

    #[test]
    fn of_an_endless_text_the_first_words_count() {
        let text: String = (0..1_000_u32).map(|n| format!("{} ", letters(n))).collect();
        let mut analysis = Analysis::default();
        analysis.run("", &text, &PrefixFilter::default());
        let said = Lemmas::default().said(&analysis, "", &text);
        assert_eq!(said.words.len(), MOST_WORDS);
    }

    fn letters(number: u32) -> String {
        format!("z{number:04}")
            .chars()
            .map(|c| c.to_digit(10).map_or(c, |digit| char::from(b'b' + digit as u8)))
            .collect()
    }
}
