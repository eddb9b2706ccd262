//! Random secrets and their digests. The database knows digests alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use molva_domain::Secret;
use molva_storage::user::Digest;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

/// What every API token begins with, so that scanners of leaked secrets know it.
pub(crate) const TOKEN_PREFIX: &str = "molva_";

/// 256 random bits for a session.
pub(crate) fn new_session() -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random::<32>()))
}

/// `molva_` and 256 random bits.
pub(crate) fn new_token() -> Secret {
    Secret::new(format!("{TOKEN_PREFIX}{}", URL_SAFE_NO_PAD.encode(random::<32>())))
}

/// Eight hexadecimal digits to find a line in the log by.
pub(crate) fn random_hex() -> String {
    random::<4>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256. Enough for secrets of full entropy; passwords go through argon2id.
pub(crate) fn digest_of(secret: &str) -> Digest {
    digest_of_parts(&[secret.as_bytes()])
}

/// SHA-256 of parts, each preceded by its length, so that no two lists of parts are the same bytes.
pub(crate) fn digest_of_parts(parts: &[&[u8]]) -> Digest {
    if let [only] = parts {
        return into_array(digest(&SHA256, only).as_ref());
    }
    let mut context = ring::digest::Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    into_array(context.finish().as_ref())
}

fn into_array(bytes: &[u8]) -> Digest {
    let mut out = Digest::default();
    out.copy_from_slice(bytes);
    out
}

/// # Panics
/// When the operating system gives no randomness: nothing secret can be made then.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_carries_256_bits_behind_its_prefix() {
        let (one, other) = (new_token(), new_token());
        let bits = URL_SAFE_NO_PAD.decode(one.expose().trim_start_matches(TOKEN_PREFIX)).map(|bytes| bytes.len() * 8);
        assert_eq!(bits, Ok(256));
        assert_ne!(one, other);
    }

    #[test]
    fn a_digest_of_one_secret_is_plain_sha_256() {
        assert_eq!(digest_of("abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert_ne!(digest_of_parts(&[b"ab", b"c"]), digest_of_parts(&[b"a", b"bc"]));
    }
}
