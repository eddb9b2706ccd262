//! The file of heads: as that of models.

use molva_domain::Intent;
use serde::{Deserialize, Serialize};

use super::heads::{Head, Heads, Spread, YesNoHead};
use crate::features::ROW_BITS;
use crate::models::{Classes, Manifest, ModelError, Platt, Table};

const MAGIC: &[u8; 8] = b"MOLVAHED";
const FORMAT: u32 = 1;
const MAX_HEADER: usize = 4 << 20;
const MAX_HEADS: usize = 16;
const MAX_WIDTH: usize = 4_096;

#[derive(Serialize, Deserialize)]
struct Header {
    manifest: Manifest,
    encoder: String,
    base: String,
    spread: Spread,
    heads: Vec<HeadHeader>,
    /// CRC-32 of everything behind the header.
    checksum: u32,
}

#[derive(Serialize, Deserialize)]
struct HeadHeader {
    /// `object`, `english`, or the word of an intent.
    name: String,
    bits: u32,
    scales: Vec<f32>,
    tail: Vec<f32>,
    classes: Option<Classes>,
    rule: Option<Platt>,
}

impl Heads {
    /// The heads as a file. The same heads give the same bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let mut heads = Vec::new();
        let mut add = |name: &str, table: &Table, classes: Option<Classes>, rule: Option<Platt>| {
            body.extend_from_slice(&table.bytes);
            let (name, bits) = (name.to_owned(), table.bits);
            let (scales, tail) = (table.scales.clone(), table.tail.clone());
            heads.push(HeadHeader { name, bits, scales, tail, classes, rule });
        };
        for (name, head) in [("object", &self.object), ("english", &self.english)] {
            if let Some(head) = head {
                add(name, &head.table, Some(head.classes.clone()), None);
            }
        }
        self.wants.iter().for_each(|head| add(head.intent.as_str(), &head.table, None, Some(head.rule)));
        let header = Header {
            manifest: self.manifest.clone(),
            encoder: self.encoder.clone(),
            base: self.base.clone(),
            spread: self.spread.clone(),
            heads,
            checksum: crc32fast::hash(&body),
        };
        let header = serde_json::to_vec(&header).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&body);
        bytes
    }

    /// Reads a file of heads.
    ///
    /// # Errors
    /// When the bytes are none, or damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(ModelError::NotModels)?;
        let (format, rest) = rest.split_first_chunk::<4>().ok_or(ModelError::Damaged("cut short"))?;
        if u32::from_le_bytes(*format) != FORMAT {
            return Err(ModelError::Format(u32::from_le_bytes(*format)));
        }
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(ModelError::Damaged("cut short"))?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > MAX_HEADER || length > rest.len() {
            return Err(ModelError::Damaged("cut short"));
        }
        let (header, mut body) = rest.split_at(length);
        let header: Header =
            serde_json::from_slice(header).map_err(|_| ModelError::Damaged("the header cannot be read"))?;
        if crc32fast::hash(body) != header.checksum {
            return Err(ModelError::Damaged("the checksum is wrong"));
        }
        let width = header.spread.mean.len();
        let spread_fits = width <= MAX_WIDTH && header.spread.factor.len() == width && header.heads.len() <= MAX_HEADS;
        if !spread_fits || !finite(&header.spread.mean) || !finite(&header.spread.factor) {
            return Err(ModelError::Damaged("the spread of vectors contradicts itself"));
        }
        let mut heads = Self {
            manifest: header.manifest,
            encoder: header.encoder,
            base: header.base,
            spread: header.spread,
            object: None,
            english: None,
            wants: Vec::new(),
        };
        for head in header.heads {
            heads.put(head, &mut body)?;
        }
        if body.is_empty() { Ok(heads) } else { Err(ModelError::Damaged("it holds more than its heads")) }
    }

    fn put(&mut self, head: HeadHeader, body: &mut &[u8]) -> Result<(), ModelError> {
        const CONTRADICTS: ModelError = ModelError::Damaged("a head contradicts itself");
        let outputs = head.scales.len();
        let whole = head.bits <= ROW_BITS
            && (outputs == 1 || outputs == 3)
            && head.tail.len().is_multiple_of(outputs)
            && head.tail.len() / outputs > self.spread.mean.len()
            && finite(&head.scales)
            && finite(&head.tail);
        if !whole {
            return Err(CONTRADICTS);
        }
        let Some((bytes, rest)) = body.split_at_checked(outputs << head.bits) else {
            return Err(ModelError::Damaged("weights are missing"));
        };
        *body = rest;
        let table =
            Table { outputs, bits: head.bits, scales: head.scales, bytes: bytes.to_vec().into(), tail: head.tail };
        match (head.classes, head.rule, outputs) {
            (Some(classes), None, 3) if classes.fits(3) => {
                let place = match head.name.as_str() {
                    "object" => &mut self.object,
                    "english" => &mut self.english,
                    _ => return Err(CONTRADICTS),
                };
                *place = Some(Head { table, classes });
            }
            (None, Some(rule), 1) if finite(&[rule.slope, rule.shift, rule.threshold]) => {
                let intent = Intent::parse(&head.name).ok_or(CONTRADICTS)?;
                self.wants.push(YesNoHead { intent, table, rule });
            }
            _ => return Err(CONTRADICTS),
        }
        Ok(())
    }
}

fn finite(values: &[f32]) -> bool {
    values.iter().all(|value| value.is_finite())
}
