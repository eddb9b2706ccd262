//! `molva enrich`

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use molva_domain::{Intent, Language, PostId, Timestamp};
use molva_enrichment::slow::{Asked, SecondOpinion};
use molva_enrichment::stories::{Limits, Signer, Stories};
use molva_enrichment::training::Brands;
use molva_enrichment::{Enricher, Judgement, Models, Object, PostSigns, Span, TextTone, ToneScores};
use serde_json::{Map, Value, json};

use crate::commands::encoder;
use crate::output;

/// Longest line read, in bytes.
const MAX_LINE: u64 = 4 << 20;
/// Most objects judged in one post.
const MAX_OBJECTS: usize = 64;
/// Posts judged together where an encoder is asked: it is quicker with texts of like length.
const TOGETHER: usize = 256;
/// Bad lines named one by one; the rest is counted.
const MAX_NAMED: u64 = 20;

#[derive(Args, Debug)]
pub(crate) struct Enrich {
    /// JSONL of `{id, text, lang?, brands?}`, plain or gzip; `-` is standard input
    #[arg(long = "in", value_name = "FILE")]
    input: PathBuf,

    /// JSONL of `{id, lang, tone, tone_p, intent, stage, spam_p, story}`, gzip when it ends in `.gz`; `-` is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Key of the names of the objects to judge in a post
    #[arg(long, default_value = "brands", value_name = "KEY")]
    object_field: String,

    /// Model file; default: the one that is part of the program
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,

    /// Judges every mention a second time with the heads over this encoder: some ten or a hundred a second, not tens of
    /// thousands. A folder with `config.json`, `tokenizer.json`, `model.safetensors` and `molva.heads`
    #[arg(long, value_name = "DIR")]
    encoder: Option<PathBuf>,

    /// File of the heads; default: `molva.heads` in the encoder's folder
    #[arg(long, value_name = "FILE", requires = "encoder")]
    heads: Option<PathBuf>,

    /// Says at the end how many posts a second were judged
    #[arg(long)]
    stats: bool,
}

/// A line of the input.
struct Line {
    id: Value,
    text: String,
    language: Option<Language>,
    objects: Vec<String>,
    published: Option<Timestamp>,
}

/// What the work costs and what came of it.
#[derive(Default)]
struct Account {
    lines: u64,
    judged: u64,
    judgements: u64,
    bad: u64,
    judging: Duration,
}

impl Enrich {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let models = models(self.model.as_deref())?;
        let opinion = match &self.encoder {
            None => None,
            Some(folder) => {
                let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
                Some(encoder::opinion(folder, self.heads.as_deref(), threads)?)
            }
        };
        let opinion = opinion.as_ref().map(|opinion| opinion as &dyn SecondOpinion);
        let started = Instant::now();
        let mut input = open(&self.input)?;
        let mut out = create(&self.out)?;
        let mut work = Work::new(&models, opinion);
        let together = if opinion.is_some() { TOGETHER } else { 1 };
        let mut account = Account::default();
        let mut line = Vec::new();
        let mut posts = Vec::new();
        let mut more = true;
        while more {
            line.clear();
            more = next_line(&mut input, &mut line)?;
            if more {
                account.lines += 1;
            }
            if !line.iter().all(u8::is_ascii_whitespace) {
                match self.read(&line) {
                    Ok(post) => posts.push(post),
                    Err(error) => account.note(&error),
                }
            }
            if posts.len() >= together || !more {
                let judging = Instant::now();
                let answers = work.judge_all(&posts, &mut account)?;
                account.judging += judging.elapsed();
                account.judged += answers.len() as u64;
                posts.clear();
                for answer in answers {
                    serde_json::to_writer(&mut out, &answer)?;
                    out.write_all(b"\n")?;
                }
            }
        }
        out.flush()?;
        drop(out);
        if account.bad > 0 {
            output::note(format!("{} of {} lines could not be read and were left out", account.bad, account.lines));
        }
        if self.stats {
            account.show(started.elapsed());
        }
        Ok(ExitCode::SUCCESS)
    }

    fn read(&self, line: &[u8]) -> anyhow::Result<Line> {
        if line.len() as u64 > MAX_LINE {
            anyhow::bail!("longer than {} MB", MAX_LINE >> 20);
        }
        let value: Value = serde_json::from_slice(line).context("no JSON")?;
        let Value::Object(mut fields) = value else { anyhow::bail!("no JSON object") };
        let Some(Value::String(text)) = fields.remove("text") else { anyhow::bail!("`text` is no text") };
        let id = fields.remove("id").context("`id` is missing")?;
        let language = fields.get("lang").and_then(Value::as_str).and_then(Language::parse);
        let objects = match fields.remove(&self.object_field) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names
                .into_iter()
                .map(|name| match name {
                    Value::String(name) => Ok(name),
                    _ => Err(anyhow::anyhow!("`{}` holds what is no text", self.object_field)),
                })
                .collect::<anyhow::Result<_>>()?,
            Some(_) => anyhow::bail!("`{}` is no list of names", self.object_field),
        };
        if objects.len() > MAX_OBJECTS {
            anyhow::bail!("`{}` has more than {MAX_OBJECTS} names", self.object_field);
        }
        let published = fields.get("published").and_then(Value::as_i64).map(Timestamp::from_secs);
        Ok(Line { id, text, language, objects, published })
    }
}

/// The models of a file, or those that are part of the program.
pub(crate) fn models(file: Option<&Path>) -> anyhow::Result<Cow<'static, Models>> {
    let Some(path) = file else { return Ok(Cow::Borrowed(Models::shipped())) };
    let bytes = std::fs::read(path).with_context(|| format!("the model file `{}` cannot be read", path.display()))?;
    Ok(Cow::Owned(Models::read(&bytes).with_context(|| format!("`{}`", path.display()))?))
}

/// An object of a post, and where it and its rivals stand; without a name, the text as a whole.
struct Towards {
    name: Option<String>,
    own: Vec<Span>,
    others: Vec<Span>,
}

struct Work<'a> {
    models: &'a Models,
    opinion: Option<&'a dyn SecondOpinion>,
    enricher: Enricher,
    brands: Brands,
    signer: Signer,
    stories: Stories,
    posts: i64,
}

impl<'a> Work<'a> {
    fn new(models: &'a Models, opinion: Option<&'a dyn SecondOpinion>) -> Self {
        Self {
            models,
            opinion,
            enricher: Enricher::default(),
            brands: Brands::default(),
            signer: Signer::default(),
            stories: Stories::new(Limits::default()),
            posts: 0,
        }
    }

    fn judge_all(&mut self, posts: &[Line], account: &mut Account) -> anyhow::Result<Vec<Value>> {
        let places: Vec<Vec<Towards>> = posts.iter().map(|post| self.places(post)).collect();
        let asked: Vec<Asked<'_>> = posts
            .iter()
            .zip(&places)
            .flat_map(|(post, places)| {
                let language = post.language.or_else(|| molva_text::detect_language(&post.text));
                places.iter().map(move |towards| {
                    let object = Object { own: &towards.own, others: &towards.others };
                    let object = towards.name.is_some().then_some(object);
                    Asked { title: "", text: &post.text, language, signs: PostSigns::default(), object }
                })
            })
            .collect();
        account.judgements += asked.len() as u64;
        let judged = match self.opinion {
            Some(opinion) => opinion.judge(self.models, &asked)?,
            None => vec![None; asked.len()],
        };
        let mut judged = asked.iter().zip(judged).map(|(asked, judged)| {
            let Asked { title, text, language, signs, object } = *asked;
            judged.unwrap_or_else(|| self.enricher.judge(self.models, title, text, language, &signs, object))
        });
        let judged: Vec<Vec<Judgement>> =
            places.iter().map(|places| judged.by_ref().take(places.len()).collect()).collect();
        Ok(posts
            .iter()
            .zip(places)
            .zip(judged)
            .map(|((post, places), judged)| self.say(post, places, &judged))
            .collect())
    }

    fn places(&mut self, post: &Line) -> Vec<Towards> {
        if post.objects.is_empty() {
            return vec![Towards { name: None, own: Vec::new(), others: Vec::new() }];
        }
        let one = |name: &String| {
            let (mut own, mut others) = (Vec::new(), Vec::new());
            self.brands.find(&post.text, name, &mut own, &mut others);
            Towards { name: Some(name.clone()), own, others }
        };
        post.objects.iter().map(one).collect()
    }

    fn say(&mut self, post: &Line, places: Vec<Towards>, judged: &[Judgement]) -> Value {
        let language = post.language.or_else(|| molva_text::detect_language(&post.text));
        let judgement = &judged[0];
        let (mut tones, mut probabilities) = (Map::new(), Map::new());
        for (name, judgement) in
            places.into_iter().zip(judged).filter_map(|(towards, said)| Some((towards.name?, said)))
        {
            tones.insert(name.clone(), judgement.tone.said.as_str().into());
            probabilities.insert(name, three(judgement.tone));
        }
        let (tone, tone_p) = if post.objects.is_empty() {
            of_text(judgement)
        } else {
            (Value::Object(tones), Value::Object(probabilities))
        };
        self.posts += 1;
        let signature = self.signer.sign("", &post.text);
        let at = post.published.unwrap_or(Timestamp::from_secs(0));
        let story = self.stories.place(signature, PostId::from(self.posts), at).story;
        json!({
            "id": post.id,
            "lang": language.map(|language| language.to_string()),
            "tone": tone,
            "tone_p": tone_p,
            "intent": intents(judgement),
            "stage": judgement.stage.said.map_or("none", |stage| stage.as_str()),
            "spam_p": rounded(judgement.spam),
            "story": story.to_string(),
        })
    }
}

/// The tone of a text without an object: five classes in Russian and Ukrainian, three elsewhere.
fn of_text(judgement: &Judgement) -> (Value, Value) {
    match judgement.text_tone {
        Some(tone) => {
            let values = [tone.negative, tone.neutral, tone.positive, tone.speech, tone.skip];
            let probabilities: Map<String, Value> =
                TextTone::NAMES.iter().zip(values).map(|(name, value)| ((*name).to_owned(), rounded(value))).collect();
            (TextTone::NAMES[tone.said].into(), Value::Object(probabilities))
        }
        None => (judgement.tone.said.as_str().into(), three(judgement.tone)),
    }
}

fn three(tone: ToneScores) -> Value {
    json!({ "negative": rounded(tone.negative), "neutral": rounded(tone.neutral), "positive": rounded(tone.positive) })
}

/// Spam stands on its own, as `spam_p`.
fn intents(judgement: &Judgement) -> Value {
    let scores = Intent::ALL.iter().zip(judgement.intents).filter(|(intent, _)| **intent != Intent::Spam);
    let mut intents: Map<String, Value> =
        scores.map(|(intent, score)| (intent.as_str().to_owned(), rounded(score))).collect();
    intents.insert("other".to_owned(), rounded(judgement.other));
    Value::Object(intents)
}

/// Four decimals say all there is.
fn rounded(value: f32) -> Value {
    ((f64::from(value) * 1e4).round() / 1e4).into()
}

impl Account {
    /// A line that could not be read.
    fn note(&mut self, error: &anyhow::Error) {
        self.bad += 1;
        if self.bad <= MAX_NAMED {
            output::note(format!("line {}: {error:#}", self.lines));
        }
    }

    fn show(&self, all: Duration) {
        let a_second = |count: u64, time: Duration| count as f64 / time.as_secs_f64().max(1e-9);
        output::note(format!(
            "{} posts in {:.2} s ({:.0} a second on one core); judging alone: {} judgements, {:.0} a second; {} bad lines",
            self.judged,
            all.as_secs_f64(),
            a_second(self.judged, all),
            self.judgements,
            a_second(self.judgements, self.judging),
            self.bad,
        ));
    }
}

fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    let plain: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(path).with_context(|| format!("`{}` cannot be read", path.display()))?)
    };
    let mut plain = BufReader::with_capacity(1 << 16, plain);
    let gzip =
        plain.fill_buf().with_context(|| format!("`{}` cannot be read", path.display()))?.starts_with(&[0x1f, 0x8b]);
    Ok(if gzip { Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(plain))) } else { Box::new(plain) })
}

fn create(path: &Path) -> anyhow::Result<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufWriter::new(std::io::stdout().lock())));
    }
    let file = File::create(path).with_context(|| format!("`{}` cannot be written", path.display()))?;
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if packed {
        Box::new(BufWriter::with_capacity(1 << 16, GzEncoder::new(file, Compression::default())))
    } else {
        Box::new(BufWriter::with_capacity(1 << 16, file))
    })
}

/// Reads a line; of one that is too long, only so much that it shows. False at the end.
fn next_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> anyhow::Result<bool> {
    if input.take(MAX_LINE + 1).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.len() as u64 > MAX_LINE && line.last() != Some(&b'\n') {
        let mut rest = Vec::new();
        loop {
            rest.clear();
            let read = input.take(MAX_LINE).read_until(b'\n', &mut rest)?;
            if read == 0 || rest.last() == Some(&b'\n') {
                break;
            }
        }
    }
    Ok(true)
}
