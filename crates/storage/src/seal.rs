//! Secrets at rest: AES-256-GCM under a key that lies beside the store, never in it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::{Result, StorageError};

const KEY_FILE: &str = "sealing.key";
const KEY_BYTES: usize = 32;

/// Seals and opens. `Debug` shows nothing of the key.
#[derive(Debug)]
pub(crate) struct Seal {
    key: LessSafeKey,
    random: SystemRandom,
}

impl Seal {
    /// Reads `sealing.key`, or makes it (mode 0600).
    pub(crate) fn open(data_dir: &Path) -> Result<Self> {
        let path = data_dir.join(KEY_FILE);
        let random = SystemRandom::new();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_key(data_dir, &path, &random)?,
            Err(error) => return Err(error.into()),
        };
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| {
            StorageError::Incompatible(format!(
                "`{KEY_FILE}` in the data folder is not a key of {KEY_BYTES} bytes; restore it from a backup"
            ))
        })?;
        Ok(Self { key: LessSafeKey::new(key), random })
    }

    /// Nonce and ciphertext; `context` is what the secret belongs to and must be the same to open it.
    pub(crate) fn seal(&self, context: &str, secret: &str) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| no_randomness())?;
        let mut sealed = secret.as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut sealed)
            .map_err(|_| StorageError::Incompatible("the secret is too long to be sealed".to_owned()))?;
        Ok([&nonce[..], &sealed].concat())
    }

    pub(crate) fn unseal(&self, context: &str, sealed: &[u8]) -> Result<String> {
        let opened = sealed.split_first_chunk::<NONCE_LEN>().and_then(|(nonce, rest)| {
            let mut rest = rest.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let opened = self.key.open_in_place(nonce, Aad::from(context), &mut rest).ok()?;
            String::from_utf8(opened.to_vec()).ok()
        });
        opened.ok_or_else(|| {
            StorageError::Incompatible(format!(
                "a secret cannot be opened with this `{KEY_FILE}`; restore the file from a backup or enter the secret again"
            ))
        })
    }
}

/// Written aside and linked, so that of two processes that start at once both use the same key.
fn make_key(data_dir: &Path, path: &Path, random: &SystemRandom) -> Result<Vec<u8>> {
    let mut key = [0; KEY_BYTES];
    random.fill(&mut key).map_err(|_| no_randomness())?;
    let aside = data_dir.join(format!("{KEY_FILE}.{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(&key)?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(fs::read(path)?),
    }
}

fn no_randomness() -> StorageError {
    StorageError::Kept(io::Error::other("the system gives no random numbers"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_secret_opens_with_the_same_key_and_context_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let sealed =
            Seal::open(folder.path()).expect("a key").seal("source 1 token", "tea, earl grey").expect("sealed");
        let again = Seal::open(folder.path()).expect("the key again");
        assert_eq!(again.unseal("source 1 token", &sealed).expect("opened"), "tea, earl grey");
        assert!(again.unseal("source 2 token", &sealed).is_err());
        let mode = fs::metadata(folder.path().join(KEY_FILE)).expect("the key file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
