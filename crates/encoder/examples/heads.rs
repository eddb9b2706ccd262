//! Learns and measures heads as `molva train --encoder` does, or with `teach` the fast models as `molva train --teacher`, without
//! building the whole program: `cargo run --release -p molva-encoder --example heads -- DATA ENCODER VECTORS
//! cyrillic|latin|teach [OUT]`.
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
use molva_enrichment::training::{Alphabets, Teacher, measure_heads_only, measure_only, train, train_heads};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, encoder_folder, kept, what, rest @ ..] = &arguments[..] else {
        anyhow::bail!("DATA ENCODER VECTORS cyrillic|latin|teach")
    };
    let data = training_data::TrainingData::read(folder.as_ref())?;
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let encoder = SentenceEncoder::open(Path::new(encoder_folder), threads)?;
    println!("{}", molva_enrichment::slow::Encoder::name(&encoder));
    let encoder = vectors::Remembering::new(encoder, Some(Path::new(kept)), |text| eprintln!("{text}"))?;
    let started = Instant::now();
    let mut tell = |what: &str| println!("{:6.1} s {what}", started.elapsed().as_secs_f32());
    let (version, bytes) = if what == "teach" {
        let teacher = Teacher::hear(&data.corpora, &encoder)?;
        let source = vectors::source(&encoder, Path::new(encoder_folder), teacher.posts())?;
        let sources = data.sources.into_iter().chain([source]).collect();
        let learnt = train(&data.corpora, Some(&teacher), sources, &mut tell);
        measure_only(&data.corpora, &learnt.models, &mut tell).iter().chain(&learnt.scores).for_each(show);
        (learnt.models.version().to_owned(), learnt.models.write())
    } else {
        let alphabets = Alphabets { cyrillic: what == "cyrillic", latin: what == "latin" };
        let models = Models::shipped();
        let only = measure_heads_only(&data.corpora, models, &encoder, alphabets, &mut tell)?;
        let learnt = train_heads(&data.corpora, models, &encoder, alphabets, data.sources, &mut tell)?;
        only.iter().chain(&learnt.scores).for_each(show);
        (learnt.heads.version().to_owned(), learnt.heads.write())
    };
    if let [out] = rest {
        println!("{} bytes, {version}", bytes.len());
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
