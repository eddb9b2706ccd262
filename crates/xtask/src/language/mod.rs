//! Trains the model that tells languages apart: fetch the texts, cut them into features, learn two tables, say how good
//! they are on texts kept aside, write one file.

mod corpus;
mod evaluate;
mod fragments;
mod sources;
mod train;

use std::path::Path;

use anyhow::Context;
use molva_text::language::{CYRILLIC_LANGUAGES, LATIN_LANGUAGES, MAGIC, Script};

use corpus::Corpus;
use sources::Tongue;

/// Bits of the row numbers: 2^15 rows of 8 bytes and 2^13 rows of 24 bytes, 448 kB together.
const CYRILLIC_BITS: u32 = 15;
const LATIN_BITS: u32 = 13;

pub(crate) fn run(data: &Path, crates: Option<&Path>, out: Option<&Path>, texts: usize) -> anyhow::Result<()> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../text/data/languages.model");
    let fetched = match crates {
        Some(_) => None,
        None => Some(sources::fetch()?),
    };
    let crates = crates.or(fetched.as_ref().map(|folder| folder.path())).context("no folder of crates")?;
    let mut file = MAGIC.to_vec();
    file.extend(table::<CYRILLIC_LANGUAGES>(crates, data, Script::Cyrillic, CYRILLIC_BITS, texts)?);
    file.extend(table::<LATIN_LANGUAGES>(crates, data, Script::Latin, LATIN_BITS, texts)?);
    eprintln!("{} bytes", file.len());
    let out = out.unwrap_or(&home);
    std::fs::write(out, file).with_context(|| format!("cannot write `{}`", out.display()))
}

fn table<const N: usize>(
    crates: &Path,
    data: &Path,
    script: Script,
    bits: u32,
    texts: usize,
) -> anyhow::Result<Vec<u8>> {
    let tongues: Vec<&Tongue> = sources::TONGUES.iter().filter(|tongue| tongue.script == script).collect();
    anyhow::ensure!(tongues.len() == N, "{} languages are listed, {N} have room", tongues.len());
    let corpora =
        tongues.iter().map(|tongue| Corpus::read(tongue, crates, data)).collect::<anyhow::Result<Vec<_>>>()?;
    let table = train::train::<N>(&corpora, bits, texts).rounded();
    evaluate::print(&tongues, &corpora, &table);
    Ok(table.bytes(&tongues))
}
