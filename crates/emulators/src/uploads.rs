//! Files that were brought to an emulator. They are kept until something bears them, and so far as one can look at: what they are called,
//! what they are by their first bytes, and how large.

use std::collections::BTreeMap;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub number: u64,
    pub name: String,
    /// By what stands in it.
    pub media_type: &'static str,
    pub bytes: usize,
    /// What it shows, in words, where the network is told.
    pub alt: Option<String>,
    /// Unix seconds.
    pub at: i64,
    /// Whether it may be borne: some networks keep a file only when asked once more.
    pub kept: bool,
}

impl Upload {
    /// Whether networks show it as a picture.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        matches!(self.media_type, "image/jpeg" | "image/png" | "image/gif")
    }
}

/// All of them.
#[derive(Debug, Default)]
pub struct Uploads {
    files: BTreeMap<u64, Upload>,
    /// Names that were given before the files came, with what came.
    promised: Vec<Option<u64>>,
}

impl Uploads {
    /// Takes a file and numbers it.
    pub(crate) fn put(&mut self, name: &str, body: &[u8], at: i64) -> u64 {
        let number = 457_000_001 + self.files.len() as u64;
        let (name, media_type) = (name.to_owned(), media_type(body));
        let upload = Upload { number, name, media_type, bytes: body.len(), alt: None, at, kept: false };
        self.files.insert(number, upload);
        number
    }

    /// What came in pieces is whole.
    pub(crate) fn fill(&mut self, number: u64, body: &[u8], at: i64) {
        if let Some(upload) = self.files.get_mut(&number) {
            (upload.media_type, upload.bytes, upload.at) = (media_type(body), body.len(), at);
        }
    }

    /// A place for a file to come.
    pub(crate) fn promise(&mut self) -> usize {
        self.promised.push(None);
        self.promised.len() - 1
    }

    /// The file of that place came.
    pub(crate) fn came(&mut self, promise: usize, number: u64) {
        if let Some(place) = self.promised.get_mut(promise) {
            *place = Some(number);
        }
    }

    pub(crate) fn promised(&self, promise: usize) -> Option<&Upload> {
        self.get((*self.promised.get(promise)?)?)
    }

    #[must_use]
    pub fn get(&self, number: u64) -> Option<&Upload> {
        self.files.get(&number)
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut Upload> {
        self.files.get_mut(&number)
    }

    /// By the number as it was told.
    pub(crate) fn told(&self, number: &str) -> Option<&Upload> {
        self.get(number.parse().ok()?)
    }

    /// In the order they came.
    pub fn all(&self) -> impl Iterator<Item = &Upload> {
        self.files.values()
    }
}

fn media_type(body: &[u8]) -> &'static str {
    match body {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        _ => "application/octet-stream",
    }
}
