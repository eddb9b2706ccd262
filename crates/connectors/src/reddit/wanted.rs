//! What a source asks Reddit's search for: the words a person wrote, and what the topics look for.
//!
//! Reddit compares words by their letters and knows `AND`, `OR`, quotes, brackets and `author:`; a search has at most 512 characters.

use molva_domain::{Sought, TopicSought, UntoldWhy};

use super::{MAX_SEARCHES, NETWORK};
use crate::error::ConnectorError;
use crate::search::boolean::{Dialect, is_common};
use crate::search::share::share;
use crate::search::{self, SearchPlan, TopicAsk};
use crate::session::Session;
use crate::settings::Settings;

/// Characters of a search.
const LONGEST: usize = 512;
/// Topics that are looked at; what is beyond is told.
const MOST_TOPICS: usize = 2_000;
/// Letters of a name.
const MAX_NAME: usize = 20;

const DIALECT: Dialect =
    Dialect { and: " AND ", tags: false, mention: |_| None, author: |name| format!("author:{name}") };

/// Without communities and words of its own a source asks for what the topics look for.
pub(super) fn of_topics(settings: &Settings) -> bool {
    let named = ["words", "subreddits"].into_iter().any(|key| settings.list(key).next().is_some());
    search::asks_for_topics(settings, named)
}

/// What is to be searched for now beside the words a person wrote.
pub(super) async fn now(session: &Session, settings: &Settings) -> Result<Vec<String>, ConnectorError> {
    let Some(topics) = search::sought(session, of_topics(settings)).await? else { return Ok(Vec::new()) };
    let words = by_hand(settings);
    let written = words.len();
    Ok(share(words, &mut asks(&topics), MAX_SEARCHES).split_off(written))
}

pub(super) fn by_hand(settings: &Settings) -> Vec<String> {
    settings.list("words").take(MAX_SEARCHES).map(str::to_owned).collect()
}

fn asks(topics: &[TopicSought]) -> Vec<TopicAsk> {
    topics.iter().take(MOST_TOPICS).map(compile).collect()
}

fn compile(topic: &TopicSought) -> TopicAsk {
    DIALECT.compile(topic, search::ask(&topic.sought, NETWORK, &takes), LONGEST)
}

fn takes(leaf: &Sought) -> Result<(), UntoldWhy> {
    let is_name = |name: &str| {
        let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(fine)
    };
    let refused = match leaf {
        Sought::Word(spellings) => is_common(spellings),
        Sought::Row(words) => words.iter().all(|word| is_common(word)),
        Sought::Hashtag(text) | Sought::Mention(text) => !text.contains(char::is_alphanumeric),
        Sought::Emoji(_) => true,
        // Nobody on Reddit has such a name.
        Sought::Author(name) => !is_name(name),
        _ => false,
    };
    if refused { Err(UntoldWhy::Common) } else { Ok(()) }
}

/// What the source's page tells.
pub(super) fn plan(settings: &Settings, topics: &[TopicSought]) -> Option<SearchPlan> {
    if !of_topics(settings) {
        return None;
    }
    let mut asks = asks(topics);
    let count = share(by_hand(settings), &mut asks, MAX_SEARCHES).len();
    asks.extend(topics.iter().skip(MOST_TOPICS).map(TopicAsk::without_room));
    Some(SearchPlan { asks, count, most: MAX_SEARCHES })
}

#[cfg(test)]
mod tests;
