//! Russian and Ukrainian words: what the dictionaries say, else what the ending says, else what grammar says.

use molva_domain::Language;

use super::alphabet::{Letters, is_consonant};
use super::dictionary::format::class;
use super::lexeme::Lexeme;
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
    let everybody_knows = |known: &[(u16, Lexeme)]| {
        known.iter().any(|(class, lexeme)| class & class::PROPER == 0 && lexeme.forms.len() > 1)
    };
    let common = everybody_knows(&in_russian) || everybody_knows(&in_ukrainian);
    let unknown = in_russian.is_empty() && in_ukrainian.is_empty();
    let mut more = Vec::new();
    if !letters.ukrainian_only {
        if in_russian.is_empty() || stands_still(&in_russian) {
            more.extend(guess_russian(form));
        } else {
            more.extend(with_plural(&in_russian));
        }
    }
    if !letters.russian_only {
        if in_ukrainian.is_empty() && (unknown || letters.ukrainian_only) || stands_still(&in_ukrainian) {
            more.extend(guess_ukrainian(form));
        } else {
            more.extend(in_ukrainian_too(&in_russian, &in_ukrainian));
        }
    }
    let mut found: Vec<Lexeme> = [in_russian, in_ukrainian].into_iter().flatten().map(|(_, lexeme)| lexeme).collect();
    found.extend(more);
    // МТС'а: nobody writes so of words that everybody knows.
    if !common {
        match found.iter_mut().find(|lexeme| lexeme.lemma == form) {
            Some(lexeme) => lexeme.add(loose_endings::behind_apostrophe(form)),
            None => found.push(Lexeme::itself(form, loose_endings::behind_apostrophe(form))),
        }
    }
    found
}

fn guess_russian(form: &str) -> Vec<Lexeme> {
    if loose_endings::is_abbreviation(form) {
        return russian::lexemes(form);
    }
    let guessed = dictionaries::get(Language::RUSSIAN).map_or_else(Vec::new, |dictionary| dictionary.guess(form));
    if guessed.is_empty() { russian::lexemes(form) } else { guessed }
}

/// By dictionary, and as a noun by grammar: people say Київстара and Київстару of names that no dictionary has.
fn guess_ukrainian(form: &str) -> Vec<Lexeme> {
    if loose_endings::is_abbreviation(form) {
        return ukrainian::noun(form).into_iter().collect();
    }
    let Some(dictionary) = dictionaries::get(Language::UKRAINIAN) else { return ukrainian::lexemes(form) };
    let mut found = dictionary.guess(form);
    if found.is_empty() {
        return ukrainian::lexemes(form);
    }
    let nouns: Vec<_> = found.iter().filter_map(|lexeme| ukrainian::noun(&lexeme.lemma)).collect();
    found.extend(nouns.into_iter().filter(|noun| noun.has(form)));
    found
}

/// The Ukrainian endings of nouns that stand in posts of both languages; with a dictionary, the endings it has not of nouns
/// that are inflected by rule: people write Київстара as well as Київстару.
fn in_ukrainian_too(in_russian: &[(u16, Lexeme)], in_ukrainian: &[(u16, Lexeme)]) -> Vec<Lexeme> {
    let has_dictionary = dictionaries::get(Language::UKRAINIAN).is_some();
    let source = if has_dictionary { in_ukrainian } else { in_russian };
    let mut nouns: Vec<Lexeme> = Vec::new();
    for (_, known) in source.iter().filter(|(class, _)| class & class::PART_OF_SPEECH == class::NOUN) {
        if Letters::of(&known.lemma).russian_only || nouns.iter().any(|noun| noun.lemma == known.lemma) {
            continue;
        }
        let by_rule = |noun: &Lexeme| !has_dictionary || known.forms.iter().all(|form| noun.has(form));
        nouns.extend(ukrainian::noun(&known.lemma).filter(by_rule));
    }
    if let Some(russian) = dictionaries::get(Language::RUSSIAN) {
        // What Russian knows as another word is none of these: почти is no form of почта.
        let is_other = |form: &str| !in_russian.iter().any(|(_, lexeme)| lexeme.has(form)) && russian.knows(form);
        for noun in &mut nouns {
            let lemma = noun.lemma.clone();
            noun.forms.retain(|form| *form == lemma || !is_other(form));
        }
    }
    nouns
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

/// Билайны: a name inflected like a common noun, where that only adds to its forms.
fn with_plural(known: &[(u16, Lexeme)]) -> Vec<Lexeme> {
    let Some(dictionary) = dictionaries::get(Language::RUSSIAN) else { return Vec::new() };
    let names = known.iter().filter(|(class, lexeme)| *class == class::NOUN | class::PROPER && lexeme.forms.len() > 1);
    let guessed = names.filter_map(|(_, name)| {
        let guess = dictionary.guess_noun(&name.lemma)?;
        (guess.forms.len() > name.forms.len() && name.forms.iter().all(|form| guess.has(form))).then_some(guess)
    });
    guessed.collect()
}
