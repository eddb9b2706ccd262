//! What we answered, and what was answered to us.

use std::time::Duration;

use molva_domain::{EventId, EventKind, MentionId, MentionState, Post, ReplyVisibility, Urn};
use molva_storage::intake::PreparedItem;
use molva_storage::mention::{Mention, MentionFilter};
use molva_storage::reply::{Reply, ReplyClaim, ReplyDraft, Settled};
use molva_storage::thread::ThreadEntry;

use crate::accounts::account;
use crate::bench::{Bench, post, prepared, tally};
use crate::replies::person;

fn our_urn(number: i64) -> Urn {
    Urn::of("test", None, "post", &format!("ours-{number}"))
}

fn answering(number: i64, parent: Urn) -> Post {
    Post { in_reply_to: Some(parent), ..post(number) }
}

/// Says something to a mention, and has it sent under [`our_urn`] of the number.
async fn say(bench: &Bench, mention: MentionId, number: i64) -> Reply {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let draft = ReplyDraft {
        mention,
        target: "{}".to_owned(),
        account: account(bench, &format!("Us {number}")).await,
        visibility: ReplyVisibility::Public,
        text: format!("наш ответ {number}"),
        send_after: storage.now(),
        attachments: Vec::new(),
    };
    storage.create_reply(workspace, person(3), draft).await.unwrap();
    let claim = ReplyClaim { owner: "a", lease: Duration::from_secs(120), limit: 10, except: &[] };
    let claimed = storage.claim_replies(workspace, &claim).await.unwrap().remove(0);
    storage.settle_reply(&claimed, Settled::Sent { urn: our_urn(number), url: None }).await.unwrap().unwrap()
}

async fn of_post(bench: &Bench, number: i64) -> Vec<Mention> {
    let created = [EventKind::MentionCreated];
    let events = bench.storage.events_after(bench.workspace, EventId(0), &created, 100).await.unwrap();
    let ids: Vec<MentionId> = events.iter().map(|event| MentionId(event.subject)).collect();
    let mut mentions = bench.storage.mentions_by_id(bench.workspace, &ids).await.unwrap();
    mentions.retain(|mention| mention.post.urn == post(number).urn);
    mentions
}

async fn thread(bench: &Bench, mention: MentionId) -> Vec<String> {
    let entries = bench.storage.thread(bench.workspace, mention).await.unwrap();
    let told = entries.into_iter().map(|entry| match entry {
        ThreadEntry::Mention(mention) => mention.post.text,
        ThreadEntry::Reply(reply) => reply.text,
    });
    told.collect()
}

pub(crate) async fn what_is_answered_to_us_joins_the_thread_whatever_it_says(bench: &Bench) {
    let (source, topic, other) = (bench.source("one").await, bench.topic("t").await, bench.topic("u").await);
    bench.store(source, vec![prepared(post(1), 5, &[topic, other])]).await;
    let asked = of_post(bench, 1).await;
    let reply = say(bench, asked[0].id, 1).await;
    let unmatched = |post: Post| prepared(post, 5, &[]);
    let items = vec![
        unmatched(answering(2, our_urn(1))),
        unmatched(answering(3, Urn::of("test", None, "post", "of-somebody"))),
        unmatched(post(4)),
    ];
    assert_eq!(bench.store(source, items).await, tally(1, 2, 0, 0));
    let answers = of_post(bench, 2).await;
    let seen: Vec<_> = answers.iter().map(|mention| (mention.topic, mention.answers, mention.copy_of)).collect();
    assert_eq!(seen, [(topic, Some(reply.id), None), (other, Some(reply.id), None)]);
    // It goes on: we answer, and so do they.
    say(bench, answers[0].id, 2).await;
    bench.store(source, vec![unmatched(answering(5, our_urn(2))), unmatched(answering(6, our_urn(1)))]).await;
    let last = of_post(bench, 5).await;
    let told = [post(1).text, "наш ответ 1".into(), post(2).text, "наш ответ 2".into(), post(5).text, post(6).text];
    for from in [asked[0].id, answers[1].id, last[0].id] {
        assert_eq!(thread(bench, from).await, told);
    }
    assert_eq!(thread(bench, MentionId(1)).await, Vec::<String>::new());
}

pub(crate) async fn what_we_said_ourselves_is_no_mention_to_act_on(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![prepared(post(1), 0, &[topic])]).await;
    let asked = of_post(bench, 1).await.remove(0).id;
    let heard = |number: i64| Post { urn: our_urn(number), ..post(10 + number) };
    // Heard before it was written down that it was sent, as a mention and as a post that matches nothing.
    let early = vec![prepared(heard(1), 0, &[topic]), prepared(heard(2), 0, &[])];
    assert_eq!(bench.store(source, early).await, tally(1, 1, 0, 0));
    for number in 1..=3 {
        say(bench, asked, number).await;
    }
    assert_eq!(bench.store(source, vec![prepared(heard(3), 0, &[topic])]).await, tally(0, 0, 1, 0));
    let edited = |number| {
        let at = post(50).published_at;
        let edited = Post { text: "иначе".to_owned(), edited_at: Some(at), fetched_at: at, ..heard(number) };
        prepared(edited, 0, &[topic])
    };
    let edits: Vec<PreparedItem> = vec![edited(2), edited(3)];
    assert_eq!(bench.store(source, edits).await, tally(0, 0, 2, 0));
    let filter = MentionFilter { states: vec![MentionState::New], ..MentionFilter::default() };
    let listed = bench.storage.mentions(bench.workspace, &filter, None, 10).await.unwrap().mentions;
    assert_eq!(listed.iter().map(|mention| mention.id).collect::<Vec<_>>(), [asked]);
    assert_eq!(crate::kept::scan(&bench.storage, bench.workspace).await.0.len(), 0);
    let changed = [EventKind::MentionChanged];
    let events = bench.storage.events_after(bench.workspace, EventId(0), &changed, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.topic).collect::<Vec<_>>(), [Some(topic.0)]);
}
