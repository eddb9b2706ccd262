use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use molva_connectors::matrix::Matrix;
use molva_connectors::{Connector as _, ConnectorError, Item, Report};
use molva_domain::{GapCause, PostKind, RejectionReason, Timestamp, Visibility};
use serde_json::{Value, json};

use crate::bar::{Row, items_or};
use crate::matrix_server::{Person, synapse, unique, urn};
use crate::reply_support::Between;
use crate::support::{Recorded, Recorder, Run, session};
use crate::weather::Trouble;

/// `+ text`, `- event`, `! reason` for each item.
fn shown(recorded: &Recorded) -> Vec<String> {
    let item = |item: &Item| match item {
        Item::Post(post) => format!("+ {}", post.text),
        Item::Deleted(urn) => format!("- {urn}"),
        Item::Rejected(rejection) => format!("! {}", rejection.reason),
    };
    recorded.items.iter().map(item).collect()
}

fn gaps(recorded: &Recorded) -> Vec<Report> {
    let is_gap = |report: &&Report| matches!(report, Report::GapOpened { .. } | Report::GapClosed { .. });
    recorded.reports.iter().filter(is_gap).cloned().collect()
}

fn problems(recorded: &Recorded) -> String {
    let problem = |report: &Report| if let Report::Problem(error) = report { Some(error.to_string()) } else { None };
    recorded.reports.iter().filter_map(problem).collect::<Vec<_>>().join("; ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_homeserver_is_heard_live_with_edits_removals_answers_and_threads() {
    let Some(server) = synapse() else { return };
    let (anna, ours) = (Person::writer(&server, "Анна").await, Person::new(&server, "molva").await);
    let room = anna.room("Связь", true, &[]).await;
    let before = anna.say(&room, "раньше всех").await;
    ours.join(&room).await;
    let settings = [("homeserver", server.as_str()), ("rooms", &room)];
    let recorder = Recorder::default();
    let run = Run::start(&Matrix, session(&settings, Some(&ours.token), None, &recorder));
    recorder.until("what was said before", |seen| seen.items.len() == 1).await;

    let lost = anna.say(&room, "связь пропала").await;
    recorder.until("the message", |seen| seen.items.len() == 2).await;
    let edit = anna.edit(&room, &lost, "связь вернулась").await;
    recorder.until("the edit", |seen| seen.items.len() == 3).await;
    let answer = anna.answer(&room, &lost, "> <@a:localhost> связь?\n\nда").await;
    let thread = json!({"msgtype": "m.notice", "body": "**в ветке**", "format": "org.matrix.custom.html",
        "formatted_body": "<b>в ветке</b> <a href=\"https://status.example/\">тут</a>",
        "m.relates_to": {"rel_type": "m.thread", "event_id": before, "is_falling_back": true, "m.in_reply_to": {"event_id": lost}}});
    anna.event(&room, "m.room.message", &thread).await;
    recorder.until("the answer and the thread", |seen| seen.items.len() == 5).await;
    anna.remove(&room, &edit).await;
    recorder.until("the edit is taken back", |seen| seen.items.len() == 6).await;
    anna.remove(&room, &answer).await;
    recorder.until("the removal", |seen| seen.items.len() == 7).await;
    // What was said long ago, by the measure of a run, is looked up when it is changed.
    run.stop().await;
    let second = Recorder::default();
    let cursor = recorder.read(|seen| seen.cursor.clone());
    let run = Run::start(&Matrix, session(&settings, Some(&ours.token), cursor, &second));
    anna.edit(&room, &before, "раньше всех, исправлено").await;
    second.until("the late edit", |seen| !seen.items.is_empty()).await;
    run.stop().await;

    let texts = recorder.read(shown);
    let expected =
        ["+ раньше всех", "+ связь пропала", "+ связь вернулась", "+ да", "+ в ветке тут", "+ связь пропала"];
    assert_eq!(texts[..6], expected.map(str::to_owned));
    assert_eq!(texts[6], format!("- {}", urn(&room, &answer)));
    assert_eq!(second.read(shown), ["+ раньше всех, исправлено"]);
    let posts = recorder.posts();
    assert_eq!(posts[0].urn, urn(&room, &before));
    assert!(posts[1..3].iter().all(|post| post.urn == urn(&room, &lost)));
    assert_eq!(posts[1].published_at, posts[2].published_at);
    assert!(posts[1].edited_at.is_none() && posts[2].edited_at.is_some() && posts[5].edited_at > posts[2].edited_at);
    let above: Vec<_> = posts.iter().map(|post| (post.kind, post.in_reply_to.clone())).collect();
    assert_eq!(above[1], (PostKind::Message, None));
    assert_eq!(above[3], (PostKind::Reply, Some(urn(&room, &lost))));
    assert_eq!(above[4], (PostKind::Reply, Some(urn(&room, &before))), "in a thread the beginning is answered");
    assert_eq!(
        (posts[4].author.bot, posts[4].links.as_slice()),
        (Some(true), &["https://status.example/".to_owned()][..])
    );
    assert_eq!((posts[0].author.name.as_deref(), posts[0].visibility), (Some("Анна"), Visibility::Public));
    assert_eq!(posts[0].author.handle.as_deref(), Some(anna.id.trim_start_matches('@')));
    let community = posts[0].community.clone().expect("a community");
    assert_eq!((community.key, community.title.as_deref()), (format!("matrix/{room}"), Some("Связь")));
    assert!(
        posts[0].url.as_deref().is_some_and(|url| url.starts_with("https://matrix.to/#/%21")),
        "{:?}",
        posts[0].url
    );
    let late = second.posts().remove(0);
    assert_eq!((late.urn, late.published_at), (posts[0].urn.clone(), posts[0].published_at));
    assert_eq!(recorder.read(gaps), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_or_shall_not_be_read_is_said_and_rooms_are_joined_only_when_wanted() {
    let Some(server) = synapse() else { return };
    let (anna, ours) = (Person::writer(&server, "Анна").await, Person::new(&server, "molva").await);
    let (boris, token) = (Person::writer(&server, "Борис").await, ours.token.clone());
    let secret = anna.room("Секрет", false, &[&ours, &boris]).await;
    let two = anna.room("Двое", false, &[&ours]).await;
    for room in [&secret, &two] {
        ours.join(room).await;
    }
    anna.encrypt(&secret).await;
    anna.say(&two, "лично").await;
    let megolm = json!({"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "s", "device_id": "d", "sender_key": "k"});
    anna.event(&secret, "m.room.encrypted", &megolm).await;
    let invited = anna.room("Гости", false, &[&ours, &boris]).await;

    let all = [("homeserver", server.as_str()), ("join", "false")];
    let probe = async |settings: &[(&str, &str)], token: &str| {
        Matrix.probe(&session(settings, Some(token), None, &Recorder::default())).await
    };
    let said = probe(&all, &token).await.expect("an account");
    for part in
        ["there is no room to hear yet", "cannot read them: `Секрет`", "1 private", "invited to 1 more: join them"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    let recorder = Recorder::default();
    let run = Run::start(&Matrix, session(&all, Some(&token), None, &recorder));
    recorder.until("the encrypted message", |seen| !seen.items.is_empty()).await;
    anna.say(&invited, "не для нас").await;
    anna.say(&two, "и это лично").await;
    run.stop().await;
    let rejected = recorder.read(|seen| seen.items.clone());
    let [Item::Rejected(rejected)] = &rejected[..] else { panic!("{rejected:?}") };
    assert_eq!((rejected.reason, rejected.sample.as_str()), (RejectionReason::NotPublic, ""));
    assert!(rejected.message.contains("`Секрет` is encrypted"), "{}", rejected.message);

    let named = [("homeserver", server.as_str()), ("rooms", invited.as_str())];
    let outside = probe(&named, &token).await.expect_err("it is not in there");
    assert!(outside.to_string().contains("let Molva join"), "{outside}");
    assert_eq!(outside.code(), "forbidden");
    let joining = [("homeserver", server.as_str()), ("join", "true"), ("messages", "true")];
    let cursor = recorder.read(|seen| seen.cursor.clone());
    let recorder = Recorder::default();
    let run = Run::start(&Matrix, session(&joining, Some(&token), cursor, &recorder));
    let joined = |seen: &Recorded| shown(seen).iter().any(|line| line == "+ и это лично");
    recorder.until("the private room", joined).await;
    // It is seen as a member once the server has let it in.
    for number in 0..100 {
        anna.say(&invited, &format!("гостям {number}")).await;
        if recorder.read(|seen| shown(seen).iter().any(|line| line.starts_with("+ гостям"))) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    recorder
        .until("the room it was invited to", |seen| shown(seen).iter().any(|line| line.starts_with("+ гостям")))
        .await;
    run.stop().await;
    let direct = recorder.posts().into_iter().find(|post| post.text == "и это лично").expect("the private message");
    assert_eq!(direct.visibility, Visibility::Direct);

    let wrong = probe(&all, "syt_no_such_token").await.expect_err("a wrong token");
    assert!(matches!(&wrong, ConnectorError::AuthRevoked(why) if !why.contains("syt_no")), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_a_real_server_does_not_know_becomes_a_gap_that_is_read_from_the_rooms() {
    let Some(server) = synapse() else { return };
    let (anna, ours) = (Person::writer(&server, "Анна").await, Person::new(&server, "molva").await);
    let room = anna.room("Связь", true, &[]).await;
    ours.join(&room).await;
    anna.say(&room, "пока нас не было").await;
    let from = Timestamp::from_secs(molva_domain::Clock::now(&molva_domain::SystemClock).as_secs() - 60);
    let cursor = json!({"matrix": 1, "user": ours.id, "since": "no_such_place", "at": from.as_secs()}).to_string();
    let settings = [("homeserver", server.as_str()), ("rooms", &room)];
    let recorder = Recorder::default();
    let run = Run::start(&Matrix, session(&settings, Some(&ours.token), Some(cursor), &recorder));
    recorder.until("the end of the gap", |seen| gaps(seen).len() == 2).await;
    anna.say(&room, "снова здесь").await;
    recorder.until("what is new", |seen| seen.items.len() == 2).await;
    run.stop().await;
    assert_eq!(recorder.texts(), ["пока нас не было", "снова здесь"]);
    let gaps = recorder.read(gaps);
    assert_eq!(gaps[0], Report::GapOpened { from, cause: GapCause::CursorLost });
    assert!(matches!(gaps[1], Report::GapClosed { to } if to > from), "{gaps:?}");
}

/// What may happen on the way, for a client for whom an hour passes in `scale`th of it.
fn troubles(scale: f64) -> Vec<Trouble> {
    let refuse = |status: &str, body: &str| {
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let wait = Duration::from_millis(2_500);
    let limited = r#"{"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 2500}"#;
    vec![
        Trouble::Limit(refuse("429 Too Many Requests", limited), wait.div_f64(scale)),
        Trouble::Say(refuse("502 Bad Gateway", "<html>")),
        Trouble::Cut,
        Trouble::HangUp,
        Trouble::Slow(Duration::from_millis(300)),
        Trouble::Change(|answer| {
            // Twice the same, out of order, and what no contract names.
            answer["new_in_2027"] = json!({"x": []});
            let events =
                if answer.get("chunk").is_some() { answer.pointer_mut("/chunk") } else { first_timeline(answer) };
            if let Some(Value::Array(events)) = events {
                events.extend(events.first().cloned());
                let third = events.len() / 3;
                events.rotate_left(third);
            }
        }),
        Trouble::Say(refuse(
            "401 Unauthorized",
            r#"{"errcode": "M_UNKNOWN_TOKEN", "error": "expired", "soft_logout": true}"#,
        )),
    ]
}

fn first_timeline(answer: &mut Value) -> Option<&mut Value> {
    answer.pointer_mut("/rooms/join")?.as_object_mut()?.values_mut().next()?.pointer_mut("/timeline/events")
}

/// Writes so many messages; each twentieth is changed, each other twentieth removed. What has to be known of each in the end.
async fn write(anna: &Person, room: &str, numbers: std::ops::Range<usize>) -> BTreeMap<String, Option<String>> {
    let one = async |number: usize| {
        let id = anna.say(room, &format!("сообщение {number}")).await;
        let said = match number % 20 {
            7 => {
                anna.edit(room, &id, &format!("исправлено {number}")).await;
                Some(format!("исправлено {number}"))
            }
            13 => {
                anna.remove(room, &id).await;
                None
            }
            _ => Some(format!("сообщение {number}")),
        };
        (urn(room, &id).to_string(), said)
    };
    futures_util::stream::iter(numbers).map(one).buffer_unordered(8).collect().await
}

/// The newest version of each message; `None` where it was removed.
fn known(recorders: &[Recorder]) -> BTreeMap<String, Option<String>> {
    let mut posts: BTreeMap<String, (Option<Timestamp>, String)> = BTreeMap::new();
    let mut gone = BTreeSet::new();
    for item in recorders.iter().flat_map(|recorder| recorder.read(|seen| seen.items.clone())) {
        match item {
            Item::Post(post) => {
                let known = posts.entry(post.urn.to_string()).or_default();
                if post.edited_at >= known.0 {
                    *known = (post.edited_at, post.text);
                }
            }
            Item::Deleted(urn) => drop(gone.insert(urn.to_string())),
            Item::Rejected(rejection) => panic!("{rejection}"),
        }
    }
    let said = posts.into_iter().map(|(urn, (_, text))| (urn, Some(text)));
    said.chain(gone.into_iter().map(|urn| (urn, None))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_thousand_messages_none_is_lost_and_none_doubled_whatever_goes_wrong_on_the_way() {
    const SCALE: f64 = 8.0;
    let Some(server) = synapse() else { return };
    let many = items_or(180);
    // One answer in twenty is spoilt where there are enough of them.
    let every = if many < 5_000 { 3 } else { 20 };
    let (anna, ours) = (Person::writer(&server, "Анна").await, Person::new(&server, "molva").await);
    let room = anna.room(&format!("Много {}", unique()), true, &[]).await;
    ours.join(&room).await;
    let between = Between::start(Some(&server)).await;
    let settings = [("homeserver", between.address.as_str()), ("rooms", &room)];
    let started = Instant::now();
    let mut expected = write(&anna, &room, 0..many / 3).await;
    between.weather.turns(every, troubles(SCALE));
    let (mut recorders, mut cursor) = (Vec::new(), None);
    // First what was there, then what came while nobody listened and more than is told at once, then what comes live.
    for part in 0..3 {
        let (from, to) = (many * part / 3, many * (part + 1) / 3);
        if part == 1 {
            expected.extend(write(&anna, &room, from..to).await);
        }
        let until = Instant::now() + Duration::from_secs(180 + many as u64 / 20);
        let mut writing = (part == 2).then(|| {
            let (anna, room) = (anna.clone(), room.clone());
            tokio::spawn(async move { write(&anna, &room, from..to).await })
        });
        loop {
            let recorder = Recorder::default();
            recorders.push(recorder.clone());
            let mut listening = session(&settings, Some(&ours.token), cursor.clone(), &recorder);
            listening.time_scale = SCALE;
            let run = Run::start(&Matrix, listening);
            let mut complete = false;
            while !complete && !run.has_ended() {
                tokio::time::sleep(Duration::from_millis(100)).await;
                if writing.as_ref().is_some_and(tokio::task::JoinHandle::is_finished) {
                    expected.extend(writing.take().expect("a writer").await.expect("it writes"));
                }
                let heard = known(&recorders);
                let lacking = expected.iter().filter(|(urn, said)| heard.get(*urn).unwrap_or(&None) != *said).count();
                complete = lacking == 0 && writing.is_none() && recorder.read(|seen| seen.cursor.is_some());
                assert!(
                    Instant::now() < until,
                    "{lacking} of {} after {} runs: {}",
                    expected.len(),
                    recorders.len(),
                    recorder.read(problems)
                );
            }
            let ended = run.over().await;
            cursor = recorder.read(|seen| seen.cursor.clone()).or(cursor);
            assert!(matches!(ended, ConnectorError::AuthExpired | ConnectorError::Cancelled), "{ended:?}");
            if complete {
                break;
            }
        }
    }
    let (met, too_early) = between.weather.told();
    let seconds = started.elapsed().as_secs_f64();
    eprintln!("{many} messages in {seconds:.1} s, {} runs, {} requests", recorders.len(), between.asked(""));
    assert_eq!((met, too_early), (troubles(SCALE).len(), 0), "all kinds of trouble were met, and no limit broken");
    // What was removed before it was heard was never there; an edit that is removed is nobody's message.
    let heard: BTreeMap<_, _> = known(&recorders).into_iter().filter(|(_, said)| said.is_some()).collect();
    let expected: BTreeMap<_, _> = expected.into_iter().filter(|(_, said)| said.is_some()).collect();
    is_told(&recorders, &heard, &expected, &between, seconds);
    assert_eq!(heard, expected);
    for recorder in &recorders {
        let posts = recorder.posts();
        let versions: BTreeSet<_> = posts.iter().map(|post| (post.urn.clone(), post.edited_at)).collect();
        assert_eq!(versions.len(), posts.len(), "nothing twice in a run");
        assert_eq!(recorder.read(gaps), []);
    }
}

/// A row of the table of the bar: a message arrived when its last words did.
fn is_told(
    recorders: &[Recorder],
    heard: &BTreeMap<String, Option<String>>,
    expected: &BTreeMap<String, Option<String>>,
    between: &Between,
    seconds: f64,
) {
    let versions =
        |recorder: &Recorder| recorder.posts().into_iter().map(|post| (post.urn, post.edited_at)).collect::<Vec<_>>();
    let told: Vec<_> = recorders.iter().map(versions).collect();
    let all = told.iter().map(Vec::len).sum::<usize>();
    let once = told.iter().map(|told| told.iter().collect::<BTreeSet<_>>().len()).sum::<usize>();
    let versions = told.iter().flatten().collect::<BTreeSet<_>>().len();
    let row = Row {
        network: "matrix",
        way: "sync",
        sent: expected.len(),
        doubled: all - once,
        again: once - versions,
        seconds,
    };
    let right = heard.iter().filter(|(urn, said)| expected.get(*urn) == Some(*said)).map(|(urn, _)| urn.clone());
    row.print_with(&right.collect(), &expected.keys().cloned().collect(), &between.weather.counts(), 0);
}
