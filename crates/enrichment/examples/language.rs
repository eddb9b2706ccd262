//! How well and how fast languages are told: `cargo run --release -p molva-enrichment --example language -- ru=POSTS.jsonl.gz en=…`
//!
//! Each file holds `{text}` a line in the language it is given for.

#![expect(clippy::print_stdout, reason = "it is run to be read")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};

#[path = "stories/cpu_time.rs"]
mod cpu_time;

use cpu_time::cpu_time;
use molva_text::detect_language;

/// Letters of the short test.
const SHORT: usize = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for argument in std::env::args().skip(1) {
        let (language, path) = argument.split_once('=').ok_or("say which language a file is in, as `ru=FILE`")?;
        let lines = BufReader::new(flate2::read::MultiGzDecoder::new(std::fs::File::open(path)?)).lines();
        let texts = lines
            .map(|line| {
                let value: serde_json::Value = serde_json::from_str(&line?)?;
                Ok(value["text"].as_str().ok_or("a line has no `text`")?.to_owned())
            })
            .collect::<Result<Vec<String>, Box<dyn std::error::Error>>>()?;
        let shorts: Vec<String> = texts.iter().map(|text| text.chars().take(SHORT).collect()).collect();
        for (name, texts) in [("whole", &texts), ("first 20 letters", &shorts)] {
            // Once in vain, so that the tables are in the caches.
            texts.iter().for_each(|text| _ = std::hint::black_box(detect_language(text)));
            let begun = cpu_time();
            let mut told: BTreeMap<String, usize> = BTreeMap::new();
            for text in texts {
                let language = detect_language(text).map_or_else(|| "unknown".to_owned(), |found| found.to_string());
                *told.entry(language).or_default() += 1;
            }
            let each = (cpu_time() - begun).as_nanos() as f64 / 1_000.0 / texts.len() as f64;
            let right = told.get(language).copied().unwrap_or_default() as f64 / texts.len() as f64;
            let mut told: Vec<_> = told.into_iter().filter(|(found, _)| found != language).collect();
            told.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            told.truncate(5);
            println!("{language} {name}: {right:.4} of {}, {each:.2} µs each; others {told:?}", texts.len());
        }
    }
    Ok(())
}
