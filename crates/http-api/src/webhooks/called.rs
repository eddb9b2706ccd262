//! Sources that are called, kept in memory for a few seconds: a thousand calls a second must not be a thousand questions to the
//! database and as many secrets unsealed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use molva_connectors::Settings;
use molva_connectors::webhook::{Webhooks, address};
use molva_domain::{SourceId, SourceState};

use super::{UNKNOWN, count};
use crate::api::Api;
use crate::problem::Problem;

/// How long a change of a source may go unnoticed.
const FRESH: Duration = Duration::from_secs(3);
/// Sources kept at once; strangers may ask for any number.
const MOST: usize = 1_024;

/// A source as a call needs it.
pub(crate) struct Called {
    pub(crate) id: SourceId,
    pub(crate) connector: &'static str,
    pub(crate) webhooks: &'static dyn Webhooks,
    pub(crate) settings: Settings,
    pub(crate) paused: bool,
}

impl CalledSources {
    /// A source changed: what is known of it counts no longer, in this process at least.
    pub(crate) fn forget(&self, id: SourceId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

/// What was looked up lately; `None` where there is no such source.
#[derive(Default)]
pub(crate) struct CalledSources(Mutex<HashMap<SourceId, LookedUp>>);

/// When, and what was found.
type LookedUp = (Instant, Option<Arc<Called>>);

/// The source of that number, if it is of that connector and the connector is called.
pub(super) async fn called(api: &Api, connector: &str, key: &str) -> Result<Arc<Called>, Problem> {
    let unknown = || Problem::not_found(UNKNOWN);
    let (id, key) = key.split_once('-').map_or((key, None), |(id, key)| (id, Some(key)));
    let id: SourceId = id.parse().map_err(|_| unknown())?;
    let kept = api.called_sources.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
    let found = match kept.filter(|(at, _)| at.elapsed() < FRESH) {
        Some((_, found)) => found,
        None => {
            let found = look_up(api, id).await?.map(Arc::new);
            let mut sources = api.called_sources.0.lock().unwrap_or_else(PoisonError::into_inner);
            if sources.len() >= MOST {
                sources.clear();
            }
            sources.insert(id, (Instant::now(), found.clone()));
            found
        }
    };
    let called = found.filter(|called| called.connector == connector).ok_or_else(unknown)?;
    if !address::fits(&called.settings, key, called.webhooks.proves_itself()) {
        count(api, &called, "wrong_address");
        return Err(unknown());
    }
    Ok(called)
}

async fn look_up(api: &Api, id: SourceId) -> Result<Option<Called>, Problem> {
    let Some(source) = api.storage().source(api.workspace(), id).await? else { return Ok(None) };
    let Some(connector) = molva_connectors::find(&source.connector) else { return Ok(None) };
    let Some(webhooks) = connector.webhooks() else { return Ok(None) };
    let secrets = api.storage().source_secrets(api.workspace(), id).await?;
    Ok(Some(Called {
        id,
        connector: connector.descriptor().name,
        webhooks,
        settings: Settings::new(source.settings, secrets),
        paused: source.state == SourceState::Paused,
    }))
}
