//! What the matcher is held against, and what makes it slower.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use daachorse::CharwiseDoubleArrayAhoCorasick;
use molva_domain::Post;
use molva_matcher::Snapshot;
use molva_query::{Query, parse};
use molva_text::{Analysis, PrefixFilter};

use crate::load;
use crate::timing::{best, count, quantile, rate, times};
use crate::workload::{Mix, Workload};

/// What cutting the text into tokens costs, before any query is asked.
pub(crate) fn analysis(posts: &[Post]) {
    let (seconds, tokens) = best(|| tokens(posts));
    println!(
        "analysis alone {:.0} posts/s, {:.1} tokens a post",
        rate(posts, seconds),
        tokens as f64 / posts.len() as f64
    );
}

/// The tokens of all posts.
pub(crate) fn tokens<'a>(posts: impl IntoIterator<Item = &'a Post>) -> usize {
    let (mut analysis, filter) = (Analysis::default(), PrefixFilter::default());
    let tokens = posts.into_iter().map(|post| {
        analysis.run("", &post.text, &filter);
        analysis.tokens().len()
    });
    tokens.sum()
}

/// Posts a second of the plain evaluator over a few posts; fails when it finds other matches.
pub(crate) fn brute_force(snapshot: &Snapshot, posts: &[Post], queries: &[Query]) -> f64 {
    let sample = &posts[..posts.len().min(50_000 / queries.len()).max(2)];
    let started = Instant::now();
    let expected: usize = sample.iter().map(|post| queries.iter().filter(|query| query.matches(post)).count()).sum();
    let rate = sample.len() as f64 / started.elapsed().as_secs_f64();
    assert_eq!(count(snapshot, sample), expected, "the plain evaluator finds other matches");
    rate
}

/// Posts a second of an Aho-Corasick automaton that only finds the words of all queries, and how many words.
pub(crate) fn literal_scan(posts: &[Post], texts: &[String]) -> (f64, usize) {
    let words = texts.iter().flat_map(|text| text.split([' ', '(', ')', '"', '=']));
    let operator = |word: &str| matches!(word, "" | "AND" | "OR" | "NOT") || word.starts_with("NEAR/");
    let mut terms: Vec<&str> = words.filter(|word| !operator(word)).map(|word| word.trim_end_matches('*')).collect();
    terms.sort_unstable();
    terms.dedup();
    let count = terms.len();
    let automaton = CharwiseDoubleArrayAhoCorasick::<u32>::new(terms).expect("terms are different and not empty");
    let lower: Vec<String> = posts.iter().map(|post| post.text.to_lowercase()).collect();
    let (seconds, _) = best(|| lower.iter().map(|text| automaton.find_overlapping_iter(text).count()).sum::<usize>());
    (rate(posts, seconds), count)
}

/// How much slower other sorts of queries are than the usual mix.
pub(crate) fn mixes(workload: &Workload, size: usize) {
    println!("\n{size} queries of other sorts, time for a post beside that of the usual mix (bar: at most 2)");
    let posts = workload.posts();
    let seconds = |mix| {
        let (matcher, ..) = load(posts, &workload.queries(size, mix));
        let snapshot = matcher.snapshot();
        let (seconds, matches) = best(|| count(&snapshot, posts));
        (seconds, matches, snapshot.bytes() / size)
    };
    let (usual, ..) = seconds(Mix::default());
    let row = |name: &str, mix| {
        let (own, matches, bytes) = seconds(mix);
        println!(
            "  {name:<34} {:.2} x, {:.0} posts/s, {matches} matches, {bytes} bytes a query",
            own / usual,
            rate(posts, own)
        );
    };
    row("one in ten with a prefix", Mix { prefix: 0.1, ..Mix::default() });
    row("one in a hundred of frequent words", Mix { frequent: 0.01, ..Mix::default() });
    row("words in any form", Mix { any_form: true, ..Mix::default() });
}

/// What topics of 2,000 words cost beside twenty times as many ordinary ones.
pub(crate) fn long_topics(workload: &Workload) {
    const LONG: usize = 100;
    let posts = workload.posts();
    let nanoseconds = |texts: &[String]| {
        let (matcher, ..) = load(posts, texts);
        let snapshot = matcher.snapshot();
        let (seconds, matches) = best(|| count(&snapshot, posts));
        (seconds / posts.len() as f64 * 1e9, matches, snapshot.bytes() / texts.len())
    };
    let (ordinary, ordinary_matches, ordinary_bytes) = nanoseconds(&workload.queries(LONG * 20, Mix::default()));
    println!(
        "\ntopics of 2,000 words in nested groups with 300 exclusions (bar: one costs at most what 20 ordinary ones cost)"
    );
    println!(
        "  {} ordinary ones: {ordinary:.0} ns a post, {ordinary_matches} matches, {ordinary_bytes} bytes each",
        LONG * 20
    );
    // Twenty ordinary topics have about twenty names, a large company two hundred.
    for names in [2, 20] {
        let (long, matches, bytes) = nanoseconds(&workload.long_topics(LONG, names));
        println!("  {LONG} with {} names each: {long:.0} ns a post, {matches} matches, {bytes} bytes each", names * 10);
        println!("    one costs as much as {:.1} ordinary ones, all told", long / ordinary * 20.0);
    }
}

const PAUSE: Duration = Duration::from_millis(2);

/// What changes of queries do to matching that goes on.
pub(crate) fn updates(workload: &Workload, size: usize) {
    let posts = workload.posts();
    let (matcher, ..) = load(posts, &workload.queries(size, Mix::default()));
    let quiet = times(&matcher.snapshot(), posts, || true);
    let more: Vec<Query> =
        workload.queries(2_000, Mix::default()).iter().filter_map(|text| parse(text).query).collect();
    let done = AtomicBool::new(false);
    let mut visible = Vec::new();
    let busy = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut all = Vec::new();
            while !done.load(Ordering::Relaxed) {
                all.extend(times(&matcher.snapshot(), posts, || !done.load(Ordering::Relaxed)));
            }
            all
        });
        for (number, query) in more.iter().enumerate() {
            let started = Instant::now();
            matcher.put((number * 7 % size) as i64, query);
            std::hint::black_box(matcher.snapshot());
            visible.push(started.elapsed());
            // Hundreds of changes a second are already more than people make.
            std::thread::park_timeout(PAUSE);
        }
        matcher.settle();
        done.store(true, Ordering::Relaxed);
        reader.join().expect("the reader does not panic")
    });
    println!("\n{} changes of {size} queries while posts are matched", more.len());
    println!(
        "  a change is visible after {:.2} ms at most, {:.2} ms in the middle (bar: 10)",
        quantile(visible.clone(), 1.0) / 1e3,
        quantile(visible, 0.5) / 1e3
    );
    println!(
        "  one post takes p99.9 {:.0} us, at most {:.0} us; without changes {:.0} us and {:.0} us (bar: no pause above 1,000)",
        quantile(busy.clone(), 0.999),
        quantile(busy, 1.0),
        quantile(quiet.clone(), 0.999),
        quantile(quiet, 1.0)
    );
}
