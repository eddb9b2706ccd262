//! A mailbox on a real Dovecot.

use std::sync::Arc;
use std::time::{Duration, Instant};

use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::mail::Mail;
use molva_connectors::{Connector as _, ConnectorError, Item, Report, Session, Settings};
use molva_domain::{GapCause, PostKind, RejectionReason, Secret, SystemClock, Visibility};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::mail_server::{ALL, letter, servers, unique};
use crate::support::{Recorder, Run};

#[tokio::test]
async fn letters_come_within_seconds_over_tls_and_stay_unread() {
    let Some(servers) = servers() else { return };
    let user = format!("listen{}", unique());
    servers.deliver("anna@example.test", &user, &letter("anna@example.test", "1@l", "", "нет связи")).await;
    let away = letter("anna@example.test", "2@l", "Auto-Submitted: auto-replied", "I am away");
    servers.deliver("anna@example.test", &user, &away).await;

    let recorder = Recorder::default();
    let run = Run::start(&Mail, servers.session(&user, &[ALL], None, &recorder));
    recorder.until("the letters that lay there", |recorded| recorded.items.len() == 2).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let sent = Instant::now();
    let answer = letter("anna@example.test", "3@l", "In-Reply-To: <1@l>", "всё ещё нет\r\n\r\n> нет связи");
    servers.deliver("anna@example.test", &user, &answer).await;
    recorder.until("the letter that was pushed", |recorded| recorded.items.len() == 3).await;
    eprintln!("a new letter was heard after {} ms", sent.elapsed().as_millis());
    assert!(sent.elapsed() < Duration::from_secs(60), "IDLE tells it, no poll");
    run.stop().await;

    let posts = recorder.posts();
    assert_eq!(posts.iter().map(|post| &*post.text).collect::<Vec<_>>(), ["нет связи", "всё ещё нет"]);
    assert_eq!(posts[1].in_reply_to.as_ref(), Some(&posts[0].urn));
    assert_eq!((posts[0].kind, posts[0].visibility), (PostKind::Message, Visibility::Direct));
    let community = posts[0].community.as_ref().map(|community| community.key.clone());
    assert_eq!(community, Some(format!("mail/{user}@example.test")));
    let rejected = recorder.read(|recorded| match &recorded.items[1] {
        Item::Rejected(rejection) => (rejection.reason, rejection.message.clone()),
        other => panic!("{other:?}"),
    });
    let why = "a program sent it (`Auto-Submitted: auto-replied`)".to_owned();
    assert_eq!(rejected, (RejectionReason::Automatic, why));
    let unseen = servers.imap(&user).await.unseen("INBOX").await;
    assert_eq!(unseen, "* STATUS INBOX (MESSAGES 3 UNSEEN 3)");

    // The next run goes on where this one stored its last letter.
    servers.deliver("anna@example.test", &user, &letter("anna@example.test", "4@l", "", "four")).await;
    let (cursor, later) = (recorder.read(|recorded| recorded.cursor.clone()), Recorder::default());
    let run = Run::start(&Mail, servers.session(&user, &[ALL], cursor, &later));
    later.until("the letter that came meanwhile", |recorded| !recorded.items.is_empty()).await;
    run.stop().await;
    assert_eq!(later.texts(), ["four"]);
}

#[tokio::test]
async fn a_mailbox_made_anew_is_read_anew_with_a_gap_that_closes() {
    let Some(servers) = servers() else { return };
    let user = format!("anew{}", unique());
    let mut imap = servers.imap(&user).await;
    imap.ask("CREATE Cases").await;
    imap.append("Cases", &[letter("a@b.example", "1@c", "", "one")]).await;
    let settings = [ALL, ("mailbox", "Cases"), ("imap_security", "starttls"), ("imap_port", &servers.imap.to_string())];
    let first = Recorder::default();
    let run = Run::start(&Mail, servers.session(&user, &settings, None, &first));
    first.until("the letter", |recorded| recorded.reports.contains(&Report::Alive)).await;
    run.stop().await;
    assert_eq!(first.texts(), ["one"]);

    imap.ask("DELETE Cases").await;
    // Numbers of mailboxes are seconds on this server.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    imap.ask("CREATE Cases").await;
    let both = [letter("a@b.example", "1@c", "", "one"), letter("a@b.example", "2@c", "", "two")];
    imap.append("Cases", &both).await;
    let second = Recorder::default();
    let cursor = first.read(|recorded| recorded.cursor.clone());
    let run = Run::start(&Mail, servers.session(&user, &settings, cursor, &second));
    second.until("the end of the gap", |recorded| recorded.reports.iter().any(is_closed)).await;
    run.stop().await;
    assert_eq!(second.texts(), ["one", "two"]);
    let causes = second.read(|recorded| recorded.reports.iter().filter_map(cause).collect::<Vec<_>>());
    assert_eq!(causes, [GapCause::CursorLost]);
    assert_eq!(first.posts()[0].urn, second.posts()[0].urn, "the same letter has the same name");
}

fn is_closed(report: &Report) -> bool {
    matches!(report, Report::GapClosed { .. })
}

fn cause(report: &Report) -> Option<GapCause> {
    if let Report::GapOpened { cause, .. } = report { Some(*cause) } else { None }
}

#[tokio::test]
async fn what_is_wrong_with_a_mailbox_is_told_in_its_kind() {
    let open = |settings: Settings, http: HttpClient| async move {
        let recorder = Recorder::default();
        let session = Session {
            source_key: "test".to_owned(),
            settings,
            cursor: None,
            clock: Arc::new(SystemClock),
            http,
            cancel: CancellationToken::new(),
            delivery: Arc::new(recorder),
            time_scale: 1.0,
            webhook_address: None,
            topics: None,
        };
        Mail.probe(&session).await
    };
    let password = || [("password".to_owned(), Secret::new("secret"))].into();
    let stranger = |security: &str| {
        let values = [("imap_host", "127.0.0.1"), ("imap_security", security), ("username", "anna")];
        Settings::new(values.map(|(key, value)| (key.to_owned(), value.to_owned())).into(), password())
    };
    // Nobody allowed this machine: neither in the open nor over TLS.
    for security in ["none", "tls", "starttls"] {
        let refused = open(stranger(security), HttpClient::new(HttpLimits::default())).await;
        assert!(matches!(refused, Err(ConnectorError::Blocked(_))), "{security}: {refused:?}");
    }

    let Some(servers) = servers() else { return };
    let http = || servers.http.clone();
    let told = open(servers.settings("probe", &[]), http()).await;
    assert_eq!(told, Ok("0 letters in `INBOX` of probe@example.test, new ones are told at once".to_owned()));
    let wrong = open(servers.settings("probe", &[("password", "guess")]), http()).await;
    assert!(matches!(&wrong, Err(ConnectorError::AuthRevoked(_))), "{wrong:?}");
    assert!(!format!("{wrong:?}").contains("guess"));
    let missing = open(servers.settings("probe", &[("mailbox", "Nowhere")]), http()).await;
    assert!(matches!(missing, Err(ConnectorError::NotFound(_))), "{missing:?}");
    // A certificate nobody vouches for.
    let hosts = vec!["localhost".to_owned()];
    let doubtful = HttpClient::new(HttpLimits { allowed_private_hosts: hosts, ..HttpLimits::default() });
    let refused = open(servers.settings("probe", &[]), doubtful).await;
    assert!(
        matches!(&refused, Err(ConnectorError::Unreachable(why)) if why.contains("--extra-ca-file")),
        "{refused:?}"
    );
    // Something that speaks, but no IMAP.
    let smtp = servers.smtp.to_string();
    let other = open(servers.settings("probe", &[("imap_port", &smtp), ("imap_security", "none")]), http()).await;
    assert!(matches!(other, Err(ConnectorError::Protocol(_))), "{other:?}");
}

/// Speaks as an IMAP server does that tells of a letter within the answer to a question, and not once more.
async fn telling_once() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.expect("a client");
        let (from, mut to) = client.split();
        to.write_all(b"* OK ready\r\n").await.expect("a greeting");
        let (mut lines, mut there) = (BufReader::new(from).lines(), 1);
        while let Ok(Some(line)) = lines.next_line().await {
            let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
            let told = match command.split(' ').next().unwrap_or_default() {
                "CAPABILITY" => "* CAPABILITY IMAP4rev1 IDLE\r\n".to_owned(),
                "EXAMINE" => format!("* {there} EXISTS\r\n* OK [UIDVALIDITY 7] numbers\r\n* OK [UIDNEXT 2] next\r\n"),
                "IDLE" => "+ idling\r\n".to_owned(),
                _ if command.contains("SEARCH") => format!("* SEARCH {there}\r\n"),
                _ if command.contains("RFC822.SIZE") => format!("* {there} FETCH (UID {there} RFC822.SIZE 60)\r\n"),
                _ if command.contains("BODY") => {
                    let letter = letter("a@b.example", &format!("{there}@x"), "", &format!("letter {there}"));
                    let answer =
                        format!("* {there} FETCH (UID {there} BODY[]<0> {{{}}}\r\n{letter})\r\n", letter.len());
                    there = 2;
                    answer + "* 2 EXISTS\r\n"
                }
                _ => String::new(),
            };
            let done = if command == "IDLE" { String::new() } else { format!("{tag} OK done\r\n") };
            if to.write_all((told + &done).as_bytes()).await.is_err() {
                return;
            }
        }
    });
    port
}

#[tokio::test]
async fn a_letter_that_was_told_of_while_another_was_read_is_not_waited_for() {
    let port = telling_once().await.to_string();
    let settings = [
        ALL,
        ("username", "anna@example.test"),
        ("imap_host", "127.0.0.1"),
        ("imap_port", &port),
        ("imap_security", "none"),
        ("smtp_host", "127.0.0.1"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()));
    let recorder = Recorder::default();
    let mut session = crate::support::session(&[], None, None, &recorder);
    session.settings = Settings::new(settings.into(), [("password".to_owned(), Secret::new("secret"))].into());
    let run = Run::start(&Mail, session);
    recorder.until("both letters", |recorded| recorded.items.len() >= 2).await;
    run.stop().await;
    assert_eq!(recorder.texts(), ["letter 1", "letter 2"]);
}
