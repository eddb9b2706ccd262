//! Normalises words, merges paradigms whose forms are the same, cuts words into stem and endings anew.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, ensure};
use molva_text::forms::dictionary::format::{MAX_PARADIGMS, PREFIX_MARK, class, encode};
use molva_text::normalise;

use super::package::{Form, Package};

/// A paradigm: its class, and the prefix and ending of each form in bytes, the dictionary form first, the rest sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Paradigm {
    pub(crate) class: u16,
    pub(crate) forms: Vec<(Vec<u8>, Vec<u8>)>,
}

pub(crate) struct Compiled {
    /// The commonest first.
    pub(crate) paradigms: Vec<Paradigm>,
    /// Stems in bytes and their paradigms, sorted. Words without a stem are among them with an empty one.
    pub(crate) lexemes: BTreeSet<(Vec<u8>, u16)>,
    /// How many words each paradigm has.
    pub(crate) words_of: Vec<u32>,
}

const PROPER: &[&str] = &["Name", "Surn", "Patr", "Geox", "Orgn", "Trad"];

pub(crate) fn compile(package: &Package) -> anyhow::Result<Compiled> {
    let mut found: BTreeMap<Paradigm, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for (lemma, paradigm) in &package.lemmas {
        let forms = package.paradigms.get(*paradigm as usize).context("a word has no paradigm")?;
        if let Some((stem, paradigm)) = split(lemma, forms)? {
            found.entry(paradigm).or_default().insert(stem);
        }
    }
    let mut common: Vec<_> = found.into_iter().collect();
    // Stable: paradigms as common as each other stay in the order of their endings.
    common.sort_by_key(|(_, stems)| std::cmp::Reverse(stems.len()));
    ensure!(common.len() <= MAX_PARADIGMS as usize, "too many paradigms: {}", common.len());
    let mut compiled = Compiled { paradigms: Vec::new(), lexemes: BTreeSet::new(), words_of: Vec::new() };
    for (number, (paradigm, stems)) in common.into_iter().enumerate() {
        compiled.words_of.push(stems.len() as u32);
        compiled.paradigms.push(paradigm);
        compiled.lexemes.extend(stems.into_iter().map(|stem| (stem, number as u16)));
    }
    let endings: BTreeSet<_> = compiled.paradigms.iter().flat_map(|paradigm| &paradigm.forms).collect();
    ensure!(endings.len() < PREFIX_MARK as usize, "too many endings: {}", endings.len());
    Ok(compiled)
}

/// The stem and the paradigm of one word after normalisation; `None` when it is not written in these letters.
fn split(lemma: &str, forms: &[Form]) -> anyhow::Result<Option<(Vec<u8>, Paradigm)>> {
    let first = forms.first().context("a paradigm without forms")?;
    let stem = lemma
        .strip_prefix(first.prefix.as_str())
        .and_then(|rest| rest.strip_suffix(first.suffix.as_str()))
        .with_context(|| format!("`{lemma}` does not fit its paradigm"))?;
    let mut words = Vec::with_capacity(forms.len());
    for form in forms {
        let bare = format!("{stem}{}", form.suffix);
        let (prefix, word) = (encode(&normalise(&form.prefix)), encode(&normalise(&bare)));
        let (Some(prefix), Some(word)) = (prefix, word) else { return Ok(None) };
        if word.is_empty() {
            return Ok(None);
        }
        words.push((prefix, word));
    }
    let shared = words[1..].iter().fold(words[0].1.as_slice(), |shared, (_, word)| {
        let same = shared.iter().zip(word).take_while(|(a, b)| a == b).count();
        &shared[..same]
    });
    // A stem of a single letter would stand before too many words.
    let stem = if shared.len() >= 2 { shared.to_vec() } else { Vec::new() };
    let mut cut: Vec<_> = words
        .iter()
        .map(|(prefix, word)| {
            // Without a stem nothing parts a prefix from the ending.
            if stem.is_empty() {
                (Vec::new(), [prefix.as_slice(), word].concat())
            } else {
                (prefix.clone(), word[stem.len()..].to_vec())
            }
        })
        .collect();
    let dictionary_form = cut.remove(0);
    cut.sort();
    cut.dedup();
    cut.retain(|form| *form != dictionary_form);
    cut.insert(0, dictionary_form);
    Ok(Some((stem, Paradigm { class: class_of(&first.tag), forms: cut })))
}

fn class_of(tag: &str) -> u16 {
    let grammemes: Vec<_> = tag.split([',', ' ']).collect();
    let part = match grammemes[0] {
        "NOUN" => class::NOUN,
        "ADJF" | "ADJS" | "PRTF" => class::ADJECTIVE,
        "INFN" | "VERB" => class::VERB,
        _ => class::OTHER,
    };
    if PROPER.iter().any(|proper| grammemes.contains(proper)) { part | class::PROPER } else { part }
}
