//! Secrets at rest: AES-256-GCM under a key that lies beside the store, never in it.
//!
//! The key's file is read anew for each secret: there are few, and a server that runs while the key is replaced goes on without a
//! restart. While it is replaced a second file, `….next`, holds the key to come; whatever moment it ends at, one of the two opens
//! each secret ([`crate::rotation`]).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::{Result, StorageError};

const KEY_FILE: &str = "sealing.key";
const KEY_BYTES: usize = 32;

/// Seals and opens; holds no key.
#[derive(Debug)]
pub(crate) struct Seal {
    /// The key in use.
    path: PathBuf,
    /// The key of the data folder, where another file is in use: what was sealed before still opens.
    former: Option<PathBuf>,
    random: SystemRandom,
}

impl Seal {
    /// Takes `sealing.key` of the data folder into use, or the file that is named; makes it when it is missing (mode 0600).
    pub(crate) fn open(data_dir: &Path, named: Option<&Path>) -> Result<Self> {
        let usual = data_dir.join(KEY_FILE);
        let (path, former) = match named {
            Some(named) if named != usual => (named.to_owned(), Some(usual)),
            _ => (usual, None),
        };
        let seal = Self { path, former, random: SystemRandom::new() };
        if seal.read(&seal.path)?.is_none() {
            seal.make(&seal.path)?;
        }
        seal.keys()?;
        Ok(seal)
    }

    /// Nonce and ciphertext; `context` is what the secret belongs to and must be the same to open it. To be called in the
    /// transaction that keeps it, so that it never crosses a change of the key.
    pub(crate) fn seal(&self, context: &str, secret: &str) -> Result<Vec<u8>> {
        let key = self.keys()?.swap_remove(0);
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| no_randomness())?;
        let mut sealed = secret.as_bytes().to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut sealed)
            .map_err(|_| StorageError::Incompatible("the secret is too long to be sealed".to_owned()))?;
        Ok([&nonce[..], &sealed].concat())
    }

    pub(crate) fn unseal(&self, context: &str, sealed: &[u8]) -> Result<String> {
        let keys = self.keys()?;
        let opened = sealed.split_first_chunk::<NONCE_LEN>().and_then(|(nonce, rest)| {
            keys.iter().find_map(|key| {
                let mut rest = rest.to_vec();
                let nonce = Nonce::assume_unique_for_key(*nonce);
                let opened = key.open_in_place(nonce, Aad::from(context), &mut rest).ok()?;
                String::from_utf8(opened.to_vec()).ok()
            })
        });
        opened.ok_or_else(|| {
            StorageError::Incompatible(format!(
                "a secret cannot be opened with the key in `{}`; restore the file from a backup or enter the secret again",
                self.path.display()
            ))
        })
    }

    /// Makes the key to come, unless a rotation that was cut off left one. From now on whatever is sealed is sealed with it.
    pub(crate) fn prepare(&self) -> Result<()> {
        let next = self.next();
        if self.read(&next)?.is_none() {
            self.make(&next)?;
        }
        Ok(())
    }

    /// Takes the key to come into use. Nothing may be sealed with the old one any more; that one is gone then.
    pub(crate) fn replace(&self) -> Result<()> {
        fs::rename(self.next(), &self.path)?;
        sync_folder(&self.path)
    }

    fn next(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".next");
        name.into()
    }

    /// The one to seal with first.
    fn keys(&self) -> Result<Vec<LessSafeKey>> {
        let next = self.next();
        let mut keys = Vec::with_capacity(3);
        // The key in use last: where the other is taken into use in between, it is met at one of its two places.
        for path in [Some(next.as_path()), Some(&self.path), self.former.as_deref()].into_iter().flatten() {
            keys.extend(self.read(path)?);
        }
        if keys.is_empty() {
            let message = format!("the key file `{}` is gone; restore it from a backup", self.path.display());
            return Err(StorageError::Incompatible(message));
        }
        Ok(keys)
    }

    fn read(&self, path: &Path) -> Result<Option<LessSafeKey>> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let message = format!("the key file `{}` cannot be read: {error}", path.display());
                return Err(io::Error::new(error.kind(), message).into());
            }
        };
        let bytes = from_hexadecimal(&bytes).unwrap_or(bytes);
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| {
            StorageError::Incompatible(format!(
                "`{}` is not a key of {KEY_BYTES} bytes, or of {} hexadecimal digits; restore it from a backup",
                path.display(),
                KEY_BYTES * 2
            ))
        })?;
        Ok(Some(LessSafeKey::new(key)))
    }

    /// Written aside and linked, so that the file is whole or not there, and of two processes that start at once both use the
    /// same key.
    fn make(&self, path: &Path) -> Result<()> {
        let mut key = [0; KEY_BYTES];
        self.random.fill(&mut key).map_err(|_| no_randomness())?;
        let mut aside = path.as_os_str().to_owned();
        aside.push(format!(".{}", std::process::id()));
        let aside = PathBuf::from(aside);
        let failed = |error: io::Error| {
            io::Error::new(error.kind(), format!("the key file `{}` cannot be made: {error}", path.display()))
        };
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside).map_err(failed)?;
        file.write_all(&key)?;
        file.sync_all()?;
        let linked = fs::hard_link(&aside, path);
        fs::remove_file(&aside)?;
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(error).into()),
            _ => sync_folder(path),
        }
    }
}

/// What was made or renamed in the file's folder survives a loss of power.
fn sync_folder(file: &Path) -> Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// `openssl rand -hex 32` makes such a file.
fn from_hexadecimal(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?.trim_ascii();
    if text.len() != KEY_BYTES * 2 {
        return None;
    }
    (0..KEY_BYTES).map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()).collect()
}

fn no_randomness() -> StorageError {
    StorageError::Kept(io::Error::other("the system gives no random numbers"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn open(folder: &Path) -> Seal {
        Seal::open(folder, None).expect("a key")
    }

    #[test]
    fn a_secret_opens_with_the_same_key_and_context_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let sealed = open(folder.path()).seal("source 1 token", "tea, earl grey").expect("sealed");
        let again = open(folder.path());
        assert_eq!(again.unseal("source 1 token", &sealed).expect("opened"), "tea, earl grey");
        assert!(again.unseal("source 2 token", &sealed).is_err());
        let mode = fs::metadata(folder.path().join(KEY_FILE)).expect("the key file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn while_the_key_is_replaced_both_open_and_the_new_one_seals() {
        let folder = tempfile::tempdir().expect("a folder");
        // One that runs all the while.
        let running = open(folder.path());
        let old = running.seal("x", "old").expect("sealed");
        let seal = open(folder.path());
        seal.prepare().expect("a key to come");
        let key_to_come = fs::read(seal.next()).expect("the key to come");
        seal.prepare().expect("cut off and begun anew");
        assert_eq!(fs::read(seal.next()).expect("the key to come"), key_to_come);
        let new = running.seal("x", "new").expect("sealed");
        assert_eq!(running.unseal("x", &old).expect("opened"), "old");
        assert_eq!(running.unseal("x", &new).expect("opened"), "new");
        seal.replace().expect("replaced");
        assert_eq!(running.unseal("x", &new).expect("opened"), "new");
        assert!(running.unseal("x", &old).is_err(), "the old key is gone");
        assert!(!seal.next().exists());
    }

    #[test]
    fn a_key_of_ones_own_is_raw_or_hexadecimal_and_what_the_folders_key_sealed_still_opens() {
        let folder = tempfile::tempdir().expect("a folder");
        let before = open(folder.path()).seal("x", "before").expect("sealed");
        let named = folder.path().join("mine.key");
        fs::write(&named, format!("{}\n", "0f".repeat(KEY_BYTES))).expect("written");
        let seal = Seal::open(folder.path(), Some(&named)).expect("a key");
        let after = seal.seal("x", "after").expect("sealed");
        assert_eq!(seal.unseal("x", &before).expect("opened"), "before");
        fs::remove_file(folder.path().join(KEY_FILE)).expect("removed");
        fs::write(&named, [0x0f; KEY_BYTES]).expect("written");
        assert_eq!(seal.unseal("x", &after).expect("opened"), "after");
        fs::write(&named, "short").expect("written");
        assert!(matches!(Seal::open(folder.path(), Some(&named)), Err(StorageError::Incompatible(_))));
    }
}
