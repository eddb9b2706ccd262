//! What lasts: commits, deaths between them, damaged files.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use molva_domain::{EventId, Tone};
use molva_query::field::Judgement;

use super::{folder, found, mention, open, post_at, query};
use crate::{Archive, Counted, Document, Error, Filter, Slice};

#[test]
fn an_update_replaces_a_mention_and_a_deletion_takes_it_out() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let post = post_at("связь", "2026-03-01T00:00:00Z");
    for id in [1, 2, 3] {
        writer.add(&mention(id, &post)).expect("added");
    }
    writer.commit(Some(EventId(3))).expect("committed");
    let angry = Judgement { tone: Some(Tone::Negative), ..Judgement::EMPTY };
    writer.update(&Document { judgement: &angry, ..mention(2, &post) }).expect("updated");
    writer.delete(1.into()).expect("deleted");
    assert_eq!(found(&archive, "связь"), [3, 2, 1]);
    writer.commit(Some(EventId(5))).expect("committed");
    assert_eq!(found(&archive, "связь"), [3, 2]);
    assert_eq!(found(&archive, "tone:negative"), [2]);
    assert_eq!((archive.applied(), archive.len()), (Some(EventId(5)), 2));
    assert!(matches!(archive.writer(), Err(Error::Busy { .. })));
}

#[test]
fn what_was_not_committed_is_gone_and_can_be_repeated() {
    let folder = folder();
    let (march, may) = (post_at("связь", "2026-03-01T00:00:00Z"), post_at("связь", "2026-05-01T00:00:00Z"));
    {
        let archive = open(&folder);
        let mut writer = archive.writer().expect("a writer");
        writer.add(&mention(1, &march)).expect("added");
        writer.commit(Some(EventId(1))).expect("committed");
        writer.add(&mention(2, &march)).expect("added");
        writer.add(&mention(3, &may)).expect("added");
    }
    let archive = open(&folder);
    assert_eq!((archive.applied(), found(&archive, "связь")), (Some(EventId(1)), vec![1]));
    let mut writer = archive.writer().expect("a writer");
    for (id, post) in [(1, &march), (2, &march), (3, &may)] {
        writer.update(&mention(id, post)).expect("updated");
    }
    writer.commit(Some(EventId(3))).expect("committed");
    assert_eq!(found(&archive, "связь"), [3, 2, 1]);
    drop((writer, archive));
    assert_eq!(found(&open(&folder), "связь"), [3, 2, 1]);
}

#[test]
fn a_death_between_the_slices_and_the_manifest_repeats_and_changes_nothing() {
    let folder = folder();
    let post = post_at("связь", "2026-03-01T00:00:00Z");
    let manifest = folder.path().join("archive.json");
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    writer.add(&mention(1, &post)).expect("added");
    writer.commit(Some(EventId(1))).expect("committed");
    let before = fs::read(&manifest).expect("a manifest");
    writer.update(&mention(2, &post)).expect("updated");
    writer.update(&mention(3, &post_at("связь", "2026-04-01T00:00:00Z"))).expect("updated");
    writer.commit(Some(EventId(3))).expect("committed");
    drop((writer, archive));
    fs::write(&manifest, before).expect("written");

    let archive = open(&folder);
    assert_eq!((archive.applied(), archive.damaged()), (Some(EventId(1)), vec![]));
    let mut writer = archive.writer().expect("a writer");
    writer.update(&mention(2, &post)).expect("updated");
    writer.update(&mention(3, &post_at("связь", "2026-04-01T00:00:00Z"))).expect("updated");
    writer.commit(Some(EventId(3))).expect("committed");
    assert_eq!(found(&archive, "связь"), [3, 2, 1]);
}

/// March and April with a mention each.
fn two_months() -> tempfile::TempDir {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    writer.add(&mention(1, &post_at("связь", "2026-03-01T00:00:00Z"))).expect("added");
    writer.add(&mention(2, &post_at("связь", "2026-04-01T00:00:00Z"))).expect("added");
    writer.commit(Some(EventId(2))).expect("committed");
    folder
}

fn files(folder: &tempfile::TempDir, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.path().join("2026-03")).expect("a slice");
    let paths = entries.map(|entry| entry.expect("a file").path());
    paths.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

fn damaged(archive: &Archive) -> Vec<String> {
    archive.damaged().iter().map(|damage| damage.slice.to_string()).collect()
}

#[test]
fn a_damaged_slice_is_told_and_rebuilt_alone_while_the_others_answer() {
    for (ending, cut) in [("meta.json", true), (".idx", true), (".term", true), (".idx", false), (".fast", false)] {
        let folder = two_months();
        for path in files(&folder, ending) {
            let mut bytes = fs::read(&path).expect("read");
            if cut {
                bytes.truncate(bytes.len() / 2);
            } else {
                bytes[1] ^= 0x40;
            }
            // Index files are replaced, never changed.
            fs::remove_file(&path).expect("removed");
            fs::write(&path, bytes).expect("written");
        }
        let archive = open(&folder);
        if !cut {
            archive.verify();
        }
        let march = Slice::parse("2026-03").expect("a slice");
        assert_eq!(damaged(&archive), ["2026-03"], "{ending}");
        let answer =
            archive.search(Some(&query("связь")), &Filter::default(), crate::Order::Newest, None, 9).expect("found");
        assert_eq!((answer.hits.len(), answer.hits[0].id.0, answer.missing), (1, 2, vec![march]));

        let counted = archive.count(None, &Filter::default()).expect("a count");
        assert_eq!(counted, Counted { mentions: 1, missing: vec![march] });

        let mut writer = archive.writer().expect("a writer");
        let post = post_at("связь", "2026-03-01T00:00:00Z");
        writer.add(&mention(1, &post)).expect("it is read when the slice is built");
        let mut build = writer.build(march).expect("begun");
        build.add(&mention(1, &post)).expect("added");
        // A death now leaves it damaged.
        drop((build, writer, archive));
        let archive = open(&folder);
        assert_eq!(damaged(&archive), ["2026-03"]);
        let mut writer = archive.writer().expect("a writer");
        let mut build = writer.build(march).expect("begun");
        build.add(&mention(1, &post)).expect("added");
        build.settle().expect("settled");
        writer.finish(build).expect("finished");
        assert_eq!((found(&archive, "связь"), archive.applied()), (vec![2, 1], Some(EventId(2))));
        drop((writer, archive));
        let archive = open(&folder);
        archive.verify();
        assert_eq!((found(&archive, "связь"), archive.damaged()), (vec![2, 1], vec![]));
    }
}

#[test]
fn a_slice_is_rebuilt_beside_the_one_that_answers() {
    let folder = two_months();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let march = Slice::parse("2026-03").expect("a slice");
    writer.renew([march]).expect("asked for");
    assert_eq!((archive.to_build(), archive.to_fill(), archive.damaged()), (vec![march], vec![], vec![]));
    let mut build = writer.build(march).expect("begun");
    let post = post_at("связь", "2026-03-01T00:00:00Z");
    for id in [1, 3, 4] {
        build.add(&mention(id, &post)).expect("added");
    }
    build.settle().expect("settled");
    // The one before follows until it is replaced.
    writer.update(&mention(5, &post)).expect("updated");
    writer.commit(Some(EventId(3))).expect("committed");
    assert_eq!(found(&archive, "связь"), [2, 5, 1]);
    build.update(&mention(5, &post)).expect("updated");
    build.delete(4.into()).expect("deleted");
    build.update(&mention(3, &post)).expect("updated");
    writer.finish(build).expect("finished");
    assert_eq!((found(&archive, "связь"), archive.to_build()), (vec![2, 5, 3, 1], vec![]));
    writer.update(&mention(6, &post)).expect("updated");
    writer.commit(Some(EventId(4))).expect("committed");
    assert_eq!(found(&archive, "связь"), [2, 6, 5, 3, 1]);
    let mut folders: Vec<_> = fs::read_dir(folder.path()).expect("a folder").flatten().collect();
    folders.sort_by_key(fs::DirEntry::file_name);
    let folders: Vec<_> = folders.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(folders, ["2026-03.1", "2026-04", "archive.json"]);
    drop((writer, archive));
    assert_eq!(found(&open(&folder), "связь"), [2, 6, 5, 3, 1]);
}

#[test]
fn a_fill_that_was_cut_off_goes_on_with_what_is_missing() {
    let folder = folder();
    let [march, april] = ["2026-03", "2026-04"].map(|name| Slice::parse(name).expect("a slice"));
    let (one, two) = (post_at("связь", "2026-03-01T00:00:00Z"), post_at("связь", "2026-04-01T00:00:00Z"));
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    writer.begin(EventId(7), [march, april]).expect("begun");
    let mut build = writer.build(april).expect("begun");
    build.add(&mention(2, &two)).expect("added");
    writer.finish(build).expect("finished");
    let mut build = writer.build(march).expect("begun");
    build.add(&mention(1, &one)).expect("added");
    build.settle().expect("settled");
    drop((build, writer, archive));

    let archive = open(&folder);
    assert_eq!((archive.to_fill(), archive.damaged(), archive.applied()), (vec![march], vec![], Some(EventId(7))));
    assert_eq!(found(&archive, "связь"), [2]);
    let mut writer = archive.writer().expect("a writer");
    let mut build = writer.build(march).expect("begun");
    build.add(&mention(1, &one)).expect("added");
    writer.finish(build).expect("finished");
    writer.delete_topic(1.into()).expect("deleted");
    assert_eq!((archive.to_build(), found(&archive, "связь")), (vec![], vec![2, 1]));
    writer.commit(Some(EventId(8))).expect("committed");
    assert!(found(&archive, "связь").is_empty());
}

#[test]
fn topics_are_asked_for_by_the_names_they_have_now() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let post = post_at("связь", "2026-03-01T00:00:00Z");
    let judgement = Judgement { topics: vec![Archive::topic_key(1.into())], ..Judgement::EMPTY };
    writer.add(&Document { judgement: &judgement, ..mention(1, &post) }).expect("added");
    writer.commit(Some(EventId(1))).expect("committed");
    archive.name_topics([(1.into(), "Наша  Связь".to_owned())]);
    assert_eq!(found(&archive, "topic:\"наша связь\""), [1]);
    archive.name_topics([(1.into(), "Билайн".to_owned())]);
    assert_eq!((found(&archive, "topic:\"наша связь\""), found(&archive, "topic:билайн")), (vec![], vec![1]));
}

#[test]
fn another_process_sees_what_was_committed_when_it_looks_again() {
    let folder = two_months();
    let (archive, other) = (open(&folder), open(&folder));
    let mut writer = archive.writer().expect("a writer");
    writer.update(&mention(3, &post_at("связь", "2026-05-01T00:00:00Z"))).expect("updated");
    writer.commit(Some(EventId(3))).expect("committed");
    assert_eq!(found(&other, "связь"), [2, 1]);
    other.reload().expect("reloaded");
    assert_eq!((found(&other, "связь"), other.applied()), (vec![3, 2, 1], Some(EventId(3))));
}

#[test]
fn a_slice_that_is_gone_is_told() {
    let folder = two_months();
    fs::remove_dir_all(folder.path().join("2026-04")).expect("removed");
    assert_eq!(damaged(&open(&folder)), ["2026-04"]);
}

#[test]
fn an_archive_of_another_version_has_to_be_rebuilt() {
    let folder = two_months();
    let manifest = folder.path().join("archive.json");
    let text = fs::read_to_string(&manifest).expect("a manifest").replace("\"format\":", "\"format\":9");
    fs::write(&manifest, text).expect("written");
    assert!(matches!(Archive::open(folder.path()), Err(Error::Outdated { .. })));
    Archive::clear(folder.path()).expect("cleared");
    assert_eq!((open(&folder).applied(), open(&folder).len()), (None, 0));
}

/// Where the writing process of the next test works; unset in any other run.
const FOLDER: &str = "MOLVA_TEST_ARCHIVE_FOLDER";

/// Mentions of three months, fifteen for each event.
fn apply(writer: &mut crate::Writer, event: i64) -> Result<(), Error> {
    // Every event also changes mentions of the one before.
    for id in event * 10..event * 10 + 15 {
        let at = ["2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"][id as usize % 3];
        writer.update(&mention(id, &post_at("связь", at)))?;
    }
    Ok(())
}

/// Not a test of its own: what is killed.
#[test]
fn the_process_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let archive = Archive::open(folder.as_ref()).expect("an archive");
    let mut writer = archive.writer().expect("a writer");
    for event in archive.applied().map_or(1, |event| event.0 + 1).. {
        apply(&mut writer, event).expect("applied");
        writer.commit(Some(EventId(event))).expect("committed");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "no runtime here: the other process is given time")]
fn a_process_killed_at_any_moment_loses_nothing_that_was_committed_and_doubles_nothing() {
    let folder = folder();
    let mut before = 0;
    for round in 0..6_u64 {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["--exact", "tests::lasting::the_process_that_is_killed"]).env(FOLDER, folder.path());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process");
        std::thread::sleep(Duration::from_millis(400 + round * 137));
        assert_eq!(child.try_wait().expect("its state"), None, "it goes on until it is killed");
        child.kill().expect("killed");
        child.wait().expect("gone");

        let archive = open(&folder);
        archive.verify();
        assert_eq!(archive.damaged(), []);
        let applied = archive.applied().map_or(0, |event| event.0);
        assert!(applied >= before);
        before = applied;
        let mut writer = archive.writer().expect("a writer");
        apply(&mut writer, applied + 1).expect("applied");
        writer.commit(Some(EventId(applied + 1))).expect("committed");
        let mut expected: Vec<i64> = (1..=applied + 1).flat_map(|event| event * 10..event * 10 + 15).collect();
        expected.sort_unstable();
        expected.dedup();
        let found =
            archive.search(None, &Filter::default(), crate::Order::Newest, None, Archive::MAX_HITS).expect("found");
        let mut ids: Vec<_> = found.hits.iter().map(|hit| hit.id.0).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected);
    }
    assert!(before > 6, "the process got something done: {before}");
}
