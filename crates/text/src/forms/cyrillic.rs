//! Russian and Ukrainian words: what the dictionaries say, else what the ending says, else what grammar says.

use molva_domain::Language;

use super::alphabet::{Letters, is_consonant};
use super::dictionary::Dictionary;
use super::dictionary::format::class;
use super::lexeme::{Lexeme, Origin};
use super::{dictionaries, lexemes, loose_endings, russian, ukrainian};

pub(super) fn lexemes_of(form: &str, letters: &Letters) -> Vec<Lexeme> {
    if let Some(head) = loose_endings::cut_behind_apostrophe(form) {
        return lexemes(head);
    }
    let known = |language, possible: bool| {
        let dictionary = dictionaries::get(language).filter(|_| possible);
        dictionary.map_or_else(Vec::new, |dictionary| dictionary.lexemes(form))
    };
    let in_russian = known(Language::RUSSIAN, !letters.ukrainian_only);
    let in_ukrainian = known(Language::UKRAINIAN, !letters.russian_only);
    let (russian_nouns, stands_still) = (nouns(&in_russian), stands_still(&in_russian) || stands_still(&in_ukrainian));
    let names = names(&in_russian);
    let unknown = in_russian.is_empty() && in_ukrainian.is_empty();
    let mut found: Vec<Lexeme> = [in_russian, in_ukrainian].into_iter().flatten().map(|(_, lexeme)| lexeme).collect();
    if unknown || stands_still {
        found.extend(unknown_word(form, letters));
    } else if !letters.russian_only && dictionaries::get(Language::UKRAINIAN).is_none() {
        // The word may stand in a Ukrainian post too, with that language's endings.
        found.extend(russian_nouns.iter().filter_map(|lemma| ukrainian::noun(lemma)));
    }
    if let Some(dictionary) = dictionaries::get(Language::RUSSIAN) {
        found.extend(with_plural(&names, dictionary));
    }
    // МТС'а: nobody writes so of words that everybody knows.
    if !found.iter().any(|lexeme| lexeme.origin == Origin::Dictionary && lexeme.forms.len() > 1) {
        match found.iter_mut().find(|lexeme| lexeme.lemma == form) {
            Some(lexeme) => lexeme.add(loose_endings::behind_apostrophe(form)),
            None => found.push(Lexeme::itself(form, loose_endings::behind_apostrophe(form))),
        }
    }
    found
}

/// A noun that the dictionary knows without forms and that people inflect all the same: МТСом, ОТПа.
fn stands_still(known: &[(u16, Lexeme)]) -> bool {
    !known.is_empty()
        && known.iter().all(|(class, lexeme)| {
            class & class::PART_OF_SPEECH == class::NOUN
                && lexeme.forms.len() == 1
                && lexeme.lemma.ends_with(is_consonant)
        })
}

/// Names as the dictionary has them, without a plural.
fn names(known: &[(u16, Lexeme)]) -> Vec<Lexeme> {
    let names = known.iter().filter(|(class, lexeme)| *class == class::NOUN | class::PROPER && lexeme.forms.len() > 1);
    names.map(|(_, lexeme)| lexeme.clone()).collect()
}

/// Билайны: a name inflected like a common noun, where that only adds to its forms.
fn with_plural(names: &[Lexeme], dictionary: &Dictionary<'_>) -> Vec<Lexeme> {
    let guessed = names.iter().filter_map(|name| {
        let guess = dictionary.guess_noun(&name.lemma)?;
        (guess.forms.len() > name.forms.len() && name.forms.iter().all(|form| guess.has(form))).then_some(guess)
    });
    guessed.collect()
}

fn nouns(known: &[(u16, Lexeme)]) -> Vec<String> {
    let nouns = known.iter().filter(|(class, _)| class & class::PART_OF_SPEECH == class::NOUN);
    let mut lemmas: Vec<_> =
        nouns.map(|(_, lexeme)| lexeme.lemma.clone()).filter(|lemma| !Letters::of(lemma).russian_only).collect();
    lemmas.dedup();
    lemmas
}

fn unknown_word(form: &str, letters: &Letters) -> Vec<Lexeme> {
    if loose_endings::is_abbreviation(form) {
        return russian::lexemes(form);
    }
    let guess = |language| dictionaries::get(language).map_or_else(Vec::new, |dictionary| dictionary.guess(form));
    let mut found = Vec::new();
    if !letters.ukrainian_only {
        found.extend(guess(Language::RUSSIAN));
        if found.is_empty() {
            found.extend(russian::lexemes(form));
        }
    }
    if !letters.russian_only {
        let guessed = guess(Language::UKRAINIAN);
        found.extend(if guessed.is_empty() { ukrainian::lexemes(form) } else { guessed });
    }
    found
}
