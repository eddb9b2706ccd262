//! What a source asks VK's search for: the words a person wrote, and what the topics look for.
//!
//! VK documents `q` by an example of two words and promises nothing of signs between them: it is asked for words that must all be there
//! and for hashtags, which programs search by, and for nothing else. It knows no "or": each alternative of a topic is a search of its own.
//! It finds a word with any ending, as it says of its stream, so one spelling of each stem is asked for.

use molva_domain::TopicSought;

use super::NETWORK;
use super::target::Channel;
use crate::error::ConnectorError;
use crate::search::alternatives::alternatives;
use crate::search::inflected::Rows;
use crate::search::share::share;
use crate::search::{self, SearchPlan, TopicAsk, inflected};
use crate::session::Session;
use crate::settings::Settings;

/// Searches of a source; the more there are, the less often each is asked.
const MOST: usize = 32;
/// Of those, written by hand.
const MOST_BY_HAND: usize = 16;
/// Letters of a search.
const LONGEST: usize = 200;
/// Topics that are looked at; what is beyond is told.
const MOST_TOPICS: usize = 2_000;

/// Without words of its own a source asks for what the topics look for.
pub(super) fn of_topics(settings: &Settings) -> bool {
    let search = !matches!(settings.text("what"), Some("walls" | "own"));
    search && search::asks_for_topics(settings, settings.list("words").next().is_some())
}

/// What is to be asked for now.
pub(super) async fn now(session: &Session) -> Result<Vec<Channel>, ConnectorError> {
    let words = by_hand(&session.settings)?;
    let searches = match search::sought(session, of_topics(&session.settings)).await? {
        Some(topics) => share(words, &mut asks(&topics), MOST),
        None if words.is_empty() => return Err(invalid("write at least one search, one a line")),
        None => words,
    };
    Ok(searches.into_iter().map(Channel::Search).collect())
}

fn by_hand(settings: &Settings) -> Result<Vec<String>, ConnectorError> {
    let words: Vec<String> = settings.list("words").map(str::to_owned).collect();
    if words.len() > MOST_BY_HAND {
        return Err(invalid("has more than 16 searches; make two sources of it"));
    }
    if words.iter().any(|words| words.chars().count() > LONGEST) {
        return Err(invalid("a search has at most 200 characters"));
    }
    Ok(words)
}

fn invalid(message: &str) -> ConnectorError {
    ConnectorError::invalid("words", message)
}

fn asks(topics: &[TopicSought]) -> Vec<TopicAsk> {
    topics.iter().take(MOST_TOPICS).map(compile).collect()
}

fn compile(topic: &TopicSought) -> TopicAsk {
    let search::Ask { sought, mut widened, missing } = search::ask(&topic.sought, NETWORK, &inflected::takes);
    let queries = sought.map_or_else(Vec::new, |sought| {
        let clause = inflected::clause(&sought, Rows::Anywhere, &mut widened);
        alternatives(&clause, LONGEST, &mut widened)
    });
    TopicAsk { topic: topic.topic, name: topic.name.clone(), queries, widened, missing }
}

/// What the source's page tells.
pub(super) fn plan(settings: &Settings, topics: &[TopicSought]) -> Option<SearchPlan> {
    if !of_topics(settings) {
        return None;
    }
    let mut asks = asks(topics);
    let count = share(by_hand(settings).unwrap_or_default(), &mut asks, MOST).len();
    asks.extend(topics.iter().skip(MOST_TOPICS).map(TopicAsk::without_room));
    Some(SearchPlan { asks, count, most: MOST })
}

#[cfg(test)]
mod tests;
