//! Posts and queries. Made here they follow the proportions of real brand monitoring: mostly brands that hardly anybody
//! mentions, in a few forms, beside words of everyday speech.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

use molva_demo_stream::DemoStream;
use molva_domain::{Post, Timestamp, Urn};

use crate::Failure;

/// Posts made or read.
const POSTS: usize = 100_000;
const BRANDS: usize = 30_000;

/// Which queries are made.
#[derive(Clone, Copy, Default)]
pub(crate) struct Mix {
    /// Share of queries with a prefix; the usual one in twenty when zero.
    pub(crate) prefix: f64,
    /// Share of queries that consist of words in more than one post of a hundred.
    pub(crate) frequent: f64,
    /// Words stand for all their forms.
    pub(crate) any_form: bool,
}

pub(crate) struct Workload {
    posts: Vec<Post>,
    expressions: Option<Vec<String>>,
    brands: Vec<String>,
    everyday: Vec<String>,
    frequent: Vec<String>,
    pairs: Vec<(String, String)>,
    origin: &'static str,
}

impl Workload {
    pub(crate) fn new(posts: Option<&String>, queries: Option<&String>) -> Result<Self, Failure> {
        let origin = match (posts, queries) {
            (None, _) => "nothing",
            (Some(_), None) => "posts",
            (Some(_), Some(_)) => "both",
        };
        let posts = match posts {
            Some(path) => fields(path, "text")?.into_iter().map(post).collect(),
            None => made_posts(POSTS),
        };
        let expressions = queries.map(|path| fields(path, "expr")).transpose()?;
        Ok(Self { expressions, origin, ..Self::of(posts) })
    }

    /// A small one that is the same on every machine.
    pub(crate) fn small() -> Result<Self, Failure> {
        Ok(Self::of(made_posts(2_000)))
    }

    fn of(posts: Vec<Post>) -> Self {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut pairs = Vec::new();
        for (number, post) in posts.iter().enumerate() {
            let words: Vec<String> = words(&post.text).collect();
            if let Some(pair) = words.windows(2).nth(number % 5) {
                pairs.push((pair[0].clone(), pair[1].clone()));
            }
            let mut own = words;
            own.sort_unstable();
            own.dedup();
            own.into_iter().for_each(|word| *seen.entry(word).or_default() += 1);
        }
        let mut by_count: Vec<(usize, String)> =
            seen.into_iter().filter(|(word, _)| word.chars().count() >= 4).map(|(word, count)| (count, word)).collect();
        by_count.sort_unstable();
        let between = |low: f64, high: f64| {
            let inside = |count: usize| (low..high).contains(&(count as f64 / posts.len() as f64));
            by_count.iter().filter(|(count, _)| inside(*count)).map(|(_, word)| word.clone()).collect::<Vec<_>>()
        };
        let (everyday, frequent) = (between(150e-6, 0.01), between(0.01, 1.0));
        let mut dice = Dice(42);
        let mut brands = Vec::new();
        for (low, high, share) in
            [(0.0, 25e-6, 0.25), (25e-6, 155e-6, 0.08), (155e-6, 1505e-6, 0.02), (1505e-6, 0.02, 0.002)]
        {
            let words = between(low, high);
            brands.extend((0..(BRANDS as f64 * share) as usize).filter_map(|_| dice.one(&words).cloned()));
        }
        while brands.len() < BRANDS {
            brands.push(invented(&mut dice));
        }
        Self { posts, expressions: None, brands, everyday, frequent, pairs, origin: "nothing" }
    }

    pub(crate) fn posts(&self) -> &[Post] {
        &self.posts
    }

    pub(crate) const fn origin(&self) -> &'static str {
        self.origin
    }

    /// The first so many queries; those of the file when there is one and nothing special is asked.
    pub(crate) fn queries(&self, count: usize, mix: Mix) -> Vec<String> {
        if let Some(expressions) = self.expressions.as_ref().filter(|_| mix.prefix == 0.0 && mix.frequent == 0.0) {
            let exact = expressions.iter().take(count);
            return exact.map(|text| if mix.any_form { any_form(text) } else { text.clone() }).collect();
        }
        let mut dice = Dice(7);
        (0..count).map(|_| self.query(&mut dice, mix)).collect()
    }

    fn query(&self, dice: &mut Dice, mix: Mix) -> String {
        if mix.frequent > 0.0 && dice.chance(mix.frequent) {
            let words: Vec<String> =
                (0..3).filter_map(|_| dice.one(&self.frequent)).map(|word| format!("={word}")).collect();
            return words.join(" AND ");
        }
        let kind = dice.share();
        let brand = dice.one(&self.brands).cloned().unwrap_or_default();
        let everyday = dice.one(&self.everyday).cloned().unwrap_or_default();
        let prefix = dice.chance(if mix.prefix > 0.0 { mix.prefix } else { 0.05 });
        let forms = dice.between(3, 6);
        let brand = group(dice, &brand, forms, mix, prefix);
        let forms = dice.between(2, 5);
        let context = group(dice, &everyday, forms, mix, false);
        if kind < 0.5 {
            brand
        } else if kind < 0.75 {
            format!("{brand} AND {context}")
        } else if kind < 0.85 {
            let (first, second) = dice.one(&self.pairs).cloned().unwrap_or_default();
            format!("\"{first} {second}\"")
        } else if kind < 0.95 {
            format!("{brand} AND NOT {context}")
        } else {
            let second = dice.one(&self.everyday).cloned().unwrap_or_default();
            format!("{context} NEAR/5 {}", group(dice, &second, 2, mix, false))
        }
    }

    /// Topics as large companies have them: ten groups of names, each beside words of their business, 200 words a group;
    /// and 300 exclusions.
    pub(crate) fn long_topics(&self, count: usize, names: usize) -> Vec<String> {
        let mut dice = Dice(11);
        let any = |dice: &mut Dice, words: &[String], count: usize| {
            let words: Vec<String> =
                (0..count).filter_map(|_| dice.one(words)).map(|word| format!("={word}")).collect();
            format!("({})", words.join(" OR "))
        };
        let topic = |dice: &mut Dice| {
            let groups: Vec<String> = (0..10)
                .map(|_| format!("({} AND {})", any(dice, &self.brands, names), any(dice, &self.everyday, 200 - names)))
                .collect();
            format!("({}) AND NOT {}", groups.join(" OR "), any(dice, &self.everyday, 300))
        };
        (0..count).map(|_| topic(&mut dice)).collect()
    }
}

/// A word in several forms, real or made up.
fn group(dice: &mut Dice, word: &str, forms: usize, mix: Mix, prefix: bool) -> String {
    const ENDINGS: &[&str] = &["", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"];
    const LATIN: &[&str] = &["", "s", "ing", "er", "ers", "ed"];
    if mix.any_form {
        return word.to_owned();
    }
    let stem: String = word.chars().take(word.chars().count().max(6) - 1).collect();
    if prefix && stem.chars().count() >= 5 {
        return format!("{stem}*");
    }
    let endings = if word.is_ascii() { LATIN } else { ENDINGS };
    let mut all = vec![format!("={word}")];
    for _ in 1..forms {
        all.push(format!("={stem}{}", endings[dice.between(0, endings.len() - 1)]));
    }
    all.sort_unstable();
    all.dedup();
    if all.len() == 1 { all.concat() } else { format!("({})", all.join(" OR ")) }
}

fn invented(dice: &mut Dice) -> String {
    const CONSONANTS: &[&str] =
        &["б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "с", "т", "бр", "ст", "кр"];
    const VOWELS: &[&str] = &["а", "е", "и", "о", "у", "ю"];
    let mut word = String::new();
    for _ in 0..dice.between(2, 4) {
        word.extend(dice.one(CONSONANTS).copied());
        word.extend(dice.one(VOWELS).copied());
    }
    word.extend(dice.one(CONSONANTS).copied());
    word
}

/// Drops what makes words exact.
fn any_form(expression: &str) -> String {
    expression.replace('=', "")
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let plain = |word: &&str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphabetic() || ('а'..='я').contains(&c.to_lowercase().next().unwrap_or(c)))
    };
    text.split(|c: char| !c.is_alphanumeric()).filter(plain).map(str::to_lowercase)
}

fn made_posts(count: usize) -> Vec<Post> {
    let from = Timestamp::from_secs(1_772_467_200);
    let stream = DemoStream::new(1, 50_000);
    let mut posts = Vec::new();
    let mut hours = 0;
    while posts.len() < count {
        let start = from.plus(Duration::from_secs(hours * 3_600));
        posts.extend(stream.between(start, start.plus(Duration::from_secs(3_600))));
        hours += 1;
    }
    posts.truncate(count);
    posts
}

fn fields(path: &str, name: &str) -> Result<Vec<String>, Failure> {
    let file = std::fs::File::open(path)?;
    let reader: Box<dyn Read> =
        if path.ends_with(".gz") { Box::new(flate2::read::GzDecoder::new(file)) } else { Box::new(file) };
    let mut found = Vec::new();
    for line in BufReader::new(reader).lines() {
        let value: serde_json::Value = serde_json::from_str(&line?)?;
        found.push(value[name].as_str().unwrap_or_default().to_owned());
    }
    Ok(found)
}

fn post(text: String) -> Post {
    let at = Timestamp::from_secs(1_772_323_200);
    Post::new(Urn::new("urn:smm:bench:post:1"), "bench", text, at, at)
}

/// SplitMix64: small and the same everywhere.
struct Dice(u64);

impl Dice {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }

    /// Both ends belong to it.
    const fn between(&mut self, low: usize, high: usize) -> usize {
        low + (self.next() % (high - low + 1) as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.next() as usize % of.len().max(1))
    }
}
