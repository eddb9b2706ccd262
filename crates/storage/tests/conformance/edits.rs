//! Posts that come again and are not what they were.

use std::time::Duration;

use molva_domain::{
    Actor, EventId, EventKind, Intent, Intents, MachineJudgement, MentionId, ModelId, Post, SourceId, Tally, Tone,
    ToneScores, TopicId,
};
use molva_storage::intake::{Judged, MatchSpan, PreparedItem, PreparedPost, TopicMatch};
use molva_storage::mention::{Mention, MentionChange};
use molva_storage::version::PostVersion;

use crate::bench::{Bench, START, post, prepared, tally};

const MODEL: ModelId = ModelId(1);

fn updated(updated: u64) -> Tally {
    Tally { received: updated, updated, ..Tally::default() }
}

/// The post as it is so many seconds later; the network says when it was edited.
fn edited(number: i64, text: &str, secs: u64) -> Post {
    let at = post(number).published_at.plus(Duration::from_secs(secs));
    Post { text: text.to_owned(), edited_at: Some(at), fetched_at: at, ..post(number) }
}

/// The same, of a network that does not tell of edits.
fn reread(number: i64, text: &str, secs: u64) -> Post {
    Post { edited_at: None, ..edited(number, text, secs) }
}

fn judged(post: Post, topic: TopicId, tone: Tone) -> PreparedItem {
    let judgement = MachineJudgement {
        tone,
        tone_scores: ToneScores { negative: 0.2, neutral: 0.3, positive: 0.5 },
        intents: Intents::default(),
        intent_scores: [0.0; Intent::ALL.len()],
        stage: None,
        stage_score: 0.7,
        spam: 0.0,
        bot: None,
        motive: None,
        relevance: None,
        second: None,
    };
    let matched = TopicMatch {
        topic,
        spans: vec![MatchSpan { in_title: false, start: 0, end: 4 }],
        judged: Some(Judged { model: MODEL, judgement }),
    };
    let prepared = PreparedPost { post, content_hash: 0, matches: vec![matched], signature: Vec::new() };
    PreparedItem::Post(Box::new(prepared))
}

/// All mentions in the order in which they were made, copies among them.
async fn mentions(bench: &Bench) -> Vec<Mention> {
    let created = events(bench, EventKind::MentionCreated).await;
    let ids: Vec<MentionId> = created.into_iter().map(|(id, ..)| MentionId(id)).collect();
    bench.storage.mentions_by_id(bench.workspace, &ids).await.unwrap()
}

async fn texts(bench: &Bench, post: &Mention) -> Vec<(u64, String)> {
    let versions = bench.storage.post_versions(bench.workspace, post.post_id).await.unwrap();
    versions.into_iter().map(|version| (version.version, version.text)).collect()
}

async fn events(bench: &Bench, kind: EventKind) -> Vec<(i64, Option<i64>, Option<String>)> {
    let events = bench.storage.events_after(bench.workspace, EventId(0), &[kind], 100).await.unwrap();
    events.into_iter().map(|event| (event.subject, event.topic, event.change)).collect()
}

pub(crate) async fn an_edit_takes_the_place_of_what_was_said_and_that_is_kept(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![judged(post(1), topic, Tone::Negative)]).await;
    bench.clock.advance(Duration::from_secs(60));
    let item = || judged(edited(1, "слово и дело", 30), topic, Tone::Positive);
    assert_eq!(bench.store(source, vec![item()]).await, updated(1));
    assert_eq!(bench.store(source, vec![item()]).await, tally(0, 0, 1, 0));
    let [mention] = &mentions(bench).await[..] else { panic!("one mention") };
    let now = Post { fetched_at: post(1).fetched_at, ..edited(1, "слово и дело", 30) };
    assert_eq!((&mention.post, mention.edits, mention.tone), (&now, 1, Some(Tone::Positive)));
    let versions = bench.storage.post_versions(bench.workspace, mention.post_id).await.unwrap();
    let before = PostVersion {
        version: 1,
        title: None,
        text: post(1).text,
        language: None,
        said_at: post(1).published_at,
        replaced_at: START.plus(Duration::from_secs(60)),
    };
    assert_eq!(versions, [before]);
    let change = r#"{"after":{"edits":1,"matches":true},"before":{"edits":0}}"#.to_owned();
    assert_eq!(events(bench, EventKind::MentionEdited).await, [(mention.id.0, Some(topic.0), Some(change))]);
    assert_eq!(bench.total().await, Tally { received: 3, stored: 1, duplicate: 1, updated: 1, ..Tally::default() });
    let topic = bench.storage.topic(bench.workspace, topic).await.unwrap().unwrap();
    assert_eq!(topic.mentions, 1);
}

pub(crate) async fn an_edit_brings_mentions_and_takes_none_away(bench: &Bench) {
    let (source, topic, other) = (bench.source("one").await, bench.topic("t").await, bench.topic("u").await);
    bench.store(source, vec![judged(post(1), topic, Tone::Negative)]).await;
    bench.store(source, vec![judged(edited(1, "другое", 30), other, Tone::Positive)]).await;
    let [first, second] = &mentions(bench).await[..] else { panic!("two mentions") };
    assert_eq!((first.topic, second.topic, first.post_id), (topic, other, second.post_id));
    // What it was judged by is kept with it.
    assert_eq!((first.spans.len(), second.spans.len(), first.tone), (0, 1, Some(Tone::Negative)));
    assert_eq!((first.edits, second.edits, second.tone), (1, 1, Some(Tone::Positive)));
    assert_eq!(events(bench, EventKind::MentionEdited).await.len(), 1);
    let created = events(bench, EventKind::MentionCreated).await;
    assert_eq!(created.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [first.id.0, second.id.0]);
    bench.store(source, vec![prepared(edited(1, "третье", 31), 0, &[topic, other])]).await;
    let all = mentions(bench).await;
    assert_eq!(all.iter().map(|mention| mention.spans.len()).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(texts(bench, first).await, [(1, post(1).text), (2, "другое".to_owned())]);
}

pub(crate) async fn how_a_post_was_before_or_is_shown_elsewhere_is_no_edit(bench: &Bench) {
    let (mine, other, topic) = (bench.source("one").await, bench.source("two").await, bench.topic("t").await);
    let store = async |source: SourceId, post: Post| bench.store(source, vec![prepared(post, 0, &[topic])]).await;
    store(mine, post(1)).await;
    // Shown otherwise by another source, for as long as the one that brought it is there.
    assert_eq!(store(other, reread(1, "сло…", 5)).await, tally(0, 0, 1, 0));
    assert_eq!(store(mine, reread(1, "слова", 6)).await, updated(1));
    assert_eq!(store(other, edited(1, "слово", 10)).await, updated(1));
    // How it was before.
    assert_eq!(store(mine, edited(1, "слов", 9)).await, tally(0, 0, 1, 0));
    assert_eq!(store(mine, reread(1, "слова", 20)).await, tally(0, 0, 1, 0));
    assert_eq!(store(mine, edited(1, "слово!", 10)).await, updated(1));
    store(mine, post(2)).await;
    bench.storage.delete_source(bench.workspace, Actor::System, mine).await.unwrap();
    assert_eq!(store(other, reread(2, "слова", 5)).await, updated(1));
    let all = mentions(bench).await;
    assert_eq!(all.iter().map(|mention| mention.post.text.as_str()).collect::<Vec<_>>(), ["слово!", "слова"]);
}

pub(crate) async fn what_a_person_said_of_a_post_stays_when_it_is_edited(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![judged(post(1), topic, Tone::Negative)]).await;
    let id = mentions(bench).await[0].id;
    let change = MentionChange { tone: Some(Some(Tone::Neutral)), ..MentionChange::default() };
    bench.storage.change_mentions(bench.workspace, Actor::System, &[id], &change).await.unwrap();
    bench.store(source, vec![judged(edited(1, "слово", 30), topic, Tone::Positive)]).await;
    let mention = &mentions(bench).await[0];
    assert_eq!(mention.tone, Some(Tone::Neutral));
    assert_eq!(mention.judged.as_ref().map(|judged| judged.tone), Some(Tone::Positive));
}

pub(crate) async fn an_edited_post_leaves_the_copies_it_stood_with(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let copies = (1..=4).map(|number| prepared(post(number), 7, &[topic])).collect();
    bench.store(source, copies).await;
    bench.store(source, vec![prepared(edited(1, "иначе", 30), 8, &[topic])]).await;
    bench.store(source, vec![prepared(edited(4, "ещё иначе", 30), 9, &[topic])]).await;
    let all = mentions(bench).await;
    let [one, two, three, four] = &all[..] else { panic!("four mentions, not {}", all.len()) };
    let stands = |mention: &Mention| (mention.copies, mention.copy_of);
    assert_eq!([one, two, three, four].map(stands), [(0, None), (1, None), (0, Some(two.id)), (0, None)]);
    // What comes with the new words stands behind it; an edit to words that somebody says already stands alone.
    bench.store(source, vec![prepared(post(5), 8, &[topic])]).await;
    bench.store(source, vec![prepared(edited(2, "иначе", 30), 8, &[topic])]).await;
    let all = mentions(bench).await;
    let ids: Vec<_> = all.iter().map(|mention| mention.id).collect();
    let expected = [(1, None), (0, None), (0, None), (0, None), (0, Some(ids[0]))];
    assert_eq!(all.iter().map(stands).collect::<Vec<_>>(), expected);
}

pub(crate) async fn counts_follow_and_make_no_version(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let liked = |number, likes: Option<u64>, views: Option<u64>| {
        let mut post = post(number);
        (post.engagement.likes, post.engagement.views) = (likes, views);
        prepared(post, 0, &[topic])
    };
    bench.store(source, vec![liked(1, Some(1), Some(100)), liked(2, None, None)]).await;
    let again = vec![liked(1, Some(5), None), liked(2, Some(0), None)];
    assert_eq!(bench.store(source, again).await, tally(0, 0, 2, 0));
    let all = mentions(bench).await;
    let counts = |mention: &Mention| (mention.post.engagement.likes, mention.post.engagement.views);
    assert_eq!(all.iter().map(counts).collect::<Vec<_>>(), [(Some(5), Some(100)), (Some(0), None)]);
    assert_eq!(all.iter().map(|mention| mention.edits).sum::<u64>(), 0);
    let change = format!(r#"{{"posts":["{}","{}"]}}"#, all[0].post_id, all[1].post_id);
    let told = vec![(bench.workspace.0, None, Some(change))];
    assert_eq!(events(bench, EventKind::PostsCounted).await, told);
    // The same again, and without counts.
    let same = vec![liked(1, Some(5), None), liked(2, None, None)];
    assert_eq!(bench.store(source, same).await, tally(0, 0, 2, 0));
    assert_eq!(events(bench, EventKind::PostsCounted).await, told);
}

pub(crate) async fn a_kept_post_is_kept_as_it_was_edited_last(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let unmatched = |post: Post| prepared(post, 0, &[]);
    // So many that they go into a block; the others wait as rows.
    bench.store(source, (0..600).map(|number| unmatched(post(number))).collect()).await;
    bench.store(source, vec![unmatched(post(700))]).await;
    let edits = vec![unmatched(edited(5, "пять", 30)), unmatched(edited(700, "семьсот", 30))];
    assert_eq!(bench.store(source, edits).await, updated(2));
    // Elsewhere it may look otherwise.
    assert_eq!(bench.store(source, vec![unmatched(reread(6, "шесть", 30))]).await, tally(0, 0, 1, 0));
    let texts = async || {
        let kept = crate::kept::scan(&bench.storage, bench.workspace).await.0;
        let mut texts: Vec<String> = kept.into_iter().map(|kept| kept.post.text).collect();
        texts.sort();
        texts
    };
    let mut expected: Vec<String> = (0..600).filter(|number| *number != 5).map(|number| post(number).text).collect();
    expected.extend(["пять".to_owned(), "семьсот".to_owned()]);
    expected.sort();
    assert_eq!(texts().await, expected);
    // Now they match.
    let edits = vec![prepared(edited(5, "слово", 40), 0, &[topic]), prepared(reread(6, "слово", 40), 0, &[topic])];
    assert_eq!(bench.store(source, edits).await, tally(2, 0, 0, 0));
    expected.retain(|text| *text != "пять" && *text != post(6).text);
    assert_eq!((texts().await, mentions(bench).await.len()), (expected, 2));
    assert_eq!(bench.store(source, vec![prepared(edited(5, "слово!", 50), 0, &[topic])]).await, updated(1));
    assert!(bench.total().await.balances());
}

pub(crate) async fn of_many_versions_the_first_and_the_newest_are_kept_until_the_post_is_deleted(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![prepared(post(1), 0, &[topic])]).await;
    for number in 1..=24_u64 {
        bench.store(source, vec![prepared(edited(1, &format!("{number}"), number), 0, &[topic])]).await;
    }
    let mention = &mentions(bench).await[0];
    let kept: Vec<u64> = texts(bench, mention).await.into_iter().map(|(version, _)| version).collect();
    assert_eq!((mention.edits, kept), (24, [1].into_iter().chain(6..=24).collect()));
    bench.store(source, vec![PreparedItem::Deleted(post(1).urn)]).await;
    assert_eq!(texts(bench, mention).await, []);
    assert_eq!(bench.store(source, vec![prepared(edited(1, "?", 90), 0, &[topic])]).await, tally(0, 0, 1, 0));
}

pub(crate) async fn a_post_and_its_edits_may_come_at_once(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let said = |post: Post| prepared(post, 0, &[topic]);
    let quiet = |post: Post| prepared(post, 0, &[]);
    let items = vec![
        said(post(1)),
        said(edited(1, "раз", 1)),
        said(edited(1, "два", 2)),
        said(edited(1, "раз", 1)),
        quiet(post(2)),
        said(edited(2, "слово", 1)),
        quiet(post(3)),
        quiet(edited(3, "три", 1)),
    ];
    let expected = Tally { received: 8, stored: 2, unmatched: 2, duplicate: 1, updated: 3, ..Tally::default() };
    assert_eq!(bench.store(source, items).await, expected);
    let all = mentions(bench).await;
    let said: Vec<_> = all.iter().map(|mention| (mention.post.text.as_str(), mention.edits)).collect();
    assert_eq!(said, [("два", 2), ("слово", 0)]);
    let kept = crate::kept::scan(&bench.storage, bench.workspace).await.0;
    assert_eq!(kept.into_iter().map(|kept| kept.post.text).collect::<Vec<_>>(), ["три"]);
}

pub(crate) async fn a_post_stored_before_edits_were_noted_is_compared_with_its_row(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let said = |post: Post| prepared(post, 0, &[topic]);
    bench.store(source, vec![said(post(1)), said(post(2)), prepared(post(3), 0, &[])]).await;
    bench.sabotage("UPDATE known_urn SET said = 0").await;
    let again = vec![said(post(1)), said(edited(2, "иначе", 1)), prepared(post(3), 0, &[])];
    let expected = Tally { received: 3, duplicate: 2, updated: 1, ..Tally::default() };
    assert_eq!(bench.store(source, again).await, expected);
}
