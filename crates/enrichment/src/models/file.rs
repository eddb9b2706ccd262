//! The model file: eight letters, a version, a header in JSON, and the weights as they are used.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::packed::Packed;
use super::{Classes, INTENTS, MOST_OUTPUTS, Manifest, Models, Rules, STAGES, Table, WANTS};
use crate::features::{Idf, ROW_BITS, ROWS};

const MAGIC: &[u8; 8] = b"MOLVAENR";
const FORMAT: u32 = 1;
const MAX_HEADER: usize = 1 << 20;

/// Why bytes are no models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// Another kind of file.
    NotModels,
    /// Written by another version of the program.
    Format(u32),
    /// Cut short, changed on the way, or contradicting itself.
    Damaged(&'static str),
}

impl std::fmt::Display for ModelError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotModels => formatter.write_str("not a model file; `molva train` writes one"),
            Self::Format(format) => {
                write!(formatter, "a model file of format {format}, this program reads {FORMAT}; train it anew")
            }
            Self::Damaged(what) => {
                write!(formatter, "the model file is damaged ({what}); train it anew or fetch it again")
            }
        }
    }
}

impl std::error::Error for ModelError {}

#[derive(Serialize, Deserialize)]
struct Header {
    manifest: Manifest,
    rules: Rules,
    idf: usize,
    /// In the order of [`Models::tables`].
    tables: Vec<TableHeader>,
    /// CRC-32 of everything behind the header.
    checksum: u32,
}

#[derive(Serialize, Deserialize)]
struct TableHeader {
    name: String,
    outputs: usize,
    bits: u32,
    scales: Vec<f32>,
    tail: Vec<f32>,
}

impl Models {
    /// Reads a model file.
    ///
    /// # Errors
    /// When the bytes are none, or damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let (header, body) = split(bytes)?;
        Self::assemble(header, body.to_vec().into())
    }

    /// As [`Models::read`], without copying.
    pub(crate) fn read_static(bytes: &'static [u8]) -> Result<Self, ModelError> {
        let (header, body) = split(bytes)?;
        Self::assemble(header, Cow::Borrowed(body))
    }

    /// The models as a file. The same models give the same bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut body = self.idf.0.to_vec();
        let mut tables = Vec::new();
        for (name, table) in self.tables() {
            body.extend_from_slice(&table.bytes);
            tables.push(TableHeader {
                name: name.to_owned(),
                outputs: table.outputs,
                bits: table.bits,
                scales: table.scales.clone(),
                tail: table.tail.clone(),
            });
        }
        let header = Header {
            manifest: self.manifest.clone(),
            rules: self.rules.clone(),
            idf: self.idf.0.len(),
            tables,
            checksum: crc32fast::hash(&body),
        };
        let header = serde_json::to_vec(&header).unwrap_or_default();
        let mut bytes = Vec::with_capacity(body.len() + header.len() + 16);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&body);
        bytes
    }

    pub(crate) fn tables(&self) -> [(&'static str, &Table); 5] {
        [
            ("smiley", &self.smiley),
            ("general", &self.general),
            ("object", &self.object),
            ("english", &self.english),
            ("wants", &self.wants),
        ]
    }

    fn assemble(header: Header, body: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        if crc32fast::hash(&body) != header.checksum {
            return Err(ModelError::Damaged("the checksum is wrong"));
        }
        let mut from = 0;
        let mut take = |length: usize| -> Result<Cow<'static, [u8]>, ModelError> {
            let to = from + length;
            let part = match &body {
                Cow::Borrowed(body) => body.get(from..to).map(Cow::Borrowed),
                Cow::Owned(body) => body.get(from..to).map(|part| Cow::Owned(part.to_vec())),
            };
            from = to;
            part.ok_or(ModelError::Damaged("weights are missing"))
        };
        if header.idf != ROWS && header.idf != 1 {
            return Err(ModelError::Damaged("frequencies of another size"));
        }
        let idf = Idf(take(header.idf)?);
        let mut tables = header.tables.into_iter();
        let mut table = |name: &str, outputs: usize| -> Result<Table, ModelError> {
            let table =
                tables.next().filter(|table| table.name == name).ok_or(ModelError::Damaged("a table is missing"))?;
            let fits = table.outputs == outputs
                && outputs <= MOST_OUTPUTS
                && table.bits <= ROW_BITS
                && table.scales.len() == outputs
                && !table.tail.is_empty()
                && table.tail.len() % outputs == 0;
            if !fits || !finite(&table.scales) || !finite(&table.tail) {
                return Err(ModelError::Damaged("a table contradicts itself"));
            }
            let bytes = take(outputs << table.bits)?;
            Ok(Table { outputs, bits: table.bits, scales: table.scales, bytes, tail: table.tail })
        };
        let mut models = Self {
            manifest: header.manifest,
            idf,
            smiley: table("smiley", 1)?,
            general: table("general", 5)?,
            object: table("object", 3)?,
            english: table("english", 3)?,
            wants: table("wants", WANTS)?,
            rules: header.rules,
            packed: None,
            correction: None,
        };
        models.rules.check()?;
        models.packed = Packed::of(&models).map(Arc::new);
        Ok(models)
    }
}

impl Rules {
    fn check(&self) -> Result<(), ModelError> {
        let classes = [(&self.general, 5), (&self.object, 3), (&self.english, 3), (&self.stage, STAGES)];
        let whole = classes.iter().all(|(rule, classes)| rule.fits(*classes));
        let wants = [&self.wants_cyrillic, &self.wants_latin].iter().all(|wants| {
            wants.len() == INTENTS + 1 && wants.iter().all(|platt| finite(&[platt.slope, platt.shift, platt.threshold]))
        });
        if whole && wants { Ok(()) } else { Err(ModelError::Damaged("a calibration contradicts itself")) }
    }
}

impl Classes {
    /// Whether it is whole, for so many classes.
    pub(crate) fn fits(&self, classes: usize) -> bool {
        self.calibration.matrix.len() == classes * classes
            && self.calibration.shift.len() == classes
            && (self.factors.len() == classes || self.factors.is_empty())
            && finite(&self.calibration.matrix)
            && finite(&self.calibration.shift)
            && finite(&self.factors)
    }
}

fn finite(values: &[f32]) -> bool {
    values.iter().all(|value| value.is_finite())
}

fn split(bytes: &[u8]) -> Result<(Header, &[u8]), ModelError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(ModelError::NotModels)?;
    let (format, rest) = rest.split_first_chunk::<4>().ok_or(ModelError::Damaged("cut short"))?;
    let format = u32::from_le_bytes(*format);
    if format != FORMAT {
        return Err(ModelError::Format(format));
    }
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(ModelError::Damaged("cut short"))?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > MAX_HEADER || length > rest.len() {
        return Err(ModelError::Damaged("cut short"));
    }
    let (header, body) = rest.split_at(length);
    let header = serde_json::from_slice(header).map_err(|_| ModelError::Damaged("the header cannot be read"))?;
    Ok((header, body))
}
