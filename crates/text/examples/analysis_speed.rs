//! How fast texts are cut: `cargo run --release --example analysis_speed -- POSTS.jsonl` (lines of `{"text": …}`).
#![expect(clippy::print_stdout, reason = "an example that prints")]
use std::time::Instant;

fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let file = std::fs::read_to_string(path).expect("a readable file");
    let texts: Vec<String> = file
        .lines()
        .filter_map(|line| {
            let at = line.find("\"text\": \"")? + 9;
            let end = line[at..].find("\", \"lang\"")? + at;
            Some(line[at..end].replace("\\n", "\n").replace("\\\"", "\""))
        })
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut analysis = molva_text::Analysis::default();
    let filter = molva_text::PrefixFilter::default();
    let mut best = f64::MAX;
    let mut tokens = 0;
    let passes: usize = std::env::args().nth(2).map_or(15, |passes| passes.parse().expect("a number"));
    let of_posts: usize = std::env::args().nth(3).map_or(usize::MAX, |posts| posts.parse().expect("a number"));
    let texts = &texts[..texts.len().min(of_posts)];
    for _ in 0..passes {
        let started = Instant::now();
        tokens = 0;
        for text in texts {
            analysis.run("", text, &filter);
            tokens += analysis.tokens().len();
        }
        best = best.min(started.elapsed().as_secs_f64());
    }
    println!(
        "{:.0} posts/s, {:.3} us/post, {:.0} MB/s, {:.1} tokens a post",
        texts.len() as f64 / best,
        best / texts.len() as f64 * 1e6,
        bytes as f64 / best / 1e6,
        tokens as f64 / texts.len() as f64
    );
}
