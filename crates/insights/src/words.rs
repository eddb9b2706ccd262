//! Of what: typical and rising words, hashtags, emoji and links beside a baseline.

use molva_archive::{Archive, Filter, Slice, WordCount};
use molva_domain::Timestamp;

use crate::Result;
use crate::measure::{log_likelihood, real, share};
use crate::selected::{Selected, Stretch};

/// Evidence from which a word is told: a chance of 1 in 1,000 (χ², one degree of freedom).
pub const EVIDENCE: f64 = 10.83;
/// Fewer mentions are no evidence, however rare the word is elsewhere.
pub const FEWEST: u64 = 5;
/// A rising word is said at least so many times as often.
const RISING: f64 = 1.5;
/// Words that are looked at before they are put in order.
const LOOKED_AT: usize = 300;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct WordsQuestion<'a> {
    pub of: Selected<'a>,
    /// `None`: the same length just before; for a filter without a beginning, everything of all topics.
    pub baseline: Option<Stretch>,
    /// Of each list.
    pub limit: usize,
    pub now: Timestamp,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct WordFigures {
    pub mentions: u64,
    pub baseline_mentions: u64,
    /// `None`: all times, all topics.
    pub baseline: Option<Stretch>,
    /// Hardest to explain by chance first; without a baseline the most frequent.
    pub typical: Vec<Said>,
    /// Steepest first.
    pub rising: Vec<Said>,
    /// The next three by mentions.
    pub hashtags: Vec<Said>,
    pub emoji: Vec<Said>,
    pub links: Vec<Said>,
    pub missing: Vec<Slice>,
}

/// A word, hashtag, emoji or link beside the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// As the archive's filter takes it.
    pub word: String,
    pub mentions: u64,
    pub share: Option<f64>,
    /// Mentions of the baseline that say it.
    pub baseline: u64,
    pub baseline_share: Option<f64>,
    /// Share by share; `None` when the baseline does not say it.
    pub lift: Option<f64>,
    /// G², 0 when it is not said more often than in the baseline.
    pub evidence: f64,
}

/// Asks the archive once for both sets.
///
/// # Errors
/// When the archive cannot be read.
pub fn words(archive: &Archive, question: &WordsQuestion<'_>) -> Result<WordFigures> {
    let Selected { query, filter } = question.of;
    let baseline = question.baseline.or_else(|| {
        let from = filter.from?;
        Stretch::new(from, filter.before.unwrap_or(question.now)).map(Stretch::previous)
    });
    let (baseline_query, baseline_filter) = match baseline {
        Some(stretch) => (query, question.of.at(stretch)),
        None => (None, everything_beside(question.of)),
    };
    let limit = question.limit;
    let counted = archive.words(query, filter, baseline_query, &baseline_filter, LOOKED_AT.max(limit), limit)?;
    let (mentions, baseline_mentions) = (counted.mentions, counted.baseline_mentions);
    let said = |counts: Vec<WordCount>| -> Vec<Said> {
        counts.into_iter().map(|count| beside(count, mentions, baseline_mentions)).collect()
    };
    let words = said(counted.words);
    Ok(WordFigures {
        mentions,
        baseline_mentions,
        baseline,
        typical: typical(&words, baseline_mentions, limit),
        rising: rising(&words, mentions, baseline_mentions, limit),
        hashtags: said(counted.hashtags),
        emoji: said(counted.emoji),
        links: said(counted.links),
        missing: counted.missing,
    })
}

/// Everything of all topics, as far as the same switches let it through; nothing when the selection is just that.
fn everything_beside(of: Selected<'_>) -> Filter {
    let everything = Filter {
        states: of.filter.states.clone(),
        without_copies: of.filter.without_copies,
        without_spam: of.filter.without_spam,
        ..Filter::default()
    };
    if of.query.is_none() && everything == *of.filter {
        let never = Timestamp::EARLIEST;
        return Filter { from: Some(never), before: Some(never), ..everything };
    }
    everything
}

fn beside(count: WordCount, mentions: u64, baseline_mentions: u64) -> Said {
    let WordCount { word, mentions: hits, baseline } = count;
    let (here, there) = (share(hits, mentions), share(baseline, baseline_mentions));
    let more = here.zip(there).is_some_and(|(here, there)| here > there);
    Said {
        word,
        mentions: hits,
        share: here,
        baseline,
        baseline_share: there,
        lift: here.zip(there).filter(|(_, there)| *there > 0.0).map(|(here, there)| here / there),
        evidence: if more { log_likelihood(hits, mentions, baseline, baseline_mentions) } else { 0.0 },
    }
}

fn typical(words: &[Said], baseline_mentions: u64, limit: usize) -> Vec<Said> {
    let mut typical: Vec<Said>;
    if baseline_mentions == 0 {
        typical = words.to_vec();
        typical.sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.word.cmp(&b.word)));
    } else {
        typical = words.iter().filter(|word| is_evident(word)).cloned().collect();
        typical.sort_by(|a, b| b.evidence.total_cmp(&a.evidence).then_with(|| a.word.cmp(&b.word)));
    }
    typical.truncate(limit);
    typical
}

fn rising(words: &[Said], mentions: u64, baseline_mentions: u64, limit: usize) -> Vec<Said> {
    if mentions == 0 || baseline_mentions == 0 {
        return Vec::new();
    }
    let growth = |word: &Said| {
        let (here, there) = (real(word.mentions) + 0.5, real(word.baseline) + 0.5);
        (here / real(mentions)) / (there / real(baseline_mentions))
    };
    let evident = words.iter().filter(|word| is_evident(word));
    let mut rising: Vec<(f64, &Said)> =
        evident.map(|word| (growth(word), word)).filter(|(growth, _)| *growth >= RISING).collect();
    rising.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.word.cmp(&b.1.word)));
    rising.into_iter().take(limit).map(|(_, word)| word.clone()).collect()
}

fn is_evident(word: &Said) -> bool {
    word.mentions >= FEWEST && word.evidence >= EVIDENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(word: &str, mentions: u64, baseline: u64) -> Said {
        beside(WordCount { word: word.to_owned(), mentions, baseline }, 100, 200)
    }

    #[test]
    fn a_word_is_compared_share_by_share() {
        let word = said("связь", 20, 10);
        assert_eq!((word.share, word.baseline_share, word.lift), (Some(0.2), Some(0.05), Some(4.0)));
        assert!((word.evidence - 15.5632).abs() < 1e-3, "{}", word.evidence);
        let new = said("авария", 6, 0);
        assert_eq!((new.baseline_share, new.lift), (Some(0.0), None));
        assert_eq!(said("тариф", 10, 20).evidence, 0.0);
        let alone = beside(WordCount { word: "x".to_owned(), mentions: 3, baseline: 0 }, 10, 0);
        assert_eq!((alone.baseline_share, alone.lift, alone.evidence), (None, None, 0.0));
    }

    #[test]
    fn typical_words_come_by_evidence_and_rising_ones_by_growth() {
        let words = [
            said("часто", 60, 80),
            said("связь", 20, 10),
            said("авария", 6, 0),
            said("мало", 4, 0),
            said("чуть", 12, 20),
        ];
        let names = |said: Vec<Said>| said.into_iter().map(|word| word.word).collect::<Vec<_>>();
        // G²: связь 15.56, авария 13.3, часто 10.72 (too little), мало is said too seldom.
        assert_eq!(names(typical(&words, 200, 10)), ["связь", "авария"]);
        // авария 6.5/100 : 0.5/200 = 26, связь 20.5/100 : 10.5/200 = 3.9.
        assert_eq!(names(rising(&words, 100, 200, 10)), ["авария", "связь"]);
        assert_eq!(names(typical(&words, 200, 1)), ["связь"]);
        assert_eq!(names(typical(&words, 0, 2)), ["часто", "связь"]);
        assert_eq!(names(rising(&words, 100, 0, 10)), Vec::<String>::new());
    }
}
