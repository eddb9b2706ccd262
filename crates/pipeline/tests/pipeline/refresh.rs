//! Posts that are asked about again while they are young.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use molva_connectors::connector::BoxFuture;
use molva_connectors::refresh::Refresh;
use molva_connectors::{Batch, Connector, ConnectorError, Descriptor, Item, Report, Session};
use molva_domain::{Post, Urn};

use crate::networks::named;
use crate::world::{World, post};

/// Asked about one post at a time: of its first and second it tells what nobody can read, its third gains a like with each call.
pub(crate) struct Brittle;

/// Its first post gains a like with each call and was edited, its second is gone at the second call, of its third nothing is told.
pub(crate) struct Growing;

static CALLS: AtomicU64 = AtomicU64::new(0);

impl Connector for Growing {
    fn descriptor(&self) -> &'static Descriptor {
        static DESCRIPTOR: Descriptor = named("growing");
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async { Ok("found".to_owned()) })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let items = (1..=3).map(|number| said(session, number, "Волна подвела")).collect();
            session.deliver(Batch { items, cursor: Some("1".to_owned()) }).await?;
            session.report(Report::Alive).await;
            session.cancel.cancelled().await;
            Err(ConnectorError::Cancelled)
        })
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        static REFRESH: Refresh = Refresh::new(10, |session, posts| Box::pin(look_up_growing(session, posts)));
        Some(&REFRESH)
    }
}

async fn look_up_growing(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let call = CALLS.fetch_add(1, Ordering::SeqCst);
    let names: Vec<Urn> = (1..=3).map(name).collect();
    assert!(posts.iter().all(|post| names.contains(&post.urn) && post.text.starts_with("Волна")), "{posts:?}");
    let Item::Post(mut first) = said(session, 1, "Волна подвела, но исправилась") else {
        return Ok(vec![]);
    };
    first.engagement.likes = Some(call);
    let mut items = vec![Item::Post(first), said(session, 9, "о Волне никто не спрашивал")];
    if call > 0 {
        items.push(Item::Deleted(name(2)));
    }
    Ok(items)
}

impl Connector for Brittle {
    fn descriptor(&self) -> &'static Descriptor {
        static DESCRIPTOR: Descriptor = named("brittle");
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Growing.probe(session)
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Growing.listen(session)
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        static REFRESH: Refresh = Refresh::new(1, |session, posts| Box::pin(look_up_brittle(session, posts)));
        Some(&REFRESH)
    }
}

async fn look_up_brittle(_session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let mut asked = posts.first().expect("a post").clone();
    if asked.urn == name(1) {
        panic!("on purpose");
    }
    if asked.urn == name(2) {
        return Err(ConnectorError::Protocol("nested too deep".to_owned()));
    }
    asked.engagement.likes = Some(CALLS.fetch_add(1, Ordering::SeqCst) + 1);
    Ok(vec![Item::Post(Box::new(asked))])
}

fn name(number: u32) -> Urn {
    post(&format!("growing-{number}"), "").urn
}

fn said(session: &Session, number: u32, text: &str) -> Item {
    let now = session.now();
    Item::Post(Box::new(Post { published_at: now, fetched_at: now, urn: name(number), ..post("", text) }))
}

#[tokio::test(flavor = "multi_thread")]
async fn young_posts_are_asked_about_again_and_follow_what_the_network_says() {
    // A second is twenty minutes.
    let world = World::at_scale(1_200.0).await;
    let topic = world.topic("Волна", "волна").await;
    let source = world.source("growing").await;
    for _ in 0..600 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut mentions = world.mentions(topic).await;
        mentions.sort_by_key(|mention| mention.id);
        if let [first, second, third] = &mentions[..]
            && first.post.engagement.likes.is_some_and(|likes| likes >= 2)
            && second.post_deleted
        {
            assert_eq!((first.edits, first.post.text.as_str()), (1, "Волна подвела, но исправилась"));
            assert_eq!((third.edits, third.post.text.as_str()), (0, "Волна подвела"));
            let tally = world.tally(source).await;
            assert_eq!((tally.stored, tally.updated, tally.rejected), (3, 1, 0));
            return;
        }
    }
    panic!("not refreshed within a minute: {:?}", world.mentions(topic).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_nobody_can_look_up_holds_up_no_other() {
    let world = World::at_scale(1_200.0).await;
    let topic = world.topic("Волна", "волна").await;
    world.source("brittle").await;
    for _ in 0..600 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mentions = world.mentions(topic).await;
        // Twice: each of the others had its turn in between.
        if mentions.iter().any(|mention| mention.post.engagement.likes.is_some_and(|likes| likes >= 2)) {
            return;
        }
    }
    panic!("not refreshed within a minute: {:?}", world.mentions(topic).await);
}
