//! The files of a `pymorphy` dictionary package, format 2.4.

use anyhow::{Context, ensure};
use serde_json::Value;

use super::dawg::Dawg;
use super::wheel::Archive;

/// One form of a paradigm: what stands before and behind the stem, and its grammemes.
pub(crate) struct Form {
    pub(crate) prefix: String,
    pub(crate) suffix: String,
    pub(crate) tag: String,
}

pub(crate) struct Package {
    /// Each paradigm's forms, the dictionary form first.
    pub(crate) paradigms: Vec<Vec<Form>>,
    /// Every word: a dictionary form and its paradigm.
    pub(crate) lemmas: Vec<(String, u16)>,
}

impl Package {
    pub(crate) fn read(archive: &Archive, folder: &str) -> anyhow::Result<Self> {
        let file = |name: &str| archive.file(&format!("{folder}/{name}"));
        let strings = |name: &str| -> anyhow::Result<Vec<String>> {
            serde_json::from_slice(&file(name)?).with_context(|| format!("cannot read `{name}`"))
        };
        let meta: Vec<(String, Value)> =
            serde_json::from_slice(&file("meta.json")?).context("cannot read `meta.json`")?;
        let meta = |key: &str| meta.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        ensure!(meta("format_version").and_then(Value::as_str) == Some("2.4"), "the package has another format");
        let prefixes: Vec<String> = meta("compile_options")
            .and_then(|options| options.get("paradigm_prefixes"))
            .and_then(|prefixes| serde_json::from_value(prefixes.clone()).ok())
            .context("`meta.json` names no prefixes")?;
        let (suffixes, tags) = (strings("suffixes.json")?, strings("gramtab-opencorpora-int.json")?);
        let paradigms = read_paradigms(&file("paradigms.array")?, &prefixes, &suffixes, &tags)?;
        let mut lemmas = Vec::new();
        Dawg::read(&file("words.dawg")?)?.each_key(|key| {
            let at = key.iter().position(|byte| *byte == 1).context("a word without a paradigm")?;
            let [high, low, form_high, form_low] = unbase64(&key[at + 1..]).context("a word's paradigm is garbled")?;
            if (form_high, form_low) == (0, 0) {
                let word = std::str::from_utf8(&key[..at]).context("a word is not in UTF-8")?;
                lemmas.push((word.to_owned(), u16::from_be_bytes([high, low])));
            }
            Ok(())
        })?;
        Ok(Self { paradigms, lemmas })
    }
}

/// A 16-bit count, then for each paradigm the count of its numbers and, one after the other, the numbers of its suffixes,
/// grammemes and prefixes.
fn read_paradigms(
    bytes: &[u8],
    prefixes: &[String],
    suffixes: &[String],
    tags: &[String],
) -> anyhow::Result<Vec<Vec<Form>>> {
    let mut numbers = bytes.as_chunks().0.iter().map(|number| u16::from_le_bytes(*number) as usize);
    let count = numbers.next().context("`paradigms.array` is empty")?;
    let mut paradigms = Vec::with_capacity(count);
    for _ in 0..count {
        let length = numbers.next().context("`paradigms.array` is cut short")?;
        let numbers: Vec<_> = numbers.by_ref().take(length).collect();
        ensure!(numbers.len() == length && length % 3 == 0, "`paradigms.array` is cut short");
        let forms = length / 3;
        let text =
            |list: &[String], number: usize| list.get(number).cloned().context("a paradigm names what is not there");
        let paradigm = (0..forms).map(|form| {
            Ok(Form {
                suffix: text(suffixes, numbers[form])?,
                tag: text(tags, numbers[forms + form])?,
                prefix: text(prefixes, numbers[2 * forms + form])?,
            })
        });
        paradigms.push(paradigm.collect::<anyhow::Result<_>>()?);
    }
    Ok(paradigms)
}

/// Four bytes out of their base-64 letters.
fn unbase64(letters: &[u8]) -> Option<[u8; 4]> {
    let mut value: u64 = 0;
    for letter in letters.get(..6)? {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        value = value << 6 | u64::from(six);
    }
    let bytes = (value >> 4).to_be_bytes();
    bytes.last_chunk().copied()
}
