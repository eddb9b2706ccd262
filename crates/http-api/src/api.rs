//! What all endpoints share beside the application's state: limits, the event hub, password slots.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use molva_domain::{Timestamp, WorkspaceId};
use molva_insights::phrases::KnownTexts;
use molva_pipeline::Pipeline;
use molva_storage::Storage;
use tokio::sync::Semaphore;

use crate::AppState;
use crate::access::attempts::Attempts;
use crate::access::password::Passwords;
use crate::archive_access::ArchiveSlots;
use crate::events::hub::Hub;
use crate::exports::line::Line;
use crate::exports::tickets::Tickets;
use crate::model::drift::DriftKept;
use crate::webhooks::called::CalledSources;
use crate::webhooks::tally::CallTallies;

/// Bodies of pushes read at once; each may hold 8 MiB.
const PUSHES_AT_ONCE: usize = 64;
/// Files of replies taken at once; each may hold 16 MiB, and is held twice while it is stored.
const UPLOADS_AT_ONCE: usize = 8;
/// Calls of networks taken at once; each may hold 1 MiB.
const WEBHOOKS_AT_ONCE: usize = 512;
/// Look-backs over the kept stream at once.
const BACKFILLS_AT_ONCE: usize = 2;
/// Queries whose parts are counted at once.
const EFFECTS_AT_ONCE: usize = 2;

/// The state of every handler.
pub(crate) type Api = Arc<Shared>;

pub(crate) struct Shared {
    pub(crate) app: AppState,
    pub(crate) passwords: Passwords,
    pub(crate) sign_in_attempts: Attempts,
    pub(crate) hub: Arc<Hub>,
    pub(crate) push_slots: Semaphore,
    pub(crate) upload_slots: Semaphore,
    pub(crate) webhook_slots: Semaphore,
    pub(crate) called_sources: CalledSources,
    pub(crate) call_tallies: CallTallies,
    pub(crate) backfill_slots: Arc<Semaphore>,
    pub(crate) effect_slots: Semaphore,
    pub(crate) archive_slots: ArchiveSlots,
    pub(crate) known_texts: KnownTexts,
    pub(crate) exports: Tickets,
    pub(crate) export_line: Line,
    pub(crate) drift: DriftKept,
    /// Idempotency keys whose first request is still running.
    pub(crate) running_keys: Mutex<HashSet<String>>,
}

impl Shared {
    pub(crate) fn new(app: AppState) -> Api {
        let hub = Hub::new(app.pipeline.storage().clone(), app.workspace, app.stop.clone(), app.clock.clone());
        Arc::new(Self {
            passwords: Passwords::new(),
            sign_in_attempts: Attempts::default(),
            hub: Arc::new(hub),
            push_slots: Semaphore::new(PUSHES_AT_ONCE),
            upload_slots: Semaphore::new(UPLOADS_AT_ONCE),
            webhook_slots: Semaphore::new(WEBHOOKS_AT_ONCE),
            called_sources: CalledSources::default(),
            call_tallies: CallTallies::new(app.clock.now()),
            backfill_slots: Arc::new(Semaphore::new(BACKFILLS_AT_ONCE)),
            effect_slots: Semaphore::new(EFFECTS_AT_ONCE),
            archive_slots: ArchiveSlots::new(),
            known_texts: KnownTexts::default(),
            exports: Tickets::default(),
            export_line: Line::new(),
            drift: DriftKept::default(),
            running_keys: Mutex::new(HashSet::new()),
            app,
        })
    }

    pub(crate) fn pipeline(&self) -> &Pipeline {
        &self.app.pipeline
    }

    pub(crate) fn storage(&self) -> &Storage {
        self.app.pipeline.storage()
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.app.workspace
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock.now()
    }
}
