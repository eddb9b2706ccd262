//! Steps that make files of this repository out of others. Nothing here is part of the product.
//!
//! `cargo run --release -p xtask -- dictionary ru` makes `crates/text/data/ru.forms`; start with `dictionary.rs`.
//! `cargo run --release -p xtask -- language --data DIR` makes `crates/text/data/languages.model`; see `docs/language.md`.

mod dictionary;
mod language;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Makes files of this repository out of others")]
struct Arguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Compile a dictionary of word forms from a package of morphological data
    Dictionary {
        /// `ru` or `uk`
        language: String,
        /// The package, when it is here already; otherwise `pip` fetches it
        #[arg(long)]
        wheel: Option<PathBuf>,
        /// Where to write; `ru` has its place in the repository
        #[arg(long)]
        out: Option<PathBuf>,
        /// Write nothing, fail when the file is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Train the model that tells languages apart
    Language {
        /// The folder with `tone/rusentitweet-train.jsonl.gz` and `tone/semeval2017a-train.jsonl.gz`
        #[arg(long)]
        data: PathBuf,
        /// A folder with the `lingua-*-language-model` crates, when they are here already; otherwise `cargo vendor` fetches them
        #[arg(long)]
        crates: Option<PathBuf>,
        /// Where to write, instead of the place in the repository
        #[arg(long)]
        out: Option<PathBuf>,
        /// Texts seen in training of each alphabet, in thousands
        #[arg(long, default_value_t = 3_000)]
        thousands: usize,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().step {
        Step::Dictionary { language, wheel, out, check } => {
            dictionary::run(&language, wheel.as_deref(), out.as_deref(), check)
        }
        Step::Language { data, crates, out, thousands } => {
            language::run(&data, crates.as_deref(), out.as_deref(), thousands * 1_000)
        }
    }
}
