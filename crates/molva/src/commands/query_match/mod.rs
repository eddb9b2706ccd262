//! `molva query match`: the matcher over files, with its speed.

mod passes;
mod post_line;

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Args;
use flate2::read::MultiGzDecoder;
use molva_domain::Post;
use molva_matcher::Matcher;
use molva_pipeline::WorkspaceLists;
use molva_query::{Query, Reading, Scope, parse_quietly, parse_with};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::commands::query_knowledge::Knowledge;
use crate::commands::topic::note_diagnostics;
use crate::output;
use passes::{Found, Setting};
use post_line::PostLine;

/// Posts whose words are counted before queries are put in, as a running server has counted those of its stream.
const OBSERVED_POSTS: usize = 4_000;

#[derive(Args, Debug)]
pub(crate) struct QueryMatch {
    /// One query; or give `--queries`
    #[arg(required_unless_present = "queries", conflicts_with = "queries")]
    query: Option<String>,

    /// JSON lines `{"id": …, "expr": "…"}`, plain or gzip; `list:` may be used with `--data`
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,

    /// JSON lines `{"id": …, "text": "…"}` with any fields of the query language beside, plain or gzip
    #[arg(long, value_name = "FILE")]
    posts: PathBuf,

    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,

    /// Writes `{"post": …, "queries": […]}` for each post that matched
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Prints one JSON object with the speed instead of the posts; the posts are matched several times, the best time counts
    #[arg(long)]
    stats: bool,

    #[command(flatten)]
    knowledge: Knowledge,
}

#[derive(Deserialize)]
struct QueryLine {
    id: Value,
    expr: String,
}

impl QueryMatch {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let lists = self.knowledge.load().await?;
        let queries = self.read_queries()?;
        let posts = read_lines(&self.posts, PostLine::read)?;
        let threads = usize::from(self.threads);

        let loading = Instant::now();
        let matcher = Matcher::new();
        for (_, post) in posts.iter().step_by(posts.len().div_ceil(OBSERVED_POSTS).max(1)) {
            matcher.observe(post.title.as_deref().unwrap_or_default(), &post.text);
        }
        matcher.put_all(parse_all(&queries, &lists)?.iter().enumerate().map(|(number, query)| (number as i64, query)));
        let snapshot = matcher.snapshot();
        let load_seconds = loading.elapsed().as_secs_f64();

        let setting = Setting { snapshot: &snapshot, posts: &posts, threads };
        let found = setting.matches();
        if let Some(path) = &self.out {
            write_matches(path, &queries, &posts, &found)?;
        }
        if !self.stats {
            for (post, ids) in &found {
                let ids: Vec<&Value> = ids.iter().map(|id| id_of(&queries, *id)).collect();
                output::json(&json!({"post": posts[*post].0, "queries": ids, "text": posts[*post].1.text}));
            }
            output::note(format!("{} of {} posts matched", found.len(), posts.len()));
            return Ok(ExitCode::SUCCESS);
        }
        let speed = setting.speed();
        output::json(&json!({
            "posts": posts.len(), "queries": queries.len(), "threads": threads,
            "posts_per_second": speed.posts_per_second.round(), "passes": speed.passes,
            "load_seconds": load_seconds, "bytes_per_query": snapshot.bytes() / queries.len().max(1),
            "matches": found.iter().map(|(_, ids)| ids.len()).sum::<usize>(), "matched_posts": found.len(),
            "p99_us": speed.p99_us,
        }));
        Ok(ExitCode::SUCCESS)
    }

    fn read_queries(&self) -> anyhow::Result<Vec<(Value, String)>> {
        if let Some(query) = &self.query {
            return Ok(vec![(Value::from(0), query.clone())]);
        }
        let Some(path) = &self.queries else { bail!("give a query or `--queries FILE`") };
        read_lines(path, |line: QueryLine| Ok((line.id, line.expr)))
    }
}

/// Reads the queries on all processors.
fn parse_all(queries: &[(Value, String)], lists: &WorkspaceLists) -> anyhow::Result<Vec<Query>> {
    let reading = Reading { scope: Scope::Topic, lists };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = queries.len().div_ceil(threads).max(1);
    let shares: Vec<Vec<Option<Query>>> = std::thread::scope(|scope| {
        let running = queries.chunks(share).map(|share| {
            scope.spawn(move || {
                let reading = Reading { scope: Scope::Topic, lists };
                share.iter().map(|(_, expr)| parse_quietly(expr, &reading).query).collect()
            })
        });
        let running: Vec<_> = running.collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let parsed = shares.into_iter().flatten().zip(queries);
    parsed
        .map(|(query, (id, expr))| match query {
            Some(query) => Ok(query),
            None => {
                note_diagnostics(expr, &parse_with(expr, &reading).diagnostics);
                bail!("query {id} has errors; nothing was matched")
            }
        })
        .collect()
}

fn id_of(queries: &[(Value, String)], number: i64) -> &Value {
    &queries[number as usize].0
}

fn write_matches(
    path: &Path,
    queries: &[(Value, String)],
    posts: &[(Value, Post)],
    found: &Found,
) -> anyhow::Result<()> {
    let file = File::create(path).with_context(|| format!("`{}` cannot be written", path.display()))?;
    let mut out = BufWriter::new(file);
    for (post, ids) in found {
        let ids: Vec<&Value> = ids.iter().map(|id| id_of(queries, *id)).collect();
        serde_json::to_writer(&mut out, &json!({"post": posts[*post].0, "queries": ids}))?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

fn read_lines<T: for<'de> Deserialize<'de>, V>(
    path: &Path,
    read: impl Fn(T) -> anyhow::Result<V>,
) -> anyhow::Result<Vec<V>> {
    let file = File::open(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    let mut head = BufReader::new(file);
    let is_gzip = head.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let input: Box<dyn Read> = if is_gzip { Box::new(MultiGzDecoder::new(head)) } else { Box::new(head) };
    let mut values = Vec::new();
    for (number, line) in BufReader::with_capacity(1 << 20, input).lines().enumerate() {
        let place = || format!("`{}` line {}", path.display(), number + 1);
        let line = line.with_context(place)?;
        if !line.trim().is_empty() {
            values.push(serde_json::from_str(&line).map_err(Into::into).and_then(&read).with_context(place)?);
        }
    }
    Ok(values)
}
