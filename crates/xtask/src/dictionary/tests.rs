//! The committed dictionary against the package it was made of. Needs the package: minutes in a debug build.

use std::path::PathBuf;

use molva_text::forms::lexemes;
use molva_text::normalise;

use super::{SOURCES, package, run, wheel};

/// Names the package file; without it the test says so and passes.
const PACKAGE: &str = "MOLVA_DICTIONARY_RU";

#[test]
fn the_committed_dictionary_is_what_the_step_makes_and_knows_every_word() {
    let Some(path) = std::env::var_os(PACKAGE).map(PathBuf::from) else {
        eprintln!(
            "SKIPPED: set {PACKAGE} to the package of crates/text/data/README.md to compare the dictionary with it"
        );
        return;
    };
    run("ru", Some(&path), None, true).expect("the committed file is up to date");
    let archive = wheel::read(&SOURCES[0], Some(&path)).expect("the package");
    let package = package::Package::read(&archive, SOURCES[0].folder).expect("its content");
    let mut asked = 0;
    for (lemma, paradigm) in package.lemmas.iter().step_by(61) {
        let first = &package.paradigms[*paradigm as usize][0];
        let stem = &lemma[first.prefix.len()..lemma.len() - first.suffix.len()];
        let lemma = normalise(lemma);
        if lemma.chars().count() < 3 {
            continue;
        }
        for form in &package.paradigms[*paradigm as usize] {
            let form = normalise(&format!("{}{stem}{}", form.prefix, form.suffix));
            // Asked by its dictionary form, a word has all its forms.
            let known = lexemes(&lemma).iter().any(|lexeme| lexeme.has(&form));
            assert!(known || !form.chars().all(|c| matches!(c, 'а'..='я')), "{lemma}: {form}");
            asked += 1;
        }
    }
    assert!(asked > 20_000, "only {asked} forms were asked for");
}
