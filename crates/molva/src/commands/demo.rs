//! `molva demo`

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use molva_demo_stream::DemoStream;
use molva_domain::{Clock as _, Post, SystemClock};
use serde_json::json;

use crate::commands::demo_fill::DemoFill;
use crate::commands::serve::Serve;
use crate::output;

/// Posts a demo day has in an export.
const POSTS_PER_DAY: u32 = 20_000;

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Demo {
    #[command(subcommand)]
    command: Option<DemoCommand>,

    #[command(flatten)]
    serve: Serve,

    /// Prints that many invented posts as JSON lines, ready for `molva import`, and ends
    #[arg(long, value_name = "POSTS")]
    export: Option<usize>,

    /// Another seed gives another stream
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Subcommand)]
enum DemoCommand {
    /// Fills a store with invented mentions of the last two years and topics that match them, for trying and measuring
    Fill(DemoFill),
}

impl Demo {
    pub(crate) async fn run(mut self) -> anyhow::Result<ExitCode> {
        if let Some(DemoCommand::Fill(fill)) = self.command {
            return fill.run().await;
        }
        if let Some(posts) = self.export {
            self.print(posts);
            return Ok(ExitCode::SUCCESS);
        }
        let folder = tempfile::tempdir().context("no temporary folder can be made")?;
        self.serve.store.data = folder.path().join("data");
        self.serve.demo = true;
        output::note("A demo: everything it stores is removed when it ends.");
        self.serve.run().await
    }

    fn print(&self, posts: usize) {
        let stream = DemoStream::new(self.seed, POSTS_PER_DAY);
        let hour = Duration::from_secs(3_600);
        // Whole hours going back from now, far enough for the number asked for.
        let hours = posts / (POSTS_PER_DAY as usize / 24) + 24;
        let mut from = SystemClock.now().minus(hour.saturating_mul(u32::try_from(hours).unwrap_or(u32::MAX)));
        let mut printed = 0;
        while printed < posts {
            for post in stream.between(from, from.plus(hour)).into_iter().take(posts - printed) {
                printed += 1;
                output::json(&line(&post));
            }
            from = from.plus(hour);
        }
    }
}

fn line(post: &Post) -> serde_json::Value {
    json!({
        "id": post.urn.as_str(),
        "network": post.network,
        "kind": post.kind,
        "published": post.published_at.to_rfc3339(),
        "author": post.author.name,
        "handle": post.author.handle,
        "followers": post.author.followers,
        "community": post.community.as_ref().and_then(|community| community.title.clone()),
        "language": post.language.map(|language| language.to_string()),
        "title": post.title,
        "text": post.text,
        "url": post.url,
    })
}
