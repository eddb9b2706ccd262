//! The dictionaries at hand: Russian is part of the program, Ukrainian is there when an operator has installed it.

use std::sync::{LazyLock, OnceLock};

use molva_domain::Language;

use super::dictionary::{Damage, Dictionary};
use super::word_forms;

static RUSSIAN: LazyLock<Option<Dictionary>> =
    LazyLock::new(|| Dictionary::open(include_bytes!("../../data/ru.forms"), Language::RUSSIAN, false).ok());
static UKRAINIAN: OnceLock<Dictionary> = OnceLock::new();

/// Why a dictionary cannot be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstallError {
    /// No dictionary of this language can be installed: it is built in, or its words are not inflected by dictionary.
    Language(Language),
    /// One is installed already.
    Twice,
    /// The file is damaged.
    Damaged(Damage),
}

impl std::fmt::Display for InstallError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Language(language) => write!(formatter, "no dictionary of `{language}` can be installed"),
            Self::Twice => formatter.write_str("a dictionary of this language is installed already"),
            Self::Damaged(damage) => write!(formatter, "{damage}"),
        }
    }
}

impl std::error::Error for InstallError {}

/// Takes a compiled dictionary into use for the rest of the process; call it before the first query is read.
///
/// # Errors
/// When it cannot be read or there is one already; nothing changes then.
pub fn install(language: Language, bytes: Vec<u8>) -> Result<(), InstallError> {
    if language != Language::UKRAINIAN {
        return Err(InstallError::Language(language));
    }
    if UKRAINIAN.get().is_some() {
        return Err(InstallError::Twice);
    }
    check(language, &bytes).map_err(InstallError::Damaged)?;
    // Once in a process, for all of its life.
    let dictionary = Dictionary::open(bytes.leak(), language, false).map_err(InstallError::Damaged)?;
    UKRAINIAN.set(dictionary).map_err(|_| InstallError::Twice)?;
    word_forms::forget();
    Ok(())
}

/// Whether bytes are a whole compiled dictionary of a language.
///
/// # Errors
/// What is wrong with them.
pub fn check(language: Language, bytes: &[u8]) -> Result<(), Damage> {
    Dictionary::open(bytes, language, true).map(|_| ())
}

/// Whether words of a language are looked up in a dictionary.
#[must_use]
pub fn has_dictionary(language: Language) -> bool {
    get(language).is_some()
}

pub(super) fn get(language: Language) -> Option<&'static Dictionary<'static>> {
    match language {
        Language::RUSSIAN => RUSSIAN.as_ref(),
        Language::UKRAINIAN => UKRAINIAN.get(),
        _ => None,
    }
}
