//! `molva enrich`: one thread reads lines, the others judge them, and the answers are put together in the order of the input.

mod answer;
mod clock;
mod line;
mod worker;

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use molva_domain::PostId;
use molva_enrichment::Models;
use molva_enrichment::slow::SecondOpinion;
use molva_enrichment::stories::{Limits, Stories};

use self::clock::{Spent, Watch};
use self::line::Lines;
use self::worker::{Answers, Worker};
use crate::commands::encoder;
use crate::output;

/// Bad lines named one by one; the rest is counted.
const MAX_NAMED: u64 = 20;
/// Threads at most: one puts the answers of all of them together.
const MAX_THREADS: usize = 16;

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

    /// Threads that judge; default: one a core, 16 at most
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,

    /// Says at the end how many posts a second were judged, and how many one core judges
    #[arg(long)]
    stats: bool,
}

impl Enrich {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let models = models(self.model.as_deref())?;
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let opinion = match &self.encoder {
            None => None,
            Some(folder) => Some(encoder::opinion(folder, self.heads.as_deref(), cores)?),
        };
        let opinion = opinion.as_ref().map(|opinion| opinion as &dyn SecondOpinion);
        // An encoder keeps all cores busy itself.
        let threads = if opinion.is_some() { 1 } else { self.threads.unwrap_or(cores).get().min(MAX_THREADS) };
        let started = Instant::now();
        let input = open(&self.input)?;
        let mut sink = Sink::new(create(&self.out)?);
        let (lines, work) = channels(threads);
        // Not waited for when something fails: a pipe that nobody writes to would keep the failure from being told.
        let reader = std::thread::spawn(move || read(input, &lines));
        std::thread::scope(|scope| {
            let worked: Vec<_> = work
                .into_iter()
                .map(|lines| {
                    let (answers, answered) = sync_channel(2);
                    let mut worker = Worker::new(&models, opinion, &self.object_field);
                    scope.spawn(move || work_off(&mut worker, &lines, &answers));
                    answered
                })
                .collect();
            // Every thread has its turn, so that answers come in the order of lines.
            for answered in worked.iter().cycle() {
                let Ok(answers) = answered.recv() else { break };
                sink.put(answers?)?;
            }
            anyhow::Ok(())
        })?;
        reader.join().map_err(|_| anyhow::anyhow!("reading the input broke off"))?;
        let account = sink.finish()?;
        if account.bad > 0 {
            output::note(format!("{} of {} lines could not be read and were left out", account.bad, account.lines));
        }
        if self.stats {
            account.show(started.elapsed(), threads);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What the reader hands to a thread that judges, with the time it took.
type Handed = std::io::Result<(Lines, Duration)>;

fn channels(threads: usize) -> (Vec<SyncSender<Handed>>, Vec<Receiver<Handed>>) {
    (0..threads).map(|_| sync_channel(2)).unzip()
}

/// Hands lines to the threads, each in its turn, until the input ends or nobody listens.
fn read(mut input: Box<dyn BufRead + Send>, threads: &[SyncSender<Handed>]) {
    let (mut watch, mut before) = (Watch::start(), 0);
    for thread in threads.iter().cycle() {
        let lines = Lines::read(&mut input, before);
        let read = lines.as_ref().map_or(1, Lines::len);
        before += read as u64;
        let mut took = Duration::ZERO;
        watch.lap(&mut took);
        if read == 0 || thread.send(lines.map(|lines| (lines, took))).is_err() {
            return;
        }
    }
}

fn work_off(worker: &mut Worker<'_>, lines: &Receiver<Handed>, answers: &SyncSender<anyhow::Result<Answers>>) {
    for handed in lines {
        let answered = handed.context("the input cannot be read").and_then(|(lines, took)| {
            let mut answered = worker.answer(&lines)?;
            answered.spent.lines += took;
            Ok(answered)
        });
        if answers.send(answered).is_err() {
            return;
        }
    }
}

/// Where the answers go, in the order of the input; stories are found here.
struct Sink {
    out: Box<dyn Write>,
    stories: Stories,
    names: Vec<String>,
    account: Account,
}

/// What came of the work and what it cost.
#[derive(Default)]
struct Account {
    lines: u64,
    posts: u64,
    judgements: u64,
    bad: u64,
    spent: Spent,
}

impl Sink {
    fn new(out: Box<dyn Write>) -> Self {
        Self { out, stories: Stories::new(Limits::default()), names: Vec::new(), account: Account::default() }
    }

    fn put(&mut self, answers: Answers) -> anyhow::Result<()> {
        let Answers { text, posts, lines, bad, judgements, spent } = answers;
        for (number, error) in bad {
            self.account.bad += 1;
            if self.account.bad <= MAX_NAMED {
                output::note(format!("line {number}: {error:#}"));
            }
        }
        self.account.lines += lines;
        self.account.spent += spent;
        self.account.judgements += judgements;
        let mut watch = Watch::start();
        let mut holes = Vec::with_capacity(posts.len());
        self.names.clear();
        for post in posts {
            self.account.posts += 1;
            let number = PostId::from(i64::try_from(self.account.posts)?);
            self.names.push(self.stories.place(post.signature, number, post.at).story.to_string());
            holes.push(post.story_at);
        }
        watch.lap(&mut self.account.spent.every_post);
        let mut from = 0;
        for (hole, name) in holes.into_iter().zip(&self.names) {
            self.out.write_all(&text[from..hole])?;
            self.out.write_all(name.as_bytes())?;
            from = hole;
        }
        self.out.write_all(&text[from..])?;
        watch.lap(&mut self.account.spent.lines);
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<Account> {
        self.out.flush()?;
        Ok(self.account)
    }
}

impl Account {
    fn show(&self, all: Duration, threads: usize) {
        let a_second = |count: u64, time: Duration| count as f64 / time.as_secs_f64().max(1e-9);
        output::note(format!(
            "{} posts in {:.2} s: {:.0} a second with {threads} {}; {} bad lines",
            self.posts,
            all.as_secs_f64(),
            a_second(self.posts, all),
            if threads == 1 { "thread that judges" } else { "threads that judge" },
            self.bad,
        ));
        let Spent { every_post, judging, lines } = self.spent;
        output::note(format!(
            "one core, by its own clock: {:.0} posts a second in all; language and copies alone {:.0} posts, \
             judging alone {:.0} of {} judgements, reading and writing lines alone {:.0}",
            a_second(self.posts, self.spent.all()),
            a_second(self.posts, every_post),
            a_second(self.judgements, judging),
            self.judgements,
            a_second(self.lines, lines),
        ));
    }
}

/// The models of a file, or those that are part of the program.
pub(crate) fn models(file: Option<&Path>) -> anyhow::Result<Cow<'static, Models>> {
    let Some(path) = file else { return Ok(Cow::Borrowed(Models::shipped())) };
    let bytes = std::fs::read(path).with_context(|| format!("the model file `{}` cannot be read", path.display()))?;
    Ok(Cow::Owned(Models::read(&bytes).with_context(|| format!("`{}`", path.display()))?))
}

fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead + Send>> {
    let plain: Box<dyn Read + Send> = if path == Path::new("-") {
        Box::new(std::io::stdin())
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
