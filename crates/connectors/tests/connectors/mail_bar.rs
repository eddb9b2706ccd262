//! The bar of mail: letters of a real Dovecot through everything that can go wrong with IMAP on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use molva_connectors::mail::Mail;
use molva_connectors::{ConnectorError, Item, Report};
use molva_domain::{GapCause, RejectionReason};

use crate::bar::{PATIENCE, Row, items_or};
use crate::mail_relay::MailRelay;
use crate::mail_server::{ALL, Servers, letter, servers, unique};
use crate::support::{Recorded, Recorder, Run};

/// What is an hour on a clock is so much less here.
const SCALE: f64 = 240.0;
/// Times at which letters come while somebody listens.
const BURSTS: usize = 16;

/// Somebody who listens, and listens again when it ended.
struct Listening<'a> {
    servers: &'a Servers,
    user: &'a str,
    settings: &'a [(&'a str, &'a str)],
    recorder: Recorder,
    run: Option<Run>,
    runs: usize,
    ends: BTreeMap<&'static str, usize>,
    until: Instant,
}

impl Listening<'_> {
    async fn until(&mut self, what: &str, wanted: impl Fn(&Recorded) -> bool) {
        while !self.recorder.read(&wanted) {
            assert!(Instant::now() < self.until, "{what} after {} runs: {:?}", self.runs, self.ends);
            if self.run.as_ref().is_none_or(Run::has_ended) {
                self.again().await;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn again(&mut self) {
        if let Some(run) = self.run.take() {
            let end = run.end().await;
            // None of them needs a person.
            assert!(!end.needs_a_person() && end != ConnectorError::Cancelled, "{end:?}");
            *self.ends.entry(end.code()).or_default() += 1;
        }
        let cursor = self.recorder.read(|recorded| recorded.cursor.clone());
        let mut session = self.servers.session(self.user, self.settings, cursor, &self.recorder);
        session.time_scale = SCALE;
        self.run = Some(Run::start(&Mail, session));
        self.runs += 1;
    }
}

fn is_bulk(number: usize) -> bool {
    number % 20 == 7
}

fn written(number: usize) -> String {
    let headers = if is_bulk(number) { "Precedence: bulk" } else { "" };
    let text = format!("letter {number} {}", "слово ".repeat(60));
    letter("a@b.example", &format!("{number}@many"), headers, &text)
}

/// The words after `letter`, of letters of people, each time they were delivered.
fn heard(recorded: &Recorded) -> Vec<String> {
    let number = |item: &Item| match item {
        Item::Post(post) => post.text.split(' ').nth(1).map(str::to_owned),
        _ => None,
    };
    recorded.items.iter().filter_map(number).collect()
}

fn gaps(recorded: &Recorded) -> Vec<&Report> {
    let is_gap = |report: &&Report| matches!(report, Report::GapOpened { .. } | Report::GapClosed { .. });
    recorded.reports.iter().filter(is_gap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_letters_are_heard_once_each_whatever_goes_wrong_with_imap() {
    let Some(servers) = servers() else { return };
    let many = items_or(400);
    let user = format!("many{}", unique());
    let mut imap = servers.imap(&user).await;
    let letters: Vec<String> = (0..many).map(written).collect();
    let (there, coming) = letters.split_at(many / 2);
    for part in there.chunks(500) {
        imap.append("INBOX", part).await;
    }
    let relay = MailRelay::start(servers.imap).await;
    relay.break_one_in(if many < 5_000 { 7 } else { 20 });
    let port = relay.port.to_string();
    let settings = [ALL, ("imap_host", "127.0.0.1"), ("imap_port", &port), ("imap_security", "none")];
    let started = Instant::now();
    let mut listening = Listening {
        servers: &servers,
        user: &user,
        settings: &settings,
        recorder: Recorder::default(),
        run: None,
        runs: 0,
        ends: BTreeMap::new(),
        until: started + *PATIENCE,
    };
    listening.until("what lay there", |recorded| recorded.items.len() >= there.len()).await;
    let mut sent = there.len();
    let bursts = BURSTS.max(many / 40);
    for (burst, part) in coming.chunks(coming.len().div_ceil(bursts)).enumerate() {
        if burst == bursts / 2 {
            let before = listening.recorder.read(|recorded| recorded.items.len());
            assert_eq!(before, sent, "nothing twice");
            relay.renumber();
            // Everything is read again, and known by its name.
            sent += before;
            listening.until("the end of the gap", |recorded| gaps(recorded).len() > 1).await;
        }
        sent += part.len();
        imap.append("INBOX", part).await;
        listening.until("what came", |recorded| recorded.items.len() >= sent).await;
    }
    let seconds = started.elapsed().as_secs_f64();
    listening.run.take().expect("a run").over().await;

    let recorder = &listening.recorder;
    let delivered = recorder.read(heard);
    let again = recorder.read(|recorded| {
        let gap = gaps(recorded);
        assert!(
            matches!(gap[..], [.., Report::GapClosed { .. }])
                && gap[..gap.len() - 1]
                    .iter()
                    .all(|gap| matches!(gap, Report::GapOpened { cause: GapCause::CursorLost, .. })),
            "one gap that closes: {gap:?}"
        );
        let why = |item: &Item| if let Item::Rejected(rejection) = item { Some(rejection.reason) } else { None };
        let refused: Vec<_> = recorded.items.iter().filter_map(why).collect();
        assert!(refused.iter().all(|why| *why == RejectionReason::Automatic), "{refused:?}");
        recorded.items.len() - many
    });
    let names: BTreeSet<String> = delivered.iter().cloned().collect();
    let wanted: BTreeSet<String> =
        (0..many).filter(|number| !is_bulk(*number)).map(|number| number.to_string()).collect();
    let urns: BTreeSet<String> = recorder.posts().iter().map(|post| post.urn.to_string()).collect();
    // Once, and once more where the letters were numbered anew.
    let mut times: BTreeMap<&String, usize> = BTreeMap::new();
    delivered.iter().for_each(|number| *times.entry(number).or_default() += 1);
    let doubled = times.values().filter(|times| **times > 2).count()
        + recorder.read(|recorded| recorded.items.len()).abs_diff(sent);
    let row = Row { network: "mail", way: "IMAP", sent: wanted.len(), doubled, again, seconds };
    row.print_with(&names, &wanted, &relay.counts(), 0);
    eprintln!("{many} letters over {} runs, which ended with {:?}", listening.runs, listening.ends);
    assert_eq!((names, doubled, urns.len()), (wanted.clone(), 0, wanted.len()));
    relay.faults_were_met();
    let unseen = servers.imap(&user).await.unseen("INBOX").await;
    assert_eq!(unseen, format!("* STATUS INBOX (MESSAGES {many} UNSEEN {many})"), "nothing was marked");
}
