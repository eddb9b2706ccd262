//! What [`lexemes`] and [`WordForms`] promise.

use proptest::prelude::*;

use super::{MAX_FORMS, WordForms, lemmas, lexemes};
use crate::{Key, KeySpace, normalise};

/// Which of these words of a post a word of a query matches.
fn matched<'a>(word: &str, posts: &[&'a str]) -> Vec<&'a str> {
    let forms = WordForms::of(word);
    posts.iter().copied().filter(|post| forms.contains(Key::of_text(&normalise(post), KeySpace::Form))).collect()
}

#[track_caller]
fn check(word: &str, same: &[&str], others: &[&str]) {
    assert_eq!(matched(word, same), same, "{word}");
    assert_eq!(matched(word, others), [""; 0], "{word}");
}

#[test]
fn brands_are_found_in_every_case() {
    check("билайн", &["билайна", "Билайном", "БИЛАЙНЕ", "билайны"], &["байн", "мегафон"]);
    check("ростелеком", &["ростелекома", "ростелекомом"], &["ростелекомпания"]);
    check("мтс", &["мтс'а", "МТСом"], &["мтц"]);
    check("київстар", &["київстару", "Київстаром", "київстарі"], &["київ"]);
    check("картка", &["картку", "картці", "карток"], &["карта"]);
    check("beeline", &["Beeline's", "beeline'ом"], &["line"]);
    check("iphone", &["iPhone'ом", "iphoneом", "iphones"], &["phone"]);
}

#[test]
fn english_words_take_their_usual_endings() {
    check("bank", &["banks", "bank's", "Banking"], &["bang", "banka"]);
    check("buy", &["bought", "buying"], &["by"]);
    check("story", &["stories"], &["store"]);
    check("stopped", &["stop", "stops", "stopping"], &["step"]);
    check("plan", &["plans", "planned"], &["plane"]);
}

#[test]
fn lemmas_are_told_with_their_language() {
    let texts: Vec<_> = lemmas("went").into_iter().map(|lemma| lemma.text).collect();
    assert_eq!(texts, ["go"]);
}

fn any_word() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[а-яёіїєґА-ЯЁІa-zA-Z0-9'’-]{0,14}",
        "[а-я]{2,8}(а|ом|ами|ость|ировать|ів|ого|ться|ець|ок)",
        "[a-z]{2,8}(s|ed|ing|'s|ом|'а)?",
        "(о|н|а|o|n|a){3,9}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_word_is_one_of_its_own_forms(word in any_word()) {
        let form = normalise(&word);
        let readings = lexemes(&word);
        prop_assert!(readings.iter().any(|lexeme| lexeme.has(&form)));
        for lexeme in &readings {
            prop_assert!(lexeme.has(&lexeme.lemma));
            prop_assert!(lexeme.forms.is_sorted_by(|a, b| a < b));
            for form in &lexeme.forms {
                prop_assert_eq!(&normalise(form), form);
            }
        }
    }

    #[test]
    fn looking_up_is_the_same_as_comparing_one_by_one(word in any_word(), other in any_word()) {
        let forms = WordForms::of(&word);
        let of_word = Key::of_text(&normalise(&word), KeySpace::Form);
        let of_other = Key::of_text(&normalise(&other), KeySpace::Form);
        prop_assert!(forms.contains(of_word));
        prop_assert!(forms.keys().len() <= MAX_FORMS);
        prop_assert_eq!(forms.contains(of_other), forms.keys().contains(&of_other));
        let mut keys: Vec<_> = forms.texts().map(|text| Key::of_text(text, KeySpace::Form)).collect();
        keys.sort_unstable();
        prop_assert_eq!(forms.keys(), keys);
    }
}
