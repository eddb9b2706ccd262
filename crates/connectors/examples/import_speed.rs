//! Reads a file of posts as the import does and says how fast: `cargo run --release --example import_speed -- FILE`.

use std::path::Path;
use std::time::Instant;

use molva_connectors::Item;
use molva_connectors::import::{ImportReader, inspect};
use molva_domain::{Clock, SystemClock};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("name a file of posts")?;
    let path = Path::new(&file);
    let now = SystemClock.now();
    let inspection = inspect(path, now)?;
    eprintln!("{:?}\n{}", inspection.plan, inspection.notes.join("\n"));
    for _ in 0..3 {
        let started = Instant::now();
        let mut reader = ImportReader::open(path, &inspection.plan, 0, now)?;
        let (mut posts, mut rejected) = (0_u64, 0_u64);
        loop {
            let items = reader.next_items(1_000);
            if items.is_empty() {
                break;
            }
            let rejections = items.iter().filter(|item| matches!(item, Item::Rejected(_))).count() as u64;
            posts += items.len() as u64 - rejections;
            rejected += rejections;
        }
        let seconds = started.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = posts as f64 / seconds;
        eprintln!("{posts} posts, {rejected} rejected in {seconds:.3} s: {rate:.0} posts/s");
    }
    Ok(())
}
