//! A block: some hundreds of posts in three columns.
//!
//! ```text
//! header   magic, counts and lengths, times, CRC of the body, CRC of the header
//! keys     16 bytes a post: the hash of its URN; not compressed, they would not shrink
//! texts    zstd: title and text of every post, then their lengths (u32 each)
//! records  zstd: the records (postcard of the post without its texts), then their lengths (u32)
//! ```
//!
//! All numbers are little-endian. A scan unpacks the texts, and the records only of a block in which something matched.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::OnceLock;

use molva_domain::Timestamp;

use super::KeptPost;
use super::append::Unmatched;
use super::record;
use crate::Result;
use crate::urn_key::UrnKey;

/// Fast rather than small: blocks live for days, and half of a core must do for a hundred thousand posts a second.
const LEVEL: i32 = 1;
/// What a header may claim; protects against a damaged one that passed its check.
const MAX_COLUMN_BYTES: usize = 256 << 20;
const KEY_BYTES: usize = 16;

/// Posts that are gone, or were edited: blocks that were full before the time hide them.
pub(super) type Hidden = HashMap<UrnKey, Timestamp>;

/// One decompressed block.
pub struct KeptBlock {
    texts: String,
    entries: Vec<Entry>,
    records: Packed,
    unpacked: OnceLock<Option<Unpacked>>,
}

/// Where a post's title and text lie, and which record is its own.
struct Entry {
    start: usize,
    middle: usize,
    end: usize,
    record: usize,
}

struct Packed {
    bytes: Vec<u8>,
    raw: usize,
    count: usize,
}

struct Unpacked {
    bytes: Vec<u8>,
    /// End of each record.
    ends: Vec<usize>,
}

impl fmt::Debug for KeptBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptBlock").field("posts", &self.entries.len()).finish_non_exhaustive()
    }
}

impl KeptBlock {
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Title (empty when there is none) and text, without decoding the record.
    #[must_use]
    pub fn text(&self, index: usize) -> (&str, &str) {
        let entry = &self.entries[index];
        (&self.texts[entry.start..entry.middle], &self.texts[entry.middle..entry.end])
    }

    /// The whole post. An error says that its record was written in a form this version does not know.
    pub fn post(&self, index: usize) -> Result<KeptPost> {
        let unpacked = self.unpacked.get_or_init(|| unpack_records(&self.records));
        let entry = &self.entries[index];
        let kept = unpacked.as_ref().and_then(|unpacked| {
            let start = entry.record.checked_sub(1).map_or(0, |before| unpacked.ends[before]);
            record::read(&unpacked.bytes[start..unpacked.ends[entry.record]])
        });
        let mut kept = kept.ok_or_else(|| damaged("a record of the kept stream cannot be read"))?;
        let (title, text) = self.text(index);
        if let Some(own) = &mut kept.post.title {
            title.clone_into(own);
        }
        text.clone_into(&mut kept.post.text);
        Ok(kept)
    }

    /// A block of posts that are in no file yet.
    pub(super) fn of_pending(posts: Vec<Unmatched>, hidden: &Hidden) -> Result<Self> {
        let bytes = encode(posts)?;
        let header = Header::read(&bytes).ok_or_else(|| damaged("a block that was just made cannot be read"))?;
        Ok(Self::read(&header, &bytes[Header::BYTES..], hidden)?)
    }

    /// Checks and decompresses a body; posts that are `hidden` are left out.
    pub(super) fn read(header: &Header, body: &[u8], hidden: &Hidden) -> io::Result<Self> {
        if body.len() != header.body_bytes() || crc32fast::hash(body) != header.body_crc {
            return Err(damaged("a block of the kept stream does not match its checksum"));
        }
        let (keys, columns) = body.split_at(header.posts * KEY_BYTES);
        let (texts, records) = columns.split_at(header.texts_packed);
        let mut texts = zstd::bulk::decompress(texts, header.texts_raw)?;
        let wrong = || damaged("the lengths in a block of the kept stream do not add up");
        let lengths = texts.split_off(texts.len().checked_sub(header.posts * 8).ok_or_else(wrong)?);
        let texts = String::from_utf8(texts).map_err(|_| wrong())?;
        let mut entries = Vec::with_capacity(header.posts);
        let mut start = 0;
        let each = lengths.chunks_exact(8).zip(keys.chunks_exact(KEY_BYTES)).enumerate();
        for (record, (lengths, key)) in each {
            let middle = start + number(&lengths[..4]);
            let end = middle + number(&lengths[4..]);
            if !(end <= texts.len() && texts.is_char_boundary(middle) && texts.is_char_boundary(end)) {
                return Err(wrong());
            }
            let is_hidden = |key| hidden.get(&key).is_some_and(|before| header.last_at < *before);
            if hidden.is_empty() || !UrnKey::read(key).is_some_and(is_hidden) {
                entries.push(Entry { start, middle, end, record });
            }
            start = end;
        }
        Ok(Self {
            texts,
            entries,
            records: Packed { bytes: records.to_vec(), raw: header.records_raw, count: header.posts },
            unpacked: OnceLock::new(),
        })
    }

    /// The keys of a block, without decompressing it.
    pub(super) fn keys(header: &Header, body: &[u8]) -> Vec<UrnKey> {
        let keys = body.get(..header.posts * KEY_BYTES).unwrap_or_default();
        keys.chunks_exact(KEY_BYTES).filter_map(UrnKey::read).collect()
    }
}

fn unpack_records(packed: &Packed) -> Option<Unpacked> {
    let mut bytes = zstd::bulk::decompress(&packed.bytes, packed.raw).ok()?;
    let lengths = bytes.split_off(bytes.len().checked_sub(packed.count * 4)?);
    let mut end = 0;
    let ends: Vec<usize> = lengths
        .chunks_exact(4)
        .map(|length| {
            end += number(length);
            end
        })
        .collect();
    (ends.len() == packed.count && end == bytes.len()).then_some(Unpacked { bytes, ends })
}

/// Header and body of a block.
pub(super) fn encode(posts: Vec<Unmatched>) -> Result<Vec<u8>> {
    let (mut keys, mut lengths, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut record_lengths, mut records) = (Vec::new(), Vec::new());
    let (mut first_at, mut last_at) = (Timestamp::from_micros(i64::MAX), Timestamp::from_micros(i64::MIN));
    let count = posts.len();
    for Unmatched { key, at, mut kept } in posts {
        keys.extend_from_slice(&key.0);
        (first_at, last_at) = (first_at.min(at), last_at.max(at));
        let title = kept.post.title.as_mut().map(std::mem::take).unwrap_or_default();
        let text = std::mem::take(&mut kept.post.text);
        for part in [&title, &text] {
            lengths.extend_from_slice(&length(part.len())?);
            texts.extend_from_slice(part.as_bytes());
        }
        let before = records.len();
        records =
            record::write(&kept, records).ok_or_else(|| damaged("a post cannot be written to the kept stream"))?;
        record_lengths.extend_from_slice(&length(records.len() - before)?);
    }
    texts.append(&mut lengths);
    records.append(&mut record_lengths);
    let texts_packed = zstd::bulk::compress(&texts, LEVEL)?;
    let records_packed = zstd::bulk::compress(&records, LEVEL)?;
    let body = [&keys[..], &texts_packed, &records_packed].concat();
    let header = Header {
        posts: count,
        texts_raw: texts.len(),
        texts_packed: texts_packed.len(),
        records_raw: records.len(),
        records_packed: records_packed.len(),
        first_at,
        last_at,
        body_crc: crc32fast::hash(&body),
    };
    let mut block = header.write()?;
    block.extend_from_slice(&body);
    Ok(block)
}

/// What stands before each block.
pub(super) struct Header {
    pub(super) posts: usize,
    texts_raw: usize,
    texts_packed: usize,
    records_raw: usize,
    records_packed: usize,
    /// Arrival of its first and last post.
    pub(super) first_at: Timestamp,
    pub(super) last_at: Timestamp,
    body_crc: u32,
}

impl Header {
    /// The last character is the version of the format.
    pub(super) const MAGIC: [u8; 8] = *b"MOLVAKB1";
    pub(super) const BYTES: usize = 8 + 5 * 4 + 2 * 8 + 4 + 4;

    pub(super) const fn body_bytes(&self) -> usize {
        self.posts * KEY_BYTES + self.texts_packed + self.records_packed
    }

    /// `None` when this is no header, or a damaged one.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..Self::BYTES)?;
        let (content, crc) = bytes.split_at(Self::BYTES - 4);
        if content[..8] != Self::MAGIC || crc32fast::hash(content) as usize != number(crc) {
            return None;
        }
        let field = |index: usize| number(&content[8 + index * 4..12 + index * 4]);
        let time = |at: usize| Some(Timestamp::from_micros(i64::from_le_bytes(content[at..at + 8].try_into().ok()?)));
        let header = Self {
            posts: field(0),
            texts_raw: field(1),
            texts_packed: field(2),
            records_raw: field(3),
            records_packed: field(4),
            first_at: time(28)?,
            last_at: time(36)?,
            body_crc: u32::try_from(number(&content[44..48])).ok()?,
        };
        let largest =
            [header.texts_raw, header.texts_packed, header.records_raw, header.records_packed, header.posts * 8];
        (largest.into_iter().all(|bytes| bytes <= MAX_COLUMN_BYTES)).then_some(header)
    }

    fn write(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(Self::BYTES + self.body_bytes());
        bytes.extend_from_slice(&Self::MAGIC);
        for field in [self.posts, self.texts_raw, self.texts_packed, self.records_raw, self.records_packed] {
            bytes.extend_from_slice(&length(field)?);
        }
        bytes.extend_from_slice(&self.first_at.as_micros().to_le_bytes());
        bytes.extend_from_slice(&self.last_at.as_micros().to_le_bytes());
        bytes.extend_from_slice(&self.body_crc.to_le_bytes());
        let crc = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&crc.to_le_bytes());
        Ok(bytes)
    }
}

fn length(bytes: usize) -> Result<[u8; 4]> {
    Ok(u32::try_from(bytes).map_err(|_| damaged("a block of the kept stream would be too large"))?.to_le_bytes())
}

/// Four bytes as a number.
fn number(bytes: &[u8]) -> usize {
    bytes.try_into().map_or(0, |bytes| u32::from_le_bytes(bytes) as usize)
}

fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use molva_domain::{Post, Urn};

    use super::*;

    fn posts() -> Vec<Unmatched> {
        (0..3)
            .map(|number| {
                let at = Timestamp::from_secs(1_700_000_000 + number);
                let urn = Urn::of("test", None, "post", &number.to_string());
                let mut post = Post::new(urn, "test", format!("текст {number}"), at, at);
                post.title = (number == 1).then(|| "Заголовок".to_owned());
                Unmatched { key: UrnKey::of(&post.urn), at, kept: KeptPost { source: 5, content_hash: number, post } }
            })
            .collect()
    }

    #[test]
    fn a_block_gives_back_what_it_was_given() {
        let (given, hidden) = (posts(), Hidden::new());
        let block = KeptBlock::of_pending(posts(), &hidden).expect("a block");
        assert_eq!(block.len(), 3);
        assert_eq!(block.text(1), ("Заголовок", "текст 1"));
        for (index, post) in given.into_iter().enumerate() {
            assert_eq!(block.post(index).expect("a post"), post.kept);
        }
    }

    #[test]
    fn a_hidden_post_is_not_in_the_block() {
        let hidden = Hidden::from([(posts()[1].key, Timestamp::from_micros(i64::MAX))]);
        let block = KeptBlock::of_pending(posts(), &hidden).expect("a block");
        assert_eq!(block.len(), 2);
        assert_eq!(block.post(1).expect("a post"), posts()[2].kept);
    }

    #[test]
    fn every_flipped_byte_is_noticed() {
        let bytes = encode(posts()).expect("a block");
        for index in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[index] ^= 0x40;
            let read = Header::read(&bytes).and_then(|header| {
                let body = bytes.get(Header::BYTES..Header::BYTES + header.body_bytes())?;
                KeptBlock::read(&header, body, &Hidden::new()).ok()
            });
            assert!(read.is_none(), "byte {index}");
        }
    }
}
