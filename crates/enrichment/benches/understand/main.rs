//! What understanding costs, step by step: what every post goes through, and the judgement of a mention.
//!
//! `cargo bench -p molva-enrichment -- [--posts FILE]`: JSON lines `{text, brands}`, plain or gzip; without a file posts are
//! made here. `--instructions WORK POSTS` does one thing once, for `scripts/instructions.sh` to count. Timed by the
//! processor's clock.

#![expect(clippy::print_stdout, reason = "printing is what a benchmark is for")]

mod workload;

use std::time::Instant;

use molva_domain::PostId;
use molva_enrichment::stories::{Limits, Signer, Stories};
use molva_enrichment::{Enricher, Models, PostSigns};
use molva_text::{Analysis, PrefixFilter};

use workload::{Mention, brands, made, made_in_english, read};

type Failure = Box<dyn std::error::Error>;

/// Bars a second on one core.
const EVERY_POST: f64 = 60_000.0;
const JUDGEMENTS: f64 = 25_000.0;
/// Posts made where no file is given.
const MADE: usize = 20_000;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some(at) = arguments.iter().position(|one| one == "--instructions") {
        return instructions(&arguments[at + 1], arguments[at + 2].parse()?);
    }
    let file = arguments.iter().position(|one| one == "--posts").and_then(|at| arguments.get(at + 1));
    let mentions = file.map_or_else(|| Ok(made(MADE)), |path| read(path))?;
    let bytes: usize = mentions.iter().map(|mention| mention.text.len()).sum();
    println!("{} posts of {} bytes on average", mentions.len(), bytes / mentions.len().max(1));
    let row = |name: &str, bar: Option<f64>, work: fn(&[Mention]) -> usize| {
        let rate = mentions.len() as f64 / best(|| work(&mentions));
        let bar = bar.map_or_else(String::new, |bar| format!("   bar {bar:.0}"));
        println!("  {name:<34} {rate:>9.0} a second, {:>6.2} us{bar}", 1e6 / rate);
    };
    row("cut into words", None, analysed);
    row("and the language", None, told_by_language);
    row("and the signature", None, signed);
    row("and the story: every post", Some(EVERY_POST), every_post);
    row("cut into words and judged", None, judged);
    let [words, judged] = [analysed, judged].map(|work| best(|| work(&mentions)));
    let rate = mentions.len() as f64 / (judged - words);
    println!("  judged, words known                {rate:>9.0} a second   bar {JUDGEMENTS:.0}");
    if file.is_some() {
        row("names of brands found", None, brands);
    }
    Ok(())
}

/// Everything but the work on the posts is the same whatever their number, so that the difference of two runs is theirs.
fn instructions(work: &str, posts: usize) -> Result<(), Failure> {
    let made = if work == "every_english_post" { made_in_english(MADE) } else { made(MADE) };
    let mentions = made.get(..posts).ok_or("so many posts are not made")?;
    // The models are read once.
    std::hint::black_box(judged(&made[..1]));
    let done = match work {
        "every_post" | "every_english_post" => every_post(mentions),
        "judging" => judged(mentions),
        _ => return Err(format!("no such work: `{work}`").into()),
    };
    println!("{done}");
    Ok(())
}

fn each(mentions: &[Mention], mut work: impl FnMut(&Analysis, &Mention) -> usize) -> usize {
    let (mut analysis, filter) = (Analysis::default(), PrefixFilter::default());
    let mut done = 0;
    for mention in mentions {
        analysis.run("", &mention.text, &filter);
        done += work(&analysis, mention);
    }
    done
}

fn analysed(mentions: &[Mention]) -> usize {
    each(mentions, |analysis, _| analysis.tokens().len())
}

fn told_by_language(mentions: &[Mention]) -> usize {
    each(mentions, |analysis, mention| usize::from(analysis.language("", &mention.text).is_some()))
}

fn signed(mentions: &[Mention]) -> usize {
    let mut signer = Signer::default();
    each(mentions, |analysis, mention| {
        let language = analysis.language("", &mention.text).is_some();
        usize::from(language && signer.sign_analysed(analysis, "", &mention.text).exact_key() != 0)
    })
}

fn every_post(mentions: &[Mention]) -> usize {
    let (mut signer, mut stories) = (Signer::default(), Stories::new(Limits::default()));
    let mut number = 0;
    each(mentions, |analysis, mention| {
        std::hint::black_box(analysis.language("", &mention.text));
        number += 1;
        let signature = signer.sign_analysed(analysis, "", &mention.text);
        usize::from(stories.place(signature, PostId(number), mention.published).same_text)
    })
}

fn judged(mentions: &[Mention]) -> usize {
    let (models, mut enricher) = (Models::shipped(), Enricher::default());
    let signs = PostSigns::default();
    each(mentions, |analysis, mention| {
        let (words, object) = (("", mention.text.as_str()), mention.object());
        let said = enricher.judge_analysed(models, analysis, words, mention.language, &signs, object);
        usize::from(said.intents_said != 0)
    })
}

/// Processor seconds of the best of five passes, as the machine may be shared.
fn best(mut pass: impl FnMut() -> usize) -> f64 {
    let one = |pass: &mut dyn FnMut() -> usize| {
        let (started, used) = (Instant::now(), processor_seconds());
        std::hint::black_box(pass());
        processor_seconds().zip(used).map_or_else(|| started.elapsed().as_secs_f64(), |(after, before)| after - before)
    };
    (0..5).map(|_| one(&mut pass)).fold(f64::MAX, f64::min)
}

/// Time this thread has been on a processor, where the system tells it.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}
