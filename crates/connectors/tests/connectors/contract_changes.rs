//! What happens to a post after it was heard, for every row whose network can be played: an edit is the same post with other words, a
//! deletion names it, and what a row missed while it was away is a gap, which is read again where the network still tells it. Whether
//! that comes by listening or by asking again is told in a table.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use molva_connectors::discourse::Discourse;
use molva_connectors::facebook::Facebook;
use molva_connectors::flarum::Flarum;
use molva_connectors::instagram::Instagram;
use molva_connectors::max::Max;
use molva_connectors::nodebb::NodeBb;
use molva_connectors::ok::Odnoklassniki;
use molva_connectors::reddit::Reddit;
use molva_connectors::telegram::Telegram;
use molva_connectors::vk::Vk;
use molva_connectors::x::X;
use molva_connectors::youtube::YouTube;
use molva_connectors::{Connector, Item, Report, Session};
use molva_domain::{GapCause, Post};
use molva_emulators::{Kind, Saying, Seed, Who};
use serde_json::{Value, json};

use crate::sandbox::Played;
use crate::world::{Collector, listen_until};

const PATIENCE: Duration = Duration::from_secs(60);
const ABOVE: &str = "Что нового у бренда?";
const BEFORE: &str = "Связи нет с утра";
const AFTER: &str = "Связь починили";

/// How something comes to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Listening,
    AskingAgain,
    /// The network tells nobody.
    Untold,
}

struct Row {
    connector: &'static dyn Connector,
    emulator: &'static str,
    settings: &'static [(&'static str, &'static str)],
    edits: How,
    deletions: How,
}

const META: &[(&str, &str)] = &[("*access_token", "page-token-1"), ("*app_secret", "emulator-app-secret")];
const VK: &[(&str, &str)] = &[("what", "own"), ("*access_token", "community-token-1"), ("*reader_token", "user-token")];
const TELEGRAM: &[(&str, &str)] = &[("*bot_token", "7000001:emulator-token")];
const MAX: &[(&str, &str)] = &[("*bot_token", "emulator-token-of-max")];
const WORDS: &[(&str, &str)] =
    &[("what", "search"), ("words", "утра\nсвязь"), ("*bearer_token", "app-token"), ("daily_usd", "100000")];
const OK: &[(&str, &str)] = &[
    ("application_key", "CEMULATORKEY"),
    ("*application_secret", "EMULATORSECRET"),
    ("*access_token", "emulator-token-of-ok"),
    ("groups", "70000000000001"),
];
const REDDIT: &[(&str, &str)] =
    &[("client_id", "reddit-app"), ("*client_secret", "reddit-secret"), ("subreddits", "place1"), ("comments", "true")];
const YOUTUBE: &[(&str, &str)] = &[("*api_key", "youtube-key"), ("channels", "UCplace10000000000000001")];

use How::{AskingAgain, Listening, Untold};

const ROWS: &[Row] = &[
    Row { connector: &Vk, emulator: "vk", settings: VK, edits: Listening, deletions: Listening },
    Row { connector: &Odnoklassniki, emulator: "ok", settings: OK, edits: Listening, deletions: Listening },
    // A bot is told of no deletion, and cannot ask for a message.
    Row { connector: &Telegram, emulator: "telegram", settings: TELEGRAM, edits: Listening, deletions: Untold },
    Row { connector: &Max, emulator: "max", settings: MAX, edits: Listening, deletions: Listening },
    Row { connector: &X, emulator: "x", settings: WORDS, edits: AskingAgain, deletions: AskingAgain },
    Row { connector: &Facebook, emulator: "meta", settings: META, edits: Listening, deletions: Listening },
    Row { connector: &Facebook, emulator: "meta", settings: META, edits: AskingAgain, deletions: AskingAgain },
    Row { connector: &Instagram, emulator: "meta", settings: META, edits: AskingAgain, deletions: AskingAgain },
    Row { connector: &Discourse, emulator: "discourse", settings: &[], edits: AskingAgain, deletions: AskingAgain },
    Row { connector: &NodeBb, emulator: "nodebb", settings: &[], edits: Listening, deletions: AskingAgain },
    Row { connector: &Flarum, emulator: "flarum", settings: &[], edits: AskingAgain, deletions: AskingAgain },
    Row { connector: &Reddit, emulator: "reddit", settings: REDDIT, edits: AskingAgain, deletions: AskingAgain },
    Row { connector: &YouTube, emulator: "youtube", settings: YOUTUBE, edits: AskingAgain, deletions: AskingAgain },
];

impl Row {
    fn name(&self) -> &'static str {
        self.connector.descriptor().name
    }

    /// With the emulator wherever an address is asked for.
    fn session(&self, played: &Played, collector: &Collector) -> Session {
        let base = played.base();
        let mut settings = vec![("url", base.as_str()), ("site_url", base.as_str())];
        settings.extend(self.settings);
        played.session(&settings, collector)
    }
}

fn say(played: &Played, kind: Kind, text: &str, under: Option<u64>) -> u64 {
    let now = played.sandbox.now();
    let who = if kind == Kind::Post { Who::Place } else { Who::Person(1_002) };
    let saying = Saying { place: 1, kind, who, text: text.to_owned(), under, answers: None };
    let id = played.sandbox.inside().world.say(saying, now);
    played.sandbox.changed();
    id
}

async fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < until, "{what}: not within a minute");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Asks about the post until the network says that of it.
async fn asked(row: &Row, session: &Session, known: &Post, is_it: impl Fn(&Item) -> bool) -> Item {
    let refresh = row.connector.refresh().expect("it can be asked again");
    let until = Instant::now() + PATIENCE;
    loop {
        let told = refresh.look_up(session, std::slice::from_ref(known)).await;
        let told = told.unwrap_or_else(|error| panic!("{}: {error}", row.name()));
        if let Some(item) = told.iter().find(|item| is_it(item)) {
            return item.clone();
        }
        assert!(Instant::now() < until, "{}: {told:?}", row.name());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A post is heard, changed and taken away.
async fn follows(row: &'static Row) -> String {
    let name = row.name();
    let played = Played::start(row.emulator).await;
    let collector = Collector::default();
    let session = row.session(&played, &collector);
    let listening = session.clone();
    let run = tokio::spawn(async move { row.connector.listen(&listening).await });
    if name == "vk" {
        // It is told from now on.
        wait("a cursor", || collector.cursor().is_some()).await;
    }
    let above = say(&played, Kind::Post, ABOVE, None);
    let below = say(&played, Kind::Comment, BEFORE, Some(above));
    let has = |text: &str| collector.posts().into_iter().find(|post| post.text.contains(text));
    wait(&format!("{name}: the post"), || has(BEFORE).is_some()).await;
    let known = has(BEFORE).expect("it was heard");
    if matches!(name, "discourse" | "nodebb") {
        let first = has(ABOVE).expect("it was heard before");
        assert_eq!(known.in_reply_to, Some(first.urn), "{name}: an answer names what it answers");
    }

    // Some tell the time of an edit in whole seconds.
    let said_at = played.sandbox.inside().world.find(1, below).map_or(0, |said| said.at);
    wait("a second", || played.sandbox.now() > said_at).await;
    let now = played.sandbox.now();
    assert!(played.sandbox.inside().world.edit(1, below, AFTER, now));
    played.sandbox.changed();
    let edited = match row.edits {
        How::Listening => {
            wait(&format!("{name}: the edit"), || has(AFTER).is_some()).await;
            has(AFTER)
        }
        How::AskingAgain => {
            let is_edited = |item: &Item| matches!(item, Item::Post(post) if post.text.contains(AFTER));
            match asked(row, &session, &known, is_edited).await {
                Item::Post(post) => Some(*post),
                _ => None,
            }
        }
        How::Untold => None,
    };
    assert_eq!(edited.map(|post| post.urn), (row.edits != Untold).then(|| known.urn.clone()), "{name}");

    assert!(played.sandbox.inside().world.delete(1, below));
    played.sandbox.changed();
    match row.deletions {
        How::Listening => {
            wait(&format!("{name}: the deletion"), || !collector.deleted().is_empty()).await;
            assert_eq!(collector.deleted(), [known.urn.to_string()], "{name}");
        }
        How::AskingAgain => {
            let is_gone = |item: &Item| matches!(item, Item::Deleted(urn) if *urn == known.urn);
            asked(row, &session, &known, is_gone).await;
        }
        How::Untold => {}
    }
    run.abort();
    assert_eq!(played.sandbox.inside().counts.limits_exceeded, 0, "{name}");
    let told = |how: How| match how {
        How::Listening => "by listening",
        How::AskingAgain => "by asking again",
        How::Untold => "not told",
    };
    format!("| {name} | {} | {} |", told(row.edits), told(row.deletions))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_is_the_same_post_and_a_deletion_names_it_in_every_row_that_can() {
    let rows: Vec<_> = ROWS.iter().map(|row| tokio::spawn(follows(row))).collect();
    let mut table = "\n| network | edits | deletions |\n|---|---|---|\n".to_owned();
    for row in rows {
        let _ = writeln!(table, "{}", row.await.expect("a row of the table"));
    }
    eprintln!("{table}");
}

/// How a cursor is lost.
enum Lost {
    /// The network forgets what it would have told.
    Forgotten,
    /// It is of so long ago that the network tells no more.
    Old(fn(&mut Value, i64)),
}

struct Away {
    row: Row,
    lost: Lost,
    cause: GapCause,
    /// Whether what was missed is read again.
    read_again: bool,
}

const DAY_S: i64 = 86_400;

fn away() -> Vec<Away> {
    let row = |connector: &'static dyn Connector, emulator: &'static str, settings| Row {
        connector,
        emulator,
        settings,
        edits: Untold,
        deletions: Untold,
    };
    let max: &[(&str, &str)] = &[("*bot_token", "emulator-token-of-max"), ("chats", "-70000000000001")];
    let of_updates = |cursor: &mut Value, now| cursor["at"] = json!(now - 3 * DAY_S);
    vec![
        Away { row: row(&Vk, "vk", VK), lost: Lost::Forgotten, cause: GapCause::CursorLost, read_again: true },
        Away {
            row: row(&Telegram, "telegram", TELEGRAM),
            lost: Lost::Old(of_updates),
            cause: GapCause::Stopped,
            read_again: false,
        },
        Away { row: row(&Max, "max", max), lost: Lost::Old(of_updates), cause: GapCause::Stopped, read_again: true },
        Away {
            row: row(&X, "x", WORDS),
            lost: Lost::Old(|cursor, now| {
                let month = ((now - 30 * DAY_S) * 1_000 - 1_288_834_974_657) << 22;
                let states = cursor["of"].as_object_mut().expect("places");
                states.values_mut().for_each(|state| state["until"] = json!(month));
            }),
            cause: GapCause::CursorLost,
            read_again: true,
        },
        // It lists a thousand things and no more.
        Away {
            row: row(&Reddit, "reddit", REDDIT),
            lost: Lost::Old(|cursor, now| {
                (cursor["newest"], cursor["ids"], cursor["next_at_ms"]) = (json!(now - 6 * DAY_S), json!([]), json!(0));
            }),
            cause: GapCause::Overflow,
            read_again: true,
        },
    ]
}

async fn shows_a_gap(away: Away) -> String {
    let Away { row, lost, cause, read_again } = away;
    let name = row.name();
    let played = Played::start(row.emulator).await;
    if name == "reddit" {
        let now = played.sandbox.now();
        let seed =
            Seed { items: 1_200, span_s: 5 * 86_400, kinds: vec![Kind::Comment], place: Some(1), ..Seed::default() };
        played.sandbox.inside().world.seed(&seed, now);
    }
    let collector = Collector::default();
    let mut session = row.session(&played, &collector);
    let first = say(&played, Kind::Post, "Связь починили утра не дожидаясь", None);
    listen_until(row.connector, &session, || {
        // Some are told only of what happens while they listen.
        if name == "vk" && collector.cursor().is_some() && collector.count() == 0 {
            say(&played, Kind::Post, "пост", None);
        }
        collector.cursor().is_some() && collector.count() > 0
    })
    .await
    .unwrap_or_else(|error| panic!("{name}: {error}"));
    let missed = say(&played, Kind::Post, "Пропущено с утра: связь", None);
    let mut cursor = collector.cursor().expect("a cursor");
    match lost {
        Lost::Forgotten => played.sandbox.inside().world.forget(),
        Lost::Old(change) => {
            let mut told: Value = serde_json::from_str(&cursor).expect("JSON");
            change(&mut told, played.sandbox.now());
            cursor = told.to_string();
        }
    }
    let later = Collector::default();
    session = Session { cursor: Some(cursor), ..row.session(&played, &later) };
    let closed = || later.reports().iter().any(|report| matches!(report, Report::GapClosed { .. }));
    let told = listen_until(row.connector, &session, closed).await;
    told.unwrap_or_else(|error| panic!("{name}: {error}"));
    let causes: Vec<GapCause> = later
        .reports()
        .iter()
        .filter_map(|report| if let Report::GapOpened { cause, .. } = report { Some(*cause) } else { None })
        .collect();
    assert_eq!(causes.first(), Some(&cause), "{name}");
    let found = later.texts().iter().any(|text| text.contains("Пропущено с утра"));
    assert!(found || !read_again, "{name}: {missed} after {first} is missing of {:?}", later.count());
    format!("| {name} | {cause:?} | {} |", if read_again { "read again" } else { "the network tells it no more" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_cursor_is_a_gap_that_is_seen_and_read_again_in_every_row_that_can() {
    let rows: Vec<_> = away().into_iter().map(|away| tokio::spawn(shows_a_gap(away))).collect();
    let mut table = "\n| network | the gap | what was missed |\n|---|---|---|\n".to_owned();
    for row in rows {
        let _ = writeln!(table, "{}", row.await.expect("a row of the table"));
    }
    eprintln!("{table}");
}
