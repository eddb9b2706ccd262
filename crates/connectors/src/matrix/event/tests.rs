use serde_json::json;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);
const ROOM: &str = "!r:m.example";

fn reader() -> Reader {
    Reader::new("m.example", false)
}

/// A message said so many seconds after noon.
fn message(id: &str, second: i64, content: &Value) -> Value {
    json!({"type": "m.room.message", "event_id": id, "sender": "@anna:m.example", "content": content,
        "origin_server_ts": (NOW.as_secs() + second) * 1_000})
}

fn text(body: &str) -> Value {
    json!({"msgtype": "m.text", "body": body})
}

fn edit(id: &str, second: i64, of: &str, body: &str) -> Value {
    let relation = json!({"rel_type": "m.replace", "event_id": of});
    message(
        id,
        second,
        &json!({"msgtype": "m.text", "body": "*", "m.new_content": text(body), "m.relates_to": relation}),
    )
}

fn removal(second: i64, of: &str) -> Value {
    json!({"type": "m.room.redaction", "event_id": format!("$gone{second}"), "sender": "@anna:m.example", "redacts": of,
        "content": {}, "origin_server_ts": (NOW.as_secs() + second) * 1_000})
}

/// `text @second of its edit`, `- event`, `! reason`.
fn shown(items: &[Item]) -> Vec<String> {
    let shown = |item: &Item| match item {
        Item::Post(post) => match post.edited_at {
            Some(at) => format!("{} @{}", post.text, at.as_secs() - NOW.as_secs()),
            None => post.text.clone(),
        },
        Item::Deleted(urn) => format!("- {}", urn.as_str().rsplit("%24").next().unwrap_or_default()),
        Item::Rejected(rejection) => format!("! {}", rejection.reason),
    };
    items.iter().map(shown).collect()
}

#[test]
fn read_backwards_an_edit_waits_for_its_message_and_a_forged_one_changes_nothing() {
    let (mut reader, mut reading) = (reader(), Reading { backwards: true, ..Reading::default() });
    let mut forged = edit("$f", 9, "$a", "подделка");
    forged["sender"] = json!("@eve:m.example");
    let newest = [edit("$e2", 8, "$a", "исправлено дважды"), message("$b", 5, &text("б"))];
    assert_eq!(shown(&reader.read(ROOM, &newest, &mut reading, NOW)), ["б"]);
    let mut first = message("$a", 1, &text("а"));
    // The server puts the newest edit it knows beside the message.
    first["unsigned"] = json!({"m.relations": {"m.replace": edit("$e1", 3, "$a", "исправлено")}});
    assert_eq!(shown(&reader.read(ROOM, &[first.clone()], &mut reading, NOW)), ["исправлено дважды @8"]);
    assert!(reading.take().is_empty());
    assert_eq!(shown(&reader.read(ROOM, &[forged], &mut reading, NOW)), ["! invalid_field"]);
    assert_eq!(shown(&reader.read(ROOM, &[edit("$e2", 8, "$a", "исправлено дважды")], &mut reading, NOW)), [""; 0]);
    assert!(reader.knows_all(&[first]));
}

#[test]
fn what_is_told_of_a_message_that_was_not_met_is_looked_up() {
    let (mut reader, mut reading) = (reader(), Reading::default());
    let told = [edit("$e", 8, "$a", "исправлено"), removal(9, "$other"), edit("$e3", 8, "$lost", "x")];
    assert_eq!(shown(&reader.read(ROOM, &told, &mut reading, NOW)), ["- other"]);
    let mut open = reading.take();
    assert_eq!(open.iter().map(|open| open.message.as_str()).collect::<Vec<_>>(), ["$a", "$lost"]);
    let (lost, found) = (open.pop().expect("two"), open.pop().expect("two"));
    let item = reader.looked_up(ROOM, found, Some(&message("$a", 1, &text("а"))), NOW);
    assert_eq!(shown(&item.into_iter().collect::<Vec<_>>()), ["исправлено @8"]);
    let item = reader.looked_up(ROOM, lost, None, NOW);
    assert_eq!(shown(&item.into_iter().collect::<Vec<_>>()), ["! missing_id"]);
    // The edit is taken back: the message says what it said.
    assert_eq!(shown(&reader.read(ROOM, &[removal(20, "$e")], &mut reading, NOW)), [""; 0]);
    let undone = reading.take().pop().expect("one");
    let item = reader.looked_up(ROOM, undone, Some(&message("$a", 1, &text("а"))), NOW);
    assert_eq!(shown(&item.into_iter().collect::<Vec<_>>()), ["а @20"]);
}

#[test]
fn every_event_of_a_message_is_a_post_a_removal_or_a_rejection() {
    let mut removed = message("$r", 2, &json!({}));
    removed["unsigned"] = json!({"redacted_because": {}});
    let new_form = json!({"type": "m.room.redaction", "event_id": "$g", "sender": "@a:b", "content": {"redacts": "$x"},
        "origin_server_ts": 0});
    let told = [
        message("$a", 1, &text("а")),
        removed,
        message("$p", 3, &json!({"msgtype": "m.image", "body": "a.png", "url": "mxc://m.example/x"})),
        message("$old", -1_772_366_400, &text("до всех")),
        json!({"type": "m.room.message", "event_id": 7}),
        json!({"type": "m.reaction", "event_id": "$y", "sender": "@a:b", "content": {}, "origin_server_ts": 0}),
        json!({"type": "m.room.encrypted", "event_id": "$c", "sender": "@a:b", "content": {"ciphertext": "x"}, "origin_server_ts": 0}),
        new_form,
    ];
    let (mut reader, mut reading) = (reader(), Reading::default());
    let expected = ["а", "- r", "! empty_text", "! invalid_date", "! malformed", "! not_public", "- x"];
    assert_eq!(shown(&reader.read(ROOM, &told, &mut reading, NOW)), expected);
    assert_eq!(shown(&reader.read(ROOM, &told, &mut reading, NOW)), [""; 0], "and once");
}

#[test]
fn an_edit_that_somebody_else_forges_does_not_stand_before_the_authors_own() {
    let (mut reader, mut reading) = (reader(), Reading { backwards: true, ..Reading::default() });
    let forged = |id: &str, of: &str| {
        let mut forged = edit(id, 9, of, "подделка");
        forged["sender"] = json!("@eve:m.example");
        forged
    };
    let told = [edit("$e", 8, "$a", "исправлено"), forged("$f", "$a"), forged("$g", "$b")];
    assert_eq!(shown(&reader.read(ROOM, &told, &mut reading, NOW)), [""; 0]);
    assert_eq!(shown(&reader.read(ROOM, &[message("$a", 1, &text("а"))], &mut reading, NOW)), ["исправлено @8"]);
    let open = reading.take();
    assert_eq!(open.iter().map(|open| open.message.as_str()).collect::<Vec<_>>(), ["$a", "$b"]);
    let said = open.into_iter().map(|open| {
        let found = message(&open.message.clone(), 1, &text("б"));
        reader.looked_up(ROOM, open, Some(&found), NOW)
    });
    let said: Vec<Item> = said.flatten().collect();
    assert_eq!(shown(&said), ["! invalid_field", "! invalid_field"]);
}

#[test]
fn an_edit_or_a_removal_of_what_is_no_message_is_asked_of_no_server() {
    let (mut reader, mut reading) = (reader(), Reading::default());
    let long = format!("${}", "a".repeat(60_000));
    let told = [edit("$e", 8, &long, "x"), edit("$f", 8, "$\0", "x"), edit("$g", 8, "../..", "x"), removal(9, &long)];
    assert_eq!(shown(&reader.read(ROOM, &told, &mut reading, NOW)), ["! invalid_field"; 3]);
    assert!(reading.take().is_empty());
}

#[test]
fn a_removal_in_one_room_takes_nothing_away_in_another() {
    let (mut reader, mut reading) = (reader(), Reading::default());
    assert_eq!(shown(&reader.read("!eve:m.example", &[removal(1, "$a")], &mut reading, NOW)), ["- a"]);
    assert_eq!(shown(&reader.read(ROOM, &[removal(2, "$a")], &mut reading, NOW)), ["- a"]);
}
