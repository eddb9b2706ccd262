//! Letters answered through a real SMTP server that loses answers when told to.

use std::time::Duration;

use molva_connectors::mail::Mail;
use molva_connectors::{
    AccountFacts, AccountSession, Connector as _, ConnectorError, Outgoing, Replies, ReplyTarget, SendError,
};
use molva_domain::{Clock as _, PostKind, ReplyId, ReplyVisibility, SystemClock, Urn};

use crate::mail_server::{ALL, Servers, letter, servers, unique};
use crate::support::{Recorder, Run};

/// A letter from somebody to a shop of its own, and what a reply needs to know of it.
pub(crate) async fn question(servers: &Servers, from: &str) -> (String, Outgoing) {
    let number = unique();
    let (shop, id) = (format!("shop{number}"), format!("q{number}@post.example"));
    servers.deliver(from, &shop, &letter(from, &id, "References: <zero@post.example>", "no signal")).await;
    let target = ReplyTarget {
        urn: Urn::of("mail", None, "message", &id),
        kind: PostKind::Message,
        url: None,
        author_handle: Some(from.to_owned()),
        community: Some(format!("mail/{shop}@example.test")),
        in_reply_to: None,
        addressed: Vec::new(),
        published_at: SystemClock.now(),
    };
    let reply = Outgoing {
        id: ReplyId(number),
        target,
        text: "Уже чиним.\n.\nСпасибо!".to_owned(),
        visibility: ReplyVisibility::Private,
        first_tried_at: None,
        attachments: Vec::new(),
    };
    (shop, reply)
}

fn replies() -> &'static dyn Replies {
    Mail.replies().expect("mail is answered")
}

async fn facts(account: &AccountSession) -> AccountFacts {
    replies().probe(account).await.expect("the account is accepted")
}

#[tokio::test]
async fn a_reply_reaches_its_author_once_and_our_copy_of_it_is_no_news() {
    let Some(servers) = servers() else { return };
    let anna = format!("anna{}", unique());
    let (shop, mut reply) = question(&servers, &format!("{anna}@example.test")).await;
    let account = servers.account(&shop, &[("name", "Магазин")]);
    let facts = facts(&account).await;
    assert_eq!((facts.handle.as_str(), facts.name.as_deref()), (&*format!("{shop}@example.test"), Some("Магазин")));
    assert_eq!(replies().may_reply(&reply.target, &account.settings, &facts), Ok(()));
    let elsewhere = ReplyTarget { community: Some("mail/other@example.test".to_owned()), ..reply.target.clone() };
    let why = replies().may_reply(&elsewhere, &account.settings, &facts).map_err(|why| why.code);
    assert_eq!(why, Err("other_server"));
    assert_eq!(replies().find(&account, &facts, &reply).await, Ok(None));

    let sent = replies().send(&account, &facts, &reply).await.expect("it is sent");
    let id = format!("molva-{}@example.test", reply.id.0);
    assert_eq!(sent.urn, Urn::of("mail", None, "message", &id));
    reply.first_tried_at = Some(SystemClock.now());
    assert_eq!(replies().find(&account, &facts, &reply).await, Ok(Some(sent.clone())));
    assert_eq!(servers.imap(&anna).await.count("INBOX", &id).await, 1);

    // She hears us, and what she reads stands in her thread.
    let recorder = Recorder::default();
    let run = Run::start(&Mail, servers.session(&anna, &[ALL, ("username", &anna)], None, &recorder));
    recorder.until("the reply", |recorded| !recorded.items.is_empty()).await;
    run.stop().await;
    // Her mailbox is in our domain, so that only the number tells that it is a letter of ours.
    let seen = recorder.read(|recorded| format!("{:?}", recorded.items[0]));
    assert!(seen.contains("the copy of our own reply"), "{seen}");
    let mut imap = servers.imap(&anna).await;
    imap.ask("EXAMINE INBOX").await;
    let headers = imap.ask("FETCH 1 (BODY.PEEK[HEADER.FIELDS (SUBJECT IN-REPLY-TO REFERENCES)] BODY.PEEK[TEXT])").await;
    let parent = reply.target.urn.as_str().rsplit(':').next().expect("an id").to_owned();
    assert!(headers.contains("Subject: Re: Signal"), "{headers}");
    assert!(headers.contains(&format!("In-Reply-To: <{parent}>")), "{headers}");
    assert!(headers.contains(&format!("<zero@post.example> <{parent}>")), "{headers}");

    let recorder = Recorder::default();
    let run = Run::start(&Mail, servers.session(&shop, &[ALL], None, &recorder));
    recorder.until("the letter and our copy", |recorded| recorded.items.len() == 2).await;
    run.stop().await;
    assert_eq!(recorder.texts(), ["no signal"]);
}

#[tokio::test]
async fn an_answer_that_got_lost_is_looked_up_before_anything_is_sent_again() {
    let Some(servers) = servers() else { return };
    let (shop, mut reply) = question(&servers, "lost-answer@example.test").await;
    let account = servers.account(&shop, &[]);
    let facts = facts(&account).await;
    reply.first_tried_at = Some(SystemClock.now());
    let sent = replies().send(&account, &facts, &reply).await;
    assert!(matches!(sent, Err(SendError::Unsure { .. })), "{sent:?}");
    let found = replies().find(&account, &facts, &reply).await.expect("the mailbox answers");
    assert!(found.is_some(), "the copy proves that the letter was taken");
    let id = format!("molva-{}@example.test", reply.id.0);
    assert_eq!(servers.imap("lost-answer").await.count("INBOX", &id).await, 1);
}

#[tokio::test]
async fn a_letter_that_got_lost_is_sent_again_only_when_its_copy_had_time_to_come() {
    let Some(servers) = servers() else { return };
    let (shop, mut reply) = question(&servers, "lost-letter@example.test").await;
    let account = servers.account(&shop, &[]);
    let facts = facts(&account).await;
    reply.first_tried_at = Some(SystemClock.now());
    let sent = replies().send(&account, &facts, &reply).await;
    assert!(matches!(sent, Err(SendError::Unsure { .. })), "{sent:?}");
    let found = replies().find(&account, &facts, &reply).await;
    assert!(matches!(found, Err(ConnectorError::Transient { retry_after: Some(_), .. })), "{found:?}");
    reply.first_tried_at = Some(SystemClock.now().minus(Duration::from_secs(121)));
    assert_eq!(replies().find(&account, &facts, &reply).await, Ok(None));
    assert!(replies().send(&account, &facts, &reply).await.is_ok());
    let id = format!("molva-{}@example.test", reply.id.0);
    assert_eq!(servers.imap("lost-letter").await.count("INBOX", &id).await, 1);
}

#[tokio::test]
async fn a_refusal_says_whether_to_come_again() {
    let Some(servers) = servers() else { return };
    let outcome = async |from: &str, changes: &[(&str, &str)]| {
        let (shop, reply) = question(&servers, from).await;
        let facts = facts(&servers.account(&shop, &[])).await;
        match replies().send(&servers.account(&shop, changes), &facts, &reply).await {
            Ok(_) => "sent",
            Err(SendError::Refused { code, .. }) => code,
            Err(SendError::Later { .. }) => "later",
            Err(SendError::Unsure { .. }) => "unsure",
            Err(SendError::Account { expired, .. }) => ["account", "expired"][usize::from(expired)],
        }
    };
    assert_eq!(outcome("nobody@example.test", &[]).await, "recipient_refused");
    assert_eq!(outcome("spam@example.test", &[]).await, "not_accepted");
    let greylisted = format!("greylisted@{}.example.test", unique());
    assert_eq!(outcome(&greylisted, &[]).await, "later");
    assert_eq!(outcome("anna@example.test", &[("password", "guess")]).await, "account");
    assert_eq!(outcome("anna@example.test", &[("smtp_port", "1")]).await, "later");
    assert_eq!(outcome("anna@example.test", &[("mailbox", "Sent")]).await, "parent_gone");
}
