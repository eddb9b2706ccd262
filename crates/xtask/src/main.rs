//! Steps that make files of this repository out of others. Nothing here is part of the product.
//!
//! `cargo run --release -p xtask -- dictionary ru` makes `crates/text/data/ru.forms`; start with `dictionary.rs`.

mod dictionary;

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
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().step {
        Step::Dictionary { language, wheel, out, check } => {
            dictionary::run(&language, wheel.as_deref(), out.as_deref(), check)
        }
    }
}
