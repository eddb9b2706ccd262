//! Posts per second against many stored queries, beside the plain evaluator, in one run.
//!
//! `cargo bench -p molva-matcher -- POSTS.jsonl[.gz] QUERIES.jsonl [LARGEST]`: posts are `{text}`, queries `{expr}` whose
//! words are exact forms. Without files it says so and does nothing. One thread is timed on its processor's clock.

#![expect(clippy::print_stdout, reason = "printing is what a benchmark is for")]

use std::io::{BufRead, BufReader, Read};
use std::time::{Duration, Instant};

use molva_domain::{Post, Timestamp, Urn};
use molva_matcher::{Matcher, Scratch, Snapshot};
use molva_query::{Query, parse};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [posts, queries, rest @ ..] = arguments.as_slice() else {
        println!("percolate: SKIPPED, no files given: cargo bench -p molva-matcher -- POSTS.jsonl[.gz] QUERIES.jsonl");
        return Ok(());
    };
    let largest = rest.first().map_or(Ok(usize::MAX), |number| number.parse())?;
    let posts: Vec<Post> = fields(posts, "text")?.into_iter().map(post).collect();
    let expressions = fields(queries, "expr")?;
    let bytes: usize = posts.iter().map(|post| post.text.len()).sum();
    println!("{} posts of {} bytes on average", posts.len(), bytes / posts.len().max(1));
    preview(&posts);
    for count in [1_000, 10_000, 100_000] {
        if count <= largest.min(expressions.len()) {
            percolate(&posts, &expressions[..count]);
        }
    }
    Ok(())
}

fn fields(path: &str, name: &str) -> Result<Vec<String>, Failure> {
    let file = std::fs::File::open(path)?;
    let reader: Box<dyn Read> =
        if path.ends_with(".gz") { Box::new(flate2::read::GzDecoder::new(file)) } else { Box::new(file) };
    let mut found = Vec::new();
    for line in BufReader::new(reader).lines() {
        let value: serde_json::Value = serde_json::from_str(&line?)?;
        found.push(value[name].as_str().unwrap_or_default().to_owned());
    }
    Ok(found)
}

fn post(text: String) -> Post {
    let at = Timestamp::from_secs(1_772_323_200);
    Post::new(Urn::new("urn:smm:bench:post:1"), "bench", text, at, at)
}

/// Words of the generator are exact forms.
fn exact(expression: &str) -> String {
    let mut quoted = false;
    let mut out = String::new();
    for piece in expression.split_inclusive([' ', '(', ')', '"']) {
        let word = piece.trim_end_matches([' ', '(', ')', '"']);
        let operator = matches!(word, "" | "AND" | "OR" | "NOT") || word.starts_with("NEAR/") || word.ends_with('*');
        if !operator && !quoted {
            out.push('=');
        }
        out.push_str(piece);
        quoted ^= piece.ends_with('"');
    }
    out
}

/// What a look back costs: one query of word forms over everything kept.
fn preview(posts: &[Post]) {
    let matcher = Matcher::new();
    let Some(query) = parse("(билайн OR beeline) AND (связь OR интернет) NOT вакансия").query
    else {
        return;
    };
    matcher.put(1, &query);
    let snapshot = matcher.snapshot();
    let (seconds, found) = best(|| {
        let mut scratch = Scratch::default();
        posts.iter().filter(|post| snapshot.may_match("", &post.text, &mut scratch)).count()
    });
    println!(
        "preview, 1 query: {:>9.0} posts/s, {:.2} us/post, {found} may match",
        rate(posts, seconds),
        1e6 / rate(posts, seconds)
    );
    let (seconds, _) = best(|| {
        let mut analysis = molva_text::Analysis::default();
        posts
            .iter()
            .map(|post| {
                analysis.run("", &post.text, &molva_text::PrefixFilter::default());
                analysis.tokens().len()
            })
            .sum::<usize>()
    });
    println!("analysis alone:   {:>9.0} posts/s, {:.2} us/post", rate(posts, seconds), 1e6 / rate(posts, seconds));
}

fn percolate(posts: &[Post], expressions: &[String]) {
    let texts: Vec<String> = expressions.iter().map(|expression| exact(expression)).collect();
    let started = Instant::now();
    let queries: Vec<Query> = texts.iter().filter_map(|text| parse(text).query).collect();
    let parsed = started.elapsed();
    let matcher = Matcher::new();
    matcher.put_all(queries.iter().enumerate().map(|(id, query)| (id as i64, query)));
    let loaded = started.elapsed();
    // Once over the posts, so that frequencies are known, then anchored anew as a running system is.
    let snapshot = matcher.snapshot();
    count(&snapshot, posts);
    matcher.put_all(queries.iter().enumerate().map(|(id, query)| (id as i64, query)));
    let snapshot = matcher.snapshot();
    let (seconds, matches) = best(|| count(&snapshot, posts));
    let half = posts.len() / 2;
    let started = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| count(&snapshot, &posts[..half]));
        count(&snapshot, &posts[half..]);
    });
    let pair = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let sample = &posts[..posts.len().min(50_000 / queries.len().max(1)).max(2)];
    let expected: usize = sample.iter().map(|post| queries.iter().filter(|query| query.matches(post)).count()).sum();
    let plain = sample.len() as f64 / started.elapsed().as_secs_f64();
    let agreed = if count(&snapshot, sample) == expected { "agrees" } else { "DISAGREES" };
    let started = Instant::now();
    matcher.put(-1, &queries[0]);
    let update = started.elapsed();
    println!(
        "{} queries: 1 thread {:>9.0} posts/s, 2 threads {:>9.0} by the wall clock, p99 {:.1} us; parsed {:.2} s, loaded {:.2} s, {} bytes/query, \
         update {:.1} ms, {matches} matches; plain evaluator {plain:.1} posts/s, {agreed} on {}",
        queries.len(),
        rate(posts, seconds),
        rate(posts, pair),
        p99(&snapshot, posts),
        parsed.as_secs_f64(),
        loaded.as_secs_f64(),
        snapshot.bytes() / queries.len().max(1),
        update.as_secs_f64() * 1e3,
        sample.len(),
    );
}

fn count(snapshot: &Snapshot, posts: &[Post]) -> usize {
    let mut scratch = Scratch::default();
    posts.iter().map(|post| snapshot.matches(post, &mut scratch).len()).sum()
}

fn p99(snapshot: &Snapshot, posts: &[Post]) -> f64 {
    let mut scratch = Scratch::default();
    let mut times: Vec<Duration> = posts
        .iter()
        .map(|post| {
            let started = Instant::now();
            std::hint::black_box(snapshot.matches(post, &mut scratch));
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(times.len() * 99 / 100).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

fn rate(posts: &[Post], seconds: f64) -> f64 {
    posts.len() as f64 / seconds
}

/// The best of five passes, as the machine may be shared.
fn best<T>(mut pass: impl FnMut() -> T) -> (f64, T) {
    let mut times = Vec::new();
    loop {
        let (started, used) = (Instant::now(), processor_seconds());
        let result = std::hint::black_box(pass());
        let wall = started.elapsed().as_secs_f64();
        let used = processor_seconds().zip(used).map(|(after, before)| after - before);
        times.push(used.unwrap_or(wall));
        if times.len() == 5 {
            return (times.into_iter().fold(f64::MAX, f64::min), result);
        }
    }
}

/// Time this thread has been on a processor, where the system tells it.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}
