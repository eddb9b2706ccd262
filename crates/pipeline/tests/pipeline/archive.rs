//! The archive over a real store: filled, followed, rebuilt, healed.

use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use molva_archive::{Archive, Filter, Order};
use molva_connectors::Item;
use molva_domain::{Actor, MentionId, MentionState, Post, SourceId, Timestamp, Tone, TopicId, TopicKind, TopicLevel};
use molva_pipeline::ArchiveFolder;
use molva_query::{NoLists, Reading, Scope, parse_with};
use molva_storage::mention::MentionChange;
use molva_storage::topic::TopicDraft;

use crate::world::{World, item, median, post};

fn found(archive: &Archive, text: &str) -> Vec<MentionId> {
    let parsed = parse_with(text, &Reading { scope: Scope::Mentions, lists: &NoLists });
    let query = parsed.query.expect("a query");
    let mut ids: Vec<MentionId> = archive
        .search(Some(&query), &Filter::default(), Order::Newest, None, 1_000)
        .expect("an answer")
        .hits
        .iter()
        .map(|hit| hit.id)
        .collect();
    ids.sort_unstable();
    ids
}

/// How long it takes until the archive answers so; panics after a minute.
async fn soon(world: &World, text: &str, expected: &[MentionId]) -> Duration {
    let begun = Instant::now();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    while begun.elapsed() < Duration::from_secs(60) {
        if found(&world.pipeline.archive(), text) == expected {
            return begun.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let status = world.pipeline.archive_status().await;
    panic!("`{text}` finds {:?}, not {expected:?}; {status:?}", found(&world.pipeline.archive(), text))
}

async fn ids(world: &World, topic: TopicId) -> Vec<MentionId> {
    world.mentions(topic).await.iter().map(|mention| mention.id).collect()
}

async fn change(world: &World, ids: &[MentionId], change: MentionChange) {
    world.storage.change_mentions(world.workspace, Actor::System, ids, &change).await.expect("changed");
}

/// Posts of three months that match one topic.
async fn months(world: &World, source: SourceId) {
    let items = (0..300).map(|n| {
        let at = Timestamp::parse(["2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z", "2026-03-07T10:00:00Z"][n % 3]);
        let at = at.expect("a time");
        Item::Post(Box::new(Post {
            published_at: at, ..post(&format!("m{n}"), &format!("связь пропала {n}"))
        }))
    });
    assert_eq!(world.ingest(source, items.collect()).await.stored, 300);
}

/// Every topic has as many mentions in the archive as in storage.
async fn hold_to_storage(world: &World) {
    let archive = world.pipeline.archive();
    for (topic, count) in world.storage.count_by_topic(world.workspace).await.expect("counts") {
        let filter = Filter { topics: vec![topic], ..Filter::default() };
        assert_eq!(archive.count(None, &filter).expect("a count").mentions, count, "topic {topic}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_mentions_and_judgements_are_found_within_a_second() {
    let world = World::new().await;
    let source = world.source("import").await;
    let topic = world.topic("Связь", "связь").await;
    world.ingest(source, vec![item("1", "связь есть"), item("2", "связь пропала")]).await;
    let mentions = ids(&world, topic).await;
    let mut times = vec![soon(&world, "связь", &mentions).await];
    for (changed, query) in [
        (MentionChange { tone: Some(Some(Tone::Negative)), ..MentionChange::default() }, "tone:negative"),
        (MentionChange { add_tags: vec!["обрыв".to_owned()], ..MentionChange::default() }, "tag:обрыв"),
    ] {
        change(&world, &mentions[..1], changed).await;
        times.push(soon(&world, query, &mentions[..1]).await);
    }
    let binned = MentionChange { state: Some(MentionState::Binned), ..MentionChange::default() };
    change(&world, &mentions[1..], binned).await;
    let begun = Instant::now();
    let filter = Filter { states: vec![MentionState::Binned], ..Filter::default() };
    while world.pipeline.archive().count(None, &filter).expect("a count").mentions != 1 {
        assert!(begun.elapsed() < Duration::from_secs(60), "a binned mention stays as it was");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    times.push(begun.elapsed());
    assert!(median(&mut times) < Duration::from_secs(1), "{times:?}");
    hold_to_storage(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_post_is_found_by_what_it_says_now() {
    let world = World::new().await;
    let source = world.source("import").await;
    let (topic, other) = (world.topic("Связь", "связь").await, world.topic("Роуминг", "роуминг").await);
    world.ingest(source, vec![item("1", "связь пропала, ужасно"), item("2", "сегодня хорошая погода")]).await;
    let mention = ids(&world, topic).await;
    soon(&world, "пропала", &mention).await;
    let again = vec![item("1", "роуминг вернули, спасибо"), item("2", "сегодня хорошая связь")];
    let tally = world.ingest(source, again).await;
    assert_eq!((tally.updated, tally.stored), (1, 1));
    let [old, new] = &world.mentions(topic).await[..] else { panic!("two mentions of the topic") };
    let edited = if old.id == mention[0] { old } else { new };
    assert_eq!((edited.edits, edited.spans.len(), edited.post.text.as_str()), (1, 0, "роуминг вернули, спасибо"));
    let gained = ids(&world, other).await;
    let mut both = [mention.clone(), gained.clone()].concat();
    both.sort_unstable();
    soon(&world, "вернули", &both).await;
    soon(&world, "пропала", &[]).await;
    // It is judged by what it says now.
    let judged = world.storage.mention(world.workspace, gained[0]).await.expect("read").expect("there").judged;
    assert!(judged.is_some(), "a mention that an edit made is judged at once");
    hold_to_storage(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_posts_and_copies_that_go_or_change_their_name_are_followed() {
    let world = World::new().await;
    let source = world.source("import").await;
    let topic = world.topic("Связь", "связь").await;
    world
        .ingest(
            source,
            vec![
                item("1", "связь и метро"),
                item("2", "связь пропала с самого утра"),
                item("3", "связь пропала с самого утра"),
            ],
        )
        .await;
    let mentions = world.mentions(topic).await;
    let all: Vec<MentionId> = mentions.iter().map(|mention| mention.id).collect();
    soon(&world, "topic:связь", &all).await;

    let draft = TopicDraft {
        name: "Сеть".to_owned(),
        level: TopicLevel::Brand,
        kind: TopicKind::Own,
        query: "связь".to_owned(),
        lists: Vec::new(),
    };
    world.storage.update_topic(world.workspace, Actor::System, topic, draft).await.expect("renamed");
    soon(&world, "topic:сеть", &all).await;
    soon(&world, "topic:связь", &[]).await;

    let first = mentions.iter().find(|mention| mention.copies == 1).expect("one that has a copy");
    world.ingest(source, vec![Item::Deleted(first.post.urn.clone())]).await;
    let left: Vec<MentionId> = all.iter().copied().filter(|id| *id != first.id).collect();
    soon(&world, "связь", &left).await;
    hold_to_storage(&world).await;

    world.storage.delete_topic(world.workspace, Actor::System, topic).await.expect("deleted");
    soon(&world, "связь", &[]).await;
    hold_to_storage(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_looks_back_is_known_to_the_other_mentions_of_a_post() {
    let world = World::new().await;
    let source = world.source("import").await;
    world.ingest(source, vec![item("1", "связь и метро")]).await;
    let one = world.topic("Связь", "связь").await;
    world.pipeline.backfill(world.workspace, one, |_, _| {}).await.expect("looked back");
    let first = ids(&world, one).await;
    soon(&world, "topic:связь", &first).await;
    let two = world.topic("Метро", "метро").await;
    world.pipeline.backfill(world.workspace, two, |_, _| {}).await.expect("looked back");
    let both = [first, ids(&world, two).await].concat();
    soon(&world, "topic:связь", &both).await;
    soon(&world, "topic:метро", &both).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_lost_outdated_damaged_or_of_another_history_is_built_anew_by_itself() {
    let mut world = World::new().await;
    let source = world.source("import").await;
    world.topic("Связь", "связь").await;
    months(&world, source).await;
    whole(&world).await;
    let all = found(&world.pipeline.archive(), "связь");
    assert_eq!(all.len(), 300);
    let root = ArchiveFolder::of(world.storage.data_dir(), world.workspace).slices();
    let manifest = root.join("archive.json");
    for harm in ["gone", "outdated", "future", "damaged"] {
        world = world
            .restart_after(|| match harm {
                "gone" => fs::remove_dir_all(&root).expect("removed"),
                "outdated" => edit(&manifest, "\"format\":"),
                "future" => edit(&manifest, "\"applied\":"),
                _ => fs::remove_file(february(&root).join("meta.json")).expect("removed"),
            })
            .await;
        whole(&world).await;
        let archive = world.pipeline.archive();
        assert_eq!((found(&archive, "связь"), archive.damaged()), (all.clone(), vec![]), "{harm}");
        hold_to_storage(&world).await;
    }
}

/// Puts a 9 before a number.
fn edit(path: &Path, before: &str) {
    let text = fs::read_to_string(path).expect("a manifest");
    assert!(text.contains(before), "{text}");
    fs::write(path, text.replacen(before, &format!("{before}9"), 1)).expect("written");
}

fn february(root: &Path) -> PathBuf {
    let mut entries = fs::read_dir(root).expect("slices").flatten();
    let slice = entries.find(|entry| entry.file_name().to_string_lossy().starts_with("2026-02"));
    slice.expect("february").path()
}

/// Waits until nothing is left to do.
async fn whole(world: &World) {
    for _ in 0..1_200 {
        let status = world.pipeline.archive_status().await.expect("a status");
        let idle = status.filling.is_none() && status.rebuilding.is_none() && status.damaged.is_empty();
        if idle && status.applied == status.last_event && status.applied.0 > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not whole within a minute: {:?}", world.pipeline.archive_status().await)
}

/// What was built anew is searched at once; the folder it replaces is deleted a little later.
async fn gone(folder: &Path) {
    for _ in 0..1_200 {
        if !folder.exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} was not built anew", folder.display());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_under_live_ingest_ends_equal_to_storage_and_answers_all_the_time() {
    let world = World::new().await;
    let source = world.source("import").await;
    let topic = world.topic("Связь", "связь").await;
    months(&world, source).await;
    whole(&world).await;
    world.pipeline.rebuild_archive().expect("asked for");
    let archive = world.pipeline.archive();
    let mut stored = 300;
    for round in 0..20 {
        let items = (0..50).map(|n| item(&format!("r{round}-{n}"), &format!("связь {round} {n}")));
        world.ingest(source, items.collect()).await;
        stored += 50;
        assert!(found(&archive, "связь").len() >= 300, "the old state answers until the new one does");
        change(&world, &ids(&world, topic).await[..1], tagged(&format!("t{round}"))).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    whole(&world).await;
    assert_eq!(archive.count(None, &Filter::default()).expect("a count").mentions, stored);
    hold_to_storage(&world).await;
    let tags = world.storage.tags(world.workspace).await.expect("tags");
    for (tag, count) in tags {
        assert_eq!(found(&archive, &format!("tag:{tag}")).len() as u64, count, "{tag}");
    }
    let root = ArchiveFolder::of(world.storage.data_dir(), world.workspace).slices();
    gone(&root.join("2026-02")).await;
}

fn tagged(tag: &str) -> MentionChange {
    MentionChange { add_tags: vec![tag.to_owned()], ..MentionChange::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_found_damaged_are_rebuilt_while_serving() {
    let world = World::new().await;
    let source = world.source("import").await;
    world.topic("Связь", "связь").await;
    months(&world, source).await;
    whole(&world).await;
    let archive = world.pipeline.archive();
    let folder = february(&ArchiveFolder::of(world.storage.data_dir(), world.workspace).slices());
    let files = fs::read_dir(&folder).expect("files").flatten().map(|entry| entry.path());
    for path in files.filter(|path| path.extension().is_some_and(|ending| ending == "idx")) {
        // In place: a file that is replaced would still be read as it was.
        let file = fs::File::options().read(true).write(true).open(&path).expect("a file");
        let mut byte = [0];
        file.read_exact_at(&mut byte, 1).expect("read");
        file.write_all_at(&[byte[0] ^ 0x40], 1).expect("written");
    }
    archive.verify();
    whole(&world).await;
    assert_eq!(found(&archive, "связь").len(), 300);
    archive.verify();
    assert_eq!(archive.damaged(), []);
    gone(&folder).await;
}
