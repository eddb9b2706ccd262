//! The bar of letters we send: each reaches its addressee once, whatever goes wrong with SMTP, and with IMAP, where it is looked up.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use molva_connectors::mail::Mail;
use molva_connectors::{AccountFacts, AccountSession, Connector as _, Outgoing, SendError};
use molva_domain::ReplyId;

use crate::bar::{PATIENCE, Row};
use crate::mail_relay::MailRelay;
use crate::mail_server::{servers, unique};
use crate::reply_mail::question;
use crate::reply_support::now;
use crate::smtp_relay::SmtpRelay;

/// Letters; `MOLVA_TEST_FILES` makes them more.
fn letters() -> usize {
    std::env::var("MOLVA_TEST_FILES").ok().and_then(|count| count.parse().ok()).unwrap_or(16).max(16)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replies_reach_their_author_once_whatever_goes_wrong_with_the_servers() {
    let Some(servers) = servers() else { return };
    let many = letters();
    let anna = format!("anna{}", unique());
    let (shop, first) = question(&servers, &format!("{anna}@example.test")).await;
    let smtp = SmtpRelay::start(servers.smtp, 3).await;
    // A silent server is waited for a minute; nothing here listens.
    let imap = MailRelay::start(servers.imap).await.without("no_end");
    let (smtp_port, imap_port) = (smtp.port.to_string(), imap.port.to_string());
    let account = servers.account(
        &shop,
        &[
            ("imap_host", "127.0.0.1"),
            ("imap_port", &imap_port),
            ("imap_security", "none"),
            ("smtp_host", "127.0.0.1"),
            ("smtp_port", &smtp_port),
            ("smtp_security", "none"),
        ],
    );
    let facts = Mail.replies().expect("replies").probe(&servers.account(&shop, &[])).await.expect("an account");
    imap.break_one_in(12);
    let started = Instant::now();
    let mut told = Vec::new();
    for number in 0..many {
        let reply = Outgoing {
            id: ReplyId(unique()),
            text: format!("Ответ {number}"),
            // Long enough ago for a copy to have come.
            first_tried_at: Some(now().minus(Duration::from_secs(121))),
            ..first.clone()
        };
        told.extend(deliver(&account, &facts, &reply, started + *PATIENCE).await.into_iter().map(str::to_owned));
        told.push(format!("sent {}", reply.id.0));
    }
    let seconds = started.elapsed().as_secs_f64();
    let sent: BTreeSet<String> = told.iter().filter_map(|word| word.strip_prefix("sent ")).map(str::to_owned).collect();
    let refused = told.len() - sent.len();
    let mut inbox = servers.imap(&anna).await;
    let (mut there, mut doubled) = (BTreeSet::new(), 0);
    for id in &sent {
        let copies = inbox.count("INBOX", &format!("molva-{id}@example.test")).await;
        doubled += usize::from(copies > 1);
        there.extend((copies > 0).then(|| id.clone()));
    }
    let mut counts = smtp.counts();
    let others = imap.counts();
    counts.requests.extend(others.requests);
    for (kind, times) in others.faults {
        *counts.faults.entry(kind).or_default() += times;
    }
    let row = Row { network: "mail", way: "replies over SMTP", sent: many, doubled, again: 0, seconds };
    row.print_with(&there, &sent, &counts, 0);
    eprintln!("{refused} times a person was told why a letter is not taken, and sent it again");
    assert_eq!((sent.len(), there == sent, doubled), (many, true, 0));
    smtp.faults_were_met();
}

/// As the outbox and a person do; what the person was told.
async fn deliver(
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
    until: Instant,
) -> Vec<&'static str> {
    let replies = Mail.replies().expect("replies");
    let mut told = Vec::new();
    while Instant::now() < until {
        match replies.send(account, facts, reply).await {
            Ok(_) => return told,
            Err(SendError::Refused { code, .. }) => told.push(code),
            Err(SendError::Later { .. }) => {}
            Err(SendError::Unsure { .. }) => loop {
                match replies.find(account, facts, reply).await {
                    Ok(Some(_)) => return told,
                    Ok(None) => break,
                    // A look that fails decides nothing.
                    Err(_) if Instant::now() < until => tokio::time::sleep(Duration::from_millis(20)).await,
                    Err(error) => panic!("{error}"),
                }
            },
            Err(SendError::Account { message, .. }) => panic!("{message}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it was never taken: {told:?}");
}
