//! What the test script tells us: where the binary is and which real servers are up.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};

/// The binary under test: `MOLVA_BIN`, else the debug build of this workspace.
///
/// # Errors
/// When there is no such file, with the way to make it.
pub fn molva_binary() -> anyhow::Result<PathBuf> {
    let path = match std::env::var_os("MOLVA_BIN") {
        Some(path) => PathBuf::from(path),
        None => {
            let target =
                std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace_root().join("target"), PathBuf::from);
            target.join("debug/molva")
        }
    };
    if !path.is_file() {
        bail!("there is no binary at `{}`; run `cargo build -p molva` or set `MOLVA_BIN`", path.display());
    }
    Ok(path)
}

/// Root of the checkout.
#[must_use]
pub fn workspace_root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The address of a real server, or `None` when the test must be skipped, which is said aloud.
///
/// # Panics
/// In CI, where nothing may be skipped.
#[must_use]
pub fn server(variable: &str) -> Option<String> {
    let found = std::env::var(variable).ok().filter(|value| !value.is_empty());
    if found.is_none() {
        assert!(!in_ci(), "`{variable}` is not set: in CI every server must be up (`scripts/test.sh e2e` starts them)");
        eprintln!("skipped: `{variable}` is not set; `scripts/test.sh e2e` starts the servers");
    }
    found
}

/// Whether this is the run that decides.
#[must_use]
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// A number from the environment, for longer runs than CI has time for.
#[must_use]
pub fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Asks again every 100 ms until there is an answer; the error says what never came and the last answer.
///
/// # Errors
/// When `limit` has passed, or at once when asking itself fails.
pub async fn eventually<T, F>(limit: Duration, what: &str, mut ask: impl FnMut() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Result<T, String>>>,
{
    let deadline = tokio::time::Instant::now() + limit;
    loop {
        match ask().await.with_context(|| format!("while waiting for {what}"))? {
            Ok(answer) => return Ok(answer),
            Err(last) if tokio::time::Instant::now() > deadline => {
                bail!("waited {} s for {what}; last seen: {last}", limit.as_secs())
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
