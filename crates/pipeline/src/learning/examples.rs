//! Reads what models learn from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use molva_domain::{MentionId, MentionState};
use molva_enrichment::workspace::{Example, Origin, Said};
use molva_storage::audit::{Answered, Said as Answer};
use molva_storage::mention::Mention;
use molva_storage::model::Marks;

use super::LearningError;
use crate::ingest::{Inner, Pipeline};
use crate::understanding::Reader;

/// Mentions of each sort at most: the newest.
const MOST: u32 = 20_000;
/// Mentions nobody changed, where few are changed.
const FEWEST_LEFT: usize = 400;
/// Mentions read at once.
const PAGE: usize = 500;
/// Letters of all of them.
const MOST_BYTES: usize = 64 << 20;

/// Spam as the rest of the product counts it.
const SPAM: f32 = 0.5;

impl Pipeline {
    /// What people said, newest first of each sort, and how far that was read.
    pub(super) async fn examples(&self) -> Result<(Vec<Example>, Marks), LearningError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        let teaching = storage.teaching(workspace, MOST).await?;
        let mut answered = storage.answered_audits(workspace, None, None).await?;
        answered.reverse();
        answered.truncate(MOST as usize);
        let audited: HashMap<MentionId, Said> =
            answered.iter().map(|answered| (answered.audit.mention, agreed(answered))).collect();
        let corrected: Vec<MentionId> = teaching.corrected.into_iter().filter(|id| !audited.contains_key(id)).collect();
        let known: HashSet<MentionId> = corrected.iter().copied().chain(audited.keys().copied()).collect();
        let enough = corrected.len().max(FEWEST_LEFT);
        let left = teaching.left.into_iter().filter(|id| !known.contains(id)).take(enough).collect();
        let audits: Vec<MentionId> = answered.iter().map(|answered| answered.audit.mention).collect();
        let audited = Arc::new(audited);
        let mut examples = Vec::new();
        let mut room = MOST_BYTES;
        for (origin, ids) in [(Origin::Audit, audits), (Origin::Correction, corrected), (Origin::Left, left)] {
            for page in ids.chunks(PAGE) {
                if self.inner.cancel.is_cancelled() || room == 0 {
                    break;
                }
                let mentions = storage.mentions_to_learn_from(workspace, page).await?;
                let (inner, audited) = (Arc::clone(&self.inner), Arc::clone(&audited));
                let read = tokio::task::spawn_blocking(move || inner.read_examples(&mentions, origin, &audited));
                let read = read.await.map_err(|_stopped| LearningError::Panicked)?;
                let bytes: usize = read.iter().map(|example| example.text.len() + example.title.len()).sum();
                room = room.saturating_sub(bytes);
                examples.extend(read);
            }
        }
        Ok((examples, teaching.marks))
    }
}

impl Inner {
    fn read_examples(&self, mentions: &[Mention], origin: Origin, audited: &HashMap<MentionId, Said>) -> Vec<Example> {
        let mut reader = self.readers.take();
        let examples = mentions
            .iter()
            .filter_map(|mention| {
                let said = match origin {
                    Origin::Audit => audited.get(&mention.id).copied().unwrap_or_default(),
                    Origin::Correction => corrected(mention),
                    Origin::Left => Said::default(),
                };
                let says_nothing = origin != Origin::Left && said == Said::default();
                (!says_nothing).then(|| self.example(&mut reader, mention, origin, said))
            })
            .collect();
        self.readers.give_back(reader);
        examples
    }

    fn example(&self, reader: &mut Reader, mention: &Mention, origin: Origin, said: Said) -> Example {
        self.stand_at_stored(reader, mention);
        let (own, others) = reader.places();
        Example {
            key: mention.id.0,
            topic: mention.topic.0,
            title: mention.post.title.clone().unwrap_or_default(),
            text: mention.post.text.clone(),
            language: mention.post.language,
            signs: crate::understanding::signs_of(&mention.post),
            own: own.to_vec(),
            others: others.to_vec(),
            origin,
            said,
        }
    }
}

/// What people set of a mention. What is not about the object has no tone towards it.
fn corrected(mention: &Mention) -> Said {
    let by_people = mention.by_people;
    let relevant = match mention.state {
        MentionState::New => None,
        MentionState::Kept => Some(true),
        MentionState::Binned => Some(false),
    };
    let spam = mention.spam.filter(|_| by_people.spam).map(|spam| spam >= SPAM);
    if relevant == Some(false) {
        return Said { spam, relevant, ..Said::default() };
    }
    Said {
        tone: mention.tone.filter(|_| by_people.tone && spam != Some(true)),
        intents: mention.intents.filter(|_| by_people.intents).map(molva_domain::Intents::bits),
        stage: by_people.stage.then_some(mention.stage),
        spam,
        relevant,
    }
}

/// What all who labelled a mention agree on: where they do not, it measures nothing.
fn agreed(answered: &Answered) -> Said {
    let Some(((.., first), others)) = answered.answers.split_first() else { return Said::default() };
    let same = |says: &dyn Fn(&Answer, &Answer) -> bool| others.iter().all(|(.., other)| says(first, other));
    let relevant = same(&|one, other| one.relevant == other.relevant).then_some(first.relevant);
    let spam = same(&|one, other| one.spam == other.spam).then_some(first.spam);
    // What is spam, or not about the object, is labelled without care for the rest.
    if relevant != Some(true) || spam != Some(false) {
        return Said { relevant, spam: spam.filter(|_| relevant == Some(true)), ..Said::default() };
    }
    Said {
        tone: same(&|one, other| one.tone == other.tone).then_some(first.tone),
        intents: same(&|one, other| one.intents == other.intents).then_some(first.intents.bits()),
        stage: same(&|one, other| one.stage == other.stage).then_some(first.stage),
        spam,
        relevant,
    }
}
