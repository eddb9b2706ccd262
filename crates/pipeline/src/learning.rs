//! Lets the workspace's models learn from what people say of its mentions, in the background.
//!
//! Nothing is written before the end: whatever stops a training in the middle leaves everything as it was. The end is one
//! transaction in which the new model takes the place of the old one, or is refused.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use molva_domain::{Actor, ModelId, ModelState, Timestamp};
use molva_enrichment::workspace::{self, Correction, Report, Trained};
use molva_enrichment::{ModelError, Models};
use molva_storage::model::{NewModel, StoredModel};
use molva_storage::{Storage, StorageError};

use crate::archive::Progress;
use crate::ingest::Pipeline;
use crate::understanding::ActiveModel;

mod examples;

/// So many new labels start a training on their own, at most once in so long.
pub const ENOUGH_LABELS: u64 = 50;
pub const EVERY: Duration = Duration::from_secs(24 * 3_600);
/// How often labels are counted, and when first.
const LOOK_EVERY: Duration = Duration::from_secs(600);
const FIRST_LOOK: Duration = Duration::from_secs(30);
/// Trainings are the same for the same labels.
const SEED: u64 = 5;

/// Whether a training runs, and how far it is.
#[derive(Default)]
pub(crate) struct Learning(Mutex<Option<Progress>>);

/// What came of asking for another model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    Done,
    /// There is none with this id that could judge.
    Unknown,
    /// It corrects other shipped models than this program has.
    OfOtherModels,
}

/// A model that was learnt, with its papers.
#[derive(Clone, Debug)]
pub struct Learnt {
    pub stored: StoredModel,
    /// `None`: another version of the program wrote them.
    pub report: Option<Report>,
}

/// Whether the next training begins on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Automatic {
    pub rest: Rest,
    /// Labels that came since the last training.
    pub labels: u64,
    /// Before this time none begins on its own; `None`: there was none yet.
    pub not_before: Option<Timestamp>,
}

/// Why no training begins on its own now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nothing keeps it back: one begins with the next look.
    Due,
    /// One runs.
    Running,
    /// Fewer than [`ENOUGH_LABELS`] came since the last one.
    TooFewLabels,
    /// The last one was less than [`EVERY`] ago.
    TooSoon,
    /// A person chose an earlier model: it stays until they train again.
    WentBack,
    /// This process judges nothing anew, hence trains nothing.
    Off,
}

#[derive(Debug, thiserror::Error)]
enum LearningError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("the training stopped inside")]
    Panicked,
}

/// Ends a training, however it ends.
struct Running(Pipeline);

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.inner.learning.lock() = None;
    }
}

impl Learning {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, done: usize, total: usize) {
        *self.lock() = Some(Progress { done: done as u64, total: total as u64 });
    }
}

impl ActiveModel {
    /// The model in use in a workspace: the shipped one, with what people taught it. What was taught to other shipped models
    /// than these means nothing to them and is left aside until it is learnt anew.
    pub async fn of_workspace(storage: &Storage, workspace: molva_domain::WorkspaceId) -> Result<Self, StorageError> {
        let Some(stored) = storage.active_model(workspace).await? else { return Ok(Self::shipped()) };
        if !is_current(&stored) {
            tracing::warn!(
                model = %stored.id,
                "the model in use was taught to other shipped models, the shipped ones judge until it is trained anew"
            );
            return Ok(Self::shipped());
        }
        match read(storage, workspace, stored.id).await? {
            Ok(model) => Ok(model),
            Err(error) => {
                tracing::error!(model = %stored.id, %error, "the model in use cannot be read, the shipped one judges");
                Ok(Self::shipped())
            }
        }
    }
}

async fn read(
    storage: &Storage,
    workspace: molva_domain::WorkspaceId,
    id: ModelId,
) -> Result<Result<ActiveModel, ModelError>, StorageError> {
    let bytes = storage.model_bytes(workspace, id).await?.unwrap_or_default();
    let with = |correction| ActiveModel { id, models: Arc::new(Models::shipped().corrected(Arc::new(correction))) };
    Ok(Correction::read(&bytes).map(with))
}

fn is_current(stored: &StoredModel) -> bool {
    stored.base == Models::shipped().version()
}

/// Whether somebody went back: a model that was in use is newer than the one that is, and could judge today. Only a choice
/// makes it so, for what is learnt is newer than everything before it.
fn went_back(active: Option<&StoredModel>, known: &[StoredModel]) -> bool {
    let in_use = active.map_or(ModelId::SHIPPED, |active| active.id);
    known.iter().any(|model| model.state == ModelState::Retired && model.id > in_use && is_current(model))
}

impl Pipeline {
    /// How far the training is that runs in this process, in steps.
    #[must_use]
    pub fn training(&self) -> Option<Progress> {
        *self.inner.learning.lock()
    }

    /// What was learnt in this workspace, the newest first.
    ///
    /// # Errors
    /// When the storage cannot be asked.
    pub async fn learnt(&self) -> Result<Vec<Learnt>, StorageError> {
        let stored = self.inner.storage.models(self.inner.options.workspace, u32::MAX).await?;
        let with_papers = |stored: StoredModel| Learnt { report: serde_json::from_str(&stored.manifest).ok(), stored };
        Ok(stored.into_iter().map(with_papers).collect())
    }

    /// The version of the shipped models, and their papers in JSON.
    #[must_use]
    pub fn shipped_models() -> (String, serde_json::Value) {
        let models = Models::shipped();
        (models.version().to_owned(), serde_json::to_value(models.manifest()).unwrap_or_default())
    }

    /// Starts a training; `false` when one runs.
    pub fn train(&self, actor: Actor) -> bool {
        {
            let mut running = self.inner.learning.lock();
            if running.is_some() {
                return false;
            }
            *running = Some(Progress { done: 0, total: 1 });
        }
        let running = Running(self.clone());
        tokio::spawn(async move {
            if let Err(error) = running.0.learn(actor).await {
                tracing::error!(%error, "a training failed, everything stays as it is");
            }
            drop(running);
        });
        true
    }

    /// Takes a model into use; [`ModelId::SHIPPED`] takes the shipped ones. What is stored is judged anew in the background.
    pub async fn activate_model(&self, actor: Actor, id: ModelId) -> Result<Activation, StorageError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        if id == ModelId::SHIPPED {
            storage.activate_model(workspace, actor, id).await?;
            self.take_up(ActiveModel::shipped());
            return Ok(Activation::Done);
        }
        let stored = storage.models(workspace, u32::MAX).await?.into_iter().find(|model| model.id == id);
        let Some(stored) = stored.filter(|model| model.size > 0 && model.state != ModelState::Refused) else {
            return Ok(Activation::Unknown);
        };
        if !is_current(&stored) {
            return Ok(Activation::OfOtherModels);
        }
        let Ok(model) = read(storage, workspace, id).await? else { return Ok(Activation::Unknown) };
        if !storage.activate_model(workspace, actor, id).await? {
            return Ok(Activation::Unknown);
        }
        self.take_up(model);
        Ok(Activation::Done)
    }

    /// Another process may have taken another model into use.
    pub(crate) async fn follow_model(&self) -> Result<(), StorageError> {
        let model = ActiveModel::of_workspace(&self.inner.storage, self.inner.options.workspace).await?;
        self.take_up(model);
        Ok(())
    }

    fn take_up(&self, model: ActiveModel) {
        if self.models().id != model.id {
            tracing::info!(model = %model.id, "another model judges from now on");
            self.use_model(model);
        }
    }

    /// Trains when people have said enough since the last time and nobody went back to an earlier model, until cancelled.
    pub(crate) fn keep_learning(&self) {
        let pipeline = self.clone();
        tokio::spawn(async move {
            let mut wait = FIRST_LOOK;
            loop {
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => return,
                    () = tokio::time::sleep(wait) => {}
                }
                wait = LOOK_EVERY;
                match pipeline.automatic_training().await {
                    Ok(Automatic { rest: Rest::Due, .. }) => drop(pipeline.train(Actor::System)),
                    Ok(_) => {}
                    Err(error) => tracing::warn!(%error, "counting labels failed, trying again"),
                }
            }
        });
    }

    /// Whether the next training begins on its own, and why not.
    pub async fn automatic_training(&self) -> Result<Automatic, StorageError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        let active = storage.active_model(workspace).await?;
        let known = storage.models(workspace, u32::MAX).await?;
        let last = known.first();
        let marks = last.map_or(molva_storage::model::Marks::NONE, |last| last.marks);
        let labels = storage.labels_since(workspace, marks).await?;
        let not_before = last.map(|last| last.created_at.plus(EVERY));
        let rest = if self.training().is_some() {
            Rest::Running
        } else if !self.inner.options.judge {
            Rest::Off
        } else if active.as_ref().is_some_and(|active| !is_current(active)) {
            Rest::Due
        } else if went_back(active.as_ref(), &known) {
            Rest::WentBack
        } else if labels < ENOUGH_LABELS {
            Rest::TooFewLabels
        } else if not_before.is_some_and(|not_before| storage.now() < not_before) {
            Rest::TooSoon
        } else {
            Rest::Due
        };
        Ok(Automatic { rest, labels, not_before })
    }

    async fn went_back(&self) -> Result<bool, StorageError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        let active = storage.active_model(workspace).await?;
        Ok(went_back(active.as_ref(), &storage.models(workspace, u32::MAX).await?))
    }

    async fn learn(&self, actor: Actor) -> Result<(), LearningError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        let begun = std::time::Instant::now();
        let stored = storage.active_model(workspace).await?;
        let outdated = stored.as_ref().is_some_and(|active| !is_current(active));
        let (examples, marks) = self.examples().await?;
        let count = examples.len();
        let pipeline = self.clone();
        let trained = tokio::task::spawn_blocking(move || {
            let active = pipeline.models();
            let active = (active.id != ModelId::SHIPPED).then_some(&*active.models);
            let inner = &pipeline.inner;
            workspace::train(Models::shipped(), active, &examples, SEED, &mut |done, total| {
                inner.learning.tell(done, total);
                !inner.cancel.is_cancelled()
            })
        });
        let Some(trained) = trained.await.map_err(|_stopped| LearningError::Panicked)? else { return Ok(()) };
        let Trained { correction, report } = trained;
        let state = match &correction {
            None => ModelState::Refused,
            // Somebody went back while this was learnt, unasked: it may be chosen, and takes nobody's place.
            Some(_) if actor == Actor::System && self.went_back().await? => ModelState::Candidate,
            Some(_) => ModelState::Active,
        };
        let model = NewModel {
            base: report.base.clone(),
            version: report.version.clone(),
            manifest: serde_json::to_string(&report).unwrap_or_default(),
            bytes: correction.as_ref().map(|correction| correction.write()),
            marks,
        };
        let id = storage.add_model(workspace, actor, model, state).await?;
        tracing::info!(
            model = %id,
            examples = count,
            took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "a training ended: {}",
            state.as_str()
        );
        match correction {
            Some(_) if state == ModelState::Candidate => {}
            Some(correction) => {
                self.take_up(ActiveModel { id, models: Arc::new(Models::shipped().corrected(correction)) });
            }
            None if outdated => {
                tracing::warn!(
                    "what people taught other shipped models could not be learnt anew, the shipped ones stay"
                );
                storage.activate_model(workspace, Actor::System, ModelId::SHIPPED).await?;
            }
            None => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use molva_storage::model::Marks;

    use super::*;

    fn model(id: i64, state: ModelState) -> StoredModel {
        StoredModel {
            id: ModelId(id),
            created_at: Timestamp::from_secs(id),
            state,
            base: Models::shipped().version().to_owned(),
            version: String::new(),
            manifest: String::new(),
            size: 1,
            marks: Marks::NONE,
        }
    }

    #[test]
    fn a_choice_of_an_earlier_model_holds_until_a_newer_one_is_taken() {
        let [first, second] = [1, 2].map(|id| model(id, ModelState::Active));
        let [old, newer] = [1, 2].map(|id| model(id, ModelState::Retired));
        let refused = model(3, ModelState::Refused);
        // As trainings leave it.
        assert!(!went_back(None, &[]));
        assert!(!went_back(Some(&first), std::slice::from_ref(&first)));
        assert!(!went_back(Some(&second), &[refused.clone(), second.clone(), old.clone()]));
        // Back to the first one, and to the one that comes with Molva; what was refused before or after changes nothing.
        assert!(went_back(Some(&first), &[newer.clone(), first.clone()]));
        assert!(went_back(Some(&first), &[refused.clone(), newer.clone(), first.clone()]));
        assert!(went_back(None, &[newer.clone(), old.clone()]));
        // Another one is taken.
        let third = model(4, ModelState::Active);
        assert!(!went_back(Some(&third), &[third.clone(), refused, newer, old.clone()]));
        // What was taught to other shipped models nobody could have gone back from.
        assert!(!went_back(None, &[StoredModel { base: "of long ago".to_owned(), ..old }]));
    }
}
