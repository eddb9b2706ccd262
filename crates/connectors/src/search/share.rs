//! Who may ask how much, where a network takes so many searches and no more.

use std::vec;

use molva_domain::{Untold, UntoldWhy};

use super::TopicAsk;

/// Searches of all, each once: those written by hand, then in turns the first of every topic, the second of every topic and so on, the
/// oldest topic first: no topic is deaf because another has many words. What found no room is named at its topic.
pub(crate) fn share(by_hand: Vec<String>, asks: &mut [TopicAsk], most: usize) -> Vec<String> {
    let mut searches = by_hand;
    let mut waiting: Vec<vec::IntoIter<String>> =
        asks.iter_mut().map(|ask| std::mem::take(&mut ask.queries).into_iter()).collect();
    let mut is_over = false;
    while !is_over {
        is_over = true;
        for (ask, waiting) in asks.iter_mut().zip(&mut waiting) {
            let Some(query) = waiting.next() else { continue };
            is_over = false;
            let known = searches.contains(&query);
            if !known && searches.len() >= most {
                ask.missing.push(Untold::new(UntoldWhy::Room, &query));
                continue;
            }
            if !known {
                searches.push(query.clone());
            }
            ask.queries.push(query);
        }
    }
    asks.iter_mut().for_each(TopicAsk::settle);
    searches
}

#[cfg(test)]
mod tests {
    use molva_domain::TopicId;

    use super::*;

    #[test]
    fn every_topic_has_its_turn_before_one_has_all_of_its_searches() {
        let ask = |queries: &[&str]| TopicAsk {
            topic: TopicId(7),
            name: "Тема".to_owned(),
            queries: queries.iter().map(|query| (*query).to_owned()).collect(),
            widened: vec![Untold::new(UntoldWhy::Field, "lang:ru")],
            missing: Vec::new(),
        };
        let mut asks = [ask(&["кот", "пёс", "слон", "лев"]), ask(&["сон"]), ask(&["кот", "дом"]), ask(&["сад"])];
        assert_eq!(share(vec!["молва".to_owned()], &mut asks, 5), ["молва", "кот", "сон", "сад", "пёс"]);
        let [first, second, third, fourth] = &asks;
        assert_eq!((&first.queries[..], first.missing.len()), (&["кот".to_owned(), "пёс".to_owned()][..], 2));
        assert_eq!((second.queries.len(), &third.missing[..]), (1, &[Untold::new(UntoldWhy::Room, "дом")][..]));
        assert_eq!((fourth.queries.len(), fourth.widened.len()), (1, 1));
        let mut late = [ask(&["кот"])];
        share(vec!["молва".to_owned()], &mut late, 1);
        assert_eq!((late[0].queries.len(), late[0].widened.len(), late[0].missing.len()), (0, 0, 2));
    }
}
