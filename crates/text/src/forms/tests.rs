//! What [`lexemes`] and [`WordForms`] promise.

use proptest::prelude::*;

use molva_domain::Language;

use super::dictionary::Damage;
use super::dictionary::format::class;
use super::{InstallError, MAX_FORMS, WordForms, check as check_dictionary, dictionaries, install, lemmas, lexemes};
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
    check("ссср", &["СССР"], &["сру"]);
    check("почта", &["почты", "Почтой"], &["почти"]);
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
    check("its", &["its"], &["it's", "it"]);
    check("bus", &["buses", "bus's"], &["busy"]);
    check("analysis", &["analyses"], &["analyst"]);
    check("person", &["people", "persons"], &["persona"]);
}

#[test]
fn lemmas_are_told_with_their_language() {
    let texts: Vec<_> = lemmas("went").into_iter().map(|lemma| lemma.text).collect();
    assert_eq!(texts, ["go"]);
}

#[test]
fn ambiguous_words_stand_for_all_they_may_be_and_dictionary_forms_for_themselves() {
    let readings = |word: &str| lexemes(word).into_iter().map(|lexeme| lexeme.lemma).collect::<Vec<_>>();
    assert!(["банк", "банка"].iter().all(|lemma| readings("банку").iter().any(|read| read == lemma)));
    assert!(["сталь", "стать"].iter().all(|lemma| readings("стали").iter().any(|read| read == lemma)));
    check("банка", &["банку", "банок"], &["банком", "банков"]);
    check("карта", &["карту", "картами"], &["карточка"]);
    check("мой", &["моя", "моего"], &["мыть", "мою'у"]);
}

#[test]
fn words_no_dictionary_has_are_inflected_like_those_that_end_alike() {
    check("вайлдберриз", &["Вайлдберриза", "вайлдберризом"], &["берри"]);
    check("автокредит", &["автокредиты", "автокредитов"], &["кредит", "кредитов"]);
    check("монобанк", &["монобанку", "Монобанком", "монобанків"], &["банку"]);
    check("київстар", &["київстару", "київстара", "Київстаром"], &["старий", "київ"]);
    check("гуглить", &["гуглю", "гуглил"], &["гугл"]);
    check("теле2", &["Теле2'а"], &["теле", "теле3"]);
}

#[test]
fn a_dictionary_that_was_changed_is_refused() {
    let whole: &[u8] = include_bytes!("../../data/ru.forms");
    assert_eq!(check_dictionary(Language::RUSSIAN, whole), Ok(()));
    assert_eq!(check_dictionary(Language::UKRAINIAN, whole), Err(Damage::OtherLanguage));
    assert_eq!(check_dictionary(Language::RUSSIAN, b"PK\x03\x04"), Err(Damage::Foreign));
    for cut in [0, 7, 8, 11, 40, 100, whole.len() / 2, whole.len() - 1] {
        assert!(check_dictionary(Language::RUSSIAN, &whole[..cut]).is_err(), "cut at {cut}");
    }
    for (place, number) in (8..whole.len()).step_by(whole.len() / 40).zip(1_u8..) {
        let mut changed = whole.to_vec();
        changed[place] ^= number;
        assert_eq!(check_dictionary(Language::RUSSIAN, &changed), Err(Damage::Checksum), "byte {place}");
    }
}

#[test]
fn no_word_of_the_dictionary_has_more_forms_than_are_kept() {
    let dictionary = dictionaries::get(Language::RUSSIAN).expect("the dictionary");
    let mut most = 0;
    for (_, word) in dictionary.sample(61).into_iter().filter(|(_, word)| word.lemma.chars().count() >= 3) {
        let forms = WordForms::of(&word.lemma);
        let count = forms.keys().len();
        assert!(count < MAX_FORMS, "{} has {count}", word.lemma);
        assert!(word.forms.iter().all(|form| forms.texts().any(|text| text == form)), "{}", word.lemma);
        most = most.max(count);
    }
    assert!(most > 50, "participles are among the forms of verbs");
    println!("at most {most} forms");
}

/// The endings were learnt from these very words: this is what guessing loses, not how it does on new ones.
#[test]
fn guessing_finds_most_forms_of_words_it_was_learnt_from() {
    let dictionary = dictionaries::get(Language::RUSSIAN).expect("the dictionary");
    for (part, least) in [(class::NOUN, 0.96), (class::ADJECTIVE, 0.96), (class::VERB, 0.85)] {
        let (mut forms, mut found, mut made) = (0, 0, 0);
        for (_, word) in
            dictionary.sample(61).into_iter().filter(|(class, word)| *class == part && word.forms.len() > 1)
        {
            let guessed: Vec<_> = dictionary.guess(&word.lemma).into_iter().flat_map(|lexeme| lexeme.forms).collect();
            forms += word.forms.len();
            found += word.forms.iter().filter(|form| guessed.contains(form)).count();
            made += guessed.len();
        }
        let recall = f64::from(found as u32) / f64::from(forms as u32);
        println!("class {part}: {forms} forms, recall {recall:.3}, {made} forms guessed");
        assert!(recall >= least, "class {part}: {recall:.3}");
    }
}

#[test]
fn nobody_installs_a_dictionary_that_is_built_in() {
    let refused = install(Language::RUSSIAN, Vec::new());
    assert_eq!(refused, Err(InstallError::Language(Language::RUSSIAN)));
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
