//! Learns and measures the models as `molva train` and `molva eval` do, without building the whole program:
//! `cargo run --release -p molva-enrichment --example score -- DATA [MODEL]`.
#![allow(clippy::print_stdout)]

#[path = "../../molva/src/commands/training_data.rs"]
mod training_data;

use std::time::Instant;

use molva_enrichment::training::corpora::Corpora;
use molva_enrichment::training::{Brands, measure_only, train};
use molva_enrichment::{Enricher, Models, Object, PostSigns};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or_else(|| anyhow::anyhow!("which data folder?"))?;
    let data = training_data::TrainingData::read(folder.as_ref())?;
    let started = Instant::now();
    let mut tell = |what: &str| println!("{:6.1} s {what}", started.elapsed().as_secs_f32());
    let learnt = train(&data.corpora, None, data.sources, &mut tell);
    let measured = measure_only(&data.corpora, &learnt.models, &mut tell);
    for score in learnt.scores.iter().chain(&measured) {
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
    speed(&data.corpora, &learnt.models);
    if let Some(out) = arguments.next() {
        let bytes = learnt.models.write();
        println!("{} bytes, {}", bytes.len(), learnt.models.version());
        std::fs::write(out, bytes)?;
    }
    Ok(())
}

/// How many mentions a second one thread judges, and how fast the models are read.
fn speed(corpora: &Corpora, models: &Models) {
    let mut brands = Brands::default();
    let mentions: Vec<_> = corpora
        .telecom
        .iter()
        .map(|example| {
            let (mut own, mut others) = (Vec::new(), Vec::new());
            brands.find(&example.text, &example.brand, &mut own, &mut others);
            (&example.text, own, others)
        })
        .collect();
    let mut enricher = Enricher::default();
    for _ in 0..3 {
        let started = Instant::now();
        for (text, own, others) in &mentions {
            let object = Some(Object { own, others });
            std::hint::black_box(enricher.judge(models, "", text, None, &PostSigns::default(), object));
        }
        println!("{:.0} judgements a second", mentions.len() as f64 / started.elapsed().as_secs_f64());
    }
    let bytes = models.write();
    let started = Instant::now();
    std::hint::black_box(Models::read(&bytes).is_ok());
    println!("{:.1} ms to read the models", started.elapsed().as_secs_f64() * 1e3);
}
