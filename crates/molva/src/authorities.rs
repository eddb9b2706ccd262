//! Certificate authorities beside the web's own, from the files the operator names.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use molva_connectors::http::{Authority, CertificateDer, MAX_AUTHORITIES_BYTES, read_authorities};
use molva_domain::{Clock as _, SystemClock, Timestamp};

/// Days before its end from which an authority is warned of.
const WARN_DAYS: u64 = 30;

/// The authorities of all files that count now. Those that ended are left out, and said.
pub(crate) fn read(files: &[PathBuf]) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let now = SystemClock.now();
    let mut trusted = Vec::new();
    for file in files {
        for authority in of_file(file)? {
            if told(&authority, file, now) {
                trusted.push(authority.certificate);
            }
        }
    }
    Ok(trusted)
}

/// What one file holds.
pub(crate) fn of_file(file: &Path) -> anyhow::Result<Vec<Authority>> {
    let name = file.display();
    let mut bytes = Vec::new();
    let opened =
        std::fs::File::open(file).with_context(|| format!("the file of authorities `{name}` cannot be opened"))?;
    let limit = MAX_AUTHORITIES_BYTES as u64 + 1;
    opened
        .take(limit)
        .read_to_end(&mut bytes)
        .with_context(|| format!("the file of authorities `{name}` cannot be read"))?;
    read_authorities(&bytes).with_context(|| format!("the file of authorities `{name}` is not taken"))
}

/// Says whom we trust and for how long; whether we do.
fn told(authority: &Authority, file: &Path, now: Timestamp) -> bool {
    let (name, file, until) = (&authority.name, file.display(), authority.until);
    if !authority.is_valid(now) {
        tracing::error!(authority = %name, %file, %until, "an authority is not trusted: its certificate does not count at this time; give a newer one");
        return false;
    }
    let days = until.since(now).as_secs() / 86_400;
    if days < WARN_DAYS {
        tracing::warn!(authority = %name, %file, %until, days, "the certificate of an authority ends soon; give a newer one");
    } else {
        tracing::info!(authority = %name, %file, %until, days, "trusts an authority beside the web's own");
    }
    true
}
