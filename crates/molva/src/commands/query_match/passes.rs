//! Posts through the matcher: once for the answer, and again for the time it takes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use molva_domain::Post;
use molva_matcher::{Scratch, Snapshot};
use molva_query::field::Judgement;
use serde_json::Value;

/// Number of each post that matched, and its queries; both ascending.
pub(super) type Found = Vec<(usize, Vec<i64>)>;

/// Posts a thread takes at a time.
const SHARE: usize = 256;
const MOST_PASSES: usize = 10;
/// Passes go on for so long.
const MEASURED: Duration = Duration::from_secs(2);
/// Posts timed one by one.
const TIMED_POSTS: usize = 100_000;

pub(super) struct Setting<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) posts: &'a [(Value, Post)],
    pub(super) threads: usize,
}

pub(super) struct Speed {
    /// Of the best pass, all threads together.
    pub(super) posts_per_second: f64,
    pub(super) passes: usize,
    /// Time for one post that 99 % do not exceed, on one thread, in microseconds.
    pub(super) p99_us: f64,
}

impl Setting<'_> {
    pub(super) fn matches(&self) -> Found {
        let shares = self.in_shares(Found::new, |found, scratch, number, post| {
            let mut ids = Vec::new();
            self.snapshot.each_match(post, &Judgement::EMPTY, scratch, |id, _| ids.push(id));
            if !ids.is_empty() {
                ids.sort_unstable();
                found.push((number, ids));
            }
        });
        let mut found: Found = shares.into_iter().flatten().collect();
        found.sort_unstable_by_key(|(post, _)| *post);
        found
    }

    pub(super) fn speed(&self) -> Speed {
        let (mut best, mut passes) = (Duration::MAX, 0);
        let began = Instant::now();
        while passes < MOST_PASSES && (passes < 2 || began.elapsed() < MEASURED) {
            let started = Instant::now();
            // Queries and places are found as ever and only counted.
            let counts = self.in_shares(
                || 0_usize,
                |count, scratch, _, post| {
                    self.snapshot.each_match(post, &Judgement::EMPTY, scratch, |_, spans| *count += 1 + spans.len());
                },
            );
            best = best.min(started.elapsed());
            std::hint::black_box(counts);
            passes += 1;
        }
        let posts_per_second = self.posts.len() as f64 / best.as_secs_f64().max(1e-9);
        Speed { posts_per_second, passes, p99_us: self.p99_us() }
    }

    fn p99_us(&self) -> f64 {
        let mut scratch = Scratch::default();
        let step = self.posts.len().div_ceil(TIMED_POSTS).max(1);
        let timed = self.posts.iter().step_by(step).map(|(_, post)| {
            let started = Instant::now();
            self.snapshot.each_match(post, &Judgement::EMPTY, &mut scratch, |id, spans| {
                std::hint::black_box((id, spans));
            });
            started.elapsed()
        });
        let mut times: Vec<Duration> = timed.collect();
        times.sort_unstable();
        times.get(times.len().saturating_sub(1) * 99 / 100).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    }

    /// Goes over all posts with several threads, each with a result of its own.
    fn in_shares<T: Send>(
        &self,
        result: impl Fn() -> T + Sync,
        look: impl Fn(&mut T, &mut Scratch, usize, &Post) + Sync,
    ) -> Vec<T> {
        let next = AtomicUsize::new(0);
        let work = || {
            let (mut result, mut scratch) = (result(), Scratch::default());
            loop {
                let first = next.fetch_add(SHARE, Ordering::Relaxed);
                let Some(share) = self.posts.get(first..self.posts.len().min(first + SHARE)) else { return result };
                if share.is_empty() {
                    return result;
                }
                for (number, (_, post)) in (first..).zip(share) {
                    look(&mut result, &mut scratch, number, post);
                }
            }
        };
        std::thread::scope(|scope| {
            let running: Vec<_> = (1..self.threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            running.into_iter().filter_map(|thread| thread.join().ok()).chain([own]).collect()
        })
    }
}
