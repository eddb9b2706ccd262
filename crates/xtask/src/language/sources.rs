//! The languages and where their texts come from.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use molva_text::language::Script;
use tempfile::TempDir;

/// Version of all crates of language models.
const VERSION: &str = "=1.3.0";

/// A language the model knows.
#[derive(Debug)]
pub(super) struct Tongue {
    pub(super) code: &'static str,
    pub(super) script: Script,
    /// Of the crate `lingua-*-language-model`.
    pub(super) name: &'static str,
    /// How often it is met, against the others of its alphabet.
    pub(super) share: f32,
    /// Short posts, besides.
    pub(super) posts: Option<&'static str>,
}

const fn tongue(code: &'static str, script: Script, name: &'static str, share: f32) -> Tongue {
    Tongue { code, script, name, share, posts: None }
}

const fn with_posts(tongue: Tongue, posts: &'static str) -> Tongue {
    Tongue { posts: Some(posts), ..tongue }
}

use Script::{Cyrillic, Latin};

pub(super) const TONGUES: &[Tongue] = &[
    with_posts(tongue("ru", Cyrillic, "russian", 6.0), "tone/rusentitweet-train.jsonl.gz"),
    tongue("uk", Cyrillic, "ukrainian", 4.0),
    tongue("be", Cyrillic, "belarusian", 2.0),
    tongue("kk", Cyrillic, "kazakh", 2.0),
    tongue("bg", Cyrillic, "bulgarian", 0.7),
    tongue("sr", Cyrillic, "serbian", 0.7),
    tongue("mk", Cyrillic, "macedonian", 0.3),
    tongue("mn", Cyrillic, "mongolian", 0.3),
    with_posts(tongue("en", Latin, "english", 8.0), "tone/semeval2017a-train.jsonl.gz"),
    tongue("de", Latin, "german", 1.0),
    tongue("fr", Latin, "french", 1.0),
    tongue("es", Latin, "spanish", 1.0),
    tongue("pt", Latin, "portuguese", 1.0),
    tongue("it", Latin, "italian", 1.0),
    tongue("nl", Latin, "dutch", 1.0),
    tongue("pl", Latin, "polish", 1.0),
    tongue("cs", Latin, "czech", 1.0),
    tongue("sk", Latin, "slovak", 0.7),
    tongue("sl", Latin, "slovene", 0.7),
    tongue("hr", Latin, "croatian", 0.7),
    tongue("ro", Latin, "romanian", 1.0),
    tongue("hu", Latin, "hungarian", 1.0),
    tongue("tr", Latin, "turkish", 1.0),
    tongue("az", Latin, "azerbaijani", 1.0),
    tongue("fi", Latin, "finnish", 1.0),
    tongue("et", Latin, "estonian", 1.0),
    tongue("lt", Latin, "lithuanian", 1.0),
    tongue("lv", Latin, "latvian", 1.0),
    tongue("sv", Latin, "swedish", 1.0),
    tongue("da", Latin, "danish", 0.7),
    tongue("id", Latin, "indonesian", 1.0),
    tongue("vi", Latin, "vietnamese", 1.0),
];

/// Fetches the crates through cargo, which checks their hashes against the registry's index.
pub(super) fn fetch() -> anyhow::Result<TempDir> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let dependencies: String =
        TONGUES.iter().map(|tongue| format!("lingua-{}-language-model = \"{VERSION}\"\n", tongue.name)).collect();
    let manifest = format!("[package]\nname = \"texts\"\nversion = \"0.0.0\"\n\n[dependencies]\n{dependencies}");
    write(folder.path(), "Cargo.toml", &manifest)?;
    std::fs::create_dir(folder.path().join("src"))?;
    write(folder.path(), "src/lib.rs", "")?;
    let status = Command::new("cargo")
        .args(["vendor", "--quiet"])
        .arg(folder.path())
        .arg("--manifest-path")
        .arg(folder.path().join("Cargo.toml"))
        .status()
        .context("cannot run `cargo`")?;
    ensure!(status.success(), "`cargo vendor` failed; fetch the crates another way and give `--crates`");
    Ok(folder)
}

fn write(folder: &Path, name: &str, content: &str) -> anyhow::Result<()> {
    std::fs::write(folder.join(name), content).with_context(|| format!("cannot write `{name}`"))
}
