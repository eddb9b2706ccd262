//! Learns and measures heads as `molva train --encoder` does, without building the whole program:
//! `cargo run --release -p molva-encoder --example heads -- DATA ENCODER VECTORS cyrillic|latin [HEADS]`.
#![allow(clippy::print_stdout)]

#[path = "../../molva/src/commands/training_data.rs"]
mod training_data;
#[path = "../../molva/src/commands/vectors.rs"]
mod vectors;

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use molva_encoder::SentenceEncoder;
use molva_enrichment::Models;
use molva_enrichment::training::{Alphabets, measure_heads_only, train_heads};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, encoder, kept, alphabet, rest @ ..] = &arguments[..] else {
        anyhow::bail!("DATA ENCODER VECTORS ALPHABET")
    };
    let data = training_data::TrainingData::read(folder.as_ref())?;
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let encoder = SentenceEncoder::open(Path::new(encoder), threads)?;
    println!("{}", molva_enrichment::slow::Encoder::name(&encoder));
    let encoder = vectors::Remembering::new(encoder, Some(Path::new(kept)), |text| eprintln!("{text}"))?;
    let alphabets = Alphabets { cyrillic: alphabet == "cyrillic", latin: alphabet == "latin" };
    let started = Instant::now();
    let mut tell = |what: &str| println!("{:6.1} s {what}", started.elapsed().as_secs_f32());
    let models = Models::shipped();
    let only = measure_heads_only(&data.corpora, models, &encoder, alphabets, &mut tell)?;
    only.iter().for_each(show);
    let learnt = train_heads(&data.corpora, models, &encoder, alphabets, data.sources, &mut tell)?;
    learnt.scores.iter().for_each(show);
    if let [out] = rest {
        let bytes = learnt.heads.write();
        println!("{} bytes, {}", bytes.len(), learnt.heads.version());
        std::fs::write(out, bytes)?;
    }
    Ok(())
}

fn show(score: &molva_enrichment::Score) {
    let classes: Vec<String> = score.classes.iter().map(|(name, f1)| format!("{name} {f1:.3}")).collect();
    println!(
        "{:26} {:22} {:.4} [{:.3}-{:.3}] ece {:.4} n {} {}",
        score.set,
        score.method,
        score.value,
        score.low,
        score.high,
        score.calibration_error.unwrap_or(f64::NAN),
        score.examples,
        classes.join(" ")
    );
}
