//! The files of an encoder's folder, read with a limit each.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::Deserialize;

use crate::error::EncoderError;

const MOST_CONFIG: u64 = 1 << 20;
const MOST_TOKENIZER: u64 = 64 << 20;
const MOST_WEIGHTS: u64 = 4 << 30;

/// What a folder holds.
pub(crate) struct Files {
    pub(crate) config: Vec<u8>,
    pub(crate) tokenizer: Vec<u8>,
    pub(crate) weights: Vec<u8>,
    pub(crate) habits: Habits,
}

/// How texts are handed to the network; it was taught so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Habits {
    /// Stands before each text.
    pub(crate) prefix: String,
    /// The vector is that of the first token instead of the mean of all.
    pub(crate) first_token: bool,
}

/// `molva.json`, ours: what the other files do not say.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Ours {
    #[serde(default)]
    prefix: String,
}

/// `1_Pooling/config.json` of sentence-transformers.
#[derive(Deserialize, Default)]
struct Pooling {
    #[serde(default)]
    pooling_mode_cls_token: bool,
}

impl Files {
    pub(crate) fn read(folder: &Path) -> Result<Self, EncoderError> {
        let ours: Ours = optional(folder, "molva.json")?;
        let pooling: Pooling = optional(folder, "1_Pooling/config.json")?;
        Ok(Self {
            config: bounded(&folder.join("config.json"), MOST_CONFIG)?,
            tokenizer: bounded(&folder.join("tokenizer.json"), MOST_TOKENIZER)?,
            weights: bounded(&folder.join("model.safetensors"), MOST_WEIGHTS)?,
            habits: Habits { prefix: ours.prefix, first_token: pooling.pooling_mode_cls_token },
        })
    }
}

fn optional<T: Default + for<'a> Deserialize<'a>>(folder: &Path, name: &str) -> Result<T, EncoderError> {
    let path = folder.join(name);
    if !path.exists() {
        return Ok(T::default());
    }
    let content = bounded(&path, MOST_CONFIG)?;
    serde_json::from_slice(&content).map_err(|error| EncoderError::Config(format!("`{name}` beside it: {error}")))
}

fn bounded(path: &Path, most: u64) -> Result<Vec<u8>, EncoderError> {
    let unreadable = |source| EncoderError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes > most {
        return Err(EncoderError::TooLarge { path: path.to_owned(), bytes, most });
    }
    let mut content = Vec::with_capacity(bytes as usize);
    file.take(most).read_to_end(&mut content).map_err(unreadable)?;
    Ok(content)
}
