//! Compiles the word forms of a language: fetch the package, read its formats, write one compact file.

mod compile;
mod dawg;
mod guesses;
mod package;
mod wheel;
mod write;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

/// A package whose version and content are pinned.
struct Source {
    language: &'static str,
    project: &'static str,
    version: &'static str,
    sha256: &'static str,
    /// The folder of the data inside.
    folder: &'static str,
    /// Where the compiled file belongs; none for data that is not part of the repository.
    home: Option<&'static str>,
}

const SOURCES: &[Source] = &[
    Source {
        language: "ru",
        project: "pymorphy3-dicts-ru",
        version: "2.4.417150.4580142",
        sha256: "718bac64c73c10c16073a199402657283d9b64c04188b694f6d3e9b0d85440f4",
        folder: "pymorphy3_dicts_ru/data",
        home: Some("crates/text/data/ru.forms"),
    },
    Source {
        language: "uk",
        project: "pymorphy3-dicts-uk",
        version: "2.4.1.1.1663094765",
        sha256: "6af1e389b69e7e90ef7d50b20e3955a0c78383317a15d9ade5979f1536354733",
        folder: "pymorphy3_dicts_uk/data",
        home: None,
    },
];

pub(crate) fn run(language: &str, wheel: Option<&Path>, out: Option<&Path>, check: bool) -> anyhow::Result<()> {
    let source = SOURCES
        .iter()
        .find(|source| source.language == language)
        .with_context(|| format!("no dictionary is known for `{language}`; try `ru` or `uk`"))?;
    let out: PathBuf = match (out, source.home) {
        (Some(out), _) => out.to_owned(),
        (None, Some(home)) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(home),
        (None, None) => PathBuf::from(format!("{language}.forms")),
    };
    let archive = wheel::read(source, wheel)?;
    let package = package::Package::read(&archive, source.folder)?;
    let compiled = compile::compile(&package)?;
    let guesses = guesses::learn(&compiled);
    let bytes = write::file(source.language, &compiled, &guesses)?;
    eprintln!(
        "{language}: {} words, {} paradigms, {} guesses, {} bytes",
        compiled.lexemes.len(),
        compiled.paradigms.len(),
        guesses.len(),
        bytes.len()
    );
    if check {
        let present = std::fs::read(&out).with_context(|| format!("cannot read `{}`", out.display()))?;
        ensure!(present == bytes, "`{}` is not what this step makes; run it without `--check`", out.display());
        return Ok(());
    }
    std::fs::write(&out, bytes).with_context(|| format!("cannot write `{}`", out.display()))
}

#[cfg(test)]
mod tests;
