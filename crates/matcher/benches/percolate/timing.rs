//! Clocks.

use std::time::{Duration, Instant};

use molva_domain::Post;
use molva_matcher::{Scratch, Snapshot};
use molva_query::field::Judgement;

/// Matches of all posts, with their places.
pub(crate) fn count<'a>(snapshot: &Snapshot, posts: impl IntoIterator<Item = &'a Post>) -> usize {
    let (mut scratch, mut matches) = (Scratch::default(), 0);
    for post in posts {
        snapshot.each_match(post, &Judgement::EMPTY, &mut scratch, |_, spans| {
            std::hint::black_box(spans);
            matches += 1;
        });
    }
    matches
}

/// Wall seconds of two threads with half the posts each.
pub(crate) fn two_threads(snapshot: &Snapshot, posts: &[Post]) -> f64 {
    let half = posts.len() / 2;
    let pass = || {
        let started = Instant::now();
        std::thread::scope(|scope| {
            scope.spawn(|| count(snapshot, &posts[..half]));
            count(snapshot, &posts[half..]);
        });
        started.elapsed().as_secs_f64()
    };
    (0..5).map(|_| pass()).fold(f64::MAX, f64::min)
}

/// Wall time for one post that 99 % do not exceed.
pub(crate) fn p99_us(snapshot: &Snapshot, posts: &[Post]) -> f64 {
    quantile(times(snapshot, posts, || true), 0.99)
}

/// Wall time of each post, as long as `going` says so.
pub(crate) fn times(snapshot: &Snapshot, posts: &[Post], going: impl Fn() -> bool) -> Vec<Duration> {
    let mut scratch = Scratch::default();
    let timed = posts.iter().take_while(|_| going()).map(|post| {
        let started = Instant::now();
        snapshot.each_match(post, &Judgement::EMPTY, &mut scratch, |id, spans| {
            std::hint::black_box((id, spans));
        });
        started.elapsed()
    });
    timed.collect()
}

/// In microseconds.
pub(crate) fn quantile(mut times: Vec<Duration>, share: f64) -> f64 {
    times.sort_unstable();
    let place = (times.len().saturating_sub(1) as f64 * share) as usize;
    times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

pub(crate) fn rate(posts: &[Post], seconds: f64) -> f64 {
    posts.len() as f64 / seconds
}

/// The best of seven passes, as the machine may be shared.
pub(crate) fn best<T>(mut pass: impl FnMut() -> T) -> (f64, T) {
    let mut least = f64::MAX;
    let mut passes = 0;
    loop {
        let (started, used) = (Instant::now(), processor_seconds());
        let result = std::hint::black_box(pass());
        let wall = started.elapsed().as_secs_f64();
        let used = processor_seconds().zip(used).map(|(after, before)| after - before);
        least = least.min(used.unwrap_or(wall));
        passes += 1;
        if passes == 7 {
            return (least, result);
        }
    }
}

/// Time this thread has been on a processor, where the system tells it.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}
