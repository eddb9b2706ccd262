//! Asks for second opinions of the newest mentions whose tone is in doubt, and of a sample of the others, within a budget.
//!
//! The better judgement is written as the machine's, so people's word stands over it. One mention of a story is asked about and
//! the others follow it. Mentions drawn for labelling are not favoured: estimates hold because they are judged as all others
//! are. Nothing waits for this: what the budget does not reach stays as it was judged at first. What was asked today stands in
//! the storage and is written down before anybody is asked: no restart begins the day anew.

use std::sync::Arc;
use std::time::Duration;

use molva_domain::{MachineJudgement, MentionId, Second, SecondBy, ToneScores};
use molva_enrichment::slow::{OpinionError, SecondOpinion};
use molva_storage::StorageError;
use molva_storage::mention::Mention;
use tokio::time::Instant;

use crate::ingest::Pipeline;
use crate::understanding::ActiveModel;
use waiting::{Doubt, Waiting};

mod waiting;

/// How far a start looks back.
const LOOK_BACK: Duration = Duration::from_secs(3_600);
/// Mentions looked at each time, the newest first; of more than that the older ones are passed over.
const LOOK: u32 = 1_000;
/// Mentions asked about together.
const BATCH: usize = 8;
const OUT_OF_BUDGET: Duration = Duration::from_secs(60);
const AFTER_FAILURE: Duration = Duration::from_secs(60);
/// A problem that somebody must solve is looked at again only now and then.
const BROKEN: Duration = Duration::from_secs(900);
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
/// From this probability on it is spam, whose tone nobody wants to know.
const SPAM: f32 = 0.5;

/// Who is asked for second opinions, and what that may cost.
#[derive(Clone)]
pub struct SecondOptions {
    pub opinion: Arc<dyn SecondOpinion>,
    pub by: SecondBy,
    /// Mentions asked about in a day (of UTC) at most, whatever restarts.
    pub a_day: u32,
    /// The share of the time in which it works, above 0 to 1; with an opinion of one thread that is its share of a core.
    pub share: f32,
    /// A tone is in doubt when its probability is ahead of the next by less than this.
    pub doubt: f32,
    /// The share of the other mentions that is asked about too, from 0 to 1: it shows what the fast models are wrong about and
    /// sure of.
    pub sample: f32,
    /// How often new mentions are looked at; those younger than this may still be on their way into the store.
    pub every: Duration,
}

/// What the operator allowed, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondOpinions {
    pub by: SecondBy,
    /// Who is asked.
    pub name: String,
    pub a_day: u32,
    /// Mentions asked about in this day (of UTC).
    pub today: u64,
}

impl Pipeline {
    /// Whom this process asks for second opinions; `None`: nobody.
    pub async fn second_opinions(&self) -> Result<Option<SecondOpinions>, StorageError> {
        let Some(options) = self.inner.second.get() else { return Ok(None) };
        let today = self.storage().second_opinions_today(self.inner.options.workspace).await?;
        let name = options.opinion.name().to_owned();
        Ok(Some(SecondOpinions { by: options.by, name, a_day: options.a_day, today }))
    }

    /// Asks for second opinions from now on, until the pipeline stops. For one process of those that share a store.
    pub fn ask_for_second_opinions(&self, options: SecondOptions) {
        let pipeline = self.clone();
        let cancel = self.inner.cancel.clone();
        let options = self.inner.second.get_or_init(|| options).clone();
        tokio::spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = pipeline.ask_on(options) => {}
            }
        });
    }

    async fn ask_on(&self, options: SecondOptions) {
        let storage = self.storage();
        let mut seen = MentionId::first_at(storage.now().minus(LOOK_BACK));
        let mut waiting = Waiting::default();
        let mut looked: Option<Instant> = None;
        // After a failure one alone is asked about, until that is answered: an outage must not cost a day's budget.
        let mut most = BATCH;
        loop {
            if looked.is_none_or(|at| at.elapsed() >= options.every) {
                looked = Some(Instant::now());
                if let Err(error) = self.look(&options, &mut waiting, &mut seen).await {
                    tracing::warn!(%error, "looking for mentions in doubt failed, trying again");
                }
            }
            if waiting.is_empty() {
                tokio::time::sleep(options.every).await;
                continue;
            }
            let wanted = u32::try_from(waiting.len().min(most)).unwrap_or(1);
            let taken = match storage.take_second_opinions(self.inner.options.workspace, options.a_day, wanted).await {
                Ok(taken) => taken,
                Err(error) => {
                    tracing::warn!(%error, "the budget of second opinions could not be read, trying again");
                    tokio::time::sleep(AFTER_FAILURE).await;
                    continue;
                }
            };
            if taken == 0 {
                tokio::time::sleep(OUT_OF_BUDGET).await;
                continue;
            }
            let batch = waiting.take(taken as usize);
            let begun = Instant::now();
            let asked = batch.len();
            let answered = self.ask(&options, batch).await;
            let busy = begun.elapsed();
            match answered {
                Ok(()) => most = BATCH,
                Err(Failure::Opinion(error, batch)) => {
                    most = 1;
                    metrics::counter!("molva_second_opinions_failed_total").increment(asked as u64);
                    tracing::warn!(%error, by = options.opinion.name(), "a second opinion failed");
                    tokio::time::sleep(match error {
                        OpinionError::Later { wait, .. } => {
                            waiting.put_back(batch);
                            wait.min(LONGEST_WAIT)
                        }
                        OpinionError::Broken(_) => BROKEN,
                    })
                    .await;
                }
                Err(Failure::Storage(error)) => {
                    tracing::warn!(%error, "second opinions were not written down, trying again");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
            tokio::time::sleep(busy.mul_f32((1.0 / options.share.clamp(0.001, 1.0)) - 1.0)).await;
        }
    }

    /// Notes what arrived since and is in doubt.
    async fn look(
        &self,
        options: &SecondOptions,
        waiting: &mut Waiting,
        seen: &mut MentionId,
    ) -> Result<(), StorageError> {
        let (storage, workspace) = (self.storage(), self.inner.options.workspace);
        let settled = MentionId::first_at(storage.now().minus(options.every));
        if settled <= *seen {
            return Ok(());
        }
        // No model has this number: all mentions are wanted.
        let none = molva_domain::ModelId(-1);
        let found = storage.mentions_to_judge(workspace, none, (*seen, settled), LOOK).await?;
        *seen = settled;
        let active = self.models();
        let mut new: Vec<Mention> = found.mentions;
        new.retain(|mention| {
            mention.model == Some(active.id) && is_worth_asking(mention, options) && self.inner.knows(options, mention)
        });
        // The newest come first out of the storage; they are to be asked about first.
        new.into_iter().rev().for_each(|mention| waiting.add(mention));
        metrics::gauge!("molva_second_opinions_waiting").set(waiting.len() as f64);
        Ok(())
    }

    async fn ask(&self, options: &SecondOptions, batch: Vec<Doubt>) -> Result<(), Failure> {
        let model: Arc<ActiveModel> = self.models();
        let (inner, opinion, judge) = (Arc::clone(&self.inner), Arc::clone(&options.opinion), Arc::clone(&model));
        let by = options.by;
        let begun = Instant::now();
        let asking = tokio::task::spawn_blocking(move || {
            let mentions: Vec<&Mention> = batch.iter().map(|doubt| &doubt.mention).collect();
            let judged = inner.judge_again(&judge, &*opinion, &mentions);
            (batch, judged)
        });
        let (batch, judged) = asking
            .await
            .map_err(|_stopped| Failure::Opinion(OpinionError::Broken("it stopped inside".to_owned()), Vec::new()))?;
        let busy = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        metrics::counter!("molva_second_opinions_busy_milliseconds_total").increment(busy);
        let judged = match judged {
            Ok(judged) => judged,
            Err(error) => return Err(Failure::Opinion(error, batch)),
        };
        let mut better = Vec::new();
        for (doubt, judged) in batch.into_iter().zip(judged) {
            let Some(judged) = judged else {
                metrics::counter!("molva_second_opinions_total", "tone" => "none").increment(1);
                continue;
            };
            let before = doubt.mention.judged.as_ref().map(|judged| judged.tone);
            let tone = if before == Some(judged.tone) { "same" } else { "other" };
            metrics::counter!("molva_second_opinions_total", "tone" => tone).increment(1);
            let second = |first| Some(Second { by, first });
            let relevance = doubt.mention.judged.as_ref().and_then(|judged| judged.relevance);
            let judged = MachineJudgement { relevance, second: second(before.unwrap_or(judged.tone)), ..judged };
            let follow = |(id, own): (MentionId, waiting::Own)| {
                let waiting::Own { motive, bot, tone, relevance } = own;
                (id, MachineJudgement { motive, bot, relevance, second: second(tone), ..judged.clone() })
            };
            better.extend(doubt.following.into_iter().map(follow));
            better.push((doubt.mention.id, judged));
        }
        if self.models().id == model.id && !better.is_empty() {
            self.storage().write_judgements(self.inner.options.workspace, model.id, better, None).await?;
        }
        Ok(())
    }
}

enum Failure {
    /// With those that were asked about.
    Opinion(OpinionError, Vec<Doubt>),
    Storage(StorageError),
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

fn is_worth_asking(mention: &Mention, options: &SecondOptions) -> bool {
    let Some(judged) = &mention.judged else { return false };
    judged.second.is_none()
        && !mention.by_people.tone
        && mention.spam.is_none_or(|spam| spam < SPAM)
        && (lead(judged.tone_scores) < options.doubt || is_sampled(mention.id, options.sample))
}

/// The same mentions in every process and after every restart.
fn is_sampled(id: MentionId, share: f32) -> bool {
    // The upper bits of a product by a large odd number are spread evenly.
    let spread = (id.0.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32;
    spread / (1 << 24) as f32 <= share && share > 0.0
}

/// How far the likeliest tone is ahead of the next.
fn lead(ToneScores { negative, neutral, positive }: ToneScores) -> f32 {
    let mut scores = [negative, neutral, positive];
    scores.sort_by(f32::total_cmp);
    scores[2] - scores[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_in_doubt_when_two_are_about_as_likely() {
        let scores = |negative, neutral, positive| ToneScores { negative, neutral, positive };
        assert!((lead(scores(0.45, 0.4, 0.15)) - 0.05).abs() < 1e-6);
        assert!((lead(scores(0.05, 0.9, 0.05)) - 0.85).abs() < 1e-6);
    }
    #[test]
    fn a_sample_is_about_as_large_as_its_share() {
        let sampled = |share| (1..=10_000).filter(|id| is_sampled(MentionId(*id), share)).count();
        assert_eq!((sampled(0.0), sampled(1.0)), (0, 10_000));
        assert!((900..1_100).contains(&sampled(0.1)), "{}", sampled(0.1));
    }
}
