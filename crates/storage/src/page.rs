//! Page cursors: where a list in order of time goes on, opaque to whoever carries them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use molva_domain::Timestamp;

use crate::{Result, StorageError};

/// The last row of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) sort_at: Timestamp,
    pub(crate) id: i64,
}

impl Position {
    pub(crate) fn write(self) -> String {
        URL_SAFE_NO_PAD.encode([self.sort_at.as_micros().to_be_bytes(), self.id.to_be_bytes()].concat())
    }

    pub(crate) fn read(cursor: &str) -> Result<Self> {
        let bytes: [u8; 16] = URL_SAFE_NO_PAD
            .decode(cursor)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(StorageError::InvalidCursor)?;
        let number = |part: &[u8]| part.try_into().map(i64::from_be_bytes).map_err(|_| StorageError::InvalidCursor);
        Ok(Self { sort_at: Timestamp::from_micros(number(&bytes[..8])?), id: number(&bytes[8..])? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_anything_else_is_refused() {
        let position = Position { sort_at: Timestamp::from_micros(-5), id: i64::MAX };
        assert_eq!(Position::read(&position.write()).expect("our own cursor"), position);
        for foreign in ["", "%", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert!(matches!(Position::read(foreign), Err(StorageError::InvalidCursor)), "{foreign}");
        }
    }
}
