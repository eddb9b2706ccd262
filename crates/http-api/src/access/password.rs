//! Passwords: argon2id with 19 MiB, two passes, one lane (the OWASP Password Storage Cheat Sheet's first choice of small memory).

use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use molva_domain::Secret;
use tokio::sync::Semaphore;

use crate::problem::Problem;

const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Each takes 19 MiB and a core for some tens of milliseconds.
const AT_ONCE: usize = 2;

/// Hashes and checks, off the runtime and few at a time.
pub(crate) struct Passwords {
    slots: Arc<Semaphore>,
    /// What a password is compared with when the login is unknown, so that the answer takes as long.
    decoy: Arc<OnceLock<String>>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { slots: Arc::new(Semaphore::new(AT_ONCE)), decoy: Arc::default() }
    }

    /// The PHC string of a new password.
    pub(crate) async fn hash(&self, password: Secret) -> Result<String, Problem> {
        self.run(move || hash(password.expose())).await?
    }

    /// Whether the password is the one of `stored`; the same work, and `false`, when there is none.
    pub(crate) async fn verify(&self, password: Secret, stored: Option<String>) -> Result<bool, Problem> {
        let decoy = self.decoy.clone();
        self.run(move || match stored {
            Some(stored) => matches(password.expose(), &stored),
            None => {
                let decoy = decoy.get_or_init(|| hash("nobody's password").unwrap_or_default());
                matches(password.expose(), decoy)?;
                Ok(false)
            }
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let slot = self.slots.clone().acquire_owned().await.map_err(Problem::internal)?;
        let task = tokio::task::spawn_blocking(move || {
            // Held to the end of the work, even when the request is dropped meanwhile.
            let _slot = slot;
            work()
        });
        task.await.map_err(Problem::internal)
    }
}

fn argon2() -> Result<Argon2<'static>, Problem> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Problem::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, Problem> {
    let hash = argon2()?.hash_password(password.as_bytes()).map_err(Problem::internal)?;
    Ok(hash.to_string())
}

fn matches(password: &str, stored: &str) -> Result<bool, Problem> {
    let stored = PasswordHash::new(stored).map_err(Problem::internal)?;
    Ok(argon2()?.verify_password(password.as_bytes(), &stored).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone() {
        let passwords = Passwords::new();
        let hash = passwords.hash(Secret::new("правильный пароль")).await.expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.verify(Secret::new("правильный пароль"), Some(hash.clone())).await.ok(), Some(true));
        assert_eq!(passwords.verify(Secret::new("wrong"), Some(hash)).await.ok(), Some(false));
        assert_eq!(passwords.verify(Secret::new("nobody's password"), None).await.ok(), Some(false));
    }
}
