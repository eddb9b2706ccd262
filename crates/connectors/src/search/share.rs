//! Who may ask how much, where a network takes so many searches and no more.

use molva_domain::{Untold, UntoldWhy};

use super::TopicAsk;

/// Searches of all, each once: those written by hand first, then the topics', the oldest first, as far as there is room. What found
/// none is named at its topic.
pub(crate) fn share(by_hand: Vec<String>, asks: &mut [TopicAsk], most: usize) -> Vec<String> {
    let mut searches = by_hand;
    for ask in asks {
        let mut asked = Vec::new();
        for query in std::mem::take(&mut ask.queries) {
            let known = searches.contains(&query);
            if known || searches.len() < most {
                asked.push(query.clone());
            }
            match (known, searches.len() < most) {
                (true, _) => {}
                (false, true) => searches.push(query),
                (false, false) => ask.missing.push(Untold::new(UntoldWhy::Long, &query)),
            }
        }
        if asked.is_empty() {
            // Nothing is asked for, so that there is nothing wider either.
            ask.missing.append(&mut ask.widened);
        }
        ask.queries = asked;
    }
    searches
}
