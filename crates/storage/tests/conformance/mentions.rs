//! Lists of mentions and what people do with them.

use std::collections::HashSet;

use molva_domain::{Actor, EventId, EventKind, Language, MentionId, MentionState, Post, Tone, UserId};
use molva_storage::StorageError;
use molva_storage::intake::PreparedItem;
use molva_storage::mention::{Mention, MentionChange, MentionFilter};

use crate::bench::{Bench, matched, post, prepared};

/// Texts of a list, newest first.
async fn texts(bench: &Bench, filter: &MentionFilter) -> Vec<String> {
    let page = bench.storage.mentions(bench.workspace, filter, None, 200).await.unwrap();
    assert_eq!(
        bench.storage.count_mentions(bench.workspace, filter, 1_000).await.unwrap(),
        page.mentions.len() as u64,
        "the count of {filter:?}"
    );
    page.mentions.into_iter().map(|mention| mention.post.text).collect()
}

async fn all(bench: &Bench) -> Vec<Mention> {
    bench.storage.mentions(bench.workspace, &MentionFilter::default(), None, 200).await.unwrap().mentions
}

pub(crate) async fn exact_copies_stand_behind_the_first(bench: &Bench) {
    let (source, topic, other) = (bench.source("one").await, bench.topic("t").await, bench.topic("u").await);
    let same = |number, topics: &[_]| prepared(post(number), 77, topics);
    bench.store(source, vec![same(1, &[topic]), same(2, &[topic]), prepared(post(3), 0, &[topic])]).await;
    bench.store(source, vec![prepared(post(4), 0, &[topic]), same(5, &[topic, other])]).await;

    let of_topic = MentionFilter { topics: vec![topic], ..MentionFilter::default() };
    assert_eq!(texts(bench, &of_topic).await, ["пост номер 4", "пост номер 3", "пост номер 1"]);
    let with_copies = MentionFilter { with_copies: true, ..of_topic.clone() };
    assert_eq!(texts(bench, &with_copies).await.len(), 5);
    let of_other = MentionFilter { topics: vec![other], ..MentionFilter::default() };
    assert_eq!(texts(bench, &of_other).await, ["пост номер 5"]);

    let page = bench.storage.mentions(bench.workspace, &of_topic, None, 10).await.unwrap();
    let first = &page.mentions[2];
    assert_eq!((first.copies, first.copy_of), (2, None));
    let copies = bench.storage.copies(bench.workspace, first.id, 10).await.unwrap();
    let copies: Vec<_> = copies.iter().map(|copy| (copy.post.text.as_str(), copy.copy_of, copy.copies)).collect();
    assert_eq!(copies, [("пост номер 2", Some(first.id), 0), ("пост номер 5", Some(first.id), 0)]);
    let topics = bench.storage.topics(bench.workspace).await.unwrap();
    assert_eq!(topics.iter().map(|topic| topic.mentions).collect::<Vec<_>>(), [5, 1]);
}

pub(crate) async fn the_oldest_copy_takes_the_place_of_a_deleted_post(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, (1..=3).map(|number| prepared(post(number), 77, &[topic])).collect()).await;
    bench.store(source, vec![PreparedItem::Deleted(post(1).urn)]).await;
    bench.store(source, vec![prepared(post(4), 77, &[topic])]).await;
    let shown: Vec<_> =
        all(bench).await.into_iter().map(|mention| (mention.post.text, mention.copies, mention.copy_of)).collect();
    assert_eq!(shown, [("пост номер 2".to_owned(), 2, None), (String::new(), 0, None)]);
    let ids: Vec<MentionId> = all(bench).await.iter().map(|mention| mention.id).chain([MentionId(1)]).collect();
    let texts = bench.storage.texts_of_mentions(bench.workspace, &ids).await.unwrap();
    assert_eq!(texts, [(ids[0], None, "пост номер 2".to_owned())], "deleted and unknown ones are left out");
    assert_eq!(bench.storage.texts_of_mentions(bench.workspace, &[MentionId(1)]).await.unwrap(), []);
}

pub(crate) async fn a_list_over_all_topics_shows_a_post_once(bench: &Bench) {
    let source = bench.source("one").await;
    let (a, b, c) = (bench.topic("a").await, bench.topic("b").await, bench.topic("c").await);
    bench.store(source, vec![prepared(post(1), 0, &[a, b, c]), prepared(post(2), 0, &[c, b])]).await;
    assert_eq!(texts(bench, &MentionFilter::default()).await, ["пост номер 2", "пост номер 1"]);
    let two = MentionFilter { topics: vec![b, c], ..MentionFilter::default() };
    let page = bench.storage.mentions(bench.workspace, &two, None, 10).await.unwrap();
    assert_eq!(page.mentions.iter().map(|mention| mention.topic).collect::<Vec<_>>(), [c, b]);
    assert_eq!(page.mentions[1].topics, [a, b, c]);
    // When the topic that showed a post is gone, another of its topics does.
    bench.storage.delete_topic(bench.workspace, Actor::System, a).await.unwrap();
    assert_eq!(texts(bench, &MentionFilter::default()).await, ["пост номер 2", "пост номер 1"]);
}

pub(crate) async fn filters_choose_what_they_say(bench: &Bench) {
    let (one, two, topic) = (bench.source("one").await, bench.source("two").await, bench.topic("t").await);
    let of = |number, network: &str, handle: &str, language| {
        let mut post = Post { network: network.to_owned(), language, ..post(number) };
        post.author.handle = Some(handle.to_owned());
        post.author.name = Some(format!("Ім'я {handle}"));
        prepared(post, 0, &[topic])
    };
    bench.store(one, vec![of(1, "rss", "Anna", Some(Language::RUSSIAN)), of(2, "rss", "bob", None)]).await;
    bench.store(two, vec![of(3, "mastodon", "Ганна", Some(Language::UKRAINIAN))]).await;
    let mentions = all(bench).await;
    let [third, second, first] = &mentions[..] else { panic!("three mentions") };
    let change = |state, tone, tags: &[&str]| MentionChange {
        state,
        tone,
        add_tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..MentionChange::default()
    };
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let negative = change(Some(MentionState::Kept), Some(Some(Tone::Negative)), &["ціна", "связь"]);
    storage.change_mentions(workspace, Actor::System, &[first.id], &negative).await.unwrap();
    let binned = change(Some(MentionState::Binned), None, &["ціна"]);
    storage.change_mentions(workspace, Actor::System, &[second.id], &binned).await.unwrap();

    let base = MentionFilter::default;
    let (first_text, second_text, third_text) =
        (first.post.text.as_str(), second.post.text.as_str(), third.post.text.as_str());
    let cases: Vec<(MentionFilter, Vec<&str>)> = vec![
        (base(), vec![third_text, first_text]),
        (MentionFilter { networks: vec!["rss".into()], ..base() }, vec![first_text]),
        (MentionFilter { networks: vec!["rss".into(), "mastodon".into()], ..base() }, vec![third_text, first_text]),
        (MentionFilter { sources: vec![two], ..base() }, vec![third_text]),
        (MentionFilter { languages: vec![Language::RUSSIAN, Language::ENGLISH], ..base() }, vec![first_text]),
        (MentionFilter { states: vec![MentionState::Binned], ..base() }, vec![second_text]),
        (
            MentionFilter { states: vec![MentionState::New, MentionState::Binned], ..base() },
            vec![third_text, second_text],
        ),
        (MentionFilter { tones: vec![None], ..base() }, vec![third_text]),
        (MentionFilter { tones: vec![Some(Tone::Negative)], ..base() }, vec![first_text]),
        (MentionFilter { tones: vec![None, Some(Tone::Negative)], ..base() }, vec![third_text, first_text]),
        (MentionFilter { tags: vec!["ціна".into()], ..base() }, vec![first_text]),
        (
            MentionFilter { tags: vec!["ціна".into()], states: MentionState::ALL.to_vec(), ..base() },
            vec![second_text, first_text],
        ),
        (MentionFilter { author: Some("@ANNA".into()), ..base() }, vec![first_text]),
        (MentionFilter { author: Some("ганна".into()), ..base() }, vec![third_text]),
        (MentionFilter { author: Some("ім'я ГАННА".into()), ..base() }, vec![third_text]),
        (MentionFilter { author: Some("ann".into()), ..base() }, vec![]),
        (MentionFilter { from: Some(post(2).published_at), ..base() }, vec![third_text]),
        (MentionFilter { to: Some(post(3).published_at), ..base() }, vec![first_text]),
        (MentionFilter { topics: vec![topic], sources: vec![one], ..base() }, vec![first_text]),
    ];
    for (filter, expected) in cases {
        assert_eq!(texts(bench, &filter).await, expected, "{filter:?}");
    }
    assert_eq!(storage.tags(workspace).await.unwrap(), [("ціна".to_owned(), 2), ("связь".to_owned(), 1)]);
}

pub(crate) async fn text_is_found_in_any_case_and_signs_are_literal(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let said = |number, title: Option<&str>, text: &str| {
        let post = Post { title: title.map(str::to_owned), text: text.to_owned(), ..post(number) };
        prepared(post, 0, &[topic])
    };
    bench
        .store(
            source,
            vec![
                said(1, None, "Їжак (50% [off]) *нова* ціна?"),
                said(2, Some("ПОДОРОЖЧАННЯ Ціни"), "text"),
                said(3, None, "a.b\\c^d$"),
            ],
        )
        .await;
    for (wanted, expected) in [
        ("їЖАК", vec!["Їжак (50% [off]) *нова* ціна?"]),
        ("цін", vec!["text", "Їжак (50% [off]) *нова* ціна?"]),
        ("50% [OFF]", vec!["Їжак (50% [off]) *нова* ціна?"]),
        ("*нова*", vec!["Їжак (50% [off]) *нова* ціна?"]),
        ("ціна?", vec!["Їжак (50% [off]) *нова* ціна?"]),
        ("A.B\\C^D$", vec!["a.b\\c^d$"]),
        ("axb", vec![]),
        ("%", vec!["Їжак (50% [off]) *нова* ціна?"]),
    ] {
        let filter = MentionFilter { text: Some(wanted.to_owned()), ..MentionFilter::default() };
        assert_eq!(texts(bench, &filter).await, expected, "{wanted}");
    }
}

pub(crate) async fn pages_neither_repeat_nor_lose_a_mention_while_others_arrive(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    // Several posts share a second, so that the id must decide.
    let at_second = |number: i64| {
        let mut post = post(number);
        post.published_at = crate::bench::post(number / 5 + 1).published_at;
        prepared(post, 0, &[topic])
    };
    bench.store(source, (0..57).map(at_second).collect()).await;
    let before: HashSet<MentionId> = all(bench).await.into_iter().map(|mention| mention.id).collect();
    assert_eq!(before.len(), 57);
    for topics in [vec![], vec![topic]] {
        let filter = MentionFilter { topics, ..MentionFilter::default() };
        let (mut seen, mut cursor, mut last) = (Vec::new(), None, None);
        loop {
            let page = bench.storage.mentions(bench.workspace, &filter, cursor.as_deref(), 7).await.unwrap();
            for mention in &page.mentions {
                let key = (mention.post.sort_at(), mention.id);
                assert!(last.is_none_or(|last| key < last), "newest first");
                last = Some(key);
                seen.push(mention.id);
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
            let next = 1_000 + i64::try_from(seen.len()).unwrap();
            bench.store(source, vec![matched(next, topic)]).await;
        }
        let once: HashSet<MentionId> = seen.iter().copied().collect();
        assert_eq!(once.len(), seen.len());
        assert!(before.is_subset(&once));
    }
}

pub(crate) async fn changes_are_labelled_and_logged(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![matched(1, topic), matched(2, topic)]).await;
    let ids: Vec<MentionId> = all(bench).await.into_iter().map(|mention| mention.id).collect();
    let (storage, workspace, actor) = (&bench.storage, bench.workspace, Actor::User(UserId(5)));
    let change = MentionChange {
        state: Some(MentionState::Kept),
        tone: Some(Some(Tone::Positive)),
        add_tags: vec!["a".to_owned(), " b ".to_owned(), "a".to_owned(), String::new()],
        ..MentionChange::default()
    };
    let asked = [ids[1], MentionId(1), ids[0]];
    let changed = storage.change_mentions(workspace, actor, &asked, &change).await.unwrap();
    assert_eq!(changed.iter().map(|mention| mention.id).collect::<Vec<_>>(), [ids[1], ids[0]]);
    for mention in &changed {
        assert_eq!((mention.state, mention.tone), (MentionState::Kept, Some(Tone::Positive)));
        assert_eq!(mention.tags, ["a", "b"]);
    }
    assert_eq!(storage.mentions_by_id(workspace, &[ids[1], ids[0]]).await.unwrap(), changed);
    let back = MentionChange { tone: Some(None), remove_tags: vec!["a".to_owned()], ..MentionChange::default() };
    let changed = storage.change_mentions(workspace, actor, &ids[..1], &back).await.unwrap();
    assert_eq!((changed[0].tone, &changed[0].tags[..]), (None, &["b".to_owned()][..]));
    // Nothing changes, nothing is written.
    storage.change_mentions(workspace, actor, &ids[..1], &back).await.unwrap();

    let events = storage.events_after(workspace, EventId(0), &[EventKind::MentionChanged], 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.subject).collect::<Vec<_>>(), [ids[1].0, ids[0].0, ids[0].0]);
    let last = &events[2];
    assert_eq!((last.actor, last.topic), (actor, Some(topic.0)));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(last.change.as_deref().unwrap()).unwrap(),
        serde_json::json!({
            "before": {
                "state": "kept", "tone": "positive", "tags": ["a", "b"],
                "intents": null, "stage": null, "spam": null, "by_people": ["tone"],
            },
            "after": {
                "state": "kept", "tone": null, "tags": ["b"],
                "intents": null, "stage": null, "spam": null, "by_people": [],
            },
        })
    );
    let labels = storage.labels(workspace, 0, 100).await.unwrap();
    let of_second: Vec<_> = labels
        .iter()
        .filter(|label| label.mention == ids[0])
        .map(|label| (label.kind.as_str(), label.value.as_deref()))
        .collect();
    assert_eq!(
        of_second,
        [
            ("state", Some("kept")),
            ("tone", Some("positive")),
            ("tags", Some(r#"["a","b"]"#)),
            ("tone", None),
            ("tags", Some(r#"["b"]"#)),
        ]
    );
}

pub(crate) async fn mentions_of_a_deleted_topic_leave_every_list(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![matched(1, topic)]).await;
    let id = all(bench).await[0].id;
    assert!(bench.storage.delete_topic(bench.workspace, Actor::System, topic).await.unwrap());
    assert!(!bench.storage.delete_topic(bench.workspace, Actor::System, topic).await.unwrap());
    let of_topic = MentionFilter { topics: vec![topic], ..MentionFilter::default() };
    for filter in [MentionFilter::default(), of_topic] {
        assert_eq!(texts(bench, &filter).await, Vec::<String>::new());
    }
    assert_eq!(bench.storage.mention(bench.workspace, id).await.unwrap(), None);
    assert_eq!(bench.storage.topics(bench.workspace).await.unwrap(), []);
    // The name is free again.
    bench.topic("t").await;
}

pub(crate) async fn an_unknown_cursor_is_refused(bench: &Bench) {
    let page = bench.storage.mentions(bench.workspace, &MentionFilter::default(), Some("not ours"), 10).await;
    assert!(matches!(page, Err(StorageError::InvalidCursor)));
}
