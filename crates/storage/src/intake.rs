//! Where batches become truth: posts, mentions, kept stream, ledger, cursor and events in one transaction.
//!
//! A crash at any line leaves either all of a batch or none of it. See `kept` for how a file takes part in a transaction.
//! [`admission`] refuses and replays whole batches, [`mentions`] writes matches, [`revision`] is for posts that came before and
//! say something else now, [`tombstone`] for deletions that came before their post, [`accounts`] keeps the books.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

/// Where a topic's query matched.
pub use molva_domain::Span as MatchSpan;
use molva_domain::{
    Actor, MachineJudgement, ModelId, Outcome, Post, PostId, Rejection, ReplyId, SourceId, Tally, Timestamp, TopicId,
    Urn, WorkspaceId,
};

use crate::kept::{KeptPost, Unmatched, place};
use crate::post;
use crate::source::Lease;
use crate::sql::{Transaction, Value, in_list};
use crate::story::placing::{self, Assigned, NewPost};
use crate::story::{AskedIndex, title_of};
use crate::urn_key::UrnKey;
use crate::{Result, Storage};

mod accounts;
mod admission;
mod answering;
mod backfill;
mod deletion;
mod edited;
mod known;
mod mentions;
mod revision;
mod said;
mod tombstone;

pub use backfill::FoundPost;

use accounts::Accounts;
pub(crate) use deletion::hide_kept;
use deletion::{FOREVER, hide_record};
use known::{Notes, known};
use mentions::NewMention;
#[cfg(test)]
pub(crate) use mentions::SAME_WORDS;
pub(crate) use mentions::read_spans;
use said::Said;

/// What a model says, and which.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub model: ModelId,
    pub judgement: MachineJudgement,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TopicMatch {
    pub topic: TopicId,
    pub spans: Vec<MatchSpan>,
    /// Towards the topic's object; `None`: to be judged later.
    pub judged: Option<Judged>,
}

#[derive(Clone, Debug)]
pub struct PreparedPost {
    pub post: Post,
    /// Equal for posts that say the same words; see `molva_text`.
    pub content_hash: i64,
    /// Empty: the post goes to the kept stream.
    pub matches: Vec<TopicMatch>,
    /// For the index of stories; empty where it is not asked.
    pub signature: Vec<u8>,
}

#[derive(Clone, Debug)]
pub enum PreparedItem {
    Post(Box<PreparedPost>),
    Rejected(Rejection),
    /// The network says that the post is gone: its text is hidden. Not counted as received.
    Deleted(Urn),
}

/// What a source delivered at once, matched.
#[derive(Clone, Debug)]
pub struct PreparedBatch {
    pub workspace: WorkspaceId,
    pub source: SourceId,
    /// When given, the batch is refused with `LeaseLost` when another took the lease or it was given back.
    pub lease: Option<Lease>,
    pub items: Vec<PreparedItem>,
    /// The source's cursor after this batch.
    pub cursor: Option<String>,
    /// A push delivery's id: a delivery that was stored before counts nothing and answers the first tally.
    pub delivery: Option<String>,
    pub received_at: Timestamp,
}

/// A post of some batch, not yet known to be new.
struct Candidate {
    batch: usize,
    key: UrnKey,
    said: Said,
    /// Given to it should it be new and match.
    id: PostId,
    /// The reply of ours that it answers.
    answers: Option<ReplyId>,
    prepared: Box<PreparedPost>,
}

/// A post that is new and has mentions.
struct NewStored {
    id: PostId,
    source: SourceId,
    answers: Option<ReplyId>,
    prepared: Box<PreparedPost>,
}

/// A post that comes several times in one transaction is looked at so often; the rest of it are duplicates.
const ROUNDS: usize = 8;

impl Storage {
    /// Stores all batches in one transaction and says how each ended. A batch that cannot be stored for a reason of its own
    /// (lease lost, source deleted) gets its error and does not disturb the others.
    pub async fn store(&self, batches: Vec<PreparedBatch>) -> Result<Vec<Result<Tally>>> {
        self.store_with(batches, None).await
    }

    /// The same; the index puts each new post into its story.
    pub async fn store_with(
        &self,
        batches: Vec<PreparedBatch>,
        mut stories: AskedIndex<'_>,
    ) -> Result<Vec<Result<Tally>>> {
        let mut results: Vec<Result<Tally>> = batches.iter().map(|_| Ok(Tally::default())).collect();
        let mut by_workspace: BTreeMap<WorkspaceId, Vec<(usize, PreparedBatch)>> = BTreeMap::new();
        for (index, batch) in batches.into_iter().enumerate() {
            by_workspace.entry(batch.workspace).or_default().push((index, batch));
        }
        let mut transaction = self.begin().await?;
        for workspace in by_workspace.keys() {
            transaction.lock_workspace(*workspace).await?;
        }
        for (workspace, batches) in by_workspace {
            self.store_in_workspace(&mut transaction, workspace, batches, stories.as_deref_mut(), &mut results).await?;
        }
        self.commit(transaction).await?;
        Ok(results)
    }

    async fn store_in_workspace(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        batches: Vec<(usize, PreparedBatch)>,
        mut stories: AskedIndex<'_>,
        results: &mut [Result<Tally>],
    ) -> Result<()> {
        let now = self.now();
        let mut admitted = admission::admit(transaction, workspace, batches, results).await?;
        let live = live_topics(transaction, workspace, &admitted.batches).await?;
        let mut accounts = Accounts::new(&admitted.batches);
        let (mut candidates, mut gone) = (Vec::new(), Vec::new());
        for (index, batch) in std::mem::take(&mut admitted.batches).into_iter().enumerate() {
            for item in batch.items {
                match item {
                    PreparedItem::Post(mut prepared) => {
                        post::without_nul(&mut prepared.post);
                        let mut matched = Vec::with_capacity(prepared.matches.len());
                        prepared.matches.retain(|TopicMatch { topic, .. }| {
                            let first = live.contains(topic) && !matched.contains(topic);
                            matched.push(*topic);
                            first
                        });
                        let (key, said) = (UrnKey::of(&prepared.post.urn), Said::of(&prepared.post));
                        accounts.saw(index, prepared.post.sort_at());
                        let (id, answers) = (self.ids().next(), None);
                        candidates.push(Candidate { batch: index, key, said, id, answers, prepared });
                    }
                    PreparedItem::Rejected(rejection) => accounts.reject(index, rejection),
                    PreparedItem::Deleted(urn) => gone.push((index, UrnKey::of(&urn))),
                }
            }
        }
        answering::join_threads(transaction, workspace, &mut candidates).await?;
        for round in in_rounds(candidates, &mut accounts) {
            self.take(transaction, workspace, now, &mut accounts, stories.as_deref_mut(), round).await?;
        }
        let mut unheard_of = BTreeSet::new();
        for (batch, key) in gone {
            if !self.delete_post(transaction, workspace, now, accounts.source(batch), key).await? {
                unheard_of.insert(key);
            }
        }
        tombstone::raise(transaction, workspace, now, unheard_of).await?;
        accounts.write(self, transaction, workspace, now).await?;
        for (index, tally) in accounts.tallies() {
            admitted.settle(index, tally, results);
        }
        Ok(())
    }

    /// Takes in posts none of which comes twice.
    async fn take(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
        accounts: &mut Accounts,
        stories: AskedIndex<'_>,
        candidates: Vec<Candidate>,
    ) -> Result<()> {
        let keys = candidates.iter().map(|candidate| Value::from(candidate.key)).collect();
        let known = known(transaction, workspace, keys).await?;
        let (mut stored, mut unmatched, mut changed) = (Vec::new(), Vec::new(), Vec::new());
        let mut notes = Notes::default();
        for candidate in candidates {
            let Candidate { batch, key, said, id, answers, .. } = candidate;
            let is_mention = !candidate.prepared.matches.is_empty();
            let (outcome, arrived_at) = match known.get(&key) {
                None if is_mention => (Outcome::Stored, accounts.received_at(batch)),
                None => (Outcome::Unmatched, accounts.received_at(batch)),
                Some(before) if before.place > 0 && !before.said.holds(said) => {
                    changed.push((PostId(before.place), candidate));
                    continue;
                }
                Some(before) if before.place < 0 && before.said.is_unknown() => {
                    notes.changed(key, before.place, said);
                    accounts.count(batch, Outcome::Duplicate);
                    continue;
                }
                // It matched nothing, says something else now, and that matches.
                Some(before) if before.place < 0 && !before.said.says_the_same_as(said) && is_mention => {
                    hide_record(transaction, workspace, key, FOREVER).await?;
                    (Outcome::Stored, accounts.received_at(batch))
                }
                // Nor does it now. Without a time of the edit it may be how another source shows it.
                Some(before)
                    if before.place < 0
                        && !before.said.says_the_same_as(said)
                        && candidate.prepared.post.edited_at.is_some() =>
                {
                    // Later than whatever is hidden, if it came in the same moment.
                    let arrived_at = accounts.received_at(batch).plus(Duration::from_micros(1));
                    hide_record(transaction, workspace, key, arrived_at).await?;
                    (Outcome::Updated, arrived_at)
                }
                Some(_) => {
                    accounts.count(batch, Outcome::Duplicate);
                    continue;
                }
            };
            accounts.count(batch, outcome);
            let place = if is_mention { id.0 } else { place(arrived_at) };
            if known.contains_key(&key) {
                notes.changed(key, place, said);
            } else {
                notes.new_one(key, place, said);
            }
            let (source, prepared) = (accounts.source(batch), candidate.prepared);
            if is_mention {
                stored.push(NewStored { id, source, answers, prepared });
            } else {
                let kept = KeptPost { source: source.0, content_hash: prepared.content_hash, post: prepared.post };
                unmatched.push(Unmatched { key, at: arrived_at, kept });
            }
        }
        notes.write(transaction, workspace).await?;
        self.store_new(transaction, workspace, now, stories, stored).await?;
        self.keep(transaction, workspace, unmatched).await?;
        self.revise(transaction, workspace, now, accounts, changed).await
    }

    /// Writes posts that are new, with their mentions and stories.
    async fn store_new(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
        stories: AskedIndex<'_>,
        stored: Vec<NewStored>,
    ) -> Result<()> {
        let in_stories = place_in_stories(transaction, workspace, now, stories, &stored).await?;
        let (mut rows, mut mentions) = (Vec::new(), Vec::new());
        for NewStored { id, source, answers, prepared } in stored {
            let PreparedPost { post, content_hash, matches, .. } = *prepared;
            let (sort_at, story) = (post.sort_at(), in_stories.get(&id).copied());
            mentions.extend(matches.into_iter().map(|matched| NewMention {
                source,
                topic: matched.topic,
                post: id,
                sort_at,
                content_hash,
                spans: matched.spans,
                judged: matched.judged,
                story,
            }));
            post::push_row(&mut rows, id, source, content_hash, (story, answers), post);
        }
        post::INSERT.execute(transaction, &[workspace.0.into()], rows).await?;
        let created = self.insert_mentions(transaction, workspace, now, mentions).await?;
        // Runs of one source share their actor; batches of a source come one after another.
        for run in created.chunk_by(|one, next| one.source == next.source) {
            let events = run.iter().map(mentions::CreatedMention::event).collect();
            transaction.record(workspace, now, Actor::Source(run[0].source), events).await?;
        }
        Ok(())
    }
}

/// Each post once in a round, in the order of their arrival: an edit may come with the post it edits.
fn in_rounds(mut left: Vec<Candidate>, accounts: &mut Accounts) -> Vec<Vec<Candidate>> {
    let mut rounds = Vec::new();
    while !left.is_empty() && rounds.len() < ROUNDS {
        let mut seen: HashMap<UrnKey, Said> = HashMap::with_capacity(left.len());
        let (mut round, mut again) = (Vec::with_capacity(left.len()), Vec::new());
        for candidate in left {
            match seen.entry(candidate.key) {
                Entry::Vacant(first) => {
                    first.insert(candidate.said);
                    round.push(candidate);
                }
                Entry::Occupied(first) if *first.get() == candidate.said => {
                    accounts.count(candidate.batch, Outcome::Duplicate);
                }
                Entry::Occupied(_) => again.push(candidate),
            }
        }
        rounds.push(round);
        left = again;
    }
    for candidate in left {
        accounts.count(candidate.batch, Outcome::Duplicate);
    }
    rounds
}

/// Asks the index where new posts belong and writes the stories' rows.
async fn place_in_stories(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    now: Timestamp,
    stories: AskedIndex<'_>,
    stored: &[NewStored],
) -> Result<Assigned> {
    let Some(stories) = stories else { return Ok(Assigned::new()) };
    let place = |NewStored { id, prepared, .. }: &NewStored| {
        let post = &prepared.post;
        let is_signed = !prepared.signature.is_empty();
        is_signed.then(|| NewPost {
            post: *id,
            said: stories.place(&prepared.signature, *id, post.published_at.min(post.fetched_at)),
            network: post.network.clone(),
            sort_at: post.sort_at(),
            title: title_of(post.title.as_deref(), &post.text),
            mentions: prepared.matches.len() as u64,
        })
    };
    let posts: Vec<NewPost> = stored.iter().filter_map(place).collect();
    placing::place(transaction, workspace, now, &posts).await
}

/// The matched topics that still exist: the matcher may be a moment behind.
async fn live_topics(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    batches: &[admission::Admitted],
) -> Result<HashSet<TopicId>> {
    let mut matched = HashSet::new();
    for item in batches.iter().flat_map(|batch| &batch.items) {
        if let PreparedItem::Post(prepared) = item {
            matched.extend(prepared.matches.iter().map(|matched| matched.topic));
        }
    }
    let mut live = HashSet::new();
    for statement in in_list(
        transaction.is_postgres(),
        "SELECT id FROM topic WHERE workspace_id = $1 AND deleted_at IS NULL AND id IN",
        "",
        &[workspace.0.into()],
        matched.into_iter().map(|topic| Value::from(topic.0)).collect(),
    ) {
        for row in transaction.all(statement).await? {
            live.insert(TopicId(row.columns().integer()?));
        }
    }
    Ok(live)
}
