//! Vectors that were worked out once, kept in a file: learning asks for the same texts again and again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;
use std::sync::Mutex;

use anyhow::Context as _;
use molva_enrichment::Source;
use molva_enrichment::slow::{EncodeFailed, Encoder};
use ring::digest;

use super::training_data::sha256;

const MAGIC: &[u8; 8] = b"MOLVAVEC";
/// Texts worked out before they are written down.
const CHUNK: usize = 256;

type Key = [u8; 16];

/// An encoder that remembers.
pub(crate) struct Remembering<E> {
    encoder: E,
    kept: Mutex<Kept>,
    tell: fn(String),
}

struct Kept {
    vectors: HashMap<Key, Vec<f32>>,
    file: Option<File>,
}

impl<E: Encoder> Remembering<E> {
    /// Remembers in memory and, where one is named, in a file. `tell` is told how far it is.
    pub(crate) fn new(encoder: E, file: Option<&Path>, tell: fn(String)) -> anyhow::Result<Self> {
        let mut vectors = HashMap::new();
        let file = match file {
            None => None,
            Some(path) => Some(
                open(&encoder, path, &mut vectors).with_context(|| format!("the vectors in `{}`", path.display()))?,
            ),
        };
        Ok(Self { encoder, kept: Mutex::new(Kept { vectors, file }), tell })
    }
}

fn open(encoder: &impl Encoder, path: &Path, vectors: &mut HashMap<Key, Vec<f32>>) -> anyhow::Result<File> {
    let head = [MAGIC.as_slice(), &(encoder.name().len() as u32).to_le_bytes(), encoder.name().as_bytes()].concat();
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).context("cannot be opened")?;
    let length = file.metadata()?.len();
    if length == 0 {
        file.write_all(&head)?;
        return Ok(file);
    }
    let mut reader = BufReader::with_capacity(1 << 20, &file);
    let mut found = vec![0; head.len()];
    if reader.read_exact(&mut found).is_err() || found != head {
        anyhow::bail!("are of another encoder; name another file");
    }
    let record = 16 + 4 * encoder.width();
    let whole = (length as usize - head.len()) / record;
    let mut bytes = vec![0; record];
    for _ in 0..whole {
        reader.read_exact(&mut bytes)?;
        let (key, numbers) = bytes.split_at(16);
        let vector = numbers.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect();
        vectors.insert(key.try_into()?, vector);
    }
    // A record that was cut off by an end in the middle.
    file.set_len((head.len() + whole * record) as u64)?;
    Ok(file)
}

impl<E: Encoder> Encoder for Remembering<E> {
    fn name(&self) -> &str {
        self.encoder.name()
    }

    fn width(&self) -> usize {
        self.encoder.width()
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncodeFailed> {
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let keys: Vec<Key> = texts.iter().map(|text| key(text)).collect();
        let mut asked: HashMap<Key, &str> = HashMap::new();
        for (key, text) in keys.iter().zip(texts).filter(|(key, _)| !kept.vectors.contains_key(*key)) {
            asked.insert(*key, text);
        }
        let mut asked: Vec<(Key, &str)> = asked.into_iter().collect();
        asked.sort_by_key(|(key, text)| (text.len(), *key));
        for (done, chunk) in asked.chunks(CHUNK).enumerate() {
            let texts: Vec<&str> = chunk.iter().map(|(_, text)| *text).collect();
            let vectors = self.encoder.encode(&texts)?;
            if let Some(file) = &mut kept.file {
                write(file, chunk, &vectors)
                    .map_err(|error| EncodeFailed(format!("vectors cannot be kept: {error}")))?;
            }
            kept.vectors.extend(chunk.iter().map(|(key, _)| *key).zip(vectors));
            if asked.len() > CHUNK {
                (self.tell)(format!("{} of {} texts encoded", done * CHUNK + chunk.len(), asked.len()));
            }
        }
        Ok(keys.iter().map(|key| kept.vectors.get(key).cloned().unwrap_or_default()).collect())
    }
}

/// How the encoder of a teacher that heard so many posts stands among the sources of what it taught.
pub(crate) fn source(encoder: &impl Encoder, folder: &Path, posts: usize) -> anyhow::Result<Source> {
    let weights = folder.join("model.safetensors");
    let bytes = std::fs::read(&weights).with_context(|| format!("`{}` cannot be read", weights.display()))?;
    Ok(Source {
        file: encoder.name().to_owned(),
        sha256: sha256(&bytes),
        licence: "as its makers give it; nothing of it is in this file".to_owned(),
        rows: posts,
        used: "an encoder whose vectors a teacher heard: tone towards objects of posts nobody labelled".to_owned(),
    })
}

fn write(file: &File, chunk: &[(Key, &str)], vectors: &[Vec<f32>]) -> std::io::Result<()> {
    let mut out = BufWriter::new(file);
    for ((key, _), vector) in chunk.iter().zip(vectors) {
        out.write_all(key)?;
        for number in vector {
            out.write_all(&number.to_le_bytes())?;
        }
    }
    out.flush()
}

fn key(text: &str) -> Key {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let mut key = [0; 16];
    key.copy_from_slice(&hash.as_ref()[..16]);
    key
}
