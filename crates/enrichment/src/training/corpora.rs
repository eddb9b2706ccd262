//! The sets that models learn from, read from lines of JSON and of tabs.

use std::collections::BTreeMap;

use molva_domain::{Intent, Stage};
use serde::Deserialize;

/// Our labels of Russian posts: what the author wants, the stage, spam. The texts are in the data folder.
pub const LABELS: &str = include_str!("../../labels/train-ru.tsv");
/// Our labels of English posts of SemEval, likewise.
pub const ENGLISH_LABELS: &str = include_str!("../../labels/train-en.tsv");
/// Posts written by us with their labels: for Ukrainian, of which there is no set, and for what few people write.
pub const WRITTEN: &str = include_str!("../../labels/written.tsv");
/// As [`LABELS`], never learnt from.
pub const HELD_OUT_LABELS: &str = include_str!("../../labels/eval-ru.tsv");

/// A text with a class.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// Those of tweets grow with time; zero where there is none.
    pub id: u64,
    pub text: String,
    pub class: usize,
}

/// A text with a tone towards one of the brands in it: 0 negative, 1 neutral, 2 positive.
#[derive(Clone, Debug)]
pub struct TowardsBrand {
    pub id: String,
    pub text: String,
    pub brand: String,
    pub published: i64,
    pub class: usize,
}

/// A text with what its author wants, by our own labels; `docs/labels.md` has the rules.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub id: String,
    pub text: String,
    /// Empty where the text as a whole was labelled.
    pub brand: String,
    /// Bits in the order of [`Intent::ALL`].
    pub intents: u16,
    pub other: bool,
    pub stage: Option<Stage>,
    pub spam: bool,
    /// Drawn for its words, so that rare intents occur: it says nothing of how frequent they are.
    pub chosen: bool,
}

/// A post of our own hand.
#[derive(Clone, Debug)]
pub struct Written {
    /// Towards its object.
    pub tone: TowardsBrand,
    pub wanted: Wanted,
}

/// A post of the unlabelled stream.
#[derive(Clone, Debug)]
pub struct Streamed {
    pub id: String,
    pub text: String,
    pub brands: Vec<String>,
}

/// Everything there is to learn from. A set that is missing is empty.
#[derive(Clone, Debug, Default)]
pub struct Corpora {
    pub telecom: Vec<TowardsBrand>,
    pub banks: Vec<TowardsBrand>,
    /// Negative, neutral, positive, speech, skip.
    pub rusentitweet: Vec<Labelled>,
    /// Negative, neutral, positive.
    pub semeval: Vec<Labelled>,
    /// Negative, neutral, positive; measured only.
    pub airline: Vec<Labelled>,
    /// Other, complaint.
    pub complaints: Vec<Labelled>,
    /// Other, purchase.
    pub purchase: Vec<Labelled>,
    /// With the name of the customer's intent.
    pub errands: Vec<(String, String)>,
    pub stream: Vec<Streamed>,
    pub wanted: Vec<Wanted>,
    pub wanted_english: Vec<Wanted>,
    pub written: Vec<Written>,
    /// Never learnt from.
    pub wanted_held_out: Vec<Wanted>,
}

/// Why a set cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct CorpusError {
    pub line: usize,
    pub reason: String,
}

impl std::fmt::Display for CorpusError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for CorpusError {}

#[derive(Deserialize)]
struct LabelledLine {
    #[serde(default)]
    id: String,
    text: String,
    label: String,
}

#[derive(Deserialize)]
struct BrandLine {
    id: String,
    #[serde(default)]
    published: i64,
    text: String,
    #[serde(default)]
    tone: BTreeMap<String, String>,
    #[serde(default)]
    brands: Vec<String>,
}

pub(crate) const TONES: [&str; 5] = ["negative", "neutral", "positive", "speech", "skip"];

fn lines<'a, T: Deserialize<'a>>(content: &'a str) -> impl Iterator<Item = Result<T, CorpusError>> {
    content.lines().enumerate().filter(|(_, line)| !line.is_empty()).map(|(index, line)| {
        serde_json::from_str(line).map_err(|error| CorpusError { line: index + 1, reason: error.to_string() })
    })
}

/// A set of `{text, label}` whose labels are `classes`.
///
/// # Errors
/// When a line is no such object or has another label.
pub fn labelled(content: &str, classes: &[&str]) -> Result<Vec<Labelled>, CorpusError> {
    let mut found = Vec::new();
    for (index, line) in lines::<LabelledLine>(content).enumerate() {
        let line = line?;
        let class = classes.iter().position(|class| *class == line.label).ok_or_else(|| CorpusError {
            line: index + 1,
            reason: format!("`{}` is none of {}", line.label, classes.join(", ")),
        })?;
        found.push(Labelled { id: line.id.parse().unwrap_or_default(), text: unescape(&line.text), class });
    }
    Ok(found)
}

/// A set of `{text, label}` with any labels.
///
/// # Errors
/// When a line is no such object.
pub fn errands(content: &str) -> Result<Vec<(String, String)>, CorpusError> {
    lines::<LabelledLine>(content).map(|line| line.map(|line| (line.text, line.label))).collect()
}

/// A set of `{id, published, text, tone: {brand: tone}}`: one example for each brand.
///
/// # Errors
/// When a line is no such object or has another tone.
pub fn towards_brands(content: &str) -> Result<Vec<TowardsBrand>, CorpusError> {
    let mut found = Vec::new();
    for (index, line) in lines::<BrandLine>(content).enumerate() {
        let line = line?;
        for (brand, tone) in &line.tone {
            let class = TONES[..3]
                .iter()
                .position(|name| name == tone)
                .ok_or_else(|| CorpusError { line: index + 1, reason: format!("`{tone}` is no tone") })?;
            found.push(TowardsBrand {
                id: line.id.clone(),
                text: line.text.clone(),
                brand: brand.clone(),
                published: line.published,
                class,
            });
        }
    }
    Ok(found)
}

/// A stream of `{id, text, brands}`.
///
/// # Errors
/// When a line is no such object.
pub fn streamed(content: &str) -> Result<Vec<Streamed>, CorpusError> {
    lines::<BrandLine>(content)
        .map(|line| line.map(|line| Streamed { id: line.id, text: line.text, brands: line.brands }))
        .collect()
}

/// The codes of the guidelines.
const CODES: &[(char, Intent)] = &[
    ('c', Intent::Complaint),
    ('h', Intent::Help),
    ('q', Intent::Question),
    ('i', Intent::Idea),
    ('p', Intent::Praise),
    ('b', Intent::Purchase),
    ('l', Intent::Churn),
    ('n', Intent::News),
    ('a', Intent::Advert),
];
const STAGES: &[(&str, Option<Stage>)] = &[
    ("s", Some(Stage::Search)),
    ("b", Some(Stage::Buy)),
    ("u", Some(Stage::Use)),
    ("v", Some(Stage::Service)),
    ("l", Some(Stage::Leave)),
    ("-", None),
];

/// Where the labels of posts that were drawn for their words begin.
const CHOSEN: &str = "# chosen";

/// Labels as `id TAB brand TAB intents TAB stage TAB spam`, with the texts of the stream.
///
/// # Errors
/// When a line is none of these. A label whose post is not in the stream is left out.
pub fn wanted(labels: &str, stream: &[Streamed]) -> Result<Vec<Wanted>, CorpusError> {
    let texts: BTreeMap<&str, &str> = stream.iter().map(|post| (post.id.as_str(), post.text.as_str())).collect();
    let mut found = Vec::new();
    let chosen = labels.lines().position(|line| line.starts_with(CHOSEN)).unwrap_or(usize::MAX);
    for (index, line) in labels.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let wrong = |reason: String| CorpusError { line: index + 1, reason };
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, brand, codes, stage, spam] = cells[..] else {
            return Err(wrong("not `id`, `brand`, `intents`, `stage`, `spam` with tabs between".to_owned()));
        };
        let said = said(codes, stage, spam).map_err(wrong)?;
        if let Some(text) = texts.get(id) {
            let (id, text, brand) = (id.to_owned(), (*text).to_owned(), brand.to_owned());
            found.push(Wanted { id, text, brand, chosen: index > chosen, ..said });
        }
    }
    Ok(found)
}

/// Posts with their labels as `id TAB tone TAB intents TAB stage TAB spam TAB object TAB text`.
///
/// # Errors
/// When a line is none of these.
pub fn written(content: &str) -> Result<Vec<Written>, CorpusError> {
    let mut found = Vec::new();
    for (index, line) in content.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let wrong = |reason: String| CorpusError { line: index + 1, reason };
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, tone, codes, stage, spam, object, text] = cells[..] else {
            return Err(wrong(
                "not `id`, `tone`, `intents`, `stage`, `spam`, `object`, `text` with tabs between".to_owned(),
            ));
        };
        let class = ["n", "0", "p"]
            .iter()
            .position(|code| *code == tone)
            .ok_or_else(|| wrong(format!("`{tone}` is no tone")))?;
        let (id, text, brand) = (id.to_owned(), text.to_owned(), object.to_owned());
        let said = said(codes, stage, spam).map_err(wrong)?;
        let wanted = Wanted { id: id.clone(), text: text.clone(), brand: brand.clone(), ..said };
        found.push(Written { tone: TowardsBrand { id, text, brand, published: 0, class }, wanted });
    }
    Ok(found)
}

impl Written {
    /// Whether the tone is learnt from it: Russian has posts enough that people wrote.
    #[must_use]
    pub fn teaches_tone(&self) -> bool {
        self.tone.id.starts_with("w-uk")
    }
}

/// What the codes of a line say, of no post yet.
fn said(codes: &str, stage: &str, spam: &str) -> Result<Wanted, String> {
    let (mut intents, mut other) = (0, false);
    for code in codes.chars() {
        if code == 'o' {
            other = true;
            continue;
        }
        let (_, intent) =
            CODES.iter().find(|(known, _)| *known == code).ok_or_else(|| format!("`{code}` is no intent"))?;
        intents |= 1 << (*intent as u16);
    }
    let (_, stage) =
        STAGES.iter().find(|(known, _)| *known == stage).ok_or_else(|| format!("`{stage}` is no stage"))?;
    let spam = spam == "1";
    if spam {
        intents |= 1 << (Intent::Spam as u16);
    }
    Ok(Wanted {
        id: String::new(),
        text: String::new(),
        brand: String::new(),
        intents,
        other,
        stage: *stage,
        spam,
        chosen: false,
    })
}

/// SemEval's texts carry escapes of characters that were written out.
fn unescape(text: &str) -> String {
    let text = text.replace("\\\"\"", "\"");
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(&text);
    if !text.contains("\\u") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\u") {
        out.push_str(&rest[..at]);
        let code =
            rest.get(at + 2..at + 6).and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match code {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 6..];
            }
            None => {
                out.push_str("\\u");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}
