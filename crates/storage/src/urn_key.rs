//! Keys made of what comes from outside: short, so that they fit an index.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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

/// A key that a caller chose, as it is when it is short: PostgreSQL puts no more than 2.7 KB into an index.
pub(crate) fn bounded_key(key: String) -> String {
    const LONGEST: usize = 256;
    if key.len() <= LONGEST {
        key
    } else {
        format!("sha256 {}", URL_SAFE_NO_PAD.encode(digest(&SHA256, key.as_bytes())))
    }
}

impl From<UrnKey> for crate::sql::Value {
    fn from(key: UrnKey) -> Self {
        Self::Bytes(Some(key.0.to_vec()))
    }
}
