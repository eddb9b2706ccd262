//! An encoder that is ready to use.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use candle_core::Device;
use molva_enrichment::slow::{EncodeFailed, Encoder};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokenizers::{Tokenizer, TruncationParams};

use crate::bert::{Batch, Bert};
use crate::config::Config;
use crate::error::EncoderError;
use crate::files::Files;

/// Tokens read of a text; the rest is not looked at.
const MOST_TOKENS: usize = 128;
/// Bytes of a text that tokens are made of.
const MOST_BYTES: usize = 16 * MOST_TOKENS;
/// Texts worked out together, of about the same length.
const BATCH: usize = 16;

/// A sentence encoder of the BERT family, read from a folder.
///
/// Texts are worked out on as many threads as it was opened with, each text on one.
pub struct SentenceEncoder {
    name: String,
    bert: Bert,
    tokenizer: Tokenizer,
    prefix: String,
    width: usize,
    words: u32,
    pools: Vec<ThreadPool>,
}

impl SentenceEncoder {
    /// Reads `config.json`, `tokenizer.json` and `model.safetensors` (32 or 16 bits) in `folder`, as sentence-transformers
    /// write them; `1_Pooling/config.json` and `molva.json` (`{"prefix": "query: "}`) where they are there.
    ///
    /// # Errors
    /// When a file is missing, too large, or does not fit the others.
    pub fn open(folder: &Path, threads: NonZeroUsize) -> Result<Self, EncoderError> {
        let files = Files::read(folder)?;
        let config = Config::read(&files.config)?;
        let mut tokenizer =
            Tokenizer::from_bytes(&files.tokenizer).map_err(|error| EncoderError::Tokenizer(error.to_string()))?;
        let places = config.max_position_embeddings - config.first_position();
        let truncation = TruncationParams { max_length: MOST_TOKENS.min(places), ..TruncationParams::default() };
        tokenizer
            .with_truncation(Some(truncation))
            .map_err(|error| EncoderError::Tokenizer(error.to_string()))?
            .with_padding(None);
        let mut print = crc(&files.weights);
        print ^= crc(&files.config).rotate_left(1) ^ crc(&files.tokenizer).rotate_left(2);
        print ^= crc(files.habits.prefix.as_bytes()).rotate_left(3);
        let tensors = candle_core::safetensors::load_buffer(&files.weights, &Device::Cpu)
            .map_err(|error| EncoderError::Weights(format!("cannot be read: {error}")))?;
        drop(files.weights);
        let bert = Bert::new(&config, tensors, files.habits.first_token)?;
        let pools = (0..threads.get())
            .map(|_| ThreadPoolBuilder::new().num_threads(1).build())
            .collect::<Result<_, _>>()
            .map_err(|error| EncoderError::Config(format!("no thread could be started: {error}")))?;
        Ok(Self {
            name: format!("{}-{}x{}-{print:016x}", config.model_type, config.num_hidden_layers, config.hidden_size),
            bert,
            tokenizer,
            prefix: files.habits.prefix,
            width: config.hidden_size,
            words: config.vocab_size as u32,
            pools,
        })
    }

    /// The numbers of a text's tokens.
    ///
    /// # Errors
    /// When the tokenizer does not fit the network, or fails.
    pub fn tokens(&self, text: &str) -> Result<Vec<u32>, EncoderError> {
        let text = format!("{}{}", self.prefix, beginning(text, MOST_BYTES));
        let encoding = self.tokenizer.encode(text, true).map_err(|error| EncoderError::Tokenizer(error.to_string()))?;
        let tokens = encoding.get_ids();
        if tokens.is_empty() || tokens.iter().any(|token| *token >= self.words) {
            return Err(EncoderError::Tokenizer("it makes tokens that the network does not know".to_owned()));
        }
        Ok(tokens.to_vec())
    }

    /// One vector of unit length a text, in the same order.
    ///
    /// # Errors
    /// When the tokenizer does not fit the network, or memory runs out.
    pub fn vectors(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncoderError> {
        let tokens = texts.iter().map(|text| self.tokens(text)).collect::<Result<Vec<_>, _>>()?;
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|text| tokens[*text].len());
        let batches: Vec<&[usize]> = order.chunks(BATCH).collect();
        let next = AtomicUsize::new(0);
        let done = Mutex::new(vec![Vec::new(); texts.len()]);
        let work = |pool: &ThreadPool| -> Result<(), EncoderError> {
            while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                let texts: Vec<&[u32]> = batch.iter().map(|text| tokens[*text].as_slice()).collect();
                let vectors = pool.install(|| self.bert.embed(&Batch { texts: &texts }))?;
                let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                batch.iter().zip(vectors).for_each(|(text, vector)| done[*text] = vector);
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let work = &work;
            let workers: Vec<_> = self.pools.iter().map(|pool| scope.spawn(move || work(pool))).collect();
            workers.into_iter().try_for_each(|worker| match worker.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })?;
        Ok(done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Encoder for SentenceEncoder {
    fn name(&self) -> &str {
        &self.name
    }

    fn width(&self) -> usize {
        self.width
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncodeFailed> {
        self.vectors(texts).map_err(|error| EncodeFailed(error.to_string()))
    }
}

/// At most so many bytes of a text, whole characters.
fn beginning(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// FNV-1a: tells files apart, keeps nobody out.
fn crc(bytes: &[u8]) -> u64 {
    let mut print = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        print = (print ^ u64::from_le_bytes(word)).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    }
    print
}
