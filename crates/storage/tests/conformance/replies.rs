//! Replies on their way.

use std::time::Duration;

use molva_domain::{
    AccountId, AccountState, Actor, AttachmentId, EventId, EventKind, MentionId, ReplyState, ReplyVisibility,
    Timestamp, TokenId, Urn, UserId,
};
use molva_storage::account::{AccountChange, AccountReport};
use molva_storage::reply::{
    Attachment, ClaimedReply, MAX_PENDING_ATTACHMENTS, NewAttachment, Person, Reply, ReplyChange, ReplyClaim,
    ReplyDraft, ReplyFilter, Settled,
};
use molva_storage::{Storage, StorageError};

use crate::accounts::{WRITER, account, problem};
use crate::bench::{Bench, START, post, prepared, tally};

const LEASE: Duration = Duration::from_secs(120);

pub(crate) fn person(number: i64) -> Person {
    Person { actor: Actor::User(UserId(number)), name: format!("Person {number}") }
}

fn draft(bench: &Bench, account: AccountId, text: &str) -> ReplyDraft {
    ReplyDraft {
        mention: MentionId(7),
        target: "{}".to_owned(),
        account,
        visibility: ReplyVisibility::Public,
        text: text.to_owned(),
        send_after: bench.storage.now(),
        attachments: Vec::new(),
    }
}

async fn reply(bench: &Bench, account: AccountId, text: &str) -> Reply {
    bench.storage.create_reply(bench.workspace, person(3), draft(bench, account, text)).await.unwrap()
}

/// A reply that takes a file of that content with it.
async fn with_file(bench: &Bench, account: AccountId, content: &str) -> Reply {
    let new = NewAttachment { name: "a.png".into(), media_type: "image/png".into(), bytes: content.into() };
    let file = bench.storage.create_attachment(bench.workspace, person(3).actor, new).await.unwrap();
    let draft = ReplyDraft { attachments: vec![(file.id, None)], ..draft(bench, account, content) };
    bench.storage.create_reply(bench.workspace, person(3), draft).await.unwrap()
}

async fn claim(bench: &Bench, storage: &Storage, owner: &str) -> Vec<ClaimedReply> {
    let claim = ReplyClaim { owner, lease: LEASE, limit: 10, except: &[] };
    storage.claim_replies(bench.workspace, &claim).await.unwrap()
}

fn states(claimed: &[ClaimedReply]) -> Vec<(&str, ReplyState, u32)> {
    claimed.iter().map(|claimed| (claimed.reply.text.as_str(), claimed.reply.state, claimed.reply.attempts)).collect()
}

fn done(change: ReplyChange) -> Reply {
    match change {
        ReplyChange::Done(reply) => *reply,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn of_two_processes_one_sends_a_reply(bench: &Bench) {
    let (us, them) = (account(bench, "us").await, account(bench, "them").await);
    reply(bench, us, "first").await;
    reply(bench, us, "second").await;
    reply(bench, them, "third").await;
    let other = bench.again().await;
    let (one, two) = tokio::join!(claim(bench, &bench.storage, "one"), claim(bench, &other, "two"));
    let mut all = [one, two].concat();
    all.sort_by_key(|claimed| claimed.reply.id);
    assert_eq!(states(&all), [("first", ReplyState::Sending, 1), ("third", ReplyState::Sending, 1)]);
    let first = &all[0];
    assert_eq!(storage_state(bench, first).await, ReplyState::Sending, "it is written down before it is sent");
    assert_eq!(first.reply.first_tried_at, Some(START));

    // One reply of an account at a time: the second waits for the first.
    let urn = Urn::of("test", None, "post", "900");
    let sent = Settled::Sent { urn: urn.clone(), url: Some("https://a.example/900".to_owned()) };
    let settled = bench.storage.settle_reply(first, sent.clone()).await.unwrap().unwrap();
    let expected = Reply {
        state: ReplyState::Sent,
        next_at: None,
        urn: Some(urn),
        url: Some("https://a.example/900".to_owned()),
        sent_at: Some(START),
        ..first.reply.clone()
    };
    assert_eq!(settled, expected);
    assert_eq!(bench.storage.settle_reply(first, sent).await.unwrap(), None, "a claim ends once");
    assert_eq!(states(&claim(bench, &other, "two").await), [("second", ReplyState::Sending, 1)]);
    other.close().await;

    // Listening meets our own words and makes no mention of them.
    let (source, topic) = (bench.source("s").await, bench.topic("t").await);
    assert_eq!(bench.store(source, vec![prepared(post(900), 0, &[topic])]).await, tally(0, 0, 1, 0));
}

async fn storage_state(bench: &Bench, claimed: &ClaimedReply) -> ReplyState {
    bench.storage.reply(bench.workspace, claimed.reply.id).await.unwrap().unwrap().state
}

pub(crate) async fn a_reply_that_was_being_sent_when_its_sender_died_comes_back_as_unsure(bench: &Bench) {
    let us = account(bench, "us").await;
    reply(bench, us, "hello").await;
    let lost = claim(bench, &bench.storage, "one").await.remove(0);
    bench.clock.advance(LEASE - Duration::from_secs(1));
    assert_eq!(states(&claim(bench, &bench.storage, "two").await), []);
    bench.clock.advance(Duration::from_secs(1));
    let found = claim(bench, &bench.storage, "two").await.remove(0);
    assert_eq!((found.reply.state, found.reply.attempts), (ReplyState::Unsure, 1));
    // Who was thought dead says nothing any more.
    assert_eq!(bench.storage.settle_reply(&lost, Settled::Refused(problem("late"))).await.unwrap(), None);
    assert_eq!(bench.storage.hand_over_again(&lost, LEASE).await.unwrap(), None);

    let again = bench.storage.now().plus(Duration::from_secs(2));
    let unsure = Settled::Unsure { until: again, looks: 1, problem: problem("looking") };
    let looked = bench.storage.settle_reply(&found, unsure).await.unwrap().unwrap();
    assert_eq!((looked.state, looked.looks, looked.next_at), (ReplyState::Unsure, 1, Some(again)));
    assert_eq!(states(&claim(bench, &bench.storage, "two").await), []);
    bench.clock.advance(Duration::from_secs(2));
    let due = claim(bench, &bench.storage, "two").await.remove(0);
    assert_eq!((due.reply.state, due.reply.attempts, due.reply.looks), (ReplyState::Unsure, 1, 1));
    let resent = bench.storage.hand_over_again(&due, LEASE).await.unwrap().unwrap();
    assert_eq!((resent.reply.state, resent.reply.attempts, resent.reply.looks), (ReplyState::Sending, 2, 0));
    assert_eq!(resent.reply.first_tried_at, Some(START));

    // The process dies; the next of its name need not wait for the lease.
    assert_eq!(bench.storage.abandon_replies(bench.workspace, "one").await.unwrap(), 0);
    assert_eq!(bench.storage.abandon_replies(bench.workspace, "two").await.unwrap(), 1);
    assert_eq!(states(&claim(bench, &bench.storage, "two").await), [("hello", ReplyState::Unsure, 2)]);
}

pub(crate) async fn replies_of_an_account_that_is_not_accepted_wait_until_it_is(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let us = account(bench, "us").await;
    reply(bench, us, "one").await;
    reply(bench, us, "two").await;
    let claimed = claim(bench, storage, "a").await.remove(0);
    let settled = Settled::Account { state: AccountState::Expired, problem: problem("account_expired") };
    let waiting = storage.settle_reply(&claimed, settled).await.unwrap().unwrap();
    assert_eq!((waiting.state, waiting.problem), (ReplyState::Retrying, Some(problem("account_expired"))));
    assert_eq!(storage.account(workspace, us).await.unwrap().unwrap().state, AccountState::Expired);
    bench.clock.advance(LEASE);
    assert_eq!(states(&claim(bench, storage, "a").await), []);
    storage.report_account(workspace, us, AccountReport::Well { facts: "{}".to_owned() }).await.unwrap();
    let claimed = claim(bench, storage, "a").await.remove(0);
    let until = storage.now().plus(LEASE);
    storage.settle_reply(&claimed, Settled::Later { until, problem: problem("busy") }).await.unwrap();
    let left = ReplyClaim { owner: "a", lease: LEASE, limit: 10, except: &[us] };
    assert_eq!(storage.claim_replies(workspace, &left).await.unwrap(), []);
    let mut claimed = vec![claimed.reply.text, claim(bench, storage, "a").await.remove(0).reply.text];
    claimed.sort();
    assert_eq!(claimed, ["one", "two"]);
}

pub(crate) async fn disconnecting_wipes_secrets_and_takes_back_what_waits(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let us = account(bench, "us").await;
    let mut replies = Vec::new();
    for text in ["sent", "unsure", "lost", "waits"] {
        replies.push(reply(bench, us, text).await.id);
        bench.clock.advance(Duration::from_secs(1));
    }
    let sent = claim(bench, storage, "a").await.remove(0);
    let urn = Urn::of("test", None, "post", "1");
    storage.settle_reply(&sent, Settled::Sent { urn, url: None }).await.unwrap();
    let unsure = claim(bench, storage, "a").await.remove(0);
    let until = storage.now().plus(LEASE);
    storage.settle_reply(&unsure, Settled::Unsure { until, looks: 0, problem: problem("cut") }).await.unwrap();
    let lost = claim(bench, storage, "a").await.remove(0);
    storage.disconnect_account(workspace, WRITER, us).await.unwrap();
    assert_eq!(storage.account_secrets(workspace, us).await.unwrap().len(), 0);
    let told = |storage: &Storage| {
        let storage = storage.clone();
        async move {
            let mut told = Vec::new();
            for reply in storage.replies_to(workspace, MentionId(7)).await.unwrap() {
                told.push((reply.text, reply.state, reply.problem.map(|problem| problem.code)));
            }
            told
        }
    };
    let row = |text: &str, state, code: Option<&str>| (text.to_owned(), state, code.map(str::to_owned));
    assert_eq!(
        told(storage).await,
        [
            row("sent", ReplyState::Sent, None),
            row("unsure", ReplyState::Refused, Some("not_known")),
            row("lost", ReplyState::Sending, None),
            row("waits", ReplyState::Cancelled, Some("account_disconnected")),
        ]
    );
    // What was under way when the account went, and whose sender died, is for a person to look at.
    bench.clock.advance(LEASE);
    assert_eq!(states(&claim(bench, storage, "a").await), []);
    assert_eq!(told(storage).await[2], row("lost", ReplyState::Refused, Some("not_known")));
    let late = storage.settle_reply(&lost, Settled::Later { until, problem: problem("busy") }).await.unwrap();
    assert_eq!(late.map(|reply| reply.state), Some(ReplyState::Cancelled));
    let again = storage.send_reply_again(workspace, WRITER, replies[1]).await.unwrap();
    assert_eq!(again, ReplyChange::NotNow(ReplyState::Refused));
    let draft = ReplyDraft {
        mention: MentionId(7),
        target: "{}".to_owned(),
        account: us,
        visibility: ReplyVisibility::Public,
        text: "more".to_owned(),
        send_after: START,
        attachments: Vec::new(),
    };
    let refused = storage.create_reply(workspace, person(3), draft).await;
    assert!(matches!(refused, Err(StorageError::Missing { what: "account", .. })));
}

pub(crate) async fn another_person_than_who_worded_it_approves(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let us = account(bench, "us").await;
    let asks = AccountChange { needs_approval: Some(true), ..AccountChange::default() };
    storage.update_account(workspace, WRITER, us, asks).await.unwrap();
    let written = reply(bench, us, "hello").await;
    assert_eq!((written.state, written.next_at), (ReplyState::AwaitingApproval, None));
    assert_eq!(states(&claim(bench, storage, "a").await), []);
    let id = written.id;
    assert_eq!(storage.approve_reply(workspace, person(3), id).await.unwrap(), ReplyChange::OwnWords);
    let approved = done(storage.approve_reply(workspace, person(4), id).await.unwrap());
    assert_eq!((approved.state, approved.approved_by.clone()), (ReplyState::Waiting, Some(person(4))));

    // Other words are another reply; its time is not.
    let later = START.plus(Duration::from_secs(60));
    let moved = done(storage.change_reply(workspace, WRITER, id, None, Some(later)).await.unwrap());
    assert_eq!((moved.state, moved.next_at), (ReplyState::Waiting, Some(later)));
    let worded = Actor::User(UserId(4));
    let text = Some("hello there".to_owned());
    let changed = done(storage.change_reply(workspace, worded, id, text, None).await.unwrap());
    assert_eq!(
        (changed.state, changed.approved_by.clone(), changed.worded_by),
        (ReplyState::AwaitingApproval, None, worded)
    );
    assert_eq!(storage.approve_reply(workspace, person(4), id).await.unwrap(), ReplyChange::OwnWords);
    done(storage.approve_reply(workspace, person(3), id).await.unwrap());
    assert_eq!(
        storage.approve_reply(workspace, person(5), id).await.unwrap(),
        ReplyChange::NotNow(ReplyState::Waiting)
    );
    bench.clock.advance(Duration::from_secs(60));
    assert_eq!(states(&claim(bench, storage, "a").await), [("hello there", ReplyState::Sending, 1)]);
    let cancelled = storage.cancel_reply(workspace, WRITER, id).await.unwrap();
    assert_eq!(cancelled, ReplyChange::NotNow(ReplyState::Sending));
    let events = storage.events_after(workspace, EventId(0), &[EventKind::ReplyChanged], 20).await.unwrap();
    assert!(events.iter().all(|event| !event.change.as_deref().unwrap_or_default().contains("hello")));
    assert_eq!(events.len(), 6);
}

pub(crate) async fn a_refused_reply_is_tried_again_when_a_person_asks(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let us = account(bench, "us").await;
    let first = reply(bench, us, "one").await.id;
    let claimed = claim(bench, storage, "a").await.remove(0);
    let refused = storage.settle_reply(&claimed, Settled::Refused(problem("closed"))).await.unwrap().unwrap();
    assert_eq!((refused.state, refused.problem), (ReplyState::Refused, Some(problem("closed"))));
    bench.clock.advance(Duration::from_secs(90_000));
    let token = Actor::Token(TokenId(9));
    done(storage.send_reply_again(workspace, token, first).await.unwrap());
    let claimed = claim(bench, storage, "a").await.remove(0);
    let now = storage.now();
    let reply = &claimed.reply;
    assert_eq!((reply.attempts, reply.first_tried_at, reply.tries_began_at), (2, Some(START), Some(now)));

    let second = self::reply(bench, us, "two").await.id;
    let cancelled = done(storage.cancel_reply(workspace, token, second).await.unwrap());
    assert_eq!((cancelled.state, cancelled.next_at), (ReplyState::Cancelled, None));
    let again = storage.send_reply_again(workspace, token, second).await.unwrap();
    assert_eq!(again, ReplyChange::NotNow(ReplyState::Cancelled));
    assert_eq!(storage.cancel_reply(workspace, token, molva_domain::ReplyId(1)).await.unwrap(), ReplyChange::Missing);
}

pub(crate) async fn replies_are_listed_newest_first_page_by_page(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let (us, them) = (account(bench, "us").await, account(bench, "them").await);
    for number in 0..5 {
        reply(bench, if number == 2 { them } else { us }, &number.to_string()).await;
    }
    let filter = ReplyFilter { states: vec![ReplyState::Waiting, ReplyState::Refused], account: Some(us) };
    let first = storage.replies(workspace, &filter, None, 3).await.unwrap();
    let texts = |replies: &[Reply]| replies.iter().map(|reply| reply.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&first.replies), ["4", "3", "1"]);
    let second = storage.replies(workspace, &filter, first.next.as_deref(), 3).await.unwrap();
    assert_eq!((texts(&second.replies), second.next), (vec!["0".to_owned()], None));
    let none = ReplyFilter { states: vec![ReplyState::Sent], account: None };
    assert_eq!(storage.replies(workspace, &none, None, 3).await.unwrap().replies, []);
    assert_eq!(texts(&storage.replies_to(workspace, MentionId(7)).await.unwrap()), ["0", "1", "2", "3", "4"]);
    let far = Timestamp::from_secs(4_000_000_000);
    let moved = storage.replies(workspace, &ReplyFilter::default(), None, 1).await.unwrap().replies.remove(0);
    done(storage.change_reply(workspace, WRITER, moved.id, None, Some(far)).await.unwrap());
    assert_eq!(
        states(&claim(bench, storage, "a").await),
        [("0", ReplyState::Sending, 1), ("2", ReplyState::Sending, 1)]
    );
}

pub(crate) async fn a_file_belongs_to_the_one_reply_that_took_it(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let us = account(bench, "us").await;
    let keep = async |owner: i64, bytes: &[u8]| {
        let new = NewAttachment { name: "a.png".to_owned(), media_type: "image/png".to_owned(), bytes: bytes.to_vec() };
        storage.create_attachment(workspace, Actor::User(UserId(owner)), new).await
    };
    let (first, second, others) =
        (keep(3, b"one").await.unwrap(), keep(3, b"two").await.unwrap(), keep(4, b"x").await.unwrap());
    let write = async |files: &[(AttachmentId, Option<&str>)]| {
        let draft = ReplyDraft {
            mention: MentionId(7),
            target: "{}".to_owned(),
            account: us,
            visibility: ReplyVisibility::Public,
            text: "look".to_owned(),
            send_after: storage.now(),
            attachments: files.iter().map(|(id, alt)| (*id, alt.map(str::to_owned))).collect(),
        };
        storage.create_reply(workspace, person(3), draft).await
    };
    let gone =
        |result: Result<Reply, StorageError>| matches!(result, Err(StorageError::Missing { what: "attachment", .. }));
    assert!(gone(write(&[(second.id, None), (others.id, None)]).await), "it is somebody else's");
    let reply = write(&[(second.id, Some("a map")), (first.id, None)]).await.unwrap();
    let kept = vec![Attachment { alt: Some("a map".to_owned()), ..second.clone() }, first.clone()];
    assert_eq!(reply.attachments, kept);
    assert_eq!(storage.reply(workspace, reply.id).await.unwrap(), Some(reply.clone()));
    let files = storage.attachments_of(&reply).await.unwrap();
    assert_eq!(files, [(kept[0].clone(), b"two".to_vec()), (kept[1].clone(), b"one".to_vec())]);
    assert!(gone(write(&[(first.id, None)]).await), "it was taken");
    assert!(!storage.delete_attachment(workspace, WRITER, first.id).await.unwrap(), "it was taken");

    // What no reply took is forgotten after a day; what one took stays.
    bench.clock.advance(Duration::from_secs(86_401));
    for _ in 0..MAX_PENDING_ATTACHMENTS {
        keep(3, b"more").await.unwrap();
    }
    let full = keep(3, b"too many").await;
    assert!(matches!(full, Err(StorageError::Full { what: "attachment", most: MAX_PENDING_ATTACHMENTS })));
    assert_eq!(storage.attachment(workspace, others.id).await.unwrap(), None);
    assert_eq!(storage.attachment_bytes(workspace, first.id).await.unwrap(), Some(b"one".to_vec()));
}

pub(crate) async fn files_go_with_time_from_replies_that_are_done_and_from_no_others(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let us = account(bench, "us").await;
    let mut all = Vec::new();
    for becomes in ["sent", "refused", "cancelled", "waiting"] {
        all.push(with_file(bench, us, becomes).await);
    }
    let sent = Settled::Sent { urn: Urn::of("test", None, "post", "1"), url: None };
    for outcome in [sent, Settled::Refused(problem("locked"))] {
        let claimed = claim(bench, storage, "one").await.remove(0);
        storage.settle_reply(&claimed, outcome).await.unwrap().unwrap();
    }
    done(storage.cancel_reply(workspace, WRITER, all[2].id).await.unwrap());
    let left = async || {
        let mut left = Vec::new();
        for reply in &all {
            let file = storage.attachment_bytes(workspace, reply.attachments[0].id).await.unwrap();
            let row = storage.reply(workspace, reply.id).await.unwrap().unwrap();
            left.push((file.is_some(), row.attachments[0].removed_at));
        }
        left
    };
    let (kept, began) = ((true, None), storage.now());
    assert_eq!(storage.forget_reply_files(workspace, began).await.unwrap(), 0);
    assert_eq!(left().await, [kept; 4]);
    bench.clock.advance(Duration::from_secs(60));
    let now = storage.now();
    assert_eq!(storage.forget_reply_files(workspace, now).await.unwrap(), 2);
    assert_eq!(left().await, [(false, Some(now)), kept, (false, Some(now)), kept]);
    assert_eq!(storage.forget_reply_files(workspace, now).await.unwrap(), 0);
    let row = storage.reply(workspace, all[0].id).await.unwrap().unwrap();
    let shown = vec![Attachment { removed_at: Some(now), ..all[0].attachments[0].clone() }];
    assert_eq!(row.attachments, shown, "its name and size stay");
    // One that was refused goes out again with its file, however late.
    let again = done(storage.send_reply_again(workspace, WRITER, all[1].id).await.unwrap());
    assert_eq!(storage.attachments_of(&again).await.unwrap()[0].1, b"refused");
}

pub(crate) async fn files_of_many_replies_go_a_few_at_a_time(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let us = account(bench, "us").await;
    for _ in 0..11 {
        let reply = with_file(bench, us, "x").await;
        done(storage.cancel_reply(workspace, WRITER, reply.id).await.unwrap());
    }
    bench.clock.advance(Duration::from_secs(1));
    let mut gone = Vec::new();
    for _ in 0..3 {
        gone.push(storage.forget_reply_files(workspace, storage.now()).await.unwrap());
    }
    assert_eq!(gone, [8, 3, 0]);
}
