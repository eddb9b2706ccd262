//! Replies arrive exactly once, whatever the network does with them.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use molva_connectors::ReplyTarget;
use molva_domain::{AccountId, AccountState, Actor, MentionId, PostKind, ReplyState, ReplyVisibility, Timestamp, Urn};
use molva_storage::account::AccountDraft;
use molva_storage::reply::{Person, Reply, ReplyDraft, ReplyFilter};

use crate::network_of_replies::{Fate, board};
use crate::world::World;

/// A minute of waiting passes in 0.6 s.
const SCALE: f64 = 100.0;

async fn account(world: &World, board: &str) -> AccountId {
    let settings = BTreeMap::from([("board".to_owned(), board.to_owned())]);
    let facts = world.pipeline.probe_account("boards", settings.clone(), BTreeMap::new()).await.expect("accepted");
    let draft = AccountDraft {
        connector: "boards".to_owned(),
        name: board.to_owned(),
        settings,
        secrets: BTreeMap::new(),
        holder: None,
        needs_approval: false,
        facts: serde_json::to_string(&facts).expect("JSON"),
    };
    world.storage.create_account(world.workspace, Actor::System, draft).await.expect("an account").id
}

async fn write(world: &World, account: AccountId, text: &str) -> Reply {
    let now = Timestamp::parse("2026-03-01T12:00:00Z").expect("a time");
    let target = ReplyTarget {
        urn: Urn::of("boards", None, "post", "parent"),
        kind: PostKind::Post,
        url: None,
        author_handle: None,
        community: None,
        in_reply_to: None,
        addressed: Vec::new(),
        published_at: now,
    };
    let draft = ReplyDraft {
        mention: MentionId(1),
        target: serde_json::to_string(&target).expect("JSON"),
        account,
        visibility: ReplyVisibility::Public,
        text: text.to_owned(),
        send_after: world.storage.now(),
        attachments: Vec::new(),
    };
    let writer = Person { actor: Actor::System, name: "Molva".to_owned() };
    let reply = world.storage.create_reply(world.workspace, writer, draft).await.expect("a reply");
    world.pipeline.replies_changed();
    reply
}

/// All replies once they are as wanted; panics with what they are after a minute.
async fn wait_for(world: &World, wanted: impl Fn(&Reply) -> bool) -> Vec<Reply> {
    let mut replies = Vec::new();
    for _ in 0..1_200 {
        replies =
            world.storage.replies(world.workspace, &ReplyFilter::default(), None, 200).await.expect("read").replies;
        if replies.iter().all(&wanted) {
            return replies;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not as wanted within a minute: {replies:?}")
}

fn code(reply: &Reply) -> Option<&str> {
    reply.problem.as_ref().map(|problem| problem.code.as_str())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_reply_arrives_once_though_answers_are_lost_and_senders_fail() {
    let world = World::at_scale(SCALE).await;
    let fates = [
        Fate::AnswerLost,
        Fate::RequestLost,
        Fate::Arrives,
        Fate::ArrivesAfterwards,
        Fate::Busy,
        Fate::Panics,
        Fate::Slow,
        Fate::RequestLost,
    ];
    let names = ["once a", "once b", "once c"];
    for (number, name) in names.iter().enumerate() {
        let account = account(&world, name).await;
        board(name, |board| {
            board.fates = fates.iter().cycle().skip(number * 3).take(48).copied().collect();
            board.blind = 3;
        });
        for number in 0..30 {
            write(&world, account, &format!("reply {number}")).await;
        }
    }
    let replies = wait_for(&world, |reply| reply.state.is_final()).await;
    assert!(replies.iter().all(|reply| reply.state == ReplyState::Sent && reply.url.is_some()), "{replies:?}");
    for name in names {
        let mut arrived: HashMap<String, u32> = HashMap::new();
        board(name, |board| board.arrived.drain(..).for_each(|(_, text)| *arrived.entry(text).or_default() += 1));
        assert_eq!((arrived.len(), arrived.values().max()), (30, Some(&1)), "{name}: {arrived:?}");
        assert_eq!(board(name, |board| board.most_at_once), 1, "one reply of an account at a time");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_reply_is_refused_once_and_the_next_one_goes_out() {
    let world = World::at_scale(SCALE).await;
    let account = account(&world, "refuses").await;
    board("refuses", |board| board.fates = [Fate::Refused].into());
    let (first, second) = (write(&world, account, "one").await, write(&world, account, "two").await);
    let replies = wait_for(&world, |reply| reply.state.is_final()).await;
    let told: Vec<_> = replies.iter().map(|reply| (reply.id, reply.state, code(reply), reply.attempts)).collect();
    assert_eq!(told, [(second.id, ReplyState::Sent, None, 1), (first.id, ReplyState::Refused, Some("closed"), 1)]);
    assert_eq!(board("refuses", |board| board.sends), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replies_wait_while_their_account_is_not_accepted() {
    let world = World::at_scale(SCALE).await;
    let account = account(&world, "expires").await;
    board("expires", |board| board.fates = [Fate::TokenExpired].into());
    write(&world, account, "one").await;
    let waiting = wait_for(&world, |reply| reply.state == ReplyState::Retrying).await.remove(0);
    assert_eq!(code(&waiting), Some("account_expired"));
    let stored = world.storage.account(world.workspace, account).await.expect("read").expect("present");
    assert_eq!(stored.state, AccountState::Expired);
    write(&world, account, "two").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(board("expires", |board| board.sends), 1, "nothing goes out from an account that is not accepted");

    let still = world.pipeline.check_account(account).await.expect("asked").expect("present");
    assert_eq!(still.state, AccountState::Expired);
    board("expires", |board| board.token_expired = false);
    let well = world.pipeline.check_account(account).await.expect("asked").expect("present");
    assert_eq!((well.state, well.problem), (AccountState::Connected, None));
    wait_for(&world, |reply| reply.state == ReplyState::Sent).await;
    assert_eq!(board("expires", |board| board.arrived.len()), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_day_a_reply_is_given_up() {
    // A day passes in 0.9 s.
    let world = World::at_scale(100_000.0).await;
    let (busy, blind) = (account(&world, "busy").await, account(&world, "blind").await);
    board("busy", |board| board.always = Some(Fate::Busy));
    board("blind", |board| (board.always, board.blind) = (Some(Fate::AnswerLost), u32::MAX));
    write(&world, busy, "one").await;
    write(&world, blind, "two").await;
    let replies = wait_for(&world, |reply| reply.state.is_final()).await;
    let told: Vec<_> = replies.iter().map(|reply| (reply.text.as_str(), reply.state, code(reply))).collect();
    assert_eq!(told, [("two", ReplyState::Refused, Some("not_known")), ("one", ReplyState::Refused, Some("too_late"))]);
    assert!(board("busy", |board| board.sends) > 3);
    assert_eq!(board("blind", |board| board.sends), 1, "what may have arrived is not sent blindly");

    // A person has it tried again; it is found, not sent.
    board("blind", |board| board.blind = 0);
    world.storage.send_reply_again(world.workspace, Actor::System, replies[0].id).await.expect("again");
    world.pipeline.replies_changed();
    wait_for(&world, |reply| reply.text != "two" || reply.state == ReplyState::Sent).await;
    assert_eq!(board("blind", |board| (board.sends, board.arrived.len())), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_is_down_is_not_asked_for_each_reply_and_holds_up_no_other() {
    let world = World::at_scale(1.0).await;
    let (down, up) = (account(&world, "down").await, account(&world, "up").await);
    board("down", |board| board.always = Some(Fate::Busy));
    for number in 0..20 {
        write(&world, down, &format!("down {number}")).await;
        write(&world, up, &format!("up {number}")).await;
    }
    wait_for(&world, |reply| reply.account == down || reply.state == ReplyState::Sent).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    // Three in a row, then one after each rest of five seconds and more.
    assert!((3..=5).contains(&board("down", |board| board.sends)), "{}", board("down", |board| board.sends));
    assert_eq!(board("up", |board| board.arrived.len()), 20);
}
