//! Figures, words and pages beside a straight count, on generated mentions, queries and filters.

use std::time::Duration;

use molva_domain::{EventId, MentionId, MentionState, Timestamp, Tone, TopicId, Urn};
use molva_query::{Query, Reading, Scope, parse_with};
use proptest::prelude::*;

use super::generated::{any_judgement, any_post, any_query, lists};
use super::plain::{self, Row};
use super::{folder, open, time};
use crate::{Archive, Ask, Cells, Facet, FacetAsk, Figures, Filter, Order, Slice};

const DAY: Duration = Duration::from_secs(86_400);
/// Questions of one archive; with [`cases`] the number of random queries and filters tried.
const QUESTIONS: usize = 32;

/// How many archives are tried: 16 make 512 questions.
fn cases() -> u32 {
    std::env::var("MOLVA_TEST_ARCHIVES").ok().and_then(|number| number.parse().ok()).unwrap_or(16)
}

fn any_row() -> impl Strategy<Value = Row> {
    let places = (0..4_i64, 0..3_usize, 0..6_u8, 0..70_u64);
    (any_post(), any_judgement(), places, any::<u16>()).prop_map(|(mut post, mut judgement, place, bits)| {
        let (topic, state, author, days) = place;
        let has = |bit: u16| bits >> bit & 1 == 1;
        post.published_at = post.published_at.minus(DAY * days as u32);
        post.author.urn = (author < 3).then(|| Urn::new(format!("urn:smm:x:author:{author}")));
        post.author.country = has(0).then(|| "RU".to_owned());
        post.author.region = has(1).then(|| "Саратовская область".to_owned());
        if has(2) {
            post.author.city = Some("Москва".to_owned());
        }
        if has(3) {
            post.links.extend(["http://dom.ru/Tariff?id=7".to_owned(), "http://dom.ru/Tariff#top".to_owned()]);
        }
        if has(4) {
            post.community = Some(molva_domain::Community { key: "VK/7".into(), ..Default::default() });
        }
        judgement.tags = ["VIP", "цены"]
            .into_iter()
            .zip([5, 6])
            .filter(|(_, bit)| has(*bit))
            .map(|(tag, _)| tag.to_owned())
            .collect();
        if has(7) {
            judgement.tone = Some(Tone::Positive);
        }
        if has(8) {
            judgement.spam = Some(0.5);
        }
        if has(10) {
            judgement.stories = vec![if has(11) { "17" } else { "18" }.to_owned()];
        }
        Row { id: 0, topic, state: MentionState::ALL[state], post, judgement, copy: has(9), by_people: has(12) }
    })
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    (0..72_u32 * 24).prop_map(|hours| time("2026-03-03T00:00:00Z").minus(Duration::from_secs(3_600) * hours))
}

/// Values that occur and some that do not.
fn any_values(facet: Facet) -> BoxedStrategy<Vec<String>> {
    let known: &[&str] = match facet {
        Facet::Topic => &["0", "1", "3", "9"],
        Facet::Network => &["vk", "ok", "mastodon", "x"],
        Facet::Site => &["news.pikabu.ru", "pikabu.ru"],
        Facet::Community => &["vk/123", "vk/7"],
        Facet::Author => &["00000000000000ff", "not a number"],
        Facet::Language => &["ru", "uk", "en"],
        Facet::Kind => &["post", "comment", "article", "x"],
        Facet::State => &["new", "kept", "binned"],
        Facet::Tone => &["negative", "neutral", "positive", "x"],
        Facet::Intent => &["complaint", "help", "churn", "idea", "x"],
        Facet::Stage => &["service", "leave", "x"],
        Facet::Spam => &["yes", "no", "x"],
        Facet::Story => &["17", "18", "19"],
        Facet::JudgedBy => &["people", "machine", "x"],
        Facet::Tag => &["VIP", "цены", "vip"],
        Facet::Country => &["RU", "UA"],
        Facet::Region => &["Саратовская область"],
        Facet::City => &["Москва", "Энгельс", "москва"],
        Facet::Hashtag => &["#домру", "#билайн", "домру"],
        Facet::Link => &["http://dom.ru/Tariff", "http://dom.ru/tariff", "http://dom.ru/Tariff?id=7"],
        Facet::Emoji => &["😡", "👍"],
        Facet::Word => &["связь", "билайн", "банк", "интернет", "связи"],
    };
    let mut known: Vec<String> = known.iter().map(|value| (*value).to_owned()).collect();
    if facet == Facet::Author {
        known.extend((0..3).map(|author| crate::author_value(&format!("urn:smm:x:author:{author}"))));
    }
    known.push(String::new());
    prop::collection::vec(prop::sample::select(known), 0..4).boxed()
}

fn any_facet() -> impl Strategy<Value = Facet> {
    prop::sample::select(Facet::ALL)
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let facets = any_facet().prop_flat_map(|facet| (Just(facet), any_values(facet)));
    let states = prop::sample::subsequence(MentionState::ALL.to_vec(), 0..3);
    let parts = (
        prop::option::of(any_time()),
        prop::option::of(any_time()),
        prop::collection::vec((0..9_i64).prop_map(TopicId), 0..6),
        states,
        prop::collection::vec(facets, 0..3),
        any::<(bool, bool)>(),
    );
    parts.prop_map(|(from, before, topics, states, facets, (without_copies, without_spam))| Filter {
        from,
        before,
        topics,
        states,
        facets,
        without_copies,
        without_spam,
    })
}

fn any_ask() -> impl Strategy<Value = Ask> {
    let facet = (any_facet(), prop::sample::select(vec![0_usize, 1, 2, 100]), any::<bool>());
    let facet = facet.prop_map(|(facet, limit, details)| FacetAsk { facet, limit, details });
    let cells = (any_time(), 1..9_u64, prop::collection::vec(0..168_u8, 0..200));
    let cells = cells.prop_map(|(start, hours, cell_of_slot)| Cells {
        start,
        slot: Duration::from_secs(3_600 * hours),
        cell_of_slot,
    });
    let parts = (
        prop::collection::vec(facet, 0..5),
        prop::collection::vec(any_time(), 0..40),
        any::<(bool, bool)>(),
        prop::option::of(cells),
        0..4_usize,
    );
    parts.prop_map(|(facets, mut edges, (bucket_details, authors), cells, loudest)| {
        edges.sort_unstable();
        Ask { facets, edges, bucket_details, cells, authors, loudest }
    })
}

fn any_question() -> impl Strategy<Value = (Option<String>, Filter, Ask, Filter)> {
    (prop::option::of(any_query()), any_filter(), any_ask(), any_filter())
}

fn check(archive: &Archive, rows: &[Row], query: Option<&Query>, filter: &Filter, ask: &Ask, baseline: &Filter) {
    let text = query.map_or("", |query| query.text());
    let there: Vec<&Row> = rows.iter().filter(|row| row.passes(query, filter)).collect();
    let figures = archive.figures(query, filter, ask).expect("figures");
    assert_eq!(archive.figures(query, filter, ask).expect("the same, remembered"), figures);
    let plain = by_time_of_newest(plain::figures(&there, ask), rows);
    assert_eq!(by_time_of_newest(figures.clone(), rows), plain, "{text} {filter:?}");
    assert_eq!(archive.count(query, filter).expect("a count").mentions, there.len() as u64, "{text} {filter:?}");
    // Every value leads to as many mentions as it was counted with.
    for (counts, asked) in figures.facets.iter().zip(&ask.facets) {
        for value in &counts.values {
            let mut drilled = filter.clone();
            drilled.facets.push((asked.facet, vec![value.value.clone()]));
            let found = archive.count(query, &drilled).expect("a count").mentions;
            assert_eq!(found, value.mentions, "{} of {} {filter:?}", value.value, asked.facet.as_str());
        }
    }
    let beside: Vec<&Row> = rows.iter().filter(|row| row.passes(None, baseline)).collect();
    let words = archive.words(query, filter, None, baseline, 1_000, 1_000).expect("words");
    assert_eq!((words.mentions, words.baseline_mentions), (there.len() as u64, beside.len() as u64));
    for (facet, counted) in [
        (Facet::Word, &words.words),
        (Facet::Hashtag, &words.hashtags),
        (Facet::Emoji, &words.emoji),
        (Facet::Link, &words.links),
    ] {
        let mut counted = counted.clone();
        counted.sort_by(|one, other| one.word.cmp(&other.word));
        assert_eq!(counted, plain::word_counts(&there, &beside, facet), "{text} {filter:?} {baseline:?}");
    }
    let mut expected: Vec<(Timestamp, i64)> = there.iter().map(|row| (row.post.sort_at(), row.id)).collect();
    expected.sort_unstable();
    for order in
        [Order::Newest, Order::Oldest, Order::Most(molva_query::field::NumberField::Followers), Order::Relevance]
    {
        let paged = pages(archive, query, filter, order);
        let mut sorted = paged.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, expected, "{order:?} {text} {filter:?}");
        match order {
            Order::Oldest => assert_eq!(paged, expected),
            Order::Newest => assert_eq!(paged, expected.iter().rev().copied().collect::<Vec<_>>()),
            _ => {}
        }
    }
}

/// Of mentions of the same time any is the newest: they are told by their time.
fn by_time_of_newest(mut figures: Figures, rows: &[Row]) -> Figures {
    let time = |id: MentionId| rows.iter().find(|row| row.id == id.0).map_or(0, |row| row.at().as_micros());
    let values = figures.facets.iter_mut().flat_map(|facet| &mut facet.values).map(|value| &mut value.newest);
    let loud = figures.authors.iter_mut().flat_map(|authors| &mut authors.loudest).map(|loud| &mut loud.newest);
    values.chain(loud).for_each(|newest| *newest = MentionId(time(*newest)));
    figures
}

/// Everything that is found, seven at a time.
fn pages(archive: &Archive, query: Option<&Query>, filter: &Filter, order: Order) -> Vec<(Timestamp, i64)> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let found = archive.search(query, filter, order, after.as_ref(), 7).expect("found");
        all.extend(found.hits.iter().map(|hit| (hit.at, hit.id.0)));
        match found.hits.last() {
            Some(last) => after = Some(last.position.to_string().parse().expect("a position")),
            None => return all,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn figures_equal_a_straight_count_over_the_mentions(
        mut rows in prop::collection::vec(any_row(), 1..70),
        mut later in prop::collection::vec(any_row(), 20),
        questions in prop::collection::vec(any_question(), QUESTIONS),
    ) {
        let lists = lists();
        let reading = Reading { scope: Scope::Mentions, lists: &lists };
        let folder = folder();
        let archive = open(&folder);
        let mut writer = archive.writer().expect("a writer");
        for (row, id) in rows.iter_mut().zip(0..) {
            row.id = id;
            writer.add(&row.document()).expect("added");
            if id % 9 == 8 {
                writer.commit(None).expect("committed");
            }
        }
        writer.commit(None).expect("committed");
        for (round, questions) in questions.chunks(QUESTIONS / 2).enumerate() {
            // The second half is asked again after changes.
            if round == 1 {
                for (new, old) in later.iter_mut().zip(rows.iter_mut().step_by(3)) {
                    let (id, at) = (old.id, old.post.published_at);
                    if Slice::of(at) == Slice::of(new.post.sort_at()) {
                        *old = Row { id, ..new.clone() };
                        writer.update(&old.document()).expect("updated");
                    }
                }
                for row in rows.iter().filter(|row| row.id % 5 == 4) {
                    writer.delete(MentionId(row.id)).expect("deleted");
                }
                rows.retain(|row| row.id % 5 != 4);
                writer.commit(Some(EventId(1))).expect("committed");
            }
            for (text, filter, ask, baseline) in questions {
                let query = text.as_ref().and_then(|text| parse_with(text, &reading).query);
                check(&archive, &rows, query.as_ref(), filter, ask, baseline);
            }
        }
    }
}
