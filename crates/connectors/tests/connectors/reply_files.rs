//! Files with replies, on the networks that are played by emulators: brought once or again, said once, refused before anything is said.

use std::collections::BTreeSet;
use std::time::Duration;

use molva_connectors::discourse::Discourse;
use molva_connectors::facebook::Facebook;
use molva_connectors::instagram::Instagram;
use molva_connectors::max::Max;
use molva_connectors::ok::Odnoklassniki;
use molva_connectors::vk::Vk;
use molva_connectors::x::X;
use molva_connectors::{AccountSession, Attachment, Connector, Outgoing, Settings};
use molva_domain::{PostKind, ReplyVisibility, Urn};
use molva_emulators::x::native_id;
use molva_emulators::{Faults, Kind, Said, Saying, Seed, Who};
use serde_json::Value;

use crate::bar::Row;
use crate::reply_support::{Sender, account, cut_off, facts, picture, reply};
use crate::sandbox::Played;

/// Replies of each network; `MOLVA_TEST_FILES` makes them more.
fn replies() -> usize {
    std::env::var("MOLVA_TEST_FILES").ok().and_then(|count| count.parse().ok()).unwrap_or(4)
}

/// X takes a hundred posts of an account in a quarter of an hour.
fn replies_of(network: &'static dyn Connector) -> usize {
    if network.descriptor().name == "x" { replies().min(90) } else { replies() }
}

fn document(name: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
        alt: None,
        bytes: b"%PDF-1.7 invoice".to_vec(),
    }
}

/// It calls itself a picture.
fn nonsense() -> Attachment {
    Attachment { bytes: b"MZ\x90\0".to_vec(), ..picture("a.png", None) }
}

async fn played(network: &str) -> Played {
    let played = if network == "meta" { Played::quick(network).await } else { Played::live(network).await };
    let now = played.sandbox.now();
    let seed = Seed { items: 120, span_s: 3_600, place: Some(1), ..Seed::default() };
    played.sandbox.inside().world.seed(&seed, now);
    played
}

/// What of that kind a person said first.
fn first(played: &Played, kind: Kind) -> Said {
    let inside = played.sandbox.inside();
    let found = inside.world.of(1, kind).find(|said| kind == Kind::Post || matches!(said.who, Who::Person(_)));
    found.expect("one").clone()
}

/// The kinds of files beside what was said with these words, each time it was said.
fn all_beside(played: &Played, words: &str) -> Vec<Vec<String>> {
    let inside = played.sandbox.inside();
    let kind = |file: &Value| file["type"].as_str().unwrap_or("?").to_lowercase();
    let files = |said: &Said| inside.world.attached(said).iter().map(kind).collect();
    inside.world.all().filter(|said| said.text.starts_with(words)).map(files).collect()
}

fn beside(played: &Played, words: &str) -> Vec<String> {
    let mut all = all_beside(played, words);
    assert_eq!(all.len(), 1, "{words}: said once");
    all.remove(0)
}

fn with(outgoing: Outgoing, files: impl IntoIterator<Item = Attachment>) -> Outgoing {
    Outgoing { attachments: files.into_iter().collect(), ..outgoing }
}

/// Sends replies with a file each while a fifth of everything is spoilt, and one in five tries is cut off: each is there once, with its
/// file.
async fn each_once(
    network: &'static dyn Connector,
    played: &Played,
    account: &AccountSession,
    to: &Outgoing,
    file: &str,
) {
    let facts = facts(network, account).await;
    let sender = Sender { network, account, facts: &facts };
    broken(played);
    for number in 0..replies_of(network) {
        let mut outgoing = with(to.clone(), [picture(&format!("n{number}.png"), None)]);
        outgoing.id = crate::reply_support::fresh_id();
        outgoing.text = format!("Схема {number}.");
        answer(&sender, &outgoing, number).await;
    }
    played.sandbox.inside().faults = Faults::default();
    is_told(&sender, played, "replies with a file", |number| {
        let all = all_beside(played, &format!("Схема {number}."));
        (all.iter().any(|files| files == &[file]), all.len() > 1 || all.iter().any(|files| files.len() > 1))
    });
}

/// One in five tries is cut off at another moment each; what did not arrive is sent again.
async fn answer(sender: &Sender<'_>, outgoing: &Outgoing, number: usize) {
    let moment = Duration::from_millis(number as u64 * 7 % 60);
    if number % 5 == 2 && cut_off(sender, outgoing, moment).await.is_some() {
        return;
    }
    match sender.network.descriptor().name {
        "facebook" | "instagram" => crate::reply_facebook::deliver(sender, outgoing).await,
        _ => crate::reply_support::deliver(sender, outgoing).await,
    };
}

/// A row of the table: for each whether it is there whole, and whether something of it was said twice.
fn is_told(sender: &Sender<'_>, played: &Played, way: &str, find: impl Fn(usize) -> (bool, bool)) {
    let found: Vec<(bool, bool)> = (0..replies_of(sender.network)).map(find).collect();
    let numbers = |wanted: &dyn Fn(&(bool, bool)) -> bool| -> BTreeSet<String> {
        found.iter().enumerate().filter(|(_, found)| wanted(found)).map(|(number, _)| number.to_string()).collect()
    };
    let (there, twice, all) = (numbers(&|found| found.0), numbers(&|found| found.1), numbers(&|_| true));
    let network = sender.network.descriptor().name;
    Row { network, sent: all.len(), doubled: twice.len(), ..played.row(way) }.print(&there, &all, played);
    assert_eq!((there, twice), (all, BTreeSet::new()), "{network}: {way}");
    let inside = played.sandbox.inside();
    assert_eq!(inside.counts.limits_exceeded, 0, "{:?}", inside.counts.requests);
}

/// What is no picture is refused with that word, and nothing is said.
async fn refused(network: &'static dyn Connector, played: &Played, account: &AccountSession, to: &Outgoing) {
    let facts = facts(network, account).await;
    let sender = Sender { network, account, facts: &facts };
    let before = played.sandbox.inside().world.all().count();
    assert_eq!(sender.refusal(&with(to.clone(), [nonsense()])).await, "attachment");
    assert_eq!(played.sandbox.inside().world.all().count(), before, "nothing was said");
}

async fn say(network: &'static dyn Connector, account: &AccountSession, outgoing: &Outgoing) {
    let facts = facts(network, account).await;
    let sender = Sender { network, account, facts: &facts };
    sender.send(outgoing).await.unwrap_or_else(|error| panic!("{}: {error}", outgoing.text));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vk_keeps_pictures_of_people_and_documents_of_communities() {
    let played = played("vk").await;
    let base = played.base();
    let of = |token: &str| account(&[("*access_token", token), ("api_url", &base)]);
    let (community, person) = (of("community-token-1"), of("user-token"));
    let (post, message) = (first(&played, Kind::Post), first(&played, Kind::Message));
    let under = |text: &str| reply(Urn::of("vk", None, "post", &format!("-1_{}", post.id)), PostKind::Post, None, text);
    let native = format!("1_{}_{}", message.under.unwrap_or(0), message.id);
    let in_private = |text: &str| reply(Urn::of("vk", None, "message", &native), PostKind::Message, None, text);
    let both = || [picture("карта.png", None), document("счёт.pdf")];
    say(&Vk, &community, &with(under("От сообщества"), both())).await;
    assert_eq!(beside(&played, "От сообщества"), ["doc", "doc"]);
    say(&Vk, &person, &with(under("От человека"), both())).await;
    assert_eq!(beside(&played, "От человека"), ["photo", "doc"]);
    say(&Vk, &community, &with(in_private("Лично"), both())).await;
    assert_eq!(beside(&played, "Лично"), ["photo", "doc"]);
    refused(&Vk, &played, &community, &in_private("x")).await;
    let replies = Vk.replies().expect("replies");
    let of_community = facts(&Vk, &community).await;
    let rule = |to: &Outgoing| replies.attachments(&to.target, &Settings::default(), &of_community).expect("files");
    assert_eq!((rule(&under("")).most, rule(&under("")).private), (2, false));
    assert_eq!((rule(&in_private("")).most, rule(&in_private("")).private), (10, true));
    each_once(&Vk, &played, &community, &under(""), "doc").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn max_works_on_a_file_and_is_asked_again() {
    let played = played("max").await;
    let account = account(&[("*bot_token", "emulator-token-of-max"), ("api_url", &played.base())]);
    let comment = first(&played, Kind::Comment);
    let to = reply(Urn::new(crate::max::urn(&comment).expect("it is heard")), PostKind::Comment, None, "Документ");
    say(&Max, &account, &with(to.clone(), [document("счёт.pdf")])).await;
    assert_eq!(beside(&played, "Документ"), ["file"]);
    refused(&Max, &played, &account, &to).await;
    each_once(&Max, &played, &account, &to, "image").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odnoklassniki_takes_files_with_messages_only() {
    let played = played("ok").await;
    let base = played.base();
    let account = account(&[
        ("application_key", "CEMULATORKEY"),
        ("*application_secret", "EMULATORSECRET"),
        ("*access_token", "emulator-token-of-ok"),
        ("*group_token", "emulator-token-of-group-1"),
        ("api_url", &base),
    ]);
    let urn = |kind| Urn::new(crate::ok::urn(&first(&played, kind)));
    let to = reply(urn(Kind::Message), PostKind::Message, None, "Документ");
    say(&Odnoklassniki, &account, &with(to.clone(), [picture("a.png", None), document("b.pdf")])).await;
    assert_eq!(beside(&played, "Документ"), ["image", "file"]);
    refused(&Odnoklassniki, &played, &account, &to).await;
    let comment = reply(urn(Kind::Comment), PostKind::Comment, None, "x");
    let of_account = facts(&Odnoklassniki, &account).await;
    let why = Odnoklassniki.replies().expect("replies").attachments(&comment.target, &Settings::default(), &of_account);
    assert!(why.is_err_and(|why| why.en.contains("messages only")));
    each_once(&Odnoklassniki, &played, &account, &to, "image").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x_takes_pictures_at_once_and_moving_ones_in_pieces() {
    let played = played("x").await;
    let account = account(&[("*access_token", "user-token-1"), ("api_url", &played.base())]);
    let now = played.sandbox.now();
    let id = {
        let mut inside = played.sandbox.inside();
        let text = "@brand1 где?".to_owned();
        let saying = Saying { place: 1, kind: Kind::Post, who: Who::Person(1_005), text, under: None, answers: None };
        let id = inside.world.say(saying, now);
        inside.world.find(1, id).map(native_id).expect("it was said")
    };
    let to = reply(Urn::of("x", None, "post", &id.to_string()), PostKind::Post, None, "Движется");
    // More than a piece holds.
    let bytes = [b"GIF89a".as_slice(), &vec![7; 3 << 20]].concat();
    let moving =
        Attachment { media_type: "image/gif".to_owned(), bytes, ..picture("a.gif", Some("Кот бежит")) };
    say(&X, &account, &with(to.clone(), [moving])).await;
    assert_eq!(beside(&played, "Движется"), ["animated_gif"]);
    {
        let inside = played.sandbox.inside();
        let upload = inside.uploads.all().last().expect("a file").clone();
        assert_eq!(
            (upload.media_type, upload.bytes, upload.alt.as_deref()),
            ("image/gif", (3 << 20) + 6, Some("Кот бежит"))
        );
        assert_eq!(inside.counts.requests["upload_piece"], 2);
    }
    refused(&X, &played, &account, &Outgoing { text: "Другое".to_owned(), ..to.clone() }).await;
    each_once(&X, &played, &account, &to, "photo").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comment_on_facebook_has_one_picture_and_in_private_files_go_before_the_words() {
    let played = played("meta").await;
    let base = played.base();
    let account =
        account(&[("*access_token", "page-token-1"), ("*app_secret", "emulator-app-secret"), ("api_url", &base)]);
    let urn = |kind| Urn::new(crate::facebook::urn(&first(&played, kind)));
    let comment = reply(urn(Kind::Comment), PostKind::Comment, None, "С картинкой");
    say(&Facebook, &account, &with(comment.clone(), [picture("a.png", None)])).await;
    assert_eq!(beside(&played, "С картинкой"), ["photo"]);
    refused(&Facebook, &played, &account, &comment).await;
    let message = reply(urn(Kind::Message), PostKind::Message, None, "Вот счёт");
    refused(&Facebook, &played, &account, &message).await;
    in_private(&Facebook, &played, &account, &message, "facebook").await;

    let of_account = facts(&Facebook, &account).await;
    let rule = |to: &Outgoing| {
        Facebook.replies().expect("replies").attachments(&to.target, &Settings::default(), &of_account).expect("files")
    };
    assert_eq!((rule(&comment).most, rule(&comment).private, rule(&message).most), (1, false, 5));
    each_once(&Facebook, &played, &account, &comment, "photo").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instagram_takes_files_with_messages_only() {
    let played = played("meta").await;
    let base = played.base();
    let account =
        account(&[("*access_token", "page-token-1"), ("*app_secret", "emulator-app-secret"), ("api_url", &base)]);
    let urn = |kind| Urn::new(crate::instagram::urn(&first(&played, kind)));
    let message = reply(urn(Kind::Message), PostKind::Message, None, "Вот счёт");
    in_private(&Instagram, &played, &account, &message, "instagram").await;
    let comment = reply(urn(Kind::Comment), PostKind::Comment, None, "x");
    let of_account = facts(&Instagram, &account).await;
    let why = Instagram.replies().expect("replies").attachments(&comment.target, &Settings::default(), &of_account);
    assert!(why.is_err_and(|why| why.en.contains("private messages only")));
}

fn broken(played: &Played) {
    let mut faults = Faults::share(0.2);
    faults.slow_ms = 50;
    played.sandbox.inside().faults = faults;
}

/// A try that is cut off between a file and the words says neither twice.
async fn in_private(
    network: &'static dyn Connector,
    played: &Played,
    account: &AccountSession,
    message: &Outgoing,
    name: &str,
) {
    let facts = facts(network, account).await;
    let sender = Sender { network, account, facts: &facts };
    broken(played);
    for number in 0..replies() {
        let files = [picture(&format!("{name}{number}.png"), None), document(&format!("{name}{number}.pdf"))];
        let mut outgoing = with(message.clone(), files);
        (outgoing.id, outgoing.text) = (crate::reply_support::fresh_id(), format!("Вот счёт {number}."));
        answer(&sender, &outgoing, number).await;
    }
    played.sandbox.inside().faults = Faults::default();
    is_told(&sender, played, "messages with a file", |number| {
        let inside = played.sandbox.inside();
        let said =
            [format!("file {name}{number}.png"), format!("file {name}{number}.pdf"), format!("Вот счёт {number}.")];
        let made = said.map(|said| inside.counts.replies.get(&said).map_or(0, |received| received.made));
        (made.iter().all(|made| *made >= 1), made.iter().any(|made| *made > 1))
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forum_keeps_pictures_and_the_post_names_them() {
    let played = played("discourse").await;
    let base = format!("{}/", played.base());
    let account = account(&[("*api_key", "discourse-key"), ("api_username", "person1001"), ("url", &base)]);
    let comment = first(&played, Kind::Comment);
    let instance = base.trim_start_matches("http://").trim_end_matches('/');
    let to = reply(
        Urn::of("discourse", Some(instance), "post", &comment.number.to_string()),
        PostKind::Comment,
        None,
        "Починили вчера",
    );
    let answer = with(to.clone(), [picture("карта.png", Some("Карта"))]);
    let facts = facts(&Discourse, &account).await;
    let sender = Sender { network: &Discourse, account: &account, facts: &facts };
    let sent = sender.send(&answer).await.expect("taken");
    let text = played.sandbox.inside().world.all().last().expect("a post").text.clone();
    assert_eq!(text, "Починили вчера\n\n![Карта|640x480](upload://457000001.png)");
    // Its words are known again although the post has more.
    assert_eq!(sender.find(&answer).await, Some(sent));
    refused(&Discourse, &played, &account, &Outgoing { text: "Другое".to_owned(), ..to.clone() }).await;
    let mut private = to;
    private.visibility = ReplyVisibility::Private;
    assert!(Discourse.replies().expect("replies").attachments(&private.target, &Settings::default(), &facts).is_ok());
}
