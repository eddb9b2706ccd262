//! Posts per second against many stored queries, with what it is compared to measured in the same run.
//!
//! `cargo bench -p molva-matcher -- [--posts FILE] [--queries FILE] [--largest N]`: posts are JSON lines `{text}`, plain or
//! gzip, queries `{expr}`; without files both are made here. `--instructions WORK QUERIES POSTS` does one thing once, for
//! `scripts/instructions.sh` to count. One thread is timed by its processor's clock, several by the wall's.

#![expect(clippy::print_stdout, reason = "printing is what a benchmark is for")]

mod compare;
mod timing;
mod workload;

use std::time::Instant;

use molva_domain::Post;
use molva_matcher::Matcher;
use molva_query::{Query, parse};

use timing::{best, count, p99_us, rate, two_threads};
use workload::{Mix, Workload};

type Failure = Box<dyn std::error::Error>;

/// Bars in posts a second: one thread, two threads; and bytes a query.
const BARS: &[(usize, f64, f64, usize)] =
    &[(1_000, 700e3, 1_250e3, 700), (10_000, 450e3, 970e3, 400), (100_000, 160e3, 270e3, 300)];

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let option = |name: &str| arguments.iter().position(|one| one == name).and_then(|at| arguments.get(at + 1));
    if let Some(at) = arguments.iter().position(|one| one == "--instructions") {
        return instructions(&arguments[at + 1], arguments[at + 2].parse()?, arguments[at + 3].parse()?);
    }
    let largest: usize = option("--largest").map_or(Ok(100_000), |number| number.parse())?;
    let workload = Workload::new(option("--posts"), option("--queries"))?;
    let posts = workload.posts();
    let bytes: usize = posts.iter().map(|post| post.text.len()).sum();
    println!("{} posts of {} bytes on average, {} from files", posts.len(), bytes / posts.len(), workload.origin());
    compare::analysis(posts);
    for (queries, one, two, memory) in BARS.iter().filter(|bar| bar.0 <= largest) {
        let texts = workload.queries(*queries, Mix::default());
        percolate(posts, &texts, (*one, *two, *memory));
    }
    let size = largest.min(10_000);
    compare::mixes(&workload, size);
    compare::long_topics(&workload);
    compare::updates(&workload, largest);
    Ok(())
}

fn percolate(posts: &[Post], texts: &[String], (bar_one, bar_two, bar_memory): (f64, f64, usize)) {
    let (matcher, queries, parsed, loaded) = load(posts, texts);
    let snapshot = matcher.snapshot();
    let (seconds, matches) = best(|| count(&snapshot, posts));
    let one = rate(posts, seconds);
    let two = rate(posts, two_threads(&snapshot, posts));
    let brute = compare::brute_force(&snapshot, posts, &queries);
    let (literal, terms) = compare::literal_scan(posts, texts);
    println!("\n{} queries, {matches} matches", queries.len());
    println!("  1 thread    {one:>9.0} posts/s   bar {bar_one:.0}");
    println!("  2 threads   {two:>9.0} posts/s   bar {bar_two:.0}");
    println!("  memory      {:>9} bytes a query   bar {bar_memory}", snapshot.bytes() / queries.len());
    println!("  p99         {:>9.1} us a post   bar 50 at 100,000", p99_us(&snapshot, posts));
    println!("  load        {:>9.2} s, {parsed:.2} of it reading the texts   bar 1 at 100,000", parsed + loaded);
    println!("  {:.0} x the plain evaluator ({brute:.1} posts/s), the same matches in the sample", one / brute);
    println!("  {:.2} x a literal scan of the {terms} terms ({literal:.0} posts/s, nothing evaluated)", one / literal);
}

/// A matcher that knows the words of the stream; the queries; seconds to read them and to put them in.
pub(crate) fn load(posts: &[Post], texts: &[String]) -> (Matcher, Vec<Query>, f64, f64) {
    let matcher = Matcher::new();
    for post in posts.iter().step_by(posts.len().div_ceil(4_000)) {
        matcher.observe("", &post.text);
    }
    let started = Instant::now();
    let queries: Vec<Query> = texts.iter().filter_map(|text| parse(text).query).collect();
    let parsed = started.elapsed().as_secs_f64();
    assert_eq!(queries.len(), texts.len(), "a query of the workload does not parse");
    let started = Instant::now();
    matcher.put_all(queries.iter().enumerate().map(|(id, query)| (id as i64, query)));
    (matcher, queries, parsed, started.elapsed().as_secs_f64())
}

/// Everything but the work on the posts is the same whatever their number, so that the difference of two runs is theirs.
fn instructions(work: &str, queries: usize, posts: usize) -> Result<(), Failure> {
    let workload = Workload::small()?;
    let posts = workload.posts().iter().cycle().take(posts);
    if work == "analysis" {
        println!("{} tokens", compare::tokens(posts));
        return Ok(());
    }
    let mix = Mix { any_form: work == "any_form", ..Mix::default() };
    let (matcher, ..) = load(workload.posts(), &workload.queries(queries, mix));
    println!("{} matches", count(&matcher.snapshot(), posts));
    Ok(())
}
