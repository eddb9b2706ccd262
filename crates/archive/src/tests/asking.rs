//! What searching and counting promise, by example.

use molva_domain::{EventId, MentionId, MentionState, TopicId, Urn};
use molva_query::field::Judgement;

use super::{folder, ids, mention, open, post, post_at, query, time};
use crate::{Archive, Ask, Cells, Document, Error, Facet, FacetAsk, Filter, Order, Writer};

fn write(writer: &mut Writer, texts: &[&str]) {
    for (text, id) in texts.iter().zip(1..) {
        writer.add(&mention(id, &post(text))).expect("added");
    }
    writer.commit(Some(EventId(1))).expect("committed");
}

fn relevant(archive: &Archive, text: &str) -> Vec<i64> {
    ids(archive, Some(&query(text)), &Filter::default(), Order::Relevance, 100)
}

#[test]
fn mentions_that_say_more_about_the_words_come_first() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let long = format!("связь {}", "и ещё много разных слов про что угодно ".repeat(40));
    write(
        &mut writer,
        &[
            &long,
            "связь",
            "связь, связь и ещё раз связь",
            "банк и связь",
            "банк",
            "связь пропала",
            "связь есть",
            "Погода",
        ],
    );
    let order = relevant(&archive, "связь");
    assert_eq!((order.len(), order[0], order[order.len() - 1]), (6, 3, 1));
    // The rarer word weighs more, both weigh most; what is excluded has no part in it.
    assert_eq!(relevant(&archive, "связь OR банк")[..2], [4, 5]);
    assert_eq!(relevant(&archive, "связь НЕ банк")[..1], [3]);
    assert_eq!(relevant(&archive, "network:vk"), [8, 7, 6, 5, 4, 3, 2, 1]);
}

#[test]
fn mentions_like_a_post_are_found_the_most_alike_first() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let own = "Оператор поднял тарифы на домашний интернет в Саратове без предупреждения";
    write(
        &mut writer,
        &[
            own,
            "Оператор поднял тарифы на домашний интернет, никто не предупредил",
            "Домашний интернет подорожал: оператор опять меняет тариф",
            "В Саратове солнечно",
            "Куплю диван",
        ],
    );
    let found = archive.similar(&post(own), &Filter::default(), 10).expect("found");
    assert_eq!(found.hits.iter().map(|hit| hit.id.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(archive.similar(&post("и не"), &Filter::default(), 10).expect("found").hits, []);
}

#[test]
fn an_answer_is_never_older_than_the_last_commit() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let (march, april) = (post_at("связь", "2026-03-01T00:00:00Z"), post_at("связь", "2026-04-01T00:00:00Z"));
    writer.add(&mention(1, &march)).expect("added");
    writer.add(&mention(2, &april)).expect("added");
    writer.commit(Some(EventId(1))).expect("committed");
    let word = query("связь");
    let ask = Ask { facets: vec![FacetAsk { facet: Facet::State, limit: 9, details: false }], ..Ask::default() };
    let states = || {
        let all = Filter::default();
        let figures = archive.figures(Some(&word), &all, &ask).expect("figures");
        assert_eq!(archive.count(Some(&word), &all).expect("a count").mentions, figures.mentions);
        assert_eq!(archive.words(None, &all, None, &all, 9, 9).expect("words").mentions, figures.mentions);
        figures.facets[0].values.iter().map(|value| (value.value.clone(), value.mentions)).collect::<Vec<_>>()
    };
    let told = |states: &[(&str, u64)]| -> Vec<(String, u64)> {
        states.iter().map(|(state, count)| ((*state).to_owned(), *count)).collect()
    };
    assert_eq!(states(), told(&[("new", 2)]));
    let kept = archive.inner.fields.cache.len();
    assert_eq!(states(), told(&[("new", 2)]));
    assert_eq!(archive.inner.fields.cache.len(), kept);
    writer.update(&Document { state: MentionState::Binned, ..mention(1, &march) }).expect("updated");
    assert_eq!(states(), told(&[("new", 2)]));
    writer.commit(Some(EventId(2))).expect("committed");
    assert_eq!(states(), told(&[("binned", 1), ("new", 1)]));
    writer.delete(MentionId(1)).expect("deleted");
    writer.commit(Some(EventId(3))).expect("committed");
    assert_eq!(states(), told(&[("new", 1)]));
    archive.keep_answers(0);
    assert_eq!((states(), archive.inner.fields.cache.len()), (told(&[("new", 1)]), 0));
}

#[test]
fn a_topic_that_gets_another_name_is_counted_by_the_new_one_at_once() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let judgement = Judgement { topics: vec![Archive::topic_key(TopicId(1))], ..Judgement::EMPTY };
    let post = post("связь");
    writer.add(&Document { judgement: &judgement, ..mention(1, &post) }).expect("added");
    writer.commit(Some(EventId(1))).expect("committed");
    let count = |text: &str| archive.count(Some(&query(text)), &Filter::default()).expect("a count").mentions;
    archive.name_topics([(TopicId(1), "Билайн".to_owned())]);
    assert_eq!((count("topic:билайн"), count("topic:мтс")), (1, 0));
    archive.name_topics([(TopicId(1), "МТС".to_owned())]);
    assert_eq!((count("topic:билайн"), count("topic:мтс")), (0, 1));
}

#[test]
fn authors_are_told_apart_whatever_is_known_of_them() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let mut posts = vec![post("а"); 4];
    posts[0].author.urn = Some(Urn::new("urn:smm:vk:author:1"));
    posts[1].author.urn = Some(Urn::new("urn:smm:vk:author:1"));
    posts[2].author.handle = Some("Ivan".to_owned());
    (posts[0].author.followers, posts[1].author.followers) = (Some(10), Some(30));
    for (post, id) in posts.iter().zip(1..) {
        writer.add(&mention(id, post)).expect("added");
    }
    writer.commit(None).expect("committed");
    let ask = Ask { authors: true, loudest: 5, ..Ask::default() };
    let figures = archive.figures(None, &Filter::default(), &ask).expect("figures");
    let authors = figures.authors.expect("authors");
    assert_eq!(
        (
            authors.distinct,
            authors.repeat,
            authors.repeat_mentions,
            authors.potential_reach,
            authors.unknown,
            authors.without
        ),
        (2, 1, 2, 30, 1, 1)
    );
    assert_eq!((figures.reach, figures.reach_unknown), (40, 2));
    let value = crate::author_value(&crate::author_key(&posts[0]).expect("a key"));
    assert_eq!(authors.loudest.iter().map(|loud| (&*loud.author, loud.mentions)).collect::<Vec<_>>(), [(&*value, 2)]);
    let filter = Filter { facets: vec![(Facet::Author, vec![value, String::new()])], ..Filter::default() };
    assert_eq!(ids(&archive, None, &filter, Order::Newest, 9), [4, 2, 1]);
}

#[test]
fn a_question_that_cannot_be_answered_is_refused() {
    let folder = folder();
    let archive = open(&folder);
    let edges = |edges: Vec<_>| Ask { edges, ..Ask::default() };
    let (early, late) = (time("2026-01-01T00:00:00Z"), time("2026-02-01T00:00:00Z"));
    let cells = |slot, cell| Ask {
        cells: Some(Cells { start: early, slot: std::time::Duration::from_secs(slot), cell_of_slot: vec![cell] }),
        ..Ask::default()
    };
    for ask in [edges(vec![late, early]), edges(vec![early; Ask::MAX_EDGES + 1]), cells(0, 1), cells(1, 168)] {
        let refused = archive.figures(None, &Filter::default(), &ask);
        assert!(matches!(refused, Err(Error::Question { .. })), "{refused:?}");
    }
}

#[test]
fn some_mentions_are_asked_whether_they_answer() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    write(&mut writer, &["связь", "банк", "связь и банк", "погода"]);
    let among = |text: Option<&str>, filter: &Filter, asked: &[i64]| -> Vec<i64> {
        let asked: Vec<MentionId> = asked.iter().copied().map(MentionId).collect();
        let query = text.map(query);
        archive.among(query.as_ref(), filter, &asked).expect("an answer").into_iter().map(|id| id.0).collect()
    };
    let all = Filter::default();
    assert_eq!(among(None, &all, &[4, 1, 99]), [1, 4]);
    assert_eq!(among(Some("связь"), &all, &[1, 2, 3, 4]), [1, 3]);
    assert_eq!(among(Some("банк OR погода"), &all, &[3]), [3]);
    let elsewhere = Filter { topics: vec![TopicId(2)], ..Filter::default() };
    assert_eq!(among(None, &elsewhere, &[1, 2]), Vec::<i64>::new());
    let later = Filter { from: Some(time("2026-04-01T00:00:00Z")), ..Filter::default() };
    assert_eq!((among(None, &later, &[1]), among(Some("связь"), &all, &[])), (vec![], vec![]));
    writer.delete(MentionId(1)).expect("deleted");
    writer.commit(Some(EventId(2))).expect("committed");
    assert_eq!(among(Some("связь"), &all, &[1, 2, 3, 4]), [3]);
}
