//! What a workspace's people teach, simulated on a labelled set that the shipped models never saw (airline tweets): they read
//! some posts, correct most of what is wrong, label a few blind. Measured on the posts nobody touched.
//! `cargo run --release -p molva-enrichment --example workspace -- DATA`.
#![allow(clippy::print_stdout)]

#[path = "stories/cpu_time.rs"]
mod cpu_time;

use std::io::Read as _;

use cpu_time::cpu_time;
use molva_domain::{Language, Tone};
use molva_enrichment::workspace::{Example, Origin, Said, train};
use molva_enrichment::{Enricher, Models, Object, PostSigns};

struct Post {
    text: String,
    tone: Tone,
}

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("which data folder?"))?;
    let posts = read(&std::path::Path::new(&folder).join("tone/airline-train.jsonl.gz"))?;
    println!("{} posts", posts.len());
    for (seen, honest) in
        [(100, true), (300, true), (1_000, true), (3_000, true), (8_000, true), (300, false), (3_000, false)]
    {
        simulate(&posts, seen, honest);
    }
    bounds(&posts);
    Ok(())
}

fn read(path: &std::path::Path) -> anyhow::Result<Vec<Post>> {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path)?).read_to_string(&mut text)?;
    let mut posts = Vec::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let tone = line["label"].as_str().and_then(Tone::parse);
        if let (Some(text), Some(tone)) = (line["text"].as_str(), tone) {
            posts.push(Post { text: text.to_owned(), tone });
        }
    }
    // They lie in the order of airlines.
    let mut mixed: Vec<(u64, Post)> =
        posts.into_iter().enumerate().map(|(number, post)| (random(number, 9), post)).collect();
    mixed.sort_by_key(|(order, _)| *order);
    Ok(mixed.into_iter().map(|(_, post)| post).collect())
}

fn tone(enricher: &mut Enricher, models: &Models, text: &str) -> Tone {
    let object = Some(Object::default());
    enricher.judge(models, "", text, Some(Language::ENGLISH), &PostSigns::default(), object).tone.said
}

fn random(of: usize, salt: u64) -> u64 {
    let mut mixed =
        (of as u64).wrapping_add(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^= mixed >> 31;
    mixed.wrapping_mul(0x94d0_49bb_1331_11eb) >> 33
}

fn example(number: usize, post: &Post, origin: Origin, tone: Option<Tone>) -> Example {
    Example {
        key: number as i64,
        topic: (number % 3) as i64,
        title: String::new(),
        text: post.text.clone(),
        language: Some(Language::ENGLISH),
        signs: PostSigns::default(),
        own: Vec::new(),
        others: Vec::new(),
        origin,
        said: Said { tone, ..Said::default() },
    }
}

/// Of the posts that are read eight in ten wrong ones are corrected, and one right one in twenty confirmed; those who are not
/// honest call anything anything.
fn simulate(posts: &[Post], seen: usize, honest: bool) {
    let base = Models::shipped();
    let mut enricher = Enricher::default();
    let mut examples = Vec::new();
    for (number, post) in posts.iter().enumerate().take(seen) {
        let said = tone(&mut enricher, base, &post.text);
        let dice = random(number, 1) % 100;
        let truth = if honest {
            post.tone
        } else {
            [Tone::Negative, Tone::Neutral, Tone::Positive][(random(number, 2) % 3) as usize]
        };
        let corrected = if truth == said { dice < 5 } else { dice < 80 };
        let (origin, tone) = if corrected { (Origin::Correction, Some(truth)) } else { (Origin::Left, None) };
        examples.push(example(number, post, origin, tone));
    }
    for (number, post) in posts.iter().enumerate().skip(seen).take(60) {
        examples.push(example(number, post, Origin::Audit, Some(post.tone)));
    }
    let started = cpu_time();
    let Some(trained) = train(base, None, &examples, 1, &mut |_, _| true) else { return };
    let took = (cpu_time() - started).as_secs_f32();
    let head = &trained.report.heads[0];
    let size = trained.correction.as_ref().map_or(0, |correction| correction.write().len());
    println!(
        "{seen} read, {} corrections ({} held out), honest {honest}: {:?} {:?} decided on {:.3} -> {:.3} chance {:.3}, {took:.1} s, {size} bytes",
        trained.report.counts.corrections,
        trained.report.counts.held_out,
        trained.report.verdict,
        head.why,
        head.before.unwrap_or(f64::NAN),
        head.after.unwrap_or(f64::NAN),
        head.chance.unwrap_or(f64::NAN),
    );
    let Some(correction) = trained.correction else { return };
    let corrected = base.corrected(correction);
    let untouched = &posts[posts.len() - 3_000..];
    for (name, models) in [("shipped", base), ("corrected", &corrected)] {
        let answers: Vec<(Tone, Tone)> =
            untouched.iter().map(|post| (post.tone, tone(&mut enricher, models, &post.text))).collect();
        println!("    {name}: macro F1 on 3,000 untouched posts {:.3}", macro_f1(&answers));
    }
    speed(posts, &corrected);
}

fn macro_f1(answers: &[(Tone, Tone)]) -> f64 {
    let f1 = |tone: Tone| {
        let hits = answers.iter().filter(|(truth, said)| *truth == tone && *said == tone).count() as f64;
        let all = answers.iter().map(|(truth, said)| u32::from(*truth == tone) + u32::from(*said == tone)).sum::<u32>();
        2.0 * hits / f64::from(all.max(1))
    };
    (f1(Tone::Negative) + f1(Tone::Neutral) + f1(Tone::Positive)) / 3.0
}

fn speed(posts: &[Post], corrected: &Models) {
    let mut enricher = Enricher::default();
    for (name, models) in [("shipped", Models::shipped()), ("corrected", corrected)] {
        let best = (0..3)
            .map(|_| {
                let started = cpu_time();
                posts.iter().for_each(|post| {
                    std::hint::black_box(tone(&mut enricher, models, &post.text));
                });
                posts.len() as f64 / (cpu_time() - started).as_secs_f64()
            })
            .fold(0.0, f64::max);
        println!("    {name}: {best:.0} judgements a second");
    }
}

/// As many examples as are read at most, everything said of each.
fn bounds(posts: &[Post]) {
    let all = |number: usize| {
        let post = &posts[number % posts.len()];
        let mut one = example(number, post, Origin::Correction, Some(post.tone));
        one.said.intents = Some((random(number, 3) % 512) as u16);
        one.said.stage = Some(None);
        one.said.spam = Some(random(number, 4).is_multiple_of(10));
        one.said.relevant = Some(random(number, 5).is_multiple_of(2));
        one
    };
    let mut examples: Vec<Example> = (0..15_000).map(all).collect();
    examples.extend((15_000..25_000).map(|number| Example {
        origin: Origin::Left,
        said: Said::default(),
        ..all(number)
    }));
    let started = cpu_time();
    let trained = train(Models::shipped(), None, &examples, 1, &mut |_, _| true);
    let size = trained.as_ref().and_then(|trained| trained.correction.as_ref()).map_or(0, |one| one.write().len());
    println!(
        "{} examples with everything: {:.1} s, {size} bytes, {:?}",
        examples.len(),
        (cpu_time() - started).as_secs_f32(),
        trained.map(|trained| trained.report.counts)
    );
}
