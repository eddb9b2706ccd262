//! The texts of one language as features: to learn from, and kept aside.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::Context;
use flate2::read::MultiGzDecoder;
use molva_text::language::{Letters, Script};
use molva_text::{Analysis, PrefixFilter};

use super::fragments::Fragments;
use super::sources::Tongue;

/// Sentences and posts kept aside, the last ones of each file.
const KEPT_SENTENCES: usize = 250;
const KEPT_POSTS: usize = 1_200;
/// What the short test takes of a text.
const SHORT: usize = 20;

/// Letters of other languages: three in a hundred posts of the Russian set are Mongolian, Macedonian, Ukrainian or Kazakh.
const NOT_RUSSIAN: [char; 24] = [
    'і', 'ї', 'є', 'ґ', 'ў', 'ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'һ', 'ј', 'љ', 'њ', 'ћ', 'ђ', 'ѓ', 'ќ', 'ѕ', 'џ', 'ѝ',
    'ѐ',
];

/// The features of the words of a text.
pub(super) type Words = Vec<Vec<u32>>;

pub(super) struct Corpus {
    pub(super) share: f32,
    /// Sentences of the web and the news.
    pub(super) sentences: Vec<Words>,
    /// Single words and pairs.
    pub(super) words: Vec<Words>,
    /// Posts, where there are any.
    pub(super) posts: Vec<Words>,
    pub(super) fragments: Fragments,
    pub(super) kept: Vec<Kept>,
}

/// Texts to measure by, as (whole, its first letters).
pub(super) struct Kept {
    pub(super) name: &'static str,
    pub(super) texts: Vec<(Words, Words)>,
}

impl Corpus {
    pub(super) fn read(tongue: &Tongue, crates: &Path, data: &Path) -> anyhow::Result<Self> {
        let folder = crates.join(format!("lingua-{}-language-model", tongue.name));
        let mut sentences = lines(&folder.join("testdata/sentences.txt"))?;
        // They are sorted by the alphabet: what is kept aside must not be.
        shuffle(&mut sentences);
        let kept_sentences = sentences.split_off(sentences.len().saturating_sub(KEPT_SENTENCES));
        let mut words = lines(&folder.join("testdata/single-words.txt"))?;
        words.extend(lines(&folder.join("testdata/word-pairs.txt"))?);
        let mut posts = tongue.posts.map_or(Ok(Vec::new()), |file| read_posts(&data.join(file)))?;
        if tongue.code == "ru" {
            posts.retain(|post| !post.to_lowercase().contains(NOT_RUSSIAN));
        }
        let kept_posts = posts.split_off(posts.len().saturating_sub(KEPT_POSTS));
        let mut reader = Reader { script: tongue.script, analysis: Analysis::default(), letters: Letters::default() };
        let mut kept = vec![reader.keep("sentences", &kept_sentences)];
        if !kept_posts.is_empty() {
            kept.push(reader.keep("posts", &kept_posts));
        }
        Ok(Self {
            share: tongue.share,
            sentences: reader.all(&sentences),
            words: reader.all(&words),
            posts: reader.all(&posts),
            fragments: Fragments::read(&folder.join("models/ngrams.fst"))?,
            kept,
        })
    }
}

struct Reader {
    script: Script,
    analysis: Analysis,
    letters: Letters,
}

impl Reader {
    fn words(&mut self, text: &str) -> Words {
        self.analysis.run("", text, &PrefixFilter::default());
        let mut words = Vec::new();
        self.analysis.language_words("", text, self.script, |word| {
            let mut features = Vec::new();
            self.letters.read(word);
            self.letters.features(|feature| features.push(feature));
            words.push(features);
        });
        words
    }

    fn all(&mut self, texts: &[String]) -> Vec<Words> {
        texts.iter().map(|text| self.words(text)).filter(|words| !words.is_empty()).collect()
    }

    fn keep(&mut self, name: &'static str, texts: &[String]) -> Kept {
        let texts = texts
            .iter()
            .map(|text| (self.words(text), self.words(&said(text).chars().take(SHORT).collect::<String>())))
            .filter(|(whole, short)| !whole.is_empty() && !short.is_empty())
            .collect();
        Kept { name, texts }
    }
}

/// Without the links and names a post often begins with.
fn said(post: &str) -> String {
    let words =
        post.split_whitespace().filter(|word| !word.starts_with("http") && !word.starts_with('@') && *word != "RT");
    words.collect::<Vec<_>>().join(" ")
}

fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn read_posts(path: &Path) -> anyhow::Result<Vec<String>> {
    let file = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    BufReader::new(MultiGzDecoder::new(file))
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(&line?)?;
            Ok(line["text"].as_str().context("a line has no `text`")?.to_owned())
        })
        .collect()
}

fn shuffle(texts: &mut [String]) {
    let mut random = super::train::Random(7);
    for at in (1..texts.len()).rev() {
        texts.swap(at, random.below(at + 1));
    }
}
