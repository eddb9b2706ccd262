//! The network: embeddings, layers of attention, and the mean over the tokens (Devlin et al. 2018; Reimers, Gurevych 2019).

use std::collections::HashMap;

use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::ops::{layer_norm, softmax_last_dim};

use crate::config::Config;
use crate::error::EncoderError;

/// Prefixes that makers put before the names of the weights.
const PREFIXES: [&str; 4] = ["", "bert.", "roberta.", "model."];

/// The weights, checked against the configuration.
pub(crate) struct Bert {
    words: Tensor,
    positions: Tensor,
    kind: Tensor,
    norm: Norm,
    layers: Vec<Layer>,
    heads: usize,
    head: usize,
    first_position: u32,
    first_token: bool,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
}

struct Linear {
    /// Inputs by outputs.
    weight: Tensor,
    bias: Tensor,
}

struct Norm {
    weight: Tensor,
    bias: Tensor,
    epsilon: f32,
}

/// Texts of about the same length as numbers of tokens; shorter ones are filled up behind their end.
pub(crate) struct Batch<'a> {
    pub(crate) texts: &'a [&'a [u32]],
}

impl Bert {
    /// Takes the weights out of `tensors`.
    pub(crate) fn new(
        config: &Config,
        tensors: HashMap<String, Tensor>,
        first_token: bool,
    ) -> std::result::Result<Self, EncoderError> {
        let prefix = PREFIXES
            .into_iter()
            .find(|prefix| tensors.contains_key(&format!("{prefix}embeddings.word_embeddings.weight")))
            .ok_or_else(|| EncoderError::Weights("`embeddings.word_embeddings.weight` is missing".to_owned()))?;
        let mut weights = Weights { tensors, prefix };
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        // Only the rows looked up are turned into 32 bits: the table of words is most of a multilingual network.
        let words = weights.raw("embeddings.word_embeddings.weight", &[config.vocab_size, hidden])?;
        let positions =
            weights.take("embeddings.position_embeddings.weight", &[config.max_position_embeddings, hidden])?;
        let kinds = weights.take("embeddings.token_type_embeddings.weight", &[config.type_vocab_size, hidden])?;
        let norm = weights.norm("embeddings.LayerNorm", config)?;
        let layers = (0..config.num_hidden_layers)
            .map(|layer| {
                let mut linear =
                    |name: &str, from, to| weights.linear(&format!("encoder.layer.{layer}.{name}"), from, to);
                let query = linear("attention.self.query", hidden, hidden)?;
                let key = linear("attention.self.key", hidden, hidden)?;
                let value = linear("attention.self.value", hidden, hidden)?;
                let attended = linear("attention.output.dense", hidden, hidden)?;
                let inner_linear = linear("intermediate.dense", hidden, inner)?;
                let outer = linear("output.dense", inner, hidden)?;
                let mut norm = |name: &str| weights.norm(&format!("encoder.layer.{layer}.{name}.LayerNorm"), config);
                let (attended_norm, outer_norm) = (norm("attention.output")?, norm("output")?);
                Ok(Layer { query, key, value, attended, attended_norm, inner: inner_linear, outer, outer_norm })
            })
            .collect::<std::result::Result<_, EncoderError>>()?;
        Ok(Self {
            words,
            positions,
            kind: kinds.get(0)?,
            norm,
            layers,
            heads: config.num_attention_heads,
            head: config.head(),
            first_position: config.first_position() as u32,
            first_token,
        })
    }

    /// One vector of unit length a text.
    pub(crate) fn embed(&self, batch: &Batch<'_>) -> Result<Vec<Vec<f32>>> {
        let count = batch.texts.len();
        let longest = batch.texts.iter().map(|text| text.len()).max().unwrap_or_default();
        let (mut tokens, mut there) = (vec![0_u32; count * longest], vec![0.0_f32; count * longest]);
        for (row, text) in batch.texts.iter().enumerate() {
            tokens[row * longest..][..text.len()].copy_from_slice(text);
            there[row * longest..][..text.len()].fill(1.0);
        }
        let away: Vec<f32> = there.iter().map(|there| (there - 1.0) * 1e9).collect();
        let there = Tensor::from_vec(there, (count, longest, 1), &Device::Cpu)?;
        let away = Tensor::from_vec(away, (count, 1, 1, longest), &Device::Cpu)?;
        let mut hidden = self.embeddings(tokens, count, longest)?;
        for layer in &self.layers {
            hidden = self.layer(layer, &hidden, &away, count, longest)?;
        }
        let width = self.heads * self.head;
        let hidden = hidden.reshape((count, longest, width))?;
        let vectors = if self.first_token {
            hidden.narrow(1, 0, 1)?.squeeze(1)?
        } else {
            hidden.broadcast_mul(&there)?.sum(1)?.broadcast_div(&there.sum(1)?)?
        };
        let lengths = (vectors.sqr()?.sum_keepdim(1)?.sqrt()? + 1e-12)?;
        vectors.broadcast_div(&lengths)?.to_vec2()
    }

    fn embeddings(&self, tokens: Vec<u32>, count: usize, longest: usize) -> Result<Tensor> {
        let tokens = Tensor::from_vec(tokens, count * longest, &Device::Cpu)?;
        let words = self.words.index_select(&tokens, 0)?.to_dtype(DType::F32)?;
        let places: Vec<u32> =
            (0..count).flat_map(|_| (0..longest).map(|place| self.first_position + place as u32)).collect();
        let places = Tensor::from_vec(places, count * longest, &Device::Cpu)?;
        let positions = self.positions.index_select(&places, 0)?;
        self.norm.apply(&(words + positions)?.broadcast_add(&self.kind)?)
    }

    fn layer(&self, layer: &Layer, hidden: &Tensor, away: &Tensor, count: usize, longest: usize) -> Result<Tensor> {
        let split = |linear: &Linear| -> Result<Tensor> {
            linear.apply(hidden)?.reshape((count, longest, self.heads, self.head))?.transpose(1, 2)?.contiguous()
        };
        let query = (split(&layer.query)? * (1.0 / (self.head as f64).sqrt()))?;
        let key = split(&layer.key)?.transpose(D::Minus1, D::Minus2)?.contiguous()?;
        let shares = softmax_last_dim(&query.matmul(&key)?.broadcast_add(away)?)?;
        let heard = shares.matmul(&split(&layer.value)?)?;
        let heard = heard.transpose(1, 2)?.contiguous()?.reshape((count * longest, self.heads * self.head))?;
        let hidden = layer.attended_norm.apply(&(layer.attended.apply(&heard)? + hidden)?)?;
        let inner = layer.inner.apply(&hidden)?.gelu_erf()?;
        layer.outer_norm.apply(&(layer.outer.apply(&inner)? + &hidden)?)
    }
}

impl Linear {
    fn apply(&self, input: &Tensor) -> Result<Tensor> {
        input.matmul(&self.weight)?.broadcast_add(&self.bias)
    }
}

impl Norm {
    fn apply(&self, input: &Tensor) -> Result<Tensor> {
        layer_norm(&input.contiguous()?, &self.weight, &self.bias, self.epsilon)
    }
}

struct Weights {
    tensors: HashMap<String, Tensor>,
    prefix: &'static str,
}

impl Weights {
    fn raw(&mut self, name: &str, shape: &[usize]) -> std::result::Result<Tensor, EncoderError> {
        let name = format!("{}{name}", self.prefix);
        let tensor = self.tensors.remove(&name).ok_or_else(|| EncoderError::Weights(format!("`{name}` is missing")))?;
        if tensor.dims() != shape {
            let found = tensor.dims();
            return Err(EncoderError::Weights(format!("`{name}` is {found:?}, `config.json` says {shape:?}")));
        }
        if !matches!(tensor.dtype(), DType::F32 | DType::F16 | DType::BF16) {
            let kind = tensor.dtype().as_str();
            return Err(EncoderError::Weights(format!("`{name}` is `{kind}`; `f32`, `f16` and `bf16` can be used")));
        }
        Ok(tensor)
    }

    fn take(&mut self, name: &str, shape: &[usize]) -> std::result::Result<Tensor, EncoderError> {
        let tensor = self.raw(name, shape)?.to_dtype(DType::F32)?;
        let sum = tensor.sum_all()?.to_scalar::<f32>()?;
        if !sum.is_finite() {
            return Err(EncoderError::Weights(format!("`{name}` holds what is no number")));
        }
        Ok(tensor)
    }

    fn linear(&mut self, name: &str, from: usize, to: usize) -> std::result::Result<Linear, EncoderError> {
        let weight = self.take(&format!("{name}.weight"), &[to, from])?.t()?.contiguous()?;
        Ok(Linear { weight, bias: self.take(&format!("{name}.bias"), &[to])? })
    }

    fn norm(&mut self, name: &str, config: &Config) -> std::result::Result<Norm, EncoderError> {
        let mut take = |end: &str| self.take(&format!("{name}.{end}"), &[config.hidden_size]);
        Ok(Norm { weight: take("weight")?, bias: take("bias")?, epsilon: config.layer_norm_eps as f32 })
    }
}
