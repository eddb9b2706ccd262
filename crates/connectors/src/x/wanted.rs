//! What a source asks X for: the words a person wrote, and what the topics look for.

use std::collections::HashSet;

use molva_domain::{TopicSought, Untold, UntoldWhy};

use super::{compile, rules};
use crate::error::ConnectorError;
use crate::search::{self, SearchPlan, TopicAsk};
use crate::session::Session;
use crate::settings::Settings;

/// Topics that are looked at; what is beyond is told.
const MOST_TOPICS: usize = 2_000;

/// Letters that may stand behind every query.
const MOST_NARROWER: usize = 200;

/// What X takes, by the kind of access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// Longest query of a search, in characters.
    pub query: usize,
    /// Longest rule of the stream.
    pub rule: usize,
    /// Most rules of a source: of those an application has, others may need some.
    pub rules: usize,
    /// Most queries of a source; each is asked once a minute.
    pub queries: usize,
}

impl Limits {
    pub(super) fn of(settings: &Settings) -> Self {
        match settings.text("access") {
            Some("enterprise") => Self { query: 4_096, rule: 2_048, rules: 5_000, queries: 32 },
            _ => Self { query: 512, rule: 1_024, rules: 500, queries: 32 },
        }
    }
}

/// A rule as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub value: String,
    /// Whose it is, and for which topic.
    pub tag: String,
}

/// Everything that is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub rules: Vec<Rule>,
    pub queries: Vec<String>,
}

/// By which our rules are known in the application.
pub(super) fn tag(session: &Session) -> String {
    format!("molva {}", session.source_key)
}

/// Without words of its own a source asks for what the topics look for.
pub(super) fn of_topics(settings: &Settings) -> bool {
    let mentions = settings.text("what") == Some("mentions");
    !mentions && search::asks_for_topics(settings, settings.list("words").next().is_some())
}

/// What is to be asked for now.
pub(super) async fn now(session: &Session) -> Result<Wanted, ConnectorError> {
    match &session.topics {
        Some(topics) if of_topics(&session.settings) => {
            let topics = topics.sought().await?;
            of(&session.settings, &tag(session), &topics)
        }
        _ => {
            let wanted = of(&session.settings, &tag(session), &[])?;
            if wanted.queries.is_empty() {
                return Err(invalid("write at least one search, one a line".to_owned()));
            }
            Ok(wanted)
        }
    }
}

/// The same, of these topics.
pub(super) fn of(settings: &Settings, tag: &str, topics: &[TopicSought]) -> Result<Wanted, ConnectorError> {
    let limits = Limits::of(settings);
    if settings.text("narrower").is_some_and(|text| text.chars().count() > MOST_NARROWER) {
        return Err(ConnectorError::invalid(
            "narrower",
            format!("is longer than {MOST_NARROWER} characters; shorten it, it stands behind every query"),
        ));
    }
    let by_hand = |longest: usize| rules::pack(settings.list("words"), &ending(settings), longest).map_err(invalid);
    let too_many = |count: usize, most: usize| {
        invalid(format!("make {count} queries of X, and {most} is the most; make two sources of it"))
    };
    let (mut wanted, queries) = (Wanted::default(), by_hand(limits.query)?);
    if queries.len() > limits.queries {
        return Err(too_many(queries.len(), limits.queries));
    }
    wanted.queries = queries;
    wanted.rules.extend(by_hand(limits.rule)?.into_iter().map(|value| Rule { value, tag: tag.to_owned() }));
    if of_topics(settings) {
        let room = limits.rules.saturating_sub(wanted.rules.len());
        wanted
            .rules
            .extend(rules_of(&asks(settings, topics, limits.rule), &ending(settings), limits.rule, room, tag).0);
        let room = limits.queries.saturating_sub(wanted.queries.len());
        wanted
            .queries
            .extend(queries_of(&asks(settings, topics, limits.query), &ending(settings), limits.query, room).0);
    }
    // X takes no rule twice.
    let mut values = HashSet::new();
    wanted.rules.retain(|rule| values.insert(rule.value.clone()));
    Ok(wanted)
}

/// What stands behind each query.
fn ending(settings: &Settings) -> String {
    let reposts = if settings.flag("reposts") { "" } else { " -is:retweet" };
    let narrower =
        settings.text("narrower").map(|text| format!(" {}", text.chars().take(MOST_NARROWER).collect::<String>()));
    let narrower = narrower.unwrap_or_default();
    format!("{narrower}{reposts}")
}

fn invalid(message: String) -> ConnectorError {
    ConnectorError::invalid("words", message)
}

/// What each topic asks for, in queries that fit with what stands behind them.
fn asks(settings: &Settings, topics: &[TopicSought], longest: usize) -> Vec<TopicAsk> {
    // Brackets around a query, and around several.
    let room = longest.saturating_sub(ending(settings).chars().count() + "(())".len());
    topics.iter().take(MOST_TOPICS).map(|topic| compile::compile(topic, room)).collect()
}

/// Rules, each of one topic while there is room for that; and how many queries of each topic they hold.
fn rules_of(asks: &[TopicAsk], ending: &str, longest: usize, room: usize, tag: &str) -> (Vec<Rule>, Vec<usize>) {
    let pack = |lines: &[&str]| rules::pack(lines.iter().copied(), ending, longest).unwrap_or_default();
    let mut own = Vec::new();
    for ask in asks {
        for query in &ask.queries {
            let tag = format!("{tag} topic {}", ask.topic);
            own.extend(pack(&[query]).into_iter().map(|value| Rule { value, tag: tag.clone() }));
        }
    }
    if own.len() <= room {
        return (own, asks.iter().map(|ask| ask.queries.len()).collect());
    }
    let (packed, taken) = queries_of(asks, ending, longest, room);
    let tag = format!("{tag} topics");
    (packed.into_iter().map(|value| Rule { value, tag: tag.clone() }).collect(), taken)
}

/// Queries of several topics together; and how many queries of each topic found room. They come in turns, the first of every topic before
/// the second of any, so that no topic is deaf because another has many words.
fn queries_of(asks: &[TopicAsk], ending: &str, longest: usize, room: usize) -> (Vec<String>, Vec<usize>) {
    let mut lines: Vec<(usize, usize, &str)> = Vec::new();
    for (topic, ask) in asks.iter().enumerate() {
        lines.extend(ask.queries.iter().enumerate().map(|(turn, query)| (turn, topic, query.as_str())));
    }
    lines.sort_by_key(|(turn, topic, _)| (*turn, *topic));
    let pack = |count: usize| {
        rules::pack(lines[..count].iter().map(|(.., query)| *query), ending, longest).unwrap_or_default()
    };
    // More lines never need fewer queries.
    let (mut fits, mut too_many) = (0, lines.len() + 1);
    while fits + 1 < too_many {
        let middle = usize::midpoint(fits, too_many);
        if pack(middle).len() <= room { fits = middle } else { too_many = middle }
    }
    let mut taken = vec![0; asks.len()];
    lines[..fits].iter().for_each(|(_, topic, _)| taken[*topic] += 1);
    (pack(fits), taken)
}

/// What the source's page tells.
pub(super) fn plan(settings: &Settings, topics: &[TopicSought]) -> Option<SearchPlan> {
    if !of_topics(settings) {
        return None;
    }
    let limits = Limits::of(settings);
    let by_hand =
        |longest: usize| rules::pack(settings.list("words"), &ending(settings), longest).map_or(0, |all| all.len());
    let search = settings.text("what") == Some("search");
    let (longest, most) = if search { (limits.query, limits.queries) } else { (limits.rule, limits.rules) };
    let room = most.saturating_sub(by_hand(longest));
    let mut asks = asks(settings, topics, longest);
    let (count, taken) = if search {
        let (queries, taken) = queries_of(&asks, &ending(settings), longest, room);
        (queries.len(), taken)
    } else {
        let (rules, taken) = rules_of(&asks, &ending(settings), longest, room, "");
        (rules.len(), taken)
    };
    for (ask, taken) in asks.iter_mut().zip(taken) {
        let left = ask.queries.split_off(taken);
        ask.missing.extend(left.iter().map(|query| Untold::new(UntoldWhy::Room, query)));
        ask.settle();
    }
    asks.extend(topics.iter().skip(MOST_TOPICS).map(TopicAsk::without_room));
    Some(SearchPlan { asks, count: count + by_hand(longest), most })
}

#[cfg(test)]
mod tests;
