//! What a source asks YouTube's search for: the words a person wrote, and what the topics look for.
//!
//! YouTube knows `a|b` and rows in quotes, no brackets, and finds words in other forms. A day has a hundred searches for everything, so
//! what can be merged is: topics that look for one of several words are asked for together, others by themselves while those are few.

use molva_domain::{TopicSought, Untold};

use super::NETWORK;
use crate::error::ConnectorError;
use crate::search::choices::{Choice, choices, fit, left_out, pack, rarest};
use crate::search::inflected::Rows;
use crate::search::share::share;
use crate::search::{self, SearchPlan, TopicAsk, inflected};
use crate::session::Session;
use crate::settings::Settings;

/// Searches of a source for the topics; the more there are, the less often each is asked.
const MOST: usize = 24;
/// Topics that are asked for by a search of their own, because several choices must be met; others are asked for by their rarest choice.
const MOST_ALONE: usize = 6;
/// Characters of a search.
const LONGEST: usize = 400;
/// Topics that are looked at; what is beyond is told.
const MOST_TOPICS: usize = 2_000;

/// Where nothing is named a source asks for what the topics look for.
pub(super) fn of_topics(settings: &Settings) -> bool {
    let named = ["words", "channels", "videos"].into_iter().any(|key| settings.list(key).next().is_some());
    search::asks_for_topics(settings, named)
}

/// What is to be searched for now beside the words a person wrote.
pub(super) async fn now(session: &Session, settings: &Settings) -> Result<Vec<String>, ConnectorError> {
    let Some(topics) = search::sought(session, of_topics(settings)).await? else { return Ok(Vec::new()) };
    let words = by_hand(settings);
    let (written, most) = (words.len(), words.len() + MOST);
    Ok(share(words, &mut asks(&topics), most).split_off(written))
}

pub(super) fn by_hand(settings: &Settings) -> Vec<String> {
    settings.list("words").map(str::to_owned).collect()
}

/// What one topic looks for.
struct Part {
    ask: TopicAsk,
    choices: Vec<Choice>,
}

fn asks(topics: &[TopicSought]) -> Vec<TopicAsk> {
    let mut parts: Vec<Part> = topics.iter().take(MOST_TOPICS).map(part).collect();
    let mut alone = 0;
    for part in &mut parts {
        alone += usize::from(part.choices.len() > 1);
        if part.choices.len() > 1 && alone > MOST_ALONE {
            part.reduce();
        }
    }
    // Words of all topics of which one is enough.
    let mut together: Choice = Vec::new();
    for term in parts.iter().filter(|part| part.choices.len() == 1).flat_map(|part| &part.choices[0]) {
        if !together.contains(term) {
            together.push(term.clone());
        }
    }
    let packs: Vec<String> = pack(&together, LONGEST);
    for part in &mut parts {
        part.ask.queries = match &part.choices[..] {
            [] => Vec::new(),
            [terms] => holding(&packs, terms),
            several => fit(several.to_vec(), LONGEST, &mut part.ask.widened),
        };
    }
    parts.into_iter().map(|part| part.ask).collect()
}

/// The searches in which one of these is asked for.
fn holding(packs: &[String], terms: &Choice) -> Vec<String> {
    let holds = |pack: &&String| pack.split('|').any(|asked| terms.iter().any(|term| term == asked));
    packs.iter().filter(holds).cloned().collect()
}

fn part(topic: &TopicSought) -> Part {
    let search::Ask { sought, mut widened, missing } = search::ask(&topic.sought, NETWORK, &inflected::takes);
    let choices = sought.map_or_else(Vec::new, |sought| {
        let clause = inflected::clause(&sought, Rows::InQuotes, &mut widened);
        choices(&clause, &mut widened)
    });
    let ask = TopicAsk { topic: topic.topic, name: topic.name.clone(), queries: Vec::new(), widened, missing };
    Part { ask, choices }
}

impl Part {
    /// Of what must all be there, the rarest alone.
    fn reduce(&mut self) {
        let Some(kept) = rarest(&self.choices).cloned() else { return };
        let others = std::mem::take(&mut self.choices).into_iter().filter(|choice| *choice != kept);
        let widened: &mut Vec<Untold> = &mut self.ask.widened;
        others.for_each(|choice| left_out(&choice, widened));
        self.choices = vec![kept];
    }
}

/// What the source's page tells.
pub(super) fn plan(settings: &Settings, topics: &[TopicSought]) -> Option<SearchPlan> {
    if !of_topics(settings) {
        return None;
    }
    let words = by_hand(settings);
    let most = words.len() + MOST;
    let mut asks = asks(topics);
    let count = share(words, &mut asks, most).len();
    asks.extend(topics.iter().skip(MOST_TOPICS).map(TopicAsk::without_room));
    Some(SearchPlan { asks, count, most })
}

#[cfg(test)]
mod tests;
