//! Short names for long things.

use ring::digest::{Context, SHA256};

/// SHA-256 of the parts, each with its length so that their border counts; the first `bytes` of it, at most 32.
#[must_use]
pub(crate) fn bytes<P: AsRef<[u8]>>(parts: &[P]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        let part = part.as_ref();
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// The same in hexadecimal, cut to so many bytes.
#[must_use]
pub(crate) fn hex<P: AsRef<[u8]>>(parts: &[P], length: usize) -> String {
    bytes(parts).iter().take(length).map(|byte| format!("{byte:02x}")).collect()
}
