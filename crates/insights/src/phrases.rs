//! Phrases of two or three words, counted in a sample of texts.
//!
//! Words are compared in their dictionary forms, as a phrase of the query language compares them, and shown as they are mostly
//! written. A phrase lies within a sentence and begins and ends with a word that says something, or with a negation. It is counted
//! as the query language finds it, also across a comma, but told only when most texts write it without one.

mod known;

use std::collections::HashMap;

use molva_archive::is_function_word;
use molva_text::{Analysis, Key, KeySpace, PrefixFilter, TokenKind, forms};

pub use self::known::KnownTexts;
use crate::measure::{share, wilson};

/// Mentions of a sample at most.
pub const SAMPLE: usize = 400;
/// Texts of a sample that must hold a phrase.
const FEWEST: u32 = 3;
/// Of a longer text the first so many words are looked at.
const MOST_WORDS: usize = 1_000;
/// A part of a longer phrase is not told beside it when at least this share of its texts say the longer one.
const SAME: f64 = 0.8;
/// Short words that turn the meaning of the next one.
const NEGATIONS: &[&str] = &["не", "нет", "ни", "без", "нема", "немає", "ні", "no", "not", "without", "never"];

/// Phrases of a sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhraseFigures {
    /// Texts looked at.
    pub sampled: u64,
    /// Most frequent first.
    pub values: Vec<Phrase>,
}

/// One phrase.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// As it is mostly written.
    pub phrase: String,
    /// Texts of the sample that say it.
    pub mentions: u64,
    pub share: f64,
    /// Where the true share lies in 95 cases of 100.
    pub share_low: f64,
    pub share_high: f64,
}

/// Hashes of two or three lemmas; the third is [`NO_LEMMA`] when there are two.
type Lemmas = [u64; 3];
const NO_LEMMA: u64 = u64::MAX;

/// A text, read for its phrases.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadText {
    /// As far as the words that are looked at reach.
    title: Box<str>,
    text: Box<str>,
    spots: Box<[Spot]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spot {
    lemma: u64,
    position: u32,
    sentence: u32,
    /// Bytes of the title or of the text.
    span: (u32, u32),
    /// It may begin or end a phrase.
    edge: bool,
    says_something: bool,
    in_title: bool,
    /// Nothing but space, or a hyphen, stands between it and the word before.
    joined: bool,
}

/// Reads texts; remembers words while it lives.
#[derive(Default)]
pub struct Reader {
    analysis: Analysis,
    vocabulary: Vocabulary,
}

/// By the key of a word: its lemma, whether it may begin or end a phrase, whether it says something.
#[derive(Default)]
struct Vocabulary(HashMap<Key, (u64, bool, bool)>);

/// The most frequent phrases of texts.
#[must_use]
pub fn phrases<T: AsRef<ReadText>>(texts: &[T], limit: usize) -> PhraseFigures {
    let mut found: HashMap<Lemmas, (u32, u32)> = HashMap::new();
    let mut met: Vec<(Lemmas, bool)> = Vec::new();
    for text in texts {
        met.clear();
        each_phrase(&text.as_ref().spots, |lemmas, words| {
            met.push((lemmas, words[1..].iter().any(|word| !word.joined)))
        });
        met.sort_unstable();
        met.dedup_by_key(|(lemmas, _)| *lemmas);
        for (lemmas, broken) in &met {
            let (texts, whole) = found.entry(*lemmas).or_default();
            *texts += 1;
            *whole += u32::from(!broken);
        }
    }
    let told = found.into_iter().filter(|(_, (texts, whole))| *texts >= FEWEST && whole * 2 >= *texts);
    let mut counts: HashMap<Lemmas, u32> = told.map(|(lemmas, (texts, _))| (lemmas, texts)).collect();
    let longer: Vec<(Lemmas, u32)> =
        counts.iter().filter(|(lemmas, _)| lemmas[2] != NO_LEMMA).map(|(lemmas, texts)| (*lemmas, *texts)).collect();
    for (lemmas, texts) in longer {
        for part in [[lemmas[0], lemmas[1], NO_LEMMA], [lemmas[1], lemmas[2], NO_LEMMA]] {
            if counts.get(&part).is_some_and(|all| f64::from(texts) >= SAME * f64::from(*all)) {
                counts.remove(&part);
            }
        }
    }
    let mut ranked: Vec<(Lemmas, u32)> = counts.into_iter().collect();
    ranked.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.truncate(limit);
    let sampled = texts.len() as u64;
    let written = written(texts, &ranked);
    let values = ranked.iter().zip(written).map(|((_, texts), phrase)| {
        let mentions = u64::from(*texts);
        let (share_low, share_high) = wilson(mentions, sampled).unwrap_or_default();
        Phrase { phrase, mentions, share: share(mentions, sampled).unwrap_or_default(), share_low, share_high }
    });
    PhraseFigures { sampled, values: values.collect() }
}

fn each_phrase(spots: &[Spot], mut take: impl FnMut(Lemmas, &[Spot])) {
    let follows = |first: &Spot, second: &Spot| {
        second.position == first.position + 1 && second.sentence == first.sentence && second.in_title == first.in_title
    };
    for (at, first) in spots.iter().enumerate().filter(|(_, first)| first.edge) {
        let Some(second) = spots.get(at + 1).filter(|second| follows(first, second)) else { continue };
        if second.edge && (first.says_something || second.says_something) {
            take([first.lemma, second.lemma, NO_LEMMA], &spots[at..at + 2]);
        }
        let Some(third) = spots.get(at + 2).filter(|third| third.edge && follows(second, third)) else { continue };
        if first.says_something || third.says_something {
            take([first.lemma, second.lemma, third.lemma], &spots[at..at + 3]);
        }
    }
}

/// How each of the phrases is mostly written, in small letters where any text writes it so.
fn written<T: AsRef<ReadText>>(texts: &[T], phrases: &[(Lemmas, u32)]) -> Vec<String> {
    let mut forms: HashMap<Lemmas, HashMap<String, u32>> =
        phrases.iter().map(|(lemmas, _)| (*lemmas, HashMap::new())).collect();
    for read in texts {
        let ReadText { title, text, spots } = read.as_ref();
        each_phrase(spots, |lemmas, words| {
            if let Some(known) = forms.get_mut(&lemmas) {
                let word = |spot: &Spot| {
                    let source = if spot.in_title { title } else { text };
                    source.get(spot.span.0 as usize..spot.span.1 as usize).unwrap_or_default()
                };
                let phrase = words.iter().map(word).collect::<Vec<_>>().join(" ").to_lowercase();
                *known.entry(phrase).or_default() += 1;
            }
        });
    }
    let most = |forms: &HashMap<String, u32>| {
        forms.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(phrase, _)| phrase.clone())
    };
    phrases.iter().map(|(lemmas, _)| forms.get(lemmas).and_then(most).unwrap_or_default()).collect()
}

impl Reader {
    /// Reads a text with its title.
    #[must_use]
    pub fn read(&mut self, title: &str, text: &str) -> ReadText {
        let Self { analysis, vocabulary } = self;
        analysis.run(title, text, &PrefixFilter::default());
        let words = analysis.tokens().iter().filter(|token| token.kind == TokenKind::Word && !token.derived);
        let mut form = String::new();
        let mut last = (false, 0);
        let spots = words.take(MOST_WORDS).map(|token| {
            let source = if token.in_title { title } else { text };
            let between = source.get(last.1 as usize..token.start as usize).filter(|_| last.0 == token.in_title);
            let joined = between.is_some_and(|between| between.chars().all(|c| c.is_whitespace() || c == '-'));
            last = (token.in_title, token.end);
            let (lemma, edge, says_something) = match vocabulary.0.get(&token.key) {
                Some(known) => *known,
                None => {
                    token.form_into(title, text, &mut form);
                    let read = Vocabulary::read(&form);
                    vocabulary.0.insert(token.key, read);
                    read
                }
            };
            Spot {
                lemma,
                position: token.position,
                sentence: u32::try_from(analysis.sentence_of(token.position)).unwrap_or(u32::MAX),
                span: (token.start, token.end),
                edge,
                says_something,
                in_title: token.in_title,
                joined,
            }
        });
        let spots: Box<[Spot]> = spots.collect();
        let read = |source: &str, in_title: bool| -> Box<str> {
            let ends = spots.iter().filter(|spot| spot.in_title == in_title).map(|spot| spot.span.1 as usize);
            source.get(..ends.max().unwrap_or(0)).unwrap_or_default().into()
        };
        ReadText { title: read(title, true), text: read(text, false), spots }
    }
}

impl Vocabulary {
    fn read(form: &str) -> (u64, bool, bool) {
        let lemma = forms::lexemes(form).into_iter().next().map_or_else(|| form.to_owned(), |lexeme| lexeme.lemma);
        let letters = form.chars().filter(|c| c.is_alphabetic()).count();
        let negation = NEGATIONS.contains(&form);
        let says_something = letters >= 3 && !negation && !is_function_word(form) && !is_function_word(&lemma);
        (Key::of_text(&lemma, KeySpace::Form).get(), says_something || negation, says_something)
    }
}

impl ReadText {
    /// What it takes of the memory, about.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.title.len() + self.text.len() + size_of_val(&*self.spots)
    }
}

impl AsRef<Self> for ReadText {
    fn as_ref(&self) -> &Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Vec<ReadText> {
        let mut reader = Reader::default();
        texts.iter().map(|text| reader.read("", text)).collect()
    }

    fn check(texts: &[&str]) -> Vec<(String, u64)> {
        phrases(&read(texts), 10).values.into_iter().map(|phrase| (phrase.phrase, phrase.mentions)).collect()
    }

    #[test]
    fn a_phrase_counts_once_a_text_in_all_its_forms() {
        let texts = [
            "Нет связи. Нет связи!",
            "опять нет связи",
            "У нас нет связи",
            "плохой связью нет, интернет есть",
            "погода",
        ];
        assert_eq!(check(&texts), [("нет связи".to_owned(), 3)]);
        let figures = phrases(&read(&["нет связи", "нет связи", "нет связи", ""]), 10);
        let phrase = &figures.values[0];
        assert_eq!((figures.sampled, phrase.share), (4, 0.75));
        assert!(phrase.share_low < 0.75 && phrase.share_high > 0.75 && phrase.share_high < 1.0, "{phrase:?}");
    }

    #[test]
    fn a_phrase_ends_with_its_sentence_and_with_whatever_is_no_word() {
        assert_eq!(check(&["плохая. связь", "плохая. связь", "плохая. связь"]), []);
        assert_eq!(check(&["плохая #тег связь", "плохая @имя связь", "плохая http://a.example/ связь"]), []);
    }

    #[test]
    fn a_phrase_across_a_comma_counts_and_is_told_when_most_write_it_without() {
        let texts = ["линия, поддержка", "линия поддержки", "линия поддержки"];
        assert_eq!(check(&texts), [("линия поддержки".to_owned(), 3)]);
        assert_eq!(check(&["авария, связь", "авария, связь", "авария связь"]), []);
    }

    #[test]
    fn of_a_longer_phrase_its_parts_are_not_told_again() {
        let longer =
            ["горячая линия поддержки", "горячая линия поддержки", "горячей линии поддержки", "линия поддержки"];
        let expected = [("линия поддержки".to_owned(), 4), ("горячая линия поддержки".to_owned(), 3)];
        assert_eq!(check(&longer), expected);
    }

    #[test]
    fn function_words_stand_inside_of_phrases_alone() {
        let texts = ["вопрос о связи", "вопрос о связи", "вопрос о связи"];
        assert_eq!(check(&texts), [("вопрос о связи".to_owned(), 3)]);
        assert_eq!(phrases::<ReadText>(&[], 10), PhraseFigures::default());
    }

    #[test]
    fn of_a_text_no_more_is_kept_than_its_words_reach() {
        let mut reader = Reader::default();
        let read = reader.read("Авария!", "Нет связи ... 😡😡😡");
        assert_eq!((&*read.title, &*read.text, read.spots.len()), ("Авария", "Нет связи", 3));
        let long = reader.read("", &"слово ".repeat(MOST_WORDS * 3));
        assert_eq!((long.spots.len(), long.text.len()), (MOST_WORDS, "слово ".len() * MOST_WORDS - 1));
    }
}
