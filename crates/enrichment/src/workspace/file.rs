//! A correction as bytes: eight letters, a version, a header in JSON, and the weights as they are used.

use serde::{Deserialize, Serialize};

use super::correction::{Correction, MOST_TOPICS, TOPIC_BITS, WORD_BITS};
use super::heard::DENSE;
use super::parts::OUTPUTS;
use crate::models::{ModelError, Table};

const MAGIC: &[u8; 8] = b"MOLVACOR";
const FORMAT: u32 = 1;
const MAX_HEADER: usize = 1 << 20;

#[derive(Serialize, Deserialize)]
struct Header {
    base: String,
    table: TableHeader,
    leans: Vec<f32>,
    taken: Vec<bool>,
    relevance: Vec<(i64, TableHeader)>,
    /// CRC-32 of everything behind the header.
    checksum: u32,
}

#[derive(Serialize, Deserialize)]
struct TableHeader {
    bits: u32,
    scales: Vec<f32>,
    tail: Vec<f32>,
}

impl Correction {
    /// The correction as a file. The same correction gives the same bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let (header, body) = self.parts();
        let mut bytes = Vec::with_capacity(body.len() + header.len() + 16);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&body);
        bytes
    }

    /// Reads what [`Self::write`] wrote.
    ///
    /// # Errors
    /// When the bytes are no correction, or damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let cut_short = ModelError::Damaged("cut short");
        let rest = bytes.strip_prefix(MAGIC).ok_or(ModelError::NotModels)?;
        let (format, rest) = rest.split_first_chunk::<4>().ok_or(cut_short.clone())?;
        let format = u32::from_le_bytes(*format);
        if format != FORMAT {
            return Err(ModelError::Format(format));
        }
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(cut_short.clone())?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > MAX_HEADER || length > rest.len() {
            return Err(cut_short);
        }
        let (header, body) = rest.split_at(length);
        let header = serde_json::from_slice(header).map_err(|_| ModelError::Damaged("the header cannot be read"))?;
        assemble(header, body)
    }

    /// Gives it the version that its content says.
    pub(super) fn name(&mut self) {
        let (header, body) = self.parts();
        let mut crc = crc32fast::Hasher::new();
        crc.update(&header);
        crc.update(&body);
        self.version = format!("{}+{:08x}", self.base, crc.finalize());
    }

    fn parts(&self) -> (Vec<u8>, Vec<u8>) {
        let header_of =
            |table: &Table| TableHeader { bits: table.bits, scales: table.scales.clone(), tail: table.tail.clone() };
        let mut body = self.table.bytes.to_vec();
        self.relevance.iter().for_each(|(_, table)| body.extend_from_slice(&table.bytes));
        let header = Header {
            base: self.base.clone(),
            table: header_of(&self.table),
            leans: self.leans.clone(),
            taken: self.taken.clone(),
            relevance: self.relevance.iter().map(|(topic, table)| (*topic, header_of(table))).collect(),
            checksum: crc32fast::hash(&body),
        };
        (serde_json::to_vec(&header).unwrap_or_default(), body)
    }
}

fn assemble(header: Header, body: &[u8]) -> Result<Correction, ModelError> {
    if crc32fast::hash(body) != header.checksum {
        return Err(ModelError::Damaged("the checksum is wrong"));
    }
    let sorted = header.relevance.is_sorted_by(|(one, _), (next, _)| one < next);
    let fits = header.leans.len() == OUTPUTS && header.taken.len() == OUTPUTS && header.relevance.len() <= MOST_TOPICS;
    if !sorted || !fits || !finite(&header.leans) {
        return Err(ModelError::Damaged("the heads contradict themselves"));
    }
    let mut rest = body;
    let mut table = |header: TableHeader, outputs: usize, most: u32| -> Result<Table, ModelError> {
        let fits = header.bits <= most
            && header.scales.len() == outputs
            && header.tail.len() == outputs * (DENSE + 1)
            && finite(&header.scales)
            && finite(&header.tail);
        let (bytes, behind) = rest
            .split_at_checked(outputs << header.bits.min(most))
            .filter(|_| fits)
            .ok_or(ModelError::Damaged("a table contradicts itself"))?;
        rest = behind;
        let TableHeader { bits, scales, tail } = header;
        Ok(Table { outputs, bits, scales, bytes: bytes.to_vec().into(), tail })
    };
    let whole = table(header.table, OUTPUTS, WORD_BITS)?;
    let relevance = header.relevance.into_iter().map(|(topic, header)| Ok((topic, table(header, 1, TOPIC_BITS)?)));
    let relevance = relevance.collect::<Result<Vec<_>, ModelError>>()?;
    let (leans, taken) = (header.leans, header.taken);
    let mut correction =
        Correction { base: header.base, version: String::new(), table: whole, leans, taken, relevance };
    correction.name();
    Ok(correction)
}

fn finite(values: &[f32]) -> bool {
    values.iter().all(|value| value.is_finite())
}
