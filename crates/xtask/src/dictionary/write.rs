//! Writes the file that `molva_text::forms::dictionary` reads; the layout is described there.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use molva_text::forms::dictionary::format::{MAGIC, PREFIX_MARK, SECTIONS, paradigm_code};

use super::compile::Compiled;

pub(crate) fn file(language: &str, compiled: &Compiled, guesses: &BTreeMap<Vec<u8>, u64>) -> anyhow::Result<Vec<u8>> {
    let forms = || compiled.paradigms.iter().flat_map(|paradigm| &paradigm.forms);
    // The empty prefix sorts first.
    let prefixes: Vec<&[u8]> = forms().map(|(prefix, _)| &**prefix).collect::<BTreeSet<_>>().into_iter().collect();
    let endings: Vec<&[u8]> = forms().map(|(_, ending)| &**ending).collect::<BTreeSet<_>>().into_iter().collect();
    let lengths: Result<Vec<u8>, _> = endings.iter().map(|ending| u8::try_from(ending.len())).collect();
    let mut stems = BTreeSet::new();
    let mut irregular = BTreeSet::new();
    for (stem, number) in &compiled.lexemes {
        let (code, length) = paradigm_code(*number);
        if stem.is_empty() {
            let paradigm = &compiled.paradigms[*number as usize];
            irregular.extend(paradigm.forms.iter().map(|(_, form)| [form, &code[..length]].concat()));
        } else {
            stems.insert([stem, &code[..length]].concat());
        }
    }
    let mut guess_map = fst::MapBuilder::memory();
    guess_map.extend_iter(guesses.iter().map(|(ending, guess)| (ending, *guess)))?;
    let sections: [Vec<u8>; SECTIONS] = [
        prefixes.join(&b'\n'),
        lengths.context("an ending is too long")?,
        endings.concat(),
        paradigms(compiled, &prefixes, &endings)?,
        set(&stems)?,
        set(&irregular)?,
        guess_map.into_inner()?,
    ];
    let mut file = MAGIC.to_vec();
    file.extend(language.as_bytes());
    file.extend([0, 0]);
    for (section, name) in
        sections.iter().zip(["prefixes", "lengths", "endings", "paradigms", "stems", "irregular", "guesses"])
    {
        eprintln!("  {name}: {} bytes", section.len());
        file.extend(u32::try_from(section.len())?.to_le_bytes());
    }
    file.extend(sections.concat());
    file.extend(crc32fast::hash(&file).to_le_bytes());
    Ok(file)
}

fn set(keys: &BTreeSet<Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    let mut builder = fst::SetBuilder::memory();
    builder.extend_iter(keys)?;
    Ok(builder.into_inner()?)
}

fn paradigms(compiled: &Compiled, prefixes: &[&[u8]], endings: &[&[u8]]) -> anyhow::Result<Vec<u8>> {
    let mut words: Vec<u16> = Vec::new();
    let mut offsets = Vec::with_capacity(compiled.paradigms.len() + 1);
    let number = |list: &[&[u8]], text: &[u8]| {
        let place = list.binary_search(&text).ok().context("an ending is lost")?;
        Ok::<_, anyhow::Error>(u16::try_from(place)?)
    };
    for paradigm in &compiled.paradigms {
        offsets.push(u32::try_from(words.len() * 2)?);
        words.push(paradigm.class);
        let mut before = 0;
        for (prefix, ending) in &paradigm.forms {
            let prefix = number(prefixes, prefix)?;
            if prefix != before {
                words.push(PREFIX_MARK + prefix);
                before = prefix;
            }
            words.push(number(endings, ending)?);
        }
    }
    offsets.push(u32::try_from(words.len() * 2)?);
    let mut bytes = u32::try_from(compiled.paradigms.len())?.to_le_bytes().to_vec();
    bytes.extend(offsets.into_iter().flat_map(u32::to_le_bytes));
    bytes.extend(words.into_iter().flat_map(u16::to_le_bytes));
    Ok(bytes)
}
