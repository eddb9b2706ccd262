//! The whole index as bytes, so that a process goes on with the stories it had.

use std::sync::Arc;

use molva_domain::{StoryId, Timestamp};

use super::index::{Limits, Stories};
use super::signature::Signature;

const MAGIC: [u8; 8] = *b"stories1";

/// Bytes that are no index, or one of another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenSnapshot;

impl std::fmt::Display for BrokenSnapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the bytes are no index of stories of this version: fill it from the signatures of stored posts")
    }
}

impl std::error::Error for BrokenSnapshot {}

impl Stories {
    /// Everything but the limits.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let merges: Vec<_> = self.decisions.merges().collect();
        push_count(&mut bytes, merges.len());
        for (from, into) in merges {
            push_number(&mut bytes, from.0);
            push_number(&mut bytes, into.0);
        }
        let splits: Vec<_> = self.decisions.splits().collect();
        push_count(&mut bytes, splits.len());
        for (key, story) in splits {
            push_number(&mut bytes, key);
            push_number(&mut bytes, story.0);
        }
        let gone: Vec<_> = self
            .stories
            .iter()
            .flat_map(|story| story.beginnings.iter().map(move |beginning| (story.id, beginning)))
            .filter(|(_, beginning)| !self.is_held(beginning))
            .collect();
        push_count(&mut bytes, gone.len());
        for (story, beginning) in gone {
            push_number(&mut bytes, story.0);
            push_signature(&mut bytes, beginning);
        }
        push_count(&mut bytes, self.texts.len());
        for text in &self.texts {
            let story = &self.stories[text.story as usize];
            push_number(&mut bytes, story.id.0);
            push_number(&mut bytes, text.at.as_micros());
            bytes.push(u8::from(story.beginnings.iter().any(|beginning| Arc::ptr_eq(beginning, &text.signature))));
            push_signature(&mut bytes, &text.signature);
        }
        bytes
    }

    /// Reads [`Stories::to_bytes`]; where the limits are tighter now, the oldest texts are left out.
    ///
    /// # Errors
    /// When the bytes are not such, or of another version.
    pub fn from_bytes(limits: Limits, bytes: &[u8]) -> Result<Self, BrokenSnapshot> {
        let mut reader = Reader(bytes.strip_prefix(&MAGIC).ok_or(BrokenSnapshot)?);
        let mut stories = Self::new(limits);
        for _ in 0..reader.count()? {
            stories.decisions.remember_merge(StoryId(reader.number()?), StoryId(reader.number()?));
        }
        for _ in 0..reader.count()? {
            stories.decisions.remember_split(reader.number()?, StoryId(reader.number()?));
        }
        for _ in 0..reader.count()? {
            let story = StoryId(reader.number()?);
            stories.restore_beginning(reader.signature()?, story);
        }
        for _ in 0..reader.count()? {
            let story = StoryId(reader.number()?);
            let at = Timestamp::from_micros(reader.number()?);
            let begins = reader.byte()? == 1;
            stories.restore_text(reader.signature()?, at, story, begins);
        }
        stories.close_empty();
        if reader.0.is_empty() { Ok(stories) } else { Err(BrokenSnapshot) }
    }
}

fn push_count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend((count as u32).to_le_bytes());
}

fn push_number(bytes: &mut Vec<u8>, number: i64) {
    bytes.extend(number.to_le_bytes());
}

fn push_signature(bytes: &mut Vec<u8>, signature: &Signature) {
    let signature = signature.to_bytes();
    bytes.extend((signature.len() as u16).to_le_bytes());
    bytes.extend(signature);
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], BrokenSnapshot> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(BrokenSnapshot)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, BrokenSnapshot> {
        self.take().map(|[byte]| byte)
    }

    fn count(&mut self) -> Result<u32, BrokenSnapshot> {
        self.take().map(u32::from_le_bytes)
    }

    fn number(&mut self) -> Result<i64, BrokenSnapshot> {
        self.take().map(i64::from_le_bytes)
    }

    fn signature(&mut self) -> Result<Signature, BrokenSnapshot> {
        let length = u16::from_le_bytes(self.take()?) as usize;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(BrokenSnapshot)?;
        self.0 = rest;
        Signature::from_bytes(taken).ok().filter(|signature| signature.exact_key() != 0).ok_or(BrokenSnapshot)
    }
}
