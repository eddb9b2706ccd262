//! Instagram without a Facebook page, played by the emulator of Meta's Graph API: another token, another `me`, and less to ask for.

use molva_connectors::instagram::Instagram;
use molva_connectors::{Connector as _, ConnectorError, Settings};
use molva_domain::{PostKind, ReplyVisibility, Urn};
use molva_emulators::{Faults, Kind, Said, Saying, Seed, Who};

use crate::instagram::{looked, urn};
use crate::reply_facebook::deliver;
use crate::reply_instagram::{played as played_for_replies, to};
use crate::reply_support::{Sender, account, facts, picture, reply};
use crate::sandbox::{Heard, Played};
use crate::world::Collector;

const SETTINGS: [(&str, &str); 3] =
    [("sign_in", "instagram"), ("*access_token", "account-token-1"), ("*app_secret", "emulator-app-secret")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_without_a_page_is_read_through_everything_that_breaks() {
    let played = Played::start("meta").await;
    played.break_often();
    let kinds = [vec![Kind::Post], vec![Kind::Comment; 9]].concat();
    played.seed(&Seed { items: 600, span_s: 6 * 86_400, kinds, place: Some(1), ..Seed::default() });
    let now = played.sandbox.now();
    let saying = Saying {
        place: 1,
        kind: Kind::Topic,
        who: Who::Person(1_007),
        text: "Отметили аккаунт".to_owned(),
        under: None,
        answers: None,
    };
    played.sandbox.inside().world.say(saying, now);
    let wanted = played.said(looked);
    let mut heard = Heard::default();
    heard.all_of(&Instagram, &played, &SETTINGS, &wanted).await;
    heard.is_all_of(&played, "looking without a page", &wanted, &[]);
}

#[tokio::test]
async fn young_posts_are_looked_up_one_by_one_and_what_is_gone_is_told() {
    let played = Played::start("meta").await;
    played.seed(&Seed { items: 40, span_s: 3_600, place: Some(1), ..Seed::default() });
    let collector = Collector::default();
    let session = played.session(&SETTINGS, &collector);
    let posts: Vec<molva_domain::Post> = {
        let inside = played.sandbox.inside();
        let said = inside.world.of(1, Kind::Comment).take(4);
        let post = |said: &Said| {
            let at = molva_domain::Timestamp::from_secs(said.at);
            molva_domain::Post::new(Urn::new(urn(said)), "instagram", said.text.clone(), at, at)
        };
        said.map(post).collect()
    };
    let gone = posts[1].urn.clone();
    let number: u64 = gone.as_str().rsplit(':').next().and_then(|id| id.parse().ok()).expect("a number");
    played.sandbox.inside().world.delete(1, number % 1_000_000_000);
    let refresh = Instagram.refresh().expect("it looks up");
    let items = refresh.look_up(&session, &posts).await.expect("answers");
    let (told, deleted): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|item| matches!(item, molva_connectors::Item::Post(_)));
    assert_eq!((told.len(), deleted.len()), (3, 1));
    assert!(matches!(&deleted[0], molva_connectors::Item::Deleted(urn) if *urn == gone), "{deleted:?}");
    let counts = played.sandbox.inside().counts.requests.clone();
    assert_eq!(counts.get("GET media"), Some(&4), "{counts:?}");
}

#[tokio::test]
async fn a_test_of_the_settings_names_the_account_or_says_what_to_change() {
    let played = Played::start("meta").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed::default(), now);
    let probe = |token: &'static str| {
        let settings = [SETTINGS[0], ("*access_token", token), SETTINGS[2]];
        let session = played.session(&settings, &Collector::default());
        async move { Instagram.probe(&session).await }
    };
    let told = probe("account-token-2").await.expect("it is good");
    assert!(told.starts_with("the token is of @brand2; "), "{told}");
    assert!(matches!(probe("ended-account-token-1").await, Err(ConnectorError::AuthExpired)));
    // A page's token is of no account, and an account's token of no page.
    assert!(matches!(probe("page-token-1").await, Err(ConnectorError::Protocol(_))));
    let session = played.session(&SETTINGS[1..], &Collector::default());
    assert!(Instagram.probe(&session).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_of_an_account_without_a_page_is_there_once_and_files_are_refused_before_it_is_sent() {
    let played = played_for_replies().await;
    let base = played.base();
    let account = account(&[SETTINGS[0], SETTINGS[1], ("api_url", &base)]);
    let facts = facts(&Instagram, &account).await;
    assert_eq!((facts.native_id.as_str(), facts.handle.as_str()), ("17841400000000001", "brand1"));
    assert_eq!(facts.rule.visibilities, [ReplyVisibility::Public, ReplyVisibility::Private]);
    let sender = Sender { network: &Instagram, account: &account, facts: &facts };
    let mut faults = Faults::share(0.2);
    faults.slow_ms = 50;
    played.sandbox.inside().faults = faults;
    let before = played.sandbox.inside().world.all().count();
    let by_person = |said: &Said| matches!(said.who, Who::Person(_));
    for number in 0..12_usize {
        let text = format!("Уже смотрим: {number}");
        let mut outgoing = match number % 3 {
            0 => to(&played, Kind::Comment, by_person, &text),
            1 => to(&played, Kind::Message, by_person, &text),
            _ => to(
                &played,
                Kind::Comment,
                |said| said.answers.is_none() && said.id as usize > number && by_person(said),
                &text,
            ),
        };
        if number % 6 == 2 {
            outgoing.visibility = ReplyVisibility::Private;
        }
        deliver(&sender, &outgoing).await;
    }
    played.sandbox.inside().faults = Faults::default();
    assert_eq!(played.sandbox.inside().world.all().count(), before + 12);

    let mut message = to(&played, Kind::Message, by_person, "Счёт");
    let settings = Settings::new([("sign_in".to_owned(), "instagram".to_owned())].into(), Default::default());
    let files = Instagram.replies().expect("replies").attachments(&message.target, &settings, &facts);
    assert!(files.is_err_and(|why| why.en.contains("public addresses")));
    message.attachments.push(picture("a.png", None));
    assert_eq!(sender.refusal(&message).await, "attachment");
    let mention = reply(Urn::of("instagram", None, "media", "17900001000000001"), PostKind::Post, None, "Спасибо");
    assert_eq!(facts.scopes, Vec::<String>::new());
    assert!(Instagram.replies().expect("replies").may_reply(&mention.target, &settings, &facts).is_ok());
}
