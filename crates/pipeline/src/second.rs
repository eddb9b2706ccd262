//! Asks for second opinions of the newest mentions whose tone is in doubt, within a budget.
//!
//! The better judgement is written as the machine's, so people's word stands over it. One mention of a story is asked about and
//! the others follow it. Mentions drawn for labelling are not favoured: estimates hold because they are judged as all others
//! are. Nothing waits for this: what the budget does not reach stays as it was judged at first.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use molva_domain::{MachineJudgement, MentionId, Span, StoryId, Timestamp, ToneScores, TopicId};
use molva_enrichment::slow::{OpinionError, SecondOpinion};
use molva_storage::StorageError;
use molva_storage::mention::Mention;
use tokio::time::Instant;

use crate::ingest::Pipeline;
use crate::understanding::ActiveModel;

/// How far a start looks back.
const LOOK_BACK: Duration = Duration::from_secs(3_600);
/// Mentions looked at each time, the newest first; of more than that the older ones are passed over.
const LOOK: u32 = 1_000;
/// Mentions that wait at most; the oldest fall off.
const MOST_WAITING: usize = 5_000;
/// Others of a story that follow the one asked about.
const MOST_FOLLOWING: usize = 200;
/// Mentions asked about together.
const BATCH: usize = 8;
const DAY: Duration = Duration::from_secs(24 * 3_600);
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
    /// Mentions asked about in a day (of UTC) at most, counted anew by each start.
    pub a_day: u32,
    /// The share of the time in which it works, above 0 to 1; with an opinion of one thread that is its share of a core.
    pub share: f32,
    /// A tone is in doubt when its probability is ahead of the next by less than this.
    pub doubt: f32,
    /// How often new mentions are looked at; those younger than this may still be on their way into the store.
    pub every: Duration,
}

impl Pipeline {
    /// Asks for second opinions from now on, until the pipeline stops. For one process of those that share a store.
    pub fn ask_for_second_opinions(&self, options: SecondOptions) {
        let pipeline = self.clone();
        let cancel = self.inner.cancel.clone();
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
        let (mut waiting, mut budget) = (Waiting::default(), Budget::new(options.a_day));
        let mut looked: Option<Instant> = None;
        loop {
            if looked.is_none_or(|at| at.elapsed() >= options.every) {
                looked = Some(Instant::now());
                if let Err(error) = self.look(&options, &mut waiting, &mut seen).await {
                    tracing::warn!(%error, "looking for mentions in doubt failed, trying again");
                }
            }
            let batch = waiting.take(budget.left(storage.now()).min(BATCH));
            if batch.is_empty() {
                tokio::time::sleep(if waiting.is_empty() { options.every } else { OUT_OF_BUDGET }).await;
                continue;
            }
            let begun = Instant::now();
            let asked = batch.len();
            let answered = self.ask(&options, batch).await;
            let busy = begun.elapsed();
            match answered {
                Ok(()) => budget.spend(asked),
                Err(Failure::Opinion(error, batch)) => {
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
            mention.model == Some(active.id) && in_doubt(mention, options.doubt) && self.inner.knows(options, mention)
        });
        // The newest come first out of the storage; they are to be asked about first.
        new.into_iter().rev().for_each(|mention| waiting.add(mention));
        metrics::gauge!("molva_second_opinions_waiting").set(waiting.len() as f64);
        Ok(())
    }

    async fn ask(&self, options: &SecondOptions, batch: Vec<Doubt>) -> Result<(), Failure> {
        let model: Arc<ActiveModel> = self.models();
        let (inner, opinion, judge) = (Arc::clone(&self.inner), Arc::clone(&options.opinion), Arc::clone(&model));
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
            let follow = |(id, motive, bot)| (id, MachineJudgement { motive, bot, ..judged.clone() });
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

fn in_doubt(mention: &Mention, doubt: f32) -> bool {
    let Some(judged) = &mention.judged else { return false };
    !mention.by_people.tone && mention.spam.is_none_or(|spam| spam < SPAM) && lead(judged.tone_scores) < doubt
}

/// How far the likeliest tone is ahead of the next.
fn lead(ToneScores { negative, neutral, positive }: ToneScores) -> f32 {
    let mut scores = [negative, neutral, positive];
    scores.sort_by(f32::total_cmp);
    scores[2] - scores[1]
}

/// A mention to ask about, and those that tell the same story of the same object.
struct Doubt {
    mention: Mention,
    /// With what stays their own.
    following: Vec<(MentionId, Option<Span>, Option<f32>)>,
}

/// Mentions in doubt, the newest last.
#[derive(Default)]
struct Waiting {
    doubts: VecDeque<Doubt>,
    /// How many were taken out at the old end, so that places stay true.
    gone: u64,
    by_story: HashMap<(TopicId, StoryId), u64>,
}

impl Waiting {
    fn add(&mut self, mention: Mention) {
        if let Some(story) = mention.story {
            let place = self.by_story.get(&(mention.topic, story)).and_then(|place| place.checked_sub(self.gone));
            if let Some(doubt) = place.and_then(|place| self.doubts.get_mut(usize::try_from(place).ok()?)) {
                if doubt.following.len() < MOST_FOLLOWING {
                    let judged = mention.judged.as_ref();
                    let own = (judged.and_then(|judged| judged.motive), judged.and_then(|judged| judged.bot));
                    doubt.following.push((mention.id, own.0, own.1));
                }
                return;
            }
            self.by_story.insert((mention.topic, story), self.gone + self.doubts.len() as u64);
        }
        self.doubts.push_back(Doubt { mention, following: Vec::new() });
        if self.doubts.len() > MOST_WAITING
            && let Some(oldest) = self.doubts.pop_front()
        {
            self.gone += 1;
            self.forget(&oldest);
        }
    }

    /// The newest, at most so many.
    fn take(&mut self, count: usize) -> Vec<Doubt> {
        let taken: Vec<Doubt> = std::iter::from_fn(|| self.doubts.pop_back()).take(count).collect();
        taken.iter().for_each(|doubt| self.forget(doubt));
        taken
    }

    /// Taken in vain.
    fn put_back(&mut self, doubts: Vec<Doubt>) {
        for doubt in doubts.into_iter().rev() {
            if let Some(story) = doubt.mention.story {
                self.by_story.insert((doubt.mention.topic, story), self.gone + self.doubts.len() as u64);
            }
            self.doubts.push_back(doubt);
        }
    }

    fn forget(&mut self, doubt: &Doubt) {
        if let Some(story) = doubt.mention.story {
            self.by_story.remove(&(doubt.mention.topic, story));
        }
    }

    fn len(&self) -> usize {
        self.doubts.len()
    }

    fn is_empty(&self) -> bool {
        self.doubts.is_empty()
    }
}

/// What may still be asked today.
struct Budget {
    a_day: u32,
    day: i64,
    spent: usize,
}

impl Budget {
    const fn new(a_day: u32) -> Self {
        Self { a_day, day: 0, spent: 0 }
    }

    fn left(&mut self, now: Timestamp) -> usize {
        let day = now.as_micros() / i64::try_from(DAY.as_micros()).unwrap_or(i64::MAX);
        if day != self.day {
            (self.day, self.spent) = (day, 0);
        }
        (self.a_day as usize).saturating_sub(self.spent)
    }

    const fn spend(&mut self, asked: usize) {
        self.spent += asked;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_lasts_a_day() {
        let mut budget = Budget::new(10);
        let noon = Timestamp::from_secs(43_200);
        assert_eq!(budget.left(noon), 10);
        budget.spend(8);
        assert_eq!(budget.left(Timestamp::from_secs(86_399)), 2);
        budget.spend(8);
        assert_eq!(budget.left(noon), 0);
        assert_eq!(budget.left(Timestamp::from_secs(86_400)), 10);
    }

    #[test]
    fn a_tone_is_in_doubt_when_two_are_about_as_likely() {
        let scores = |negative, neutral, positive| ToneScores { negative, neutral, positive };
        assert!((lead(scores(0.45, 0.4, 0.15)) - 0.05).abs() < 1e-6);
        assert!((lead(scores(0.05, 0.9, 0.05)) - 0.85).abs() < 1e-6);
    }
}
