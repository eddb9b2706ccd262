//! What happens to a post after it was heard, for every row of the table: an edit is the same post with other words, a deletion names it,
//! what is no post is counted, and what was said while nobody listened is read again or is a gap that is seen. How each network tells it
//! stands in `molva_connectors::changes`, and here every network is held to that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use molva_connectors::changes::{self, Changes, Missed, Told};
use molva_connectors::table::{CONNECTORS, find};
use molva_connectors::{Connector, Item, Report, Session};
use molva_domain::{GapCause, Post};
use serde_json::json;

use crate::stages::{self, ABOVE, Emulated, Lost, Stage, Start, days_before};
use crate::world::Collector;

const PATIENCE: Duration = Duration::from_secs(60);
const OFTEN: Duration = Duration::from_millis(50);
const WARM: &str = "Связь починили утра не дожидаясь";
const BEFORE: &str = "Связи нет с утра";
const AFTER: &str = "Связь починили";
const MISSED: &str = "Пропущено с утра: связь";
const DAY_S: i64 = 86_400;

struct Row {
    name: &'static str,
    start: Box<dyn Fn() -> Start + Send + Sync>,
    /// What the gap is called when the place was lost; `None` where nothing is missing then.
    gap: Option<GapCause>,
    /// Whether edits and removals that come by listening are told to those who ask, too.
    asked_too: bool,
}

impl Row {
    fn connector(&self) -> &'static dyn Connector {
        find(self.name).expect("a row of the table")
    }

    fn changes(&self) -> &'static Changes {
        changes::of(self.name).expect("a row of the table")
    }
}

const META: &[(&str, &str)] = &[("*access_token", "page-token-1"), ("*app_secret", "emulator-app-secret")];
const VK: &[(&str, &str)] = &[("what", "own"), ("*access_token", "community-token-1"), ("*reader_token", "user-token")];
const TELEGRAM: &[(&str, &str)] = &[("*bot_token", "7000001:emulator-token")];
const MAX: &[(&str, &str)] = &[("*bot_token", "emulator-token-of-max"), ("chats", "-70000000000001")];
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
const APP_STORE: &[(&str, &str)] = &[
    ("app", "100000001"),
    ("countries", "ua\npl\nde\nfr\nit\nes\npt\nnl\nbe\nat\nch\ncz\nsk\nhu\nro\nbg\ngr\nse\nno\nfi\ndk\nee\nlv\nlt\nus"),
];
const GOOGLE_PLAY: &[(&str, &str)] = &[("package", "example.place1")];

/// Where updates are kept for a day: as of three days ago.
const AWAY: Lost = Lost::Old(|cursor, now| cursor["at"] = json!(now - 3 * DAY_S));
const A_MONTH: Lost = Lost::Old(|cursor, now| {
    let month = ((now - 30 * DAY_S) * 1_000 - 1_288_834_974_657) << 22;
    let states = cursor["of"].as_object_mut().expect("places");
    states.values_mut().for_each(|state| state["until"] = json!(month));
});

fn rows() -> Vec<Row> {
    let played = |emulated: Emulated, name: &'static str, gap: Option<GapCause>| Row {
        name,
        start: Box::new(move || emulated.start()),
        gap,
        asked_too: false,
    };
    let built = |name: &'static str, start: fn() -> Start, gap: Option<GapCause>| Row {
        name,
        start: Box::new(start),
        gap,
        asked_too: false,
    };
    let (lost, overflow, stopped) = (Some(GapCause::CursorLost), Some(GapCause::Overflow), Some(GapCause::Stopped));
    // A search for words brings nothing that has none.
    let words =
        Emulated { garbage: || format!("утра {}", "x".repeat(1 << 20)), ..Emulated::new("x", WORDS, A_MONTH) };
    // It lists a thousand things and no more.
    let reddit = Emulated::new("reddit", REDDIT, Lost::Old(|cursor, now| days_before(cursor, now, 6)));
    let google = Emulated::new("googleplay", GOOGLE_PLAY, Lost::Old(|cursor, now| days_before(cursor, now, 10)));
    vec![
        built("feed", stages::feed, overflow),
        built("wordpress", stages::wordpress, None),
        built("mastodon", stages::mastodon, lost),
        built("bluesky", stages::bluesky, lost),
        played(Emulated::new("vk", VK, Lost::Forgotten), "vk", lost),
        played(Emulated::new("ok", OK, Lost::Kept), "ok", None),
        played(Emulated::new("telegram", TELEGRAM, AWAY), "telegram", stopped),
        played(Emulated::new("max", MAX, AWAY), "max", stopped),
        built("matrix", stages::matrix, lost),
        played(words, "x", lost),
        Row { asked_too: true, ..played(Emulated::new("meta", META, Lost::Kept), "facebook", None) },
        played(Emulated::new("meta", META, Lost::Kept), "instagram", None),
        played(Emulated::new("discourse", &[], Lost::LongAgo), "discourse", None),
        played(Emulated::new("nodebb", &[], Lost::LongAgo), "nodebb", None),
        played(Emulated::new("flarum", &[], Lost::LongAgo), "flarum", None),
        built("hackernews", stages::hacker_news, None),
        played(Emulated { before: 1_200, ..reddit }, "reddit", overflow),
        played(Emulated::new("youtube", YOUTUBE, Lost::LongAgo), "youtube", None),
        played(Emulated::new("appstore", APP_STORE, Lost::LongAgo), "appstore", None),
        played(google, "googleplay", lost),
        built("mail", stages::mail, lost),
    ]
}

#[test]
fn every_row_of_the_table_is_played_unless_nothing_can_happen_to_its_posts_while_nobody_listens() {
    let played: BTreeSet<&str> = rows().iter().map(|row| row.name).collect();
    for connector in CONNECTORS {
        let name = connector.descriptor().name;
        let changes = changes::of(name).unwrap_or_else(|| panic!("{name} does not say what becomes of its posts"));
        let exempt = matches!(changes.missed, Missed::Nothing(_));
        assert_ne!(played.contains(name), exempt, "{name}: play it in `rows`, or say why there is nothing to play");
    }
}

async fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < until, "{what}: not within a minute");
        tokio::time::sleep(OFTEN).await;
    }
}

/// Listens, and says something again and again until that is heard: some are told only of what happens while they listen.
async fn listening(
    row: &'static str,
    connector: &'static dyn Connector,
    stage: &dyn Stage,
    collector: &Collector,
    cursor: Option<String>,
) -> tokio::task::JoinHandle<()> {
    let session = Session { cursor, ..stage.session(collector) };
    let run = tokio::spawn(async move {
        let ended = connector.listen(&session).await;
        panic!("{row} stopped listening: {ended:?}");
    });
    let until = Instant::now() + PATIENCE;
    let mut number = 0;
    while collector.cursor().is_none() || !collector.texts().iter().any(|text| text.contains(WARM)) {
        assert!(Instant::now() < until && !run.is_finished(), "{row}: nothing is heard, {:?}", collector.problems());
        if number % 20 == 0 {
            stage.say(&format!("{WARM} {number}")).await;
        }
        number += 1;
        tokio::time::sleep(OFTEN).await;
    }
    run
}

/// Asks about the post until the network says that of it.
async fn asked(
    connector: &'static dyn Connector,
    session: &Session,
    known: &Post,
    is_it: impl Fn(&Item) -> bool,
) -> Item {
    let name = connector.descriptor().name;
    let refresh = connector.refresh().expect("it can be asked again");
    let until = Instant::now() + PATIENCE;
    loop {
        let told = refresh.look_up(session, std::slice::from_ref(known)).await;
        let told = told.unwrap_or_else(|error| panic!("{name}: {error}"));
        if let Some(item) = told.iter().find(|item| is_it(item)) {
            return item.clone();
        }
        assert!(Instant::now() < until, "{name}: {told:?}");
        tokio::time::sleep(OFTEN).await;
    }
}

/// Something that is none and then a post are heard; the post is changed and taken away.
async fn follows(row: Row) -> String {
    let Row { name, start, asked_too, .. } = &row;
    let (connector, changes) = (row.connector(), row.changes());
    let Some(stage) = start().await else { return format!("| {name} | its server is not there | |") };
    let stage = stage.as_ref();
    let collector = Collector::default();
    let run = listening(name, connector, stage, &collector, None).await;
    stage.garbage().await;
    wait(&format!("{name}: what is no post is counted"), || !collector.rejections().is_empty()).await;
    let id = stage.say(BEFORE).await;
    let has = |text: &str| collector.posts().into_iter().find(|post| post.text.contains(text));
    wait(&format!("{name}: the post"), || has(BEFORE).is_some()).await;
    let known = has(BEFORE).expect("it was heard");
    if matches!(*name, "discourse" | "nodebb" | "flarum") {
        let first = has(ABOVE).expect("it was heard before");
        assert_eq!(known.in_reply_to, Some(first.urn), "{name}: an answer names what it answers");
    }

    let session = stage.session(&collector);
    if !matches!(changes.edits, Told::Never(_)) {
        stage.edit(&id, AFTER).await;
    }
    if changes.edits == Told::Listening {
        let is_edited = |post: &Post| post.urn == known.urn && post.text.contains(AFTER);
        wait(&format!("{name}: the edit"), || collector.posts().iter().any(is_edited)).await;
    }
    if changes.edits == Told::AskingAgain || *asked_too {
        let is_edited =
            |item: &Item| matches!(item, Item::Post(post) if post.text.contains(AFTER) && post.urn == known.urn);
        asked(connector, &session, &known, is_edited).await;
    }
    if !matches!(changes.deletions, Told::Never(_)) {
        stage.delete(&id).await;
    }
    if changes.deletions == Told::Listening {
        wait(&format!("{name}: the deletion"), || !collector.deleted().is_empty()).await;
        assert_eq!(collector.deleted(), [known.urn.to_string()], "{name}");
    }
    if changes.deletions == Told::AskingAgain || *asked_too {
        let is_gone = |item: &Item| matches!(item, Item::Deleted(urn) if *urn == known.urn);
        asked(connector, &session, &known, is_gone).await;
    }
    run.abort();
    assert_eq!(stage.limits_exceeded(), 0, "{name}");
    format!("| {name} | {} | {} |", changes.edits, changes.deletions)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_is_the_same_post_a_deletion_names_it_and_what_is_no_post_is_counted_in_every_row() {
    let rows: Vec<_> = rows().into_iter().map(|row| tokio::spawn(follows(row))).collect();
    let mut table = "\n| network | edits | deletions |\n|---|---|---|\n".to_owned();
    for row in rows {
        let _ = writeln!(table, "{}", row.await.expect("a row of the table"));
    }
    eprintln!("{table}");
}

/// Nothing came twice in a run, and what came in both runs has one name.
fn named_once(name: &str, runs: [&Collector; 2]) {
    let mut names = BTreeMap::new();
    for run in runs {
        let posts = run.posts();
        let versions: BTreeSet<_> = posts.iter().map(|post| (&post.urn, post.edited_at, &post.text)).collect();
        assert_eq!(versions.len(), posts.len(), "{name}: the same comes twice in a run");
        for post in posts.into_iter().filter(|post| [WARM, MISSED].iter().any(|ours| post.text.contains(ours))) {
            let named = names.entry(post.text.clone()).or_insert_with(|| post.urn.clone());
            assert_eq!(*named, post.urn, "{name}: {}", post.text);
        }
    }
}

/// The place is lost while nobody listens, and something is said meanwhile.
async fn shows_a_gap(row: Row) -> String {
    let Row { name, start, gap, .. } = &row;
    let (connector, changes) = (row.connector(), row.changes());
    let Some(stage) = start().await else { return format!("| {name} | its server is not there | |") };
    let stage = stage.as_ref();
    let first = Collector::default();
    listening(name, connector, stage, &first, None).await.abort();
    stage.say(MISSED).await;
    let cursor = stage.lose(first.cursor().expect("a cursor")).await;

    let later = Collector::default();
    let session = Session { cursor: Some(cursor), ..stage.session(&later) };
    let run = tokio::spawn(async move { connector.listen(&session).await });
    let read_again = matches!(changes.missed, Missed::ReadAgain | Missed::AsFar(_));
    let closed = || later.reports().iter().any(|report| matches!(report, Report::GapClosed { .. }));
    let found = || later.texts().iter().any(|text| text.contains(MISSED));
    wait(&format!("{name}: a gap that ends"), || gap.is_none() || closed()).await;
    wait(&format!("{name}: what was missed"), || !read_again || found()).await;
    run.abort();
    let causes: Vec<GapCause> = later
        .reports()
        .iter()
        .filter_map(|report| if let Report::GapOpened { cause, .. } = report { Some(*cause) } else { None })
        .collect();
    assert_eq!(causes.first(), gap.as_ref(), "{name}");
    named_once(name, [&first, &later]);
    assert_eq!(stage.limits_exceeded(), 0, "{name}");
    format!("| {name} | {} | {} |", gap.map_or("none".to_owned(), |gap| format!("{gap:?}")), changes.missed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_while_nobody_listened_is_read_again_or_a_gap_that_is_seen_in_every_row() {
    let rows: Vec<_> = rows().into_iter().map(|row| tokio::spawn(shows_a_gap(row))).collect();
    let mut table = "\n| network | the gap | what was said meanwhile |\n|---|---|---|\n".to_owned();
    for row in rows {
        let _ = writeln!(table, "{}", row.await.expect("a row of the table"));
    }
    eprintln!("{table}");
}
