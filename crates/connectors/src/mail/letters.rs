//! Letters as well-known programs write them (`tests/letters`), read as one that comes.

use molva_domain::{Community, MediaKind, Post, RejectionReason, Timestamp, Urn};

use super::message::{Letter, Reader};
use crate::session::Item;

const NOW: Timestamp = Timestamp::from_secs(1_775_217_600);

macro_rules! raw {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/letters/", $name, ".eml")).as_slice()
    };
}

fn read(raw: &[u8]) -> Item {
    let community = Community { key: "mail/help@shop.example".to_owned(), ..Community::default() };
    let reader = Reader { source_key: "7".to_owned(), community, language: None, now: NOW };
    reader.read(&Letter { raw, cut: false, arrived: Some(NOW), place: "letter 3".to_owned() })
}

fn post(raw: &[u8]) -> Post {
    match read(raw) {
        Item::Post(post) => *post,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check(raw: &[u8], title: &str, text: &str, answers: Option<&str>) {
    let post = post(raw);
    let above = post.in_reply_to.as_ref().map(Urn::as_str).map(|urn| urn.trim_start_matches("urn:smm:mail:message:"));
    assert_eq!((post.title.as_deref(), &*post.text, above), (Some(title), text, answers));
}

#[test]
fn what_a_person_wrote_is_read_from_any_program_and_charset_without_what_they_answer() {
    let ours = Some("molva-1@shop.example");
    let the_bat = "Здравствуйте, Магазин.\n\nСвязи нет третий день: Брест, ул. Советская.\n\n--\nС уважением,\n Анна";
    check(raw!("koi8_the_bat"), "Re: Нет связи", the_bat, ours);
    assert_eq!(post(raw!("koi8_the_bat")).author.name.as_deref(), Some("Анна Ковалёва"));
    check(raw!("windows_1251_gmail"), "Re: Нет связи", "Спасибо, заработало!", ours);
    check(raw!("html_yandex"), "Re: Нет связи", "Нет, не помогло", ours);
    check(raw!("outlook"), "RE: Счёт", "Добрый день!\n\nСчёт за март не пришёл.", Some("molva-2@shop.example"));
    check(raw!("iphone"), "Re: Нет связи", "Уже два дня\n\nОтправлено с iPhone", ours);
    check(raw!("wordy_in_reply_to"), "Re: x", "still nothing", ours);
}

#[test]
fn a_letter_that_is_passed_on_stays_whole() {
    let post = post(raw!("forwarded"));
    assert!(
        post.text.starts_with("Прошу разобраться.") && post.text.ends_with("Третий день нет связи."),
        "{}",
        post.text
    );
}

#[test]
fn files_are_named_and_the_pictures_of_a_signature_are_not() {
    let named = |raw| post(raw).media.into_iter().map(|file| (file.kind, file.alt)).collect::<Vec<_>>();
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(
        named(raw!("files")),
        [
            (MediaKind::Document, name("Договор № 5.pdf")),
            (MediaKind::Image, name("экран.jpg")),
            (MediaKind::Document, name("Старое письмо")),
        ]
    );
    assert_eq!(post(raw!("files")).text, "Документы во вложении.");
    assert_eq!(named(raw!("file_old_name")), [(MediaKind::Document, name("акт.doc"))]);
}

#[test]
fn bounces_and_answers_of_programs_are_nobodys_letters() {
    let why = |raw| match read(raw) {
        Item::Rejected(rejection) if rejection.reason == RejectionReason::Automatic => rejection.message,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(raw!("bounce_postfix")), "a program sent it (`Auto-Submitted: auto-replied`)");
    assert_eq!(why(raw!("bounce_exim")), "it is a bounce (`X-Failed-Recipients`)");
    assert_eq!(why(raw!("bounce_qmail")), "it is a bounce");
    assert_eq!(why(raw!("away_exchange")), "a program sent it (`Auto-Submitted: auto-generated`)");
    assert_eq!(why(raw!("away_old")), "it was sent in bulk (`Precedence: auto-reply`)");
}
