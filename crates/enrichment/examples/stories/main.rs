//! How well and how fast copies are found: `cargo run --release -p molva-enrichment --example stories -- POSTS.jsonl.gz [SHOWN]`
//!
//! Takes 1,500 posts, makes ten edits of each, mixes them with 12,000 others in a random order and counts pairs; then
//! places the whole file in its order, shows the largest stories and says what became of each avalanche: twenty
//! posts and more that begin with the same sixty letters, ten with the same forty. `SHOWN` wrong pairs are printed.

#![expect(clippy::print_stdout, reason = "it is run to be read")]

mod avalanches;
mod cpu_time;
mod edits;

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::time::Duration;

use avalanches::avalanches;
use cpu_time::cpu_time;
use edits::{Dice, EDITS, Judged, content_words, count_pairs, edit};
use molva_domain::{PostId, Timestamp};
use molva_enrichment::stories::{Joined, Limits, Signer, Stories};

struct Tweet {
    text: String,
    at: Timestamp,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("say which file of posts to read")?;
    let shown: usize = arguments.next().map_or(Ok(0), |shown| shown.parse())?;
    let tweets = read(&path)?;
    let seed = arguments.next().map_or(Ok(11), |seed| seed.parse())?;
    let fewest = arguments.next().map_or(Ok(6), |seed| seed.parse())?;
    copies(&tweets, shown, seed, fewest);
    replay(&tweets);
    Ok(())
}

fn read(path: &str) -> Result<Vec<Tweet>, Box<dyn std::error::Error>> {
    let lines = BufReader::new(flate2::read::MultiGzDecoder::new(std::fs::File::open(path)?)).lines();
    lines
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(&line?)?;
            let text = value["text"].as_str().ok_or("a line has no `text`")?.to_owned();
            Ok(Tweet { text, at: Timestamp::from_secs(value["published"].as_i64().unwrap_or_default()) })
        })
        .collect()
}

/// Precision and recall on edited copies among other posts.
fn copies(tweets: &[Tweet], shown: usize, seed: u64, fewest: usize) {
    let mut dice = Dice(seed);
    let mut order: Vec<usize> = (0..tweets.len()).collect();
    dice.shuffle(&mut order);
    let words: Vec<&str> = tweets.iter().flat_map(|tweet| content_words(&tweet.text)).collect();
    let (long, short): (Vec<usize>, Vec<usize>) =
        order.iter().partition(|at| content_words(&tweets[**at].text).len() >= fewest);
    let (bases, rest) = long.split_at(1_500);
    // Group, kind of edit (none for the original), text.
    let mut posts: Vec<(usize, Option<usize>, String)> = Vec::new();
    for (group, base) in bases.iter().enumerate() {
        let text = &tweets[*base].text;
        posts.push((group, None, text.clone()));
        for kind in 0..EDITS.len() {
            let other = &tweets[dice.below(tweets.len())].text;
            posts.push((group, Some(kind), edit(kind, text, &words, other, &mut dice)));
        }
    }
    let mut others: Vec<usize> = rest.iter().chain(&short).copied().collect();
    dice.shuffle(&mut others);
    posts.extend(
        others.iter().take(12_000).enumerate().map(|(at, other)| (1_500 + at, None, tweets[*other].text.clone())),
    );
    dice.shuffle(&mut posts);

    let (mut signer, mut stories) = (Signer::default(), Stories::new(Limits::default()));
    let at = Timestamp::from_secs(1_700_000_000);
    let placed: Vec<i64> = posts
        .iter()
        .enumerate()
        .map(|(id, (_, _, text))| stories.place(signer.sign("", text), PostId(id as i64), at).story.0)
        .collect();
    let origins: HashMap<usize, &str> =
        posts.iter().filter(|(_, kind, _)| kind.is_none()).map(|(group, _, text)| (*group, text.as_str())).collect();
    let judged: Vec<Judged<'_>> = posts
        .iter()
        .zip(&placed)
        .map(|((group, _, text), story)| Judged { group: *group, story: *story, text, origin: origins[group] })
        .collect();
    let mut wrong = Vec::new();
    let pairs = count_pairs(&judged, |left, right| wrong.push((left, right)));
    println!("{} posts in {} stories: {pairs:?}", posts.len(), stories.len());
    println!(
        "precision {:.4} (strict {:.4}), recall {:.4} over all pairs",
        pairs.precision(),
        pairs.strict_precision(),
        pairs.recall()
    );
    let originals: HashMap<usize, i64> = posts
        .iter()
        .zip(&placed)
        .filter(|((_, kind, _), _)| kind.is_none())
        .map(|((group, _, _), story)| (*group, *story))
        .collect();
    for (kind, name) in EDITS.iter().enumerate() {
        let of_kind = || posts.iter().zip(&placed).filter(|((_, own, _), _)| *own == Some(kind));
        let found = of_kind().filter(|((group, _, _), story)| originals[group] == **story).count();
        println!("  {name}: {:.3} with the original", found as f64 / of_kind().count() as f64);
    }
    dice.shuffle(&mut wrong);
    for (left, right) in wrong.iter().take(shown) {
        println!("--- {left}\n    {right}");
    }
}

/// The whole stream in its order: speed, memory, the largest stories.
fn replay(tweets: &[Tweet]) {
    let mut signer = Signer::default();
    let mut stories = Stories::new(Limits::default());
    let begun = cpu_time();
    let signatures: Vec<_> = tweets.iter().map(|tweet| signer.sign("", &tweet.text)).collect();
    let signed = cpu_time() - begun;
    let begun = cpu_time();
    let placed: Vec<_> = signatures
        .into_iter()
        .zip(tweets)
        .enumerate()
        .map(|(id, (signature, tweet))| stories.place(signature, PostId(id as i64), tweet.at))
        .collect();
    let took = cpu_time() - begun;
    let per_post = |time: Duration| time.as_nanos() as f64 / 1_000.0 / tweets.len() as f64;
    println!(
        "{} posts: signed in {:.2} µs each (with the analysis), placed in {:.2} µs each; {} texts held, {} bytes each",
        tweets.len(),
        per_post(signed),
        per_post(took),
        stories.texts(),
        stories.bytes() / stories.texts().max(1),
    );
    let count = |wanted: fn(&Joined) -> bool| placed.iter().filter(|placed| wanted(&placed.joined)).count();
    println!(
        "new {}, exact {}, near {}",
        count(|joined| matches!(joined, Joined::New)),
        count(|joined| matches!(joined, Joined::Exact)),
        count(|joined| matches!(joined, Joined::Near { .. })),
    );
    let stories: Vec<i64> = placed.iter().map(|placed| placed.story.0).collect();
    tell_avalanches(tweets, &stories, 20, 60);
    tell_avalanches(tweets, &stories, 10, 40);
    let mut sizes: HashMap<i64, Vec<usize>> = HashMap::new();
    placed.iter().enumerate().for_each(|(at, placed)| sizes.entry(placed.story.0).or_default().push(at));
    let mut largest: Vec<_> = sizes.into_iter().collect();
    largest.sort_by_key(|(story, members)| (std::cmp::Reverse(members.len()), *story));
    for (story, members) in largest.iter().take(12) {
        println!("{} posts: {}", members.len(), tweets[*story as usize].text);
        for member in [members.len() / 3, members.len() - 1] {
            println!("      {}", tweets[members[member]].text);
        }
    }
}

/// Of each avalanche: whether its posts are in one story, and those of which more than one in twenty are elsewhere.
fn tell_avalanches(tweets: &[Tweet], stories: &[i64], fewest: usize, letters: usize) {
    let posts = tweets.iter().map(|tweet| (tweet.text.as_str(), tweet.at));
    let found = avalanches(posts, fewest, letters);
    let (mut whole, mut nearly, mut posts, mut together) = (0, 0, 0, 0);
    let mut split = Vec::new();
    for avalanche in &found {
        let mut of_story: HashMap<i64, usize> = HashMap::new();
        avalanche.posts.iter().for_each(|post| *of_story.entry(stories[*post]).or_default() += 1);
        let largest = of_story.values().copied().max().unwrap_or(0);
        let all = avalanche.posts.len();
        posts += all;
        together += largest;
        whole += usize::from(largest == all);
        nearly += usize::from(largest * 20 >= all * 19);
        if largest * 20 < all * 19 {
            split.push((all, largest, of_story.len(), avalanche.posts[0]));
        }
    }
    println!(
        "{} avalanches (from {fewest} posts on, the same {letters} letters first) of {posts} posts: {whole} whole in one story, {nearly} to 95 % and more; {together} posts in the largest story of theirs",
        found.len()
    );
    for (all, largest, stories, first) in split.iter().take(12) {
        println!("  {all} posts, {largest} in one of {stories} stories: {}", tweets[*first].text);
    }
}
