//! What a network's search is asked for: what the topics look for, as far as the network can be told.
//!
//! The way is the same for every network: [`Topics`] brings what is looked for, [`ask`] leaves out what is said nowhere, the network's
//! own file writes the rest in its own words. What is asked for is never less than what a topic wants, except what is named in
//! [`TopicAsk::missing`]; the matcher decides afterwards.

use std::sync::Arc;

use molva_domain::{Sought, TopicId, TopicSought, Untold, UntoldWhy};

use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::session::Session;
use crate::settings::{Localized, Setting, SettingKind, Settings, ShownWhen};

pub(crate) mod alternatives;
pub(crate) mod boolean;
pub(crate) mod choices;
pub(crate) mod clause;
pub(crate) mod inflected;
pub(crate) mod letters;
#[cfg(test)]
pub(crate) mod sample;
pub(crate) mod share;
mod stems;

/// The setting that says when a source asks for what the topics look for.
pub(crate) const TOPICS: &str = "topics";
/// The topics are asked for where a person named nothing else.
const OTHERWISE: &str = "otherwise";
/// They are asked for beside what a person named.
const ALWAYS: &str = "always";

/// The same in the form of a source.
pub(crate) const fn by_topics(shown_when: Option<ShownWhen>) -> Setting {
    Setting {
        key: TOPICS,
        kind: SettingKind::Choice(&[
            (
                OTHERWISE,
                Localized {
                    en: "If nothing else is named",
                    ru: "Если больше ничего не указано",
                    uk: "Якщо більше нічого не вказано",
                },
            ),
            (ALWAYS, Localized { en: "Always", ru: "Всегда", uk: "Завжди" }),
        ]),
        label: Localized {
            en: "Search for the topics", ru: "Искать по темам", uk: "Шукати за темами"
        },
        help: Localized {
            en: "The network is asked for what your topics look for; each change of a topic is followed. “Always”: also beside what is named above.",
            ru: "У сети спрашивается то, что ищут ваши темы; за каждой правкой темы следует и поиск. «Всегда» — также вместе с тем, что указано выше.",
            uk: "У мережі запитується те, що шукають ваші теми; за кожною зміною теми йде й пошук. «Завжди» — також разом з тим, що вказано вище.",
        },
        required: false,
        default: Some(OTHERWISE),
        placeholder: None,
        shown_when,
    }
}

/// Whether a source asks for what the topics look for; `named` says whether a person named something else.
pub(crate) fn asks_for_topics(settings: &Settings, named: bool) -> bool {
    !named || settings.text(TOPICS) == Some(ALWAYS)
}

/// What the topics look for, as of now.
pub trait Topics: Send + Sync {
    /// By the age of the topic.
    fn sought<'a>(&'a self) -> BoxFuture<'a, Result<Arc<Vec<TopicSought>>, ConnectorError>>;

    /// Waits until that is something else than when it was asked for last; may be given up and begun again at any time.
    fn changed<'a>(&'a self) -> BoxFuture<'a, ()>;
}

/// A network that can be asked for what the topics look for.
pub trait Searches: Send + Sync {
    /// What it would be asked for; `None` where these settings ask for nothing of the topics.
    fn plan(&self, settings: &Settings, topics: &[TopicSought]) -> Option<SearchPlan>;
}

/// Waits until the topics look for something else; for ever where they are not `followed`.
pub(crate) async fn change(session: &Session, followed: bool) {
    match &session.topics {
        Some(topics) if followed => topics.changed().await,
        _ => std::future::pending().await,
    }
}

/// What the topics look for now; `None` where they are not `followed`.
pub(crate) async fn sought(session: &Session, followed: bool) -> Result<Option<Arc<Vec<TopicSought>>>, ConnectorError> {
    match &session.topics {
        Some(topics) if followed => topics.sought().await.map(Some),
        _ => Ok(None),
    }
}

/// What is asked for, and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPlan {
    pub asks: Vec<TopicAsk>,
    /// Searches or rules it takes.
    pub count: usize,
    /// Most that it may take.
    pub most: usize,
}

/// What is asked for one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicAsk {
    pub topic: TopicId,
    pub name: String,
    /// In the network's own words; empty where nothing is asked for.
    pub queries: Vec<String>,
    /// Parts that are not told: more comes, and is left out here.
    pub widened: Vec<Untold>,
    /// Parts that are not asked for: what only they would find is not heard.
    pub missing: Vec<Untold>,
}

impl TopicAsk {
    /// Of a topic that is not even looked at.
    pub(crate) fn without_room(topic: &TopicSought) -> Self {
        let missing = vec![Untold::new(UntoldWhy::Room, &topic.name)];
        Self { topic: topic.topic, name: topic.name.clone(), queries: Vec::new(), widened: Vec::new(), missing }
    }

    /// Where nothing is asked for there is nothing wider either.
    pub(crate) fn settle(&mut self) {
        if self.queries.is_empty() {
            self.missing.append(&mut self.widened);
        }
    }
}

/// What of one topic can be asked for on a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Words, rows, signs, authors, and choices of them; `None` where nothing can be asked for, or nothing could be found there.
    pub sought: Option<Sought>,
    pub widened: Vec<Untold>,
    pub missing: Vec<Untold>,
}

/// A part, on a certain network.
enum Resolved {
    /// It asks for nothing that could be told: anything passes.
    Everything,
    Nothing,
    Part(Sought),
}

/// Asks `network` for `sought`; `takes` tells why the network cannot be asked for a word or sign.
pub(crate) fn ask(sought: &Sought, network: &str, takes: &dyn Fn(&Sought) -> Result<(), UntoldWhy>) -> Ask {
    let resolver = Resolver { network, takes };
    let mut ask = Ask { sought: None, widened: Vec::new(), missing: Vec::new() };
    ask.sought = resolver.best(sought, &mut ask.widened, &mut ask.missing);
    for told in [&mut ask.widened, &mut ask.missing] {
        let mut seen: Vec<Untold> = Vec::new();
        told.retain(|untold| {
            let new = !seen.contains(untold);
            seen.push(untold.clone());
            new
        });
    }
    ask
}

struct Resolver<'a> {
    network: &'a str,
    takes: &'a dyn Fn(&Sought) -> Result<(), UntoldWhy>,
}

impl Resolver<'_> {
    /// All of it where that can be asked for; else those of its choices that can.
    fn best(&self, sought: &Sought, widened: &mut Vec<Untold>, missing: &mut Vec<Untold>) -> Option<Sought> {
        let mut told = Vec::new();
        match self.resolve(sought, &mut told) {
            Resolved::Part(part) => {
                widened.extend(told);
                Some(part)
            }
            Resolved::Nothing => None,
            Resolved::Everything => {
                let Sought::Any(parts) = sought else {
                    if told.is_empty() {
                        // All of a network: no search is asked for that.
                        told.push(Untold::new(UntoldWhy::Field, &format!("network:{}", self.network)));
                    }
                    missing.extend(told);
                    return None;
                };
                let mut found: Vec<Sought> =
                    parts.iter().filter_map(|part| self.best(part, widened, missing)).collect();
                if found.len() > 1 { Some(Sought::Any(found)) } else { found.pop() }
            }
        }
    }

    fn resolve(&self, sought: &Sought, told: &mut Vec<Untold>) -> Resolved {
        match sought {
            Sought::Network { name, is } if (name == self.network) == *is => Resolved::Everything,
            Sought::Network { .. } => Resolved::Nothing,
            Sought::Untold(untold) => {
                told.push(untold.clone());
                Resolved::Everything
            }
            Sought::All(parts) => {
                let mut found = Vec::new();
                for part in parts {
                    match self.resolve(part, told) {
                        Resolved::Everything => {}
                        Resolved::Nothing => return Resolved::Nothing,
                        Resolved::Part(part) => found.push(part),
                    }
                }
                match found.len() {
                    0 => Resolved::Everything,
                    1 => Resolved::Part(found.remove(0)),
                    _ => Resolved::Part(Sought::All(found)),
                }
            }
            Sought::Any(parts) => {
                let mut found = Vec::new();
                for part in parts {
                    match self.resolve(part, told) {
                        Resolved::Everything => return Resolved::Everything,
                        Resolved::Nothing => {}
                        Resolved::Part(part) => found.push(part),
                    }
                }
                match found.len() {
                    0 => Resolved::Nothing,
                    1 => Resolved::Part(found.remove(0)),
                    _ => Resolved::Part(Sought::Any(found)),
                }
            }
            leaf => match (self.takes)(leaf) {
                Ok(()) => Resolved::Part(leaf.clone()),
                Err(why) => {
                    told.push(Untold::new(why, &written(leaf)));
                    Resolved::Everything
                }
            },
        }
    }
}

/// A word or sign as a person would write it.
fn written(leaf: &Sought) -> String {
    let last = |spellings: &[String]| spellings.last().cloned().unwrap_or_default();
    match leaf {
        Sought::Word(spellings) => last(spellings),
        Sought::Row(words) => words.iter().map(|word| last(word)).collect::<Vec<_>>().join(" "),
        Sought::Hashtag(sign) | Sought::Mention(sign) | Sought::Emoji(sign) => sign.clone(),
        Sought::Author(name) => format!("author:@{name}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Sought {
        Sought::Word(vec![text.to_owned()])
    }

    fn untold(text: &str) -> Untold {
        Untold::new(UntoldWhy::Beginning, text)
    }

    fn on(name: &str, is: bool) -> Sought {
        Sought::Network { name: name.to_owned(), is }
    }

    fn check(sought: &Sought) -> Ask {
        let common = |leaf: &Sought| if *leaf == word("the") { Err(UntoldWhy::Common) } else { Ok(()) };
        ask(sought, "x", &common)
    }

    #[test]
    fn what_cannot_be_told_is_left_out_beside_others_and_missing_alone() {
        let part = Sought::Untold(untold("мегаф*"));
        let beside = check(&Sought::All(vec![word("cat"), part.clone()]));
        assert_eq!(beside, Ask { sought: Some(word("cat")), widened: vec![untold("мегаф*")], missing: Vec::new() });
        let choice = check(&Sought::Any(vec![word("cat"), part.clone(), word("dog")]));
        let both = Some(Sought::Any(vec![word("cat"), word("dog")]));
        assert_eq!(choice, Ask { sought: both, widened: Vec::new(), missing: vec![untold("мегаф*")] });
        // Inside of what must be there anyway a choice that cannot be told is no loss.
        let inside = check(&Sought::All(vec![word("cat"), Sought::Any(vec![word("dog"), part.clone()])]));
        assert_eq!(inside, Ask { sought: Some(word("cat")), widened: vec![untold("мегаф*")], missing: Vec::new() });
        assert_eq!(check(&part), Ask { sought: None, widened: Vec::new(), missing: vec![untold("мегаф*")] });
        let common = check(&Sought::All(vec![word("the"), word("cat")]));
        assert_eq!((common.sought, common.widened[0].why), (Some(word("cat")), UntoldWhy::Common));
    }

    #[test]
    fn other_networks_are_not_asked_for() {
        let nothing = Ask { sought: None, widened: Vec::new(), missing: Vec::new() };
        assert_eq!(check(&Sought::All(vec![word("cat"), on("vk", true)])), nothing);
        assert_eq!(check(&Sought::All(vec![word("cat"), on("x", false)])), nothing);
        assert_eq!(check(&Sought::All(vec![word("cat"), on("x", true), on("vk", false)])).sought, Some(word("cat")));
        let either = Sought::Any(vec![Sought::All(vec![word("cat"), on("vk", true)]), word("dog")]);
        assert_eq!(check(&either).sought, Some(word("dog")));
        assert_eq!(check(&on("x", true)).missing, [Untold::new(UntoldWhy::Field, "network:x")]);
    }
}
