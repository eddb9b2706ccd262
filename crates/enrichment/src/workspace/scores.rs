//! Scores of heads on the labels held out, as a whole, by language and by topic.

use std::collections::BTreeMap;

use molva_domain::Intent;

use super::compare::{Pair, interval, score};
use super::correction::SPAM;
use super::learn::Measured;
use super::parts::Part;
use super::report::PartScore;
use crate::models::INTENTS;

/// With fewer labels nothing is said of a part.
const FEWEST: usize = 10;
/// Topics that are told of: those with the most labels.
const MOST_TOPICS: usize = 20;

type Of<'a> = (Option<String>, Option<i64>, Vec<&'a Measured>);

/// Every score that has labels enough.
pub(crate) fn scores(measured: &[&Measured]) -> Vec<PartScore> {
    let mut scores = Vec::new();
    for (language, topic, part) in parts(measured) {
        let mut add = |head: &str, metric: String, pairs: &[Vec<Pair>], classes: usize| {
            let Some(score) = one(pairs, classes) else { return };
            let (head, language) = (head.to_owned(), language.clone());
            scores.push(PartScore { head, language, topic, metric, ..score });
        };
        let of = |head: Part| part.iter().filter_map(|one| one.pair(head)).collect::<Vec<Pair>>();
        add("tone", "macro_f1".to_owned(), &[of(Part::Tone)], 3);
        let intents: Vec<Vec<Pair>> =
            (0..INTENTS).filter(|intent| *intent != SPAM).map(|n| of(Part::Want(n))).collect();
        add("intents", "macro_f1".to_owned(), &intents, 2);
        if language.is_none() && topic.is_none() {
            for (intent, pairs) in (0..INTENTS).filter(|intent| *intent != SPAM).zip(&intents) {
                let metric = format!("f1:{}", Intent::ALL[intent].as_str());
                add("intents", metric, std::slice::from_ref(pairs), 2);
            }
        }
        add("stage", "macro_f1".to_owned(), &[of(Part::Stage)], 6);
        add("spam", "f1".to_owned(), &[of(Part::Want(SPAM))], 2);
    }
    scores
}

/// All of them, those of each language, those of each topic.
fn parts<'a>(measured: &[&'a Measured]) -> Vec<Of<'a>> {
    let (mut languages, mut topics) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
    for one in measured.iter().copied() {
        if let Some(language) = one.language {
            languages.entry(language.code().to_owned()).or_default().push(one);
        }
        topics.entry(one.topic).or_default().push(one);
    }
    let mut topics: Vec<(i64, Vec<&Measured>)> = topics.into_iter().collect();
    topics.sort_by_key(|(topic, of)| (std::cmp::Reverse(of.len()), *topic));
    topics.truncate(MOST_TOPICS);
    let whole = (None, None, measured.to_vec());
    let languages = languages.into_iter().map(|(code, of)| (Some(code), None, of));
    let topics = topics.into_iter().map(|(topic, of)| (None, Some(topic), of));
    [whole].into_iter().chain(languages).chain(topics).collect()
}

/// The mean over several heads, of those that people say at all. `None` with too few labels.
fn one(heads: &[Vec<Pair>], classes: usize) -> Option<PartScore> {
    let examples = heads.iter().map(Vec::len).max().unwrap_or_default();
    let said = |pairs: &&Vec<Pair>| classes > 2 || pairs.iter().any(|pair| pair.truth == 1);
    let heads: Vec<&Vec<Pair>> = heads.iter().filter(said).collect();
    if examples < FEWEST || heads.is_empty() {
        return None;
    }
    let mean = |of: &dyn Fn(&[Pair]) -> f64| heads.iter().map(|pairs| of(pairs)).sum::<f64>() / heads.len() as f64;
    let after = |pairs: &[Pair]| score(classes, pairs.iter().map(|pair| (pair.truth, pair.after)));
    let before = |pairs: &[Pair]| score(classes, pairs.iter().map(|pair| (pair.truth, pair.before)));
    let bounds: Vec<(f64, f64)> = heads.iter().map(|pairs| interval(pairs, after)).collect();
    let (of_before, of_after) = (mean(&before), mean(&after));
    // Bounds of a mean of heads that err on their own: half widths add up as squares.
    let spread = |of: &dyn Fn(&(f64, f64), f64) -> f64| {
        let squares = heads.iter().zip(&bounds).map(|(pairs, bounds)| of(bounds, after(pairs)).powi(2));
        squares.sum::<f64>().sqrt() / heads.len() as f64
    };
    Some(PartScore {
        head: String::new(),
        language: None,
        topic: None,
        metric: String::new(),
        before: Some(of_before),
        after: of_after,
        low: (of_after - spread(&|bounds, value| value - bounds.0)).max(0.0),
        high: (of_after + spread(&|bounds, value| bounds.1 - value)).min(1.0),
        examples,
    })
}
