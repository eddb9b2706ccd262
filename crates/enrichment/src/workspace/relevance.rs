//! Whether a post is about the object of its topic: learnt from what people keep and bin, topic by topic.

use std::collections::BTreeMap;

use super::compare::{auc, interval};
use super::correction::{MOST_TOPICS, TOPIC_BITS};
use super::fit::fit;
use super::report::{HeadReport, PartScore, Why};
use super::rows::{Rows, hear};
use super::{Example, Origin, is_held_out};
use crate::enricher::Enricher;
use crate::models::{Models, Table};

/// Posts of each sort that a topic needs to learn from, and to be measured on.
const FEWEST: usize = 20;
const FEWEST_HELD_OUT: usize = 5;
/// Posts a topic learns from at most: the newest.
const MOST: usize = 2_000;
/// Below it a score is no better than a coin.
const COIN: f64 = 0.5;
const HOLD: f32 = 1.0;

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Learnt {
    /// In the order of their topics.
    pub(crate) tables: Vec<(i64, Table)>,
    pub(crate) heads: Vec<HeadReport>,
    pub(crate) scores: Vec<PartScore>,
}

/// Learns what topics have examples enough for; of more topics than there may be, those with the most.
pub(crate) fn learn(base: &Models, examples: &[Example], seed: u64, enricher: &mut Enricher) -> Learnt {
    let mut topics: BTreeMap<i64, Vec<&Example>> = BTreeMap::new();
    for example in examples.iter().filter(|example| example.said.relevant.is_some()) {
        topics.entry(example.topic).or_default().push(example);
    }
    let mut most: Vec<(i64, Vec<&Example>)> = topics.into_iter().collect();
    most.sort_by_key(|(topic, examples)| (std::cmp::Reverse(examples.len()), *topic));
    most.truncate(MOST_TOPICS);
    most.sort_by_key(|(topic, _)| *topic);
    let mut learnt = Learnt::default();
    for (topic, examples) in most {
        learnt.topic(base, topic, &examples, seed, enricher);
    }
    learnt
}

impl Learnt {
    fn topic(&mut self, base: &Models, topic: i64, examples: &[&Example], seed: u64, enricher: &mut Enricher) {
        let measures = |example: &Example| example.origin == Origin::Audit || is_held_out(example.key);
        let (held_out, mut taught): (Vec<&Example>, Vec<&Example>) =
            examples.iter().copied().partition(|example| measures(example));
        taught.truncate(MOST);
        let mut head = HeadReport {
            head: "relevance".to_owned(),
            topic: Some(topic),
            taken: false,
            why: Why::TooFewLabels,
            taught: taught.len(),
            held_out: held_out.len(),
            before: None,
            after: None,
            chance: None,
        };
        if both(&taught) < FEWEST || both(&held_out) < FEWEST_HELD_OUT {
            return self.heads.push(head);
        }
        let table = table(base, &taught, seed, enricher);
        let scored: Vec<(f32, bool)> = held_out
            .iter()
            .map(|example| {
                hear(base, example, enricher);
                let mut margin = [0.0];
                table.margins(&enricher.whole_words, &enricher.dense, &mut margin);
                (margin[0], example.said.relevant == Some(true))
            })
            .collect();
        let (low, high) = interval(&scored, auc);
        let after = auc(&scored);
        (head.after, head.taken) = (Some(after), low > COIN);
        head.why = if head.taken { Why::Better } else { Why::NotBetter };
        if head.taken {
            self.tables.push((topic, table));
            self.scores.push(PartScore {
                head: "relevance".to_owned(),
                language: None,
                topic: Some(topic),
                metric: "auc".to_owned(),
                before: None,
                after,
                low,
                high,
                examples: scored.len(),
            });
        }
        self.heads.push(head);
    }
}

/// How many there are of the rarer sort.
fn both(examples: &[&Example]) -> usize {
    let yes = examples.iter().filter(|example| example.said.relevant == Some(true)).count();
    yes.min(examples.len() - yes)
}

fn table(base: &Models, taught: &[&Example], seed: u64, enricher: &mut Enricher) -> Table {
    let mut rows = Rows::new(TOPIC_BITS, 1);
    for example in taught {
        hear(base, example, enricher);
        rows.push(enricher, TOPIC_BITS);
        rows.odds.push(0.0);
        rows.targets.push(f32::from(u8::from(example.said.relevant == Some(true))));
        rows.weights.push(1.0);
    }
    let which: Vec<usize> = (0..rows.len()).collect();
    let weights = fit(&rows, &which, std::slice::from_ref(&(0..1)), &[HOLD], seed);
    Table::of(&weights, 1, TOPIC_BITS)
}
