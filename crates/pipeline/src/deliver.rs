//! Takes replies to their networks, each exactly once.
//!
//! What is due is claimed one reply an account, so that a slow network holds up nobody else. A claim is written down before
//! anything goes to the network; who dies on the way leaves a reply of which it is not known whether it arrived, and the next to
//! claim it asks the network before anything is sent again. [`attempt`] is one reply's turn, [`circuit`] what an account's
//! failures mean for its other replies, [`crate::accounts`] whether accounts are accepted at all.

mod attempt;
mod circuit;
mod schedule;

use std::collections::HashMap;
use std::time::Duration;

use molva_domain::AccountId;
use molva_storage::StorageError;
use molva_storage::reply::{ClaimedReply, ReplyClaim};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use self::attempt::attempt;
pub(crate) use self::attempt::{Guarded, guarded};
use self::circuit::{Circuit, Pulse};
use crate::ingest::Pipeline;

/// How often the outbox is looked at when nobody says that it changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Longer than any turn takes: two requests of [`attempt::TURN_LIMIT`] and what is written in between.
const LEASE: Duration = Duration::from_secs(240);
/// Accounts that are served side by side.
const SIDE_BY_SIDE: usize = 64;

/// Wakes the delivery.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    changed: Notify,
}

impl Pipeline {
    /// A reply was written, changed or approved, or an account is accepted again: what is due is sent at once.
    pub fn replies_changed(&self) {
        self.inner.deliveries.changed.notify_one();
    }

    /// Runs until the pipeline stops; what is under way then is brought to its end.
    pub(crate) fn keep_delivering(&self) {
        let pipeline = self.clone();
        tokio::spawn(async move {
            while let Err(error) = pipeline.take_on_abandoned().await {
                tracing::warn!(%error, "looking for replies of a process that died failed, trying again");
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => return,
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
            let mut turns = Turns::default();
            while !pipeline.inner.cancel.is_cancelled() {
                if let Err(error) = pipeline.begin_turns(&mut turns).await {
                    tracing::warn!(%error, "looking for replies to be sent failed, trying again");
                }
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => {}
                    Some(ended) = turns.running.join_next_with_id() => turns.ended(ended, &pipeline),
                    () = pipeline.inner.deliveries.changed.notified() => {}
                    () = tokio::time::sleep(pipeline.scaled(LOOK_EVERY)) => {}
                }
            }
            while turns.running.join_next().await.is_some() {}
        });
    }

    /// What a process of our name had claimed when it died need not wait for its lease.
    async fn take_on_abandoned(&self) -> Result<(), StorageError> {
        let (storage, workspace) = (self.storage(), self.inner.options.workspace);
        let abandoned = storage.abandon_replies(workspace, &storage.process_name()).await?;
        if abandoned > 0 {
            tracing::info!(
                replies = abandoned,
                "replies were on their way when Molva stopped; the networks are asked for them"
            );
        }
        Ok(())
    }

    async fn begin_turns(&self, turns: &mut Turns) -> Result<(), StorageError> {
        let now = self.storage().now();
        let limit = SIDE_BY_SIDE.saturating_sub(turns.running.len());
        if limit == 0 {
            return Ok(());
        }
        // An account whose last turn is not noted yet may have to rest after it.
        let resting = turns.circuits.iter().filter(|(_, circuit)| circuit.is_open(now)).map(|(account, _)| *account);
        let except: Vec<AccountId> = resting.chain(turns.accounts.values().copied()).collect();
        let owner = self.storage().process_name();
        let claim = ReplyClaim { owner: &owner, lease: LEASE, limit, except: &except };
        for claimed in self.storage().claim_replies(self.inner.options.workspace, &claim).await? {
            turns.begin(self.clone(), claimed);
        }
        Ok(())
    }

    /// A stretch of a network's schedule, which is shorter in tests.
    pub(crate) fn scaled(&self, stretch: Duration) -> Duration {
        stretch.div_f64(self.inner.options.time_scale.max(f64::MIN_POSITIVE)).max(Duration::from_millis(5))
    }
}

/// What is under way, and how the accounts have fared.
#[derive(Default)]
struct Turns {
    running: JoinSet<Pulse>,
    accounts: HashMap<tokio::task::Id, AccountId>,
    circuits: HashMap<AccountId, Circuit>,
}

impl Turns {
    fn begin(&mut self, pipeline: Pipeline, claimed: ClaimedReply) {
        let account = claimed.reply.account;
        let task = self.running.spawn(async move { attempt(&pipeline, claimed).await });
        self.accounts.insert(task.id(), account);
    }

    fn ended(&mut self, ended: Result<(tokio::task::Id, Pulse), tokio::task::JoinError>, pipeline: &Pipeline) {
        let (task, pulse) = match ended {
            Ok(ended) => ended,
            // Its claim runs out, and the reply comes back as one that may have arrived.
            Err(error) => (error.id(), Pulse::Trouble { until: None }),
        };
        let Some(account) = self.accounts.remove(&task) else { return };
        let circuit = self.circuits.entry(account).or_default();
        circuit.note(pulse, pipeline.storage().now(), |stretch| pipeline.scaled(stretch));
        if circuit.is_closed_for_good() {
            self.circuits.remove(&account);
        }
    }
}
