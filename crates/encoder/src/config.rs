//! `config.json`, checked.

use serde::Deserialize;

use crate::error::EncoderError;

const MOST_LAYERS: usize = 48;
const WIDEST: usize = 4_096;
const WIDEST_INNER: usize = 16_384;
const MOST_WORDS: usize = 1 << 20;
const MOST_POSITIONS: usize = 8_194;

/// The shape of a network, as its makers write it down.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Config {
    pub(crate) model_type: String,
    pub(crate) hidden_size: usize,
    pub(crate) num_hidden_layers: usize,
    pub(crate) num_attention_heads: usize,
    pub(crate) intermediate_size: usize,
    pub(crate) vocab_size: usize,
    pub(crate) max_position_embeddings: usize,
    #[serde(default = "one")]
    pub(crate) type_vocab_size: usize,
    #[serde(default = "epsilon")]
    pub(crate) layer_norm_eps: f64,
    #[serde(default)]
    pub(crate) pad_token_id: u32,
    #[serde(default = "gelu")]
    pub(crate) hidden_act: String,
    #[serde(default = "absolute")]
    pub(crate) position_embedding_type: String,
}

fn one() -> usize {
    1
}

fn epsilon() -> f64 {
    1e-12
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn absolute() -> String {
    "absolute".to_owned()
}

impl Config {
    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// When it is of another kind of network, or has sizes that cannot be.
    pub(crate) fn read(content: &[u8]) -> Result<Self, EncoderError> {
        let config: Self = serde_json::from_slice(content)
            .map_err(|error| EncoderError::Config(format!("cannot be read: {error}")))?;
        config.check().map_err(EncoderError::Config)?;
        Ok(config)
    }

    /// The first number of a position: networks like RoBERTa count from behind the one of padding.
    pub(crate) fn first_position(&self) -> usize {
        if self.model_type == "bert" { 0 } else { self.pad_token_id as usize + 1 }
    }

    /// The width of one head of attention.
    pub(crate) const fn head(&self) -> usize {
        self.hidden_size / self.num_attention_heads
    }

    fn check(&self) -> Result<(), String> {
        if !["bert", "roberta", "xlm-roberta"].contains(&self.model_type.as_str()) {
            let kind = &self.model_type;
            return Err(format!("`model_type` is `{kind}`; `bert`, `roberta` and `xlm-roberta` can be used"));
        }
        if self.hidden_act != "gelu" {
            return Err(format!("`hidden_act` is `{}`; `gelu` can be used", self.hidden_act));
        }
        if self.position_embedding_type != "absolute" {
            return Err(format!("`position_embedding_type` is `{}`, not `absolute`", self.position_embedding_type));
        }
        for (name, value, most) in [
            ("hidden_size", self.hidden_size, WIDEST),
            ("num_hidden_layers", self.num_hidden_layers, MOST_LAYERS),
            ("num_attention_heads", self.num_attention_heads, WIDEST),
            ("intermediate_size", self.intermediate_size, WIDEST_INNER),
            ("vocab_size", self.vocab_size, MOST_WORDS),
            ("max_position_embeddings", self.max_position_embeddings, MOST_POSITIONS),
            ("type_vocab_size", self.type_vocab_size, WIDEST),
        ] {
            if value == 0 || value > most {
                return Err(format!("`{name}` is {value}, not from 1 to {most}"));
            }
        }
        if !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            return Err("`hidden_size` is no multiple of `num_attention_heads`".to_owned());
        }
        if self.first_position() + 2 > self.max_position_embeddings {
            return Err("`max_position_embeddings` leaves no place for a text".to_owned());
        }
        if !(0.0..0.1).contains(&self.layer_norm_eps) {
            return Err(format!("`layer_norm_eps` is {}", self.layer_norm_eps));
        }
        Ok(())
    }
}
