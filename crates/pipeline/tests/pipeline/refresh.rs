//! Posts that are asked about again while they are young.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use molva_connectors::connector::BoxFuture;
use molva_connectors::refresh::Refresh;
use molva_connectors::{Batch, Connector, ConnectorError, Descriptor, Item, Report, Session};
use molva_domain::{Post, Urn};

use crate::networks::named;
use crate::world::{World, post};

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

    fn refresh(&self) -> Option<&'static dyn Refresh> {
        Some(&Growing)
    }
}

impl Refresh for Growing {
    fn at_once(&self) -> u32 {
        10
    }

    fn look_up<'a>(
        &'a self,
        session: &'a Session,
        posts: &'a [Post],
    ) -> BoxFuture<'a, Result<Vec<Item>, ConnectorError>> {
        Box::pin(async move {
            let call = CALLS.fetch_add(1, Ordering::SeqCst);
            let names: Vec<Urn> = (1..=3).map(name).collect();
            assert!(posts.iter().all(|post| names.contains(&post.urn) && post.text.starts_with("Волна")), "{posts:?}");
            let Item::Post(mut first) = said(session, 1, "Волна подвела, но исправилась")
            else {
                return Ok(vec![]);
            };
            first.engagement.likes = Some(call);
            let mut items = vec![Item::Post(first), said(session, 9, "о Волне никто не спрашивал")];
            if call > 0 {
                items.push(Item::Deleted(name(2)));
            }
            Ok(items)
        })
    }
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
    for _ in 0..300 {
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
    panic!("not refreshed within thirty seconds: {:?}", world.mentions(topic).await);
}
