//! What each part of a query brings or takes away, counted over the newest posts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use molva_domain::{Post, WorkspaceId};
use molva_matcher::{Matcher, Scratch, Snapshot};
use molva_query::{Clause, Query};
use molva_storage::StorageError;

use crate::ingest::Pipeline;
use crate::judged_effects::{self, asks_for_judgement};
use crate::newest::Newest;

/// Posts looked at.
pub(crate) const POSTS: usize = 3_000;
/// Clauses whose effect is counted.
pub(crate) const CLAUSES: usize = 100;
/// Words of all the queries that are matched together; each clause asks for one query more, nearly as long as the whole.
const WORDS: usize = 200_000;
const TIME_LIMIT: Duration = Duration::from_secs(2);
/// Reading leaves this much of the time for matching.
const READING: Duration = Duration::from_millis(1_000);
/// The clock is looked at each so many posts.
const POSTS_A_LOOK: usize = 32;

/// The effects of a query's clauses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Posts looked at.
    pub scanned: u64,
    /// Matches of the whole query among them.
    pub matched: u64,
    /// Clauses or posts were left out because there were too many or the time was over.
    pub cut_short: bool,
    /// In the order of the text.
    pub clauses: Vec<Effect>,
}

/// The effect of one clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub clause: Clause,
    /// Matches of the whole query less matches of the query without the clause: below zero it removes, above it adds.
    pub change: i64,
}

impl Pipeline {
    /// Takes two seconds at most. A clause without which nothing demanding would remain is left out: the query without it
    /// would match every post. A query that asks for judgements is counted over stored mentions alone.
    pub async fn effects(&self, workspace: WorkspaceId, query: Query) -> Result<Effects, StorageError> {
        let started = Instant::now();
        let end = started + TIME_LIMIT;
        let counted = if asks_for_judgement(&query) {
            let (mentions, late) = self.newest_judged(workspace, started + READING).await?;
            tokio::task::spawn_blocking(move || judged_effects::count(&query, &mentions, late, end))
        } else {
            let newest = self.newest_posts(workspace, POSTS, started + READING).await?;
            let inner = Arc::clone(&self.inner);
            tokio::task::spawn_blocking(move || {
                let variants = Variants::of(&query, end);
                let mut scratch = inner.scratches.take();
                let effects = variants.count(&newest, end, &mut scratch);
                inner.scratches.give_back(scratch);
                effects
            })
        };
        counted.await.map_err(|_stopped| {
            let stopped = std::io::Error::other("counting the effects of a query stopped");
            StorageError::Kept(stopped)
        })
    }
}

/// A query and its versions without each clause, in one matcher: the whole is 0, the version without clause `n` is `n + 1`.
struct Variants {
    clauses: Vec<Clause>,
    matcher: Matcher,
    left_out: bool,
}

impl Variants {
    fn of(query: &Query, end: Instant) -> Self {
        let mut words = 0_usize;
        query.expr().each_word(&mut |_| words += 1);
        let fit = (WORDS / words.max(1)).clamp(1, CLAUSES);
        let matcher = Matcher::new();
        matcher.put(0, query);
        let (mut clauses, mut versions, mut left_out) = (Vec::new(), Vec::new(), false);
        for clause in query.clauses() {
            if clauses.len() >= fit || Instant::now() > end {
                left_out = true;
                break;
            }
            if let Some(version) = query.without(&clause) {
                clauses.push(clause);
                versions.push(version);
            }
        }
        matcher.put_all((1..).zip(&versions));
        Self { clauses, matcher, left_out }
    }

    fn count(self, newest: &Newest, end: Instant, scratch: &mut Scratch) -> Effects {
        let snapshot = self.matcher.snapshot();
        let mut counts = vec![0_i64; self.clauses.len() + 1];
        let mut scanned = 0;
        let mut late = false;
        for posts in newest.posts.chunks(POSTS_A_LOOK) {
            if Instant::now() > end {
                late = true;
                break;
            }
            for post in posts {
                add(&snapshot, post, scratch, &mut counts);
            }
            scanned += posts.len() as u64;
        }
        let whole = counts[0];
        let effects = self
            .clauses
            .into_iter()
            .zip(&counts[1..])
            .map(|(clause, without)| Effect { clause, change: whole - without });
        Effects {
            scanned,
            matched: whole.unsigned_abs(),
            cut_short: self.left_out || newest.cut_short || late,
            clauses: effects.collect(),
        }
    }
}

fn add(snapshot: &Snapshot, post: &Post, scratch: &mut Scratch, counts: &mut [i64]) {
    for hit in snapshot.matches(post, scratch) {
        if let Some(count) = usize::try_from(hit.query).ok().and_then(|number| counts.get_mut(number)) {
            *count += 1;
        }
    }
}
