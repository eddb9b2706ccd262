//! What the archive promises, by example.

mod agreement;
mod asking;
mod figures;
#[path = "../../matcher/src/tests/generated.rs"]
mod generated;
mod lasting;
mod orders;
mod plain;

use molva_domain::{MentionId, MentionState, Post, Timestamp, TopicId, Urn};
use molva_query::field::Judgement;
use molva_query::{NoLists, Query, Reading, Scope, parse_with};
use tempfile::TempDir;

use crate::{Archive, Document, Filter, Order};

/// Nothing is known of it.
const NOTHING: &Judgement = &Judgement::EMPTY;

fn query(text: &str) -> Query {
    let parsed = parse_with(text, &Reading { scope: Scope::Mentions, lists: &NoLists });
    parsed.query.unwrap_or_else(|| panic!("{text}: {:?}", parsed.diagnostics))
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn post(text: &str) -> Post {
    let at = time("2026-03-01T05:30:00Z");
    Post::new(Urn::new("urn:smm:vk:post:1"), "vk", text.to_owned(), at, at)
}

fn post_at(text: &str, at: &str) -> Post {
    Post { published_at: time(at), fetched_at: time(at), ..post(text) }
}

fn mention(id: i64, post: &Post) -> Document<'_> {
    Document {
        id: MentionId(id),
        topic: TopicId(1),
        state: MentionState::New,
        post,
        judgement: NOTHING,
        by_people: false,
        copy_of: None,
    }
}

fn open(folder: &TempDir) -> Archive {
    Archive::open(folder.path()).expect("an archive")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Ids of the newest mentions that answer.
fn found(archive: &Archive, text: &str) -> Vec<i64> {
    ids(archive, Some(&query(text)), &Filter::default(), Order::Newest, 100)
}

fn ids(archive: &Archive, query: Option<&Query>, filter: &Filter, order: Order, limit: usize) -> Vec<i64> {
    let found = archive.search(query, filter, order, None, limit).expect("an answer");
    assert_eq!(found.missing, []);
    found.hits.iter().map(|hit| hit.id.0).collect()
}

#[test]
fn words_phrases_and_distances_are_found() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let texts = [
        "у билайна нет интернета",
        "Билайн. Нет связи, и интернета тоже",
        "связь плохая, а билайн дорогой",
        "#ДомРу и @name 😡 мтс-банк",
        "#а_б_в_г_д_е_ж_з_и_к_л_м_н_о_п_р_с_т конец",
    ];
    let posts: Vec<_> = texts.iter().map(|text| post(text)).collect();
    for (post, id) in posts.iter().zip(1..) {
        writer.add(&mention(id, post)).expect("added");
    }
    writer.commit(None).expect("committed");
    for (text, expected) in [
        ("билайн", vec![3, 2, 1]),
        ("=билайн", vec![3, 2]),
        ("==Билайн", vec![2]),
        ("==билайн", vec![3]),
        ("\"нет интернета\"", vec![1]),
        ("\"интернет нет\"~2", vec![2, 1]),
        ("нет NEAR/4 интернет", vec![2, 1]),
        ("связь SENTENCE билайн", vec![3]),
        ("билайн НЕ связь", vec![1]),
        ("2 OF (нет, связь, дорогой)", vec![3, 2]),
        ("инт*", vec![2, 1]),
        ("#домру", vec![4]),
        ("дом ру", vec![4]),
        ("@name 😡", vec![4]),
        ("\"мтс банк\"", vec![4]),
        ("#а_б_в_г_д_е_ж_з_и_к_л_м_н_о_п_р_с_т ONEAR/1 конец", vec![5]),
        ("=р ONEAR/2 конец", vec![]),
        ("network:vk", vec![5, 4, 3, 2, 1]),
    ] {
        assert_eq!(found(&archive, text), expected, "{text}");
        assert_eq!(
            archive.count(Some(&query(text)), &Filter::default()).expect("a count").mentions,
            expected.len() as u64
        );
        for (post, id) in posts.iter().zip(1..) {
            assert_eq!(query(text).matches(post), expected.contains(&id), "{text} on {id}");
        }
    }
}

#[test]
fn an_odd_mention_is_taken_in_whole_and_found() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let long = "аб".repeat(40_000);
    let mut odd = post(&format!("{long} связь 😡"));
    odd.title = Some(String::new());
    odd.url = Some(format!("https://{}/{}", "a.".repeat(5_000), "x".repeat(100_000)));
    odd.links = (0..3_000).map(|number| format!("http://h{number}.example/{}", "y".repeat(300))).collect();
    odd.author.handle = Some("@Имя@сервер.example".to_owned());
    let judgement =
        Judgement { tags: vec!["ж".repeat(50_000)], spam: Some(f32::NAN), bot: Some(-0.0), ..Judgement::EMPTY };
    writer.add(&Document { judgement: &judgement, ..mention(1, &odd) }).expect("added");
    writer.add(&mention(2, &post(""))).expect("added");
    writer.commit(None).expect("committed");
    for (text, expected) in [
        ("абаб*".to_owned(), vec![1]),
        ("\"связь 😡\"".to_owned(), vec![1]),
        ("link:h2999.example".to_owned(), vec![1]),
        ("link:h2999.example/yyy".to_owned(), vec![1]),
        ("author:@имя".to_owned(), vec![1]),
        (format!("tag:{}", "ж".repeat(50_000)), vec![1]),
        ("spam:>=0".to_owned(), vec![]),
        ("bot:<=0".to_owned(), vec![1]),
        ("network:vk".to_owned(), vec![2, 1]),
    ] {
        let shown: String = text.chars().take(30).collect();
        assert_eq!(found(&archive, &text), expected, "{shown}");
        assert_eq!(query(&text).matches_judged(&odd, &judgement), expected.contains(&1), "{shown}");
    }
}
