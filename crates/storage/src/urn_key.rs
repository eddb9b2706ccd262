//! The key under which a URN is known: short, of one length, and evenly spread.

use molva_domain::Urn;
use ring::digest::{SHA256, digest};

/// The first half of the URN's SHA-256. URNs come from outside, so the hash must be one that nobody can bend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct UrnKey(pub(crate) [u8; 16]);

impl UrnKey {
    pub(crate) fn of(urn: &Urn) -> Self {
        let mut key = [0; 16];
        key.copy_from_slice(&digest(&SHA256, urn.as_str().as_bytes()).as_ref()[..16]);
        Self(key)
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl From<UrnKey> for crate::sql::Value {
    fn from(key: UrnKey) -> Self {
        Self::Bytes(Some(key.0.to_vec()))
    }
}
