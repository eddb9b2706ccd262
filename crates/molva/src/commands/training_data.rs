//! The data folder that `molva train` and `molva eval` read: which file is what, its licence, and its hash.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use flate2::read::MultiGzDecoder;
use molva_enrichment::Source;
use molva_enrichment::training::corpora::{self, Corpora, Streamed};
use ring::digest;

/// Longest file read, unpacked, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// A file of the data folder.
struct File {
    path: &'static str,
    licence: &'static str,
    used: &'static str,
}

const TELECOM: File = File {
    path: "tone/sentirueval2016-telecom-train.jsonl.gz",
    licence: "SentiRuEval-2016, MIT",
    used: "tone towards objects in Russian and Ukrainian",
};
const BANKS: File = File { path: "tone/sentirueval2016-banks-train.jsonl.gz", ..TELECOM };
const RUSENTITWEET: File = File {
    path: "tone/rusentitweet-train.jsonl.gz",
    licence: "RuSentiTweet, Smetanin 2022",
    used: "tone of texts in Russian and Ukrainian",
};
const SEMEVAL: File =
    File { path: "tone/semeval2017a-train.jsonl.gz", licence: "SemEval-2017 task 4A", used: "tone in English" };
const AIRLINE: File = File {
    path: "tone/airline-train.jsonl.gz",
    licence: "CrowdFlower airline tweets, non-commercial",
    used: "measured only",
};
const COMPLAINTS: File =
    File { path: "intent/complaints-train.jsonl.gz", licence: "Preotiuc-Pietro 2019", used: "complaints in English" };
const PURCHASE: File =
    File { path: "intent/purchase-train.jsonl.gz", licence: "MIT", used: "purchase intent in English" };
const BANKING: File =
    File { path: "intent/banking77-train.jsonl.gz", licence: "CC BY 4.0", used: "help and questions in English" };
const CLINC: File = File { path: "intent/clinc150-train.jsonl.gz", licence: "CC BY 3.0", ..BANKING };
const STREAM: File = File {
    path: "replay/ru-brand-tweets.jsonl.gz",
    licence: "streams of SentiRuEval 2015 and 2016, research use",
    used: "smileys, and the texts behind our own labels",
};

/// The data folder, read.
pub(crate) struct TrainingData {
    pub(crate) corpora: Corpora,
    /// Those that models are learnt from.
    pub(crate) sources: Vec<Source>,
}

impl TrainingData {
    /// Reads the folder; a missing file is an error that names it.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut sources = Vec::new();
        let mut open = |file: &File| content(folder, file, &mut sources);
        let tones = ["negative", "neutral", "positive", "speech", "skip"];
        let telecom = open(&TELECOM)?;
        let banks = open(&BANKS)?;
        let rusentitweet = open(&RUSENTITWEET)?;
        let semeval = open(&SEMEVAL)?;
        let complaints = open(&COMPLAINTS)?;
        let purchase = open(&PURCHASE)?;
        let banking = open(&BANKING)?;
        let clinc = open(&CLINC)?;
        let stream = open(&STREAM)?;
        // Not among what models are learnt from.
        let airline = content(folder, &AIRLINE, &mut Vec::new())?;
        let read = |file: &File, error: corpora::CorpusError| anyhow::anyhow!("`{}`: {error}", file.path);
        let streamed = |file: &File, content: &str| corpora::streamed(content).map_err(|error| read(file, error));
        let stream = streamed(&STREAM, &stream)?;
        let mut errands = corpora::errands(&banking).map_err(|error| read(&BANKING, error))?;
        errands.extend(corpora::errands(&clinc).map_err(|error| read(&CLINC, error))?);
        let mut texts: Vec<Streamed> = stream.clone();
        for (file, content) in [(&TELECOM, &telecom), (&BANKS, &banks), (&RUSENTITWEET, &rusentitweet)] {
            texts.extend(streamed(file, content)?);
        }
        let corpora = Corpora {
            telecom: corpora::towards_brands(&telecom).map_err(|error| read(&TELECOM, error))?,
            banks: corpora::towards_brands(&banks).map_err(|error| read(&BANKS, error))?,
            rusentitweet: corpora::labelled(&rusentitweet, &tones).map_err(|error| read(&RUSENTITWEET, error))?,
            semeval: corpora::labelled(&semeval, &tones[..3]).map_err(|error| read(&SEMEVAL, error))?,
            airline: corpora::labelled(&airline, &tones[..3]).map_err(|error| read(&AIRLINE, error))?,
            complaints: corpora::labelled(&complaints, &["other", "complaint"])
                .map_err(|error| read(&COMPLAINTS, error))?,
            purchase: corpora::labelled(&purchase, &["other", "purchase"]).map_err(|error| read(&PURCHASE, error))?,
            errands,
            wanted: corpora::wanted(corpora::LABELS, &texts).context("our labels")?,
            wanted_english: corpora::wanted(corpora::ENGLISH_LABELS, &streamed(&SEMEVAL, &semeval)?)
                .context("our English labels")?,
            written: corpora::written(corpora::WRITTEN).context("what we wrote")?,
            wanted_held_out: corpora::wanted(corpora::HELD_OUT_LABELS, &texts).context("our held-out labels")?,
            stream,
        };
        for (name, labels, used) in [
            ("labels/train-ru.tsv", corpora::LABELS, "intents, stages and spam in Russian"),
            ("labels/train-en.tsv", corpora::ENGLISH_LABELS, "intents and stages in English"),
            ("labels/written.tsv", corpora::WRITTEN, "tone in Ukrainian and Russian, intents and stages"),
            ("labels/eval-ru.tsv", corpora::HELD_OUT_LABELS, "measured only"),
        ] {
            sources.push(Source {
                file: name.to_owned(),
                sha256: sha256(labels.as_bytes()),
                licence: "ours, Apache-2.0".to_owned(),
                rows: labels.lines().filter(|line| !line.starts_with('#')).count(),
                used: used.to_owned(),
            });
        }
        Ok(Self { corpora, sources })
    }
}

fn content(folder: &Path, file: &File, sources: &mut Vec<Source>) -> anyhow::Result<String> {
    let path = folder.join(file.path);
    let bytes = std::fs::read(&path)
        .with_context(|| format!("`{}` cannot be read; `--data` names the folder of the sets", path.display()))?;
    let mut content = String::new();
    MultiGzDecoder::new(bytes.as_slice())
        .take(MAX_BYTES)
        .read_to_string(&mut content)
        .with_context(|| format!("`{}` is no gzip of text", path.display()))?;
    sources.push(Source {
        file: file.path.to_owned(),
        sha256: sha256(&bytes),
        licence: file.licence.to_owned(),
        rows: content.lines().count(),
        used: file.used.to_owned(),
    });
    Ok(content)
}

/// In hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    digest::digest(&digest::SHA256, bytes).as_ref().iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
