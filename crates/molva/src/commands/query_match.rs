//! `molva query match`: the matcher over files, with its speed.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Args;
use flate2::read::MultiGzDecoder;
use molva_domain::{Language, Post, Timestamp, Urn};
use molva_matcher::{Hit, Matcher, Scratch, Snapshot};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::commands::topic::check;
use crate::output;

#[derive(Args, Debug)]
pub(crate) struct QueryMatch {
    /// One query; or give `--queries`
    #[arg(required_unless_present = "queries", conflicts_with = "queries")]
    query: Option<String>,

    /// JSON lines `{"id": …, "expr": "…"}`, plain or gzip
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,

    /// JSON lines `{"id": …, "text": "…", "lang": "ru"}`, plain or gzip
    #[arg(long, value_name = "FILE")]
    posts: PathBuf,

    #[arg(long, default_value_t = 1, value_name = "N")]
    threads: usize,

    /// Writes `{"post": …, "queries": […]}` for each post that matched
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Prints one JSON object with the speed instead of the posts
    #[arg(long)]
    stats: bool,
}

#[derive(Deserialize)]
struct QueryLine {
    id: Value,
    expr: String,
}

#[derive(Deserialize)]
struct PostLine {
    id: Value,
    #[serde(default)]
    title: Option<String>,
    text: String,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    network: Option<String>,
}

/// What one thread found in its share.
#[derive(Default)]
struct Share {
    found: Vec<(usize, Vec<Hit>)>,
    micros: Vec<u32>,
}

impl QueryMatch {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let queries = self.read_queries()?;
        let posts = read_posts(&self.posts)?;

        let loading = Instant::now();
        let matcher = Matcher::new();
        for (index, (_, expr)) in queries.iter().enumerate() {
            let parsed = molva_query::parse(expr);
            let Some(query) = parsed.query else {
                check(expr)?;
                bail!("query {} cannot be read", index + 1);
            };
            matcher.put(i64::try_from(index)?, &query);
        }
        let snapshot = matcher.snapshot();
        let load_seconds = loading.elapsed().as_secs_f64();

        let matching = Instant::now();
        let shares = match_in_shares(&snapshot, &posts, self.threads.max(1));
        let seconds = matching.elapsed().as_secs_f64();

        let mut micros: Vec<u32> = shares.iter().flat_map(|share| share.micros.iter().copied()).collect();
        micros.sort_unstable();
        let found: Vec<&(usize, Vec<Hit>)> = shares.iter().flat_map(|share| &share.found).collect();
        if let Some(path) = &self.out {
            write_matches(path, &queries, &posts, &found)?;
        }
        if !self.stats {
            for (post, hits) in &found {
                let ids: Vec<&Value> = hits.iter().filter_map(|hit| id_of(&queries, hit)).collect();
                output::json(&json!({"post": posts[*post].0, "queries": ids, "text": posts[*post].1.text}));
            }
            output::note(format!("{} of {} posts matched", found.len(), posts.len()));
            return Ok(ExitCode::SUCCESS);
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let posts_per_second = posts.len() as f64 / seconds.max(1e-9);
        output::json(&json!({
            "posts": posts.len(), "queries": queries.len(), "threads": self.threads,
            "posts_per_second": posts_per_second.round(), "seconds": seconds, "load_seconds": load_seconds,
            "matches": found.iter().map(|(_, hits)| hits.len()).sum::<usize>(), "matched_posts": found.len(),
            "p99_us": micros.get(micros.len().saturating_sub(1) * 99 / 100),
        }));
        Ok(ExitCode::SUCCESS)
    }

    fn read_queries(&self) -> anyhow::Result<Vec<(Value, String)>> {
        if let Some(query) = &self.query {
            return Ok(vec![(Value::from(0), query.clone())]);
        }
        let Some(path) = &self.queries else { bail!("give a query or `--queries FILE`") };
        let lines: Vec<QueryLine> = read_lines(path)?;
        Ok(lines.into_iter().map(|line| (line.id, line.expr)).collect())
    }
}

fn match_in_shares(snapshot: &Snapshot, posts: &[(Value, Post)], threads: usize) -> Vec<Share> {
    let size = posts.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let running: Vec<_> = posts
            .chunks(size)
            .enumerate()
            .map(|(number, chunk)| scope.spawn(move || match_share(snapshot, chunk, number * size)))
            .collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

fn match_share(snapshot: &Snapshot, posts: &[(Value, Post)], first: usize) -> Share {
    let mut scratch = Scratch::default();
    let mut share = Share { found: Vec::new(), micros: Vec::with_capacity(posts.len()) };
    for (offset, (_, post)) in posts.iter().enumerate() {
        let started = Instant::now();
        let hits = snapshot.matches(post, &mut scratch);
        share.micros.push(u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX));
        if !hits.is_empty() {
            share.found.push((first + offset, hits));
        }
    }
    share
}

fn id_of<'a>(queries: &'a [(Value, String)], hit: &Hit) -> Option<&'a Value> {
    queries.get(usize::try_from(hit.query).ok()?).map(|(id, _)| id)
}

fn write_matches(
    path: &Path,
    queries: &[(Value, String)],
    posts: &[(Value, Post)],
    found: &[&(usize, Vec<Hit>)],
) -> anyhow::Result<()> {
    let file = File::create(path).with_context(|| format!("`{}` cannot be written", path.display()))?;
    let mut out = BufWriter::new(file);
    for (post, hits) in found {
        let ids: Vec<&Value> = hits.iter().filter_map(|hit| id_of(queries, hit)).collect();
        serde_json::to_writer(&mut out, &json!({"post": posts[*post].0, "queries": ids}))?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

fn read_posts(path: &Path) -> anyhow::Result<Vec<(Value, Post)>> {
    let lines: Vec<PostLine> = read_lines(path)?;
    let epoch = Timestamp::default();
    Ok(lines
        .into_iter()
        .map(|line| {
            let urn = Urn::of("file", None, "post", &line.id.to_string());
            let mut post = Post::new(urn, line.network.as_deref().unwrap_or("file"), line.text, epoch, epoch);
            post.title = line.title;
            post.language = line.lang.as_deref().and_then(Language::parse);
            (line.id, post)
        })
        .collect())
}

fn read_lines<T: for<'de> Deserialize<'de>>(path: &Path) -> anyhow::Result<Vec<T>> {
    let file = File::open(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    let mut head = BufReader::new(file);
    let is_gzip = head.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let input: Box<dyn Read> = if is_gzip { Box::new(MultiGzDecoder::new(head)) } else { Box::new(head) };
    let mut values = Vec::new();
    for (number, line) in BufReader::with_capacity(1 << 20, input).lines().enumerate() {
        let line = line.with_context(|| format!("`{}` line {}", path.display(), number + 1))?;
        if !line.trim().is_empty() {
            let value =
                serde_json::from_str(&line).with_context(|| format!("`{}` line {}", path.display(), number + 1))?;
            values.push(value);
        }
    }
    Ok(values)
}
