//! Dictionaries of word forms that an operator put beside the data.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use molva_domain::Language;
use molva_text::forms;

/// Most bytes of a dictionary file.
const LARGEST: u64 = 64 << 20;

/// Where the Ukrainian dictionary of a data folder lies, if there is one.
pub(crate) fn ukrainian(data_dir: &Path) -> PathBuf {
    data_dir.join("dictionaries").join("uk.forms")
}

/// Takes the Ukrainian dictionary of a data folder into use; call it before the first query is read. Whether there is one.
///
/// # Errors
/// When the file is there but cannot be used.
pub(crate) fn load(data_dir: &Path) -> anyhow::Result<bool> {
    let path = ukrainian(data_dir);
    let Some(bytes) = read(&path)? else { return Ok(false) };
    match forms::install(Language::UKRAINIAN, bytes) {
        Ok(()) | Err(forms::InstallError::Twice) => Ok(true),
        Err(error) => bail!("the dictionary `{}` cannot be used: {error}; {WAY_OUT}", path.display()),
    }
}

/// As [`load`], but only looks whether it could be used.
pub(crate) fn check(data_dir: &Path) -> anyhow::Result<bool> {
    let path = ukrainian(data_dir);
    let Some(bytes) = read(&path)? else { return Ok(false) };
    forms::check(Language::UKRAINIAN, &bytes)
        .map(|()| true)
        .with_context(|| format!("the dictionary `{}` cannot be used; {WAY_OUT}", path.display()))
}

const WAY_OUT: &str = "compile it anew (docs/use/word-forms.md) or delete it";

fn read(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    let length = match std::fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context(format!("the dictionary `{}` cannot be read", path.display())),
    };
    ensure!(length <= LARGEST, "the dictionary `{}` has {length} bytes, too many for one; {WAY_OUT}", path.display());
    std::fs::read(path).map(Some).with_context(|| format!("the dictionary `{}` cannot be read", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_dictionary_is_named_with_a_way_out() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!load(folder.path()).expect("no dictionary is no error"));
        let path = ukrainian(folder.path());
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        std::fs::write(&path, b"molvafm1uk and then nothing of the sort").expect("the file");
        for error in [load(folder.path()), check(folder.path())] {
            let error = format!("{:#}", error.expect_err("it is damaged"));
            assert!(error.contains("uk.forms") && error.contains("compile it anew"), "{error}");
            assert!(error.contains("checksum"), "{error}");
        }
    }
}
