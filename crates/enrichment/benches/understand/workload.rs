//! Posts to judge.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use molva_demo_stream::DemoStream;
use molva_domain::{Language, Timestamp};
use molva_enrichment::training::Brands;
use molva_enrichment::{Object, Span};
use molva_text::{Analysis, PrefixFilter};

use crate::Failure;

/// A post, and where the object and its rivals stand in it.
#[derive(Clone)]
pub(crate) struct Mention {
    pub(crate) text: String,
    pub(crate) language: Option<Language>,
    pub(crate) published: Timestamp,
    brand: String,
    own: Vec<Span>,
    others: Vec<Span>,
}

impl Mention {
    pub(crate) fn object(&self) -> Option<Object<'_>> {
        Some(Object { own: &self.own, others: &self.others })
    }
}

/// Posts of the demo stream, the same on every machine; the second word of each is judged.
pub(crate) fn made(count: usize) -> Vec<Mention> {
    stream().take(count).collect()
}

/// English posts, each of two of the demo stream: longer ones, and none like another, as English tweets are.
pub(crate) fn made_in_english(count: usize) -> Vec<Mention> {
    let halves: Vec<Mention> =
        stream().filter(|post| post.language == Some(Language::ENGLISH)).take(count / 5).collect();
    let post = |number: usize| {
        let (first, second) = (&halves[number % halves.len()], &halves[number * 7_919 / 5 % halves.len()]);
        Mention { text: format!("{} {}", first.text, second.text), ..first.clone() }
    };
    (0..count).map(post).collect()
}

fn stream() -> impl Iterator<Item = Mention> {
    let from = Timestamp::from_secs(1_772_467_200);
    let hours = (0..).map(move |hour| from.plus(Duration::from_secs(hour * 3_600)));
    let stream = DemoStream::new(1, 50_000);
    let posts = hours.flat_map(move |start| stream.between(start, start.plus(Duration::from_secs(3_600))));
    let mut analysis = Analysis::default();
    posts.map(move |post| {
        analysis.run("", &post.text, &PrefixFilter::default());
        let span = |token: &molva_text::Token| Span { in_title: false, start: token.start, end: token.end };
        let own = analysis.tokens().iter().skip(1).take(1).map(span).collect();
        let language = analysis.language("", &post.text);
        Mention {
            text: post.text,
            language,
            published: post.published_at,
            brand: String::new(),
            own,
            others: Vec::new(),
        }
    })
}

/// Posts of a file with the first brand that each names.
pub(crate) fn read(path: &str) -> Result<Vec<Mention>, Failure> {
    let file = std::fs::File::open(path)?;
    let lines: Box<dyn BufRead> = if path.ends_with(".gz") {
        Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file)))
    } else {
        Box::new(BufReader::new(file))
    };
    let mut found = Vec::new();
    for line in lines.lines() {
        let value: serde_json::Value = serde_json::from_str(&line?)?;
        let text = value["text"].as_str().unwrap_or_default().to_owned();
        let brand = value["brands"][0].as_str().unwrap_or_default().to_owned();
        let (mut own, mut others) = (Vec::new(), Vec::new());
        Brands::default().find(&text, &brand, &mut own, &mut others);
        let language = molva_text::detect_language(&text);
        let published = Timestamp::from_secs(value["published"].as_i64().unwrap_or_default());
        found.push(Mention { text, language, published, brand, own, others });
    }
    Ok(found)
}

/// Finds the brands in every post again.
pub(crate) fn brands(mentions: &[Mention]) -> usize {
    let (mut brands, mut own, mut others) = (Brands::default(), Vec::new(), Vec::new());
    let one = |mention: &Mention| {
        brands.find(&mention.text, &mention.brand, &mut own, &mut others);
        own.len()
    };
    mentions.iter().map(one).sum()
}
