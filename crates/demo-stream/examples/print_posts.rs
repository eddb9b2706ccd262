//! Prints a stretch of the demo stream for reading: `cargo run --example print_posts -- [posts] [seed] [language]`.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::time::{Duration, Instant};

use molva_demo_stream::DemoStream;
use molva_domain::Timestamp;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let wanted: usize = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(100);
    let seed = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let language = arguments.next();
    let from = Timestamp::from_secs(1_772_467_200);
    let started = Instant::now();
    let posts = DemoStream::new(seed, 20_000).labelled_between(from, from.plus(Duration::from_secs(86_400)));
    let took = started.elapsed();
    let chosen = posts.iter().filter(|(post, _)| {
        language.as_deref().is_none_or(|code| post.language.is_some_and(|language| language.code() == code))
    });
    for (post, label) in chosen.take(wanted) {
        println!(
            "{} {}/{} {} | {} | {}",
            &post.published_at.to_rfc3339()[11..16],
            post.network,
            post.kind,
            label.intent.as_str(),
            post.author.name.as_deref().unwrap_or("?"),
            post.title.as_deref().unwrap_or("")
        );
        println!("    {}", post.text.replace('\n', "\n    "));
    }
    println!("{} posts in {took:?}", posts.len());
}
