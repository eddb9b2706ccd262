//! What a look holds, over a network that only exists here.

use std::sync::{Arc, Mutex};

use molva_domain::{Post, Tally, Urn};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::connector::BoxFuture;
use crate::http::{HttpClient, HttpLimits};
use crate::session::Delivery;
use crate::settings::Settings;

const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);
/// Of each thing said.
const TEXT_BYTES: usize = 10_000;

/// A hundred pages of ten things, a minute apart, each said once and some said again.
struct Talk {
    /// Each so many things has been edited an hour after it was written.
    edited_every: u64,
    gone: Option<u64>,
}

impl NewestFirst for Talk {
    fn page<'a>(&'a self, session: &'a Session, older: Option<&'a str>) -> BoxFuture<'a, Result<Page, ConnectorError>> {
        Box::pin(async move {
            let number: u64 = older.and_then(|older| older.parse().ok()).unwrap_or_default();
            let found = (number * 10..number * 10 + 10).map(|age| {
                let published = NOW.minus(Duration::from_secs(60 * age));
                let urn = Urn::of("talk", None, "post", &age.to_string());
                let item = if self.gone == Some(age) {
                    Item::Deleted(urn)
                } else {
                    Item::Post(Box::new(Post::new(urn, "talk", "x".repeat(TEXT_BYTES), published, session.now())))
                };
                let edited = (self.edited_every > 0 && age.is_multiple_of(self.edited_every)).then_some(NOW);
                Found { id: age.to_string(), published: Some(published), edited, item }
            });
            Ok(Page { found: found.collect(), older: Some((number + 1).to_string()), ..Page::default() })
        })
    }
}

#[derive(Debug)]
struct Standing;

impl molva_domain::Clock for Standing {
    fn now(&self) -> Timestamp {
        NOW
    }
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<(Vec<Item>, Vec<Report>)>>);

impl Delivery for Heard {
    fn deliver<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<Tally, ConnectorError>> {
        Box::pin(async move {
            self.0.lock().expect("a lock").0.extend(batch.items);
            Ok(Tally::default())
        })
    }

    fn report<'a>(&'a self, report: Report) -> BoxFuture<'a, ()> {
        Box::pin(async move { self.0.lock().expect("a lock").1.push(report) })
    }
}

impl Heard {
    /// Names of what was delivered since the last time, and the gaps.
    fn take(&self) -> (Vec<String>, Vec<Report>) {
        let (items, mut reports) = std::mem::take(&mut *self.0.lock().expect("a lock"));
        let name = |item: Item| match item {
            Item::Post(post) => post.urn.to_string(),
            Item::Deleted(urn) => format!("{urn} gone"),
            Item::Rejected(rejection) => rejection.to_string(),
        };
        reports.retain(|report| matches!(report, Report::GapOpened { .. } | Report::GapClosed { .. }));
        (items.into_iter().map(name).map(|name| name.replace("urn:smm:talk:post:", "")).collect(), reports)
    }
}

fn session(heard: &Heard) -> Session {
    Session {
        source_key: "test".to_owned(),
        settings: Settings::default(),
        cursor: None,
        clock: Arc::new(Standing),
        http: HttpClient::new(HttpLimits::default()),
        cancel: CancellationToken::new(),
        delivery: Arc::new(heard.clone()),
        time_scale: 1e6,
        webhook_address: None,
        topics: None,
    }
}

fn pace(history: u64, pages: usize) -> Pace {
    let shortest = Duration::from_secs(60);
    Pace { shortest, history: Duration::from_secs(history), pages, between_pages: Duration::from_secs(1) }
}

#[tokio::test]
async fn a_look_holds_no_more_than_its_bytes_and_what_is_older_is_a_gap() {
    let heard = Heard::default();
    let session = session(&heard);
    let talk = Talk { edited_every: 0, gone: None };
    let cursor = Cursor::read(None, "talk");
    let lists: [&dyn NewestFirst; 1] = [&talk];
    let mut walk = Walk { session: &session, pace: pace(86_400, 100), cursor, most_bytes: 25 * TEXT_BYTES };
    walk.look(&lists).await.expect("a look");
    let (names, gaps) = heard.take();
    let expected: Vec<String> = (0..30).rev().map(|age: u64| age.to_string()).collect();
    assert_eq!(names, expected, "the page that fills the room is the last, and the oldest come first");
    let from = NOW.minus(Duration::from_secs(86_400));
    let reached = Report::GapClosed { to: NOW.minus(Duration::from_secs(29 * 60)) };
    assert_eq!(gaps, [Report::GapOpened { from, cause: GapCause::Overflow }, reached]);
}

#[tokio::test]
async fn what_was_edited_or_taken_away_comes_again_and_the_rest_does_not() {
    let heard = Heard::default();
    let session = session(&heard);
    let (first, second) = (Talk { edited_every: 0, gone: None }, Talk { edited_every: 7, gone: Some(9) });
    let before: [&dyn NewestFirst; 1] = [&first];
    let cursor = Cursor::read(None, "talk");
    let mut walk = Walk { session: &session, pace: pace(3_600, 100), cursor, most_bytes: MOST_BYTES };
    walk.look(&before).await.expect("a look");
    assert_eq!(heard.take().0.len(), 61, "an hour, both ends of it");
    let after: [&dyn NewestFirst; 1] = [&second];
    walk.look(&after).await.expect("a look");
    assert_eq!(heard.take(), (vec!["9 gone".to_owned(), "7".to_owned(), "0".to_owned()], Vec::new()));
    walk.look(&after).await.expect("a look");
    assert_eq!(heard.take(), (Vec::new(), Vec::new()));
}

/// What of the talk a search finds: each so many things.
struct Search(Talk, u64);

impl NewestFirst for Search {
    fn page<'a>(&'a self, session: &'a Session, older: Option<&'a str>) -> BoxFuture<'a, Result<Page, ConnectorError>> {
        Box::pin(async move {
            let mut page = self.0.page(session, older).await?;
            page.found.retain(|found| found.id.parse::<u64>().is_ok_and(|age| age.is_multiple_of(self.1)));
            Ok(page)
        })
    }

    fn name(&self) -> Option<String> {
        Some(format!("each {}", self.1))
    }
}

#[tokio::test]
async fn a_list_that_comes_later_is_read_as_far_as_the_first_though_others_know_half_of_it() {
    let heard = Heard::default();
    let session = session(&heard);
    let search = |each| Search(Talk { edited_every: 0, gone: None }, each);
    let (even, every) = (search(2), search(1));
    let cursor = Cursor::read(None, "talk");
    let mut walk = Walk { session: &session, pace: pace(3_600, 100), cursor, most_bytes: MOST_BYTES };
    walk.look(&[&even]).await.expect("a look");
    assert_eq!(heard.take().0.len(), 31);
    walk.look(&[&even, &every]).await.expect("a look");
    let odd: Vec<String> = (0..60).rev().filter(|age| age % 2 == 1).map(|age: u64| age.to_string()).collect();
    assert_eq!(heard.take(), (odd, Vec::new()));
    walk.look(&[&every]).await.expect("a look");
    assert_eq!(heard.take(), (Vec::new(), Vec::new()));
    assert!(walk.cursor.is_new("each 2") && !walk.cursor.is_new("each 1"));
}
