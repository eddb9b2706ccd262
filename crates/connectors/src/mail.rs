//! E-mail: a mailbox is listened to over IMAP (RFC 3501, IDLE of RFC 2177) and answered over SMTP (RFC 5321).
//!
//! Reading never changes the mailbox: it is opened with `EXAMINE` and letters are fetched with `BODY.PEEK`. What a letter is
//! called on the network is its Message-ID, and so is what we answer with; see [`replies`] for what that is worth.

mod automatic;
mod descriptor;
mod dialogue;
mod files;
mod imap;
#[cfg(test)]
mod letters;
mod listener;
mod message;
mod metered;
mod oauth;
mod outgoing;
mod quote;
mod replies;
mod server;
mod sign_in;
mod smtp;

use molva_domain::Urn;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::digest;
use crate::error::ConnectorError;
use crate::oauth::OAuth;
use crate::reply::Replies;
use crate::session::Session;
use descriptor::DESCRIPTOR;
use imap::Imap;
use replies::MailReplies;
use server::{Login, MailServer};

pub(crate) const NETWORK: &str = "mail";

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Mail;

impl Connector for Mail {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            let (server, login) = (MailServer::imap(&settings)?, Login::of(&settings)?);
            let name = settings.text("mailbox").unwrap_or("INBOX");
            let mut imap = Imap::open(&session.http, &server, &login).await?;
            let mailbox = imap.examine(name).await?;
            let how = if imap.can_idle() { "new ones are told at once" } else { "asked for once a minute" };
            imap.leave().await;
            Ok(format!("{} letters in `{name}` of {}, {how}", mailbox.letters, login.user))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(listener::listen(session))
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&MailReplies)
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&oauth::OAUTH)
    }
}

/// The URN of a letter by its Message-ID, without the angle brackets. Everybody who got the letter knows it by this name.
fn letter_urn(message_id: &str) -> Urn {
    let urn = Urn::of(NETWORK, None, "message", message_id);
    if urn.as_str().len() <= Urn::MAX_BYTES {
        return urn;
    }
    Urn::of(NETWORK, None, "digest", &digest::hex(&[message_id], 32))
}

/// The Message-ID in a URN, if there is one.
fn message_id_of(urn: &Urn) -> Option<String> {
    let encoded = urn.as_str().strip_prefix("urn:smm:mail:message:")?;
    let id = percent_encoding::percent_decode_str(encoded).decode_utf8().ok()?;
    is_plain_id(&id).then(|| id.into_owned())
}

/// Whether a Message-ID can stand in a header and in a command: printable, without blanks and brackets.
fn is_plain_id(id: &str) -> bool {
    (3..=400).contains(&id.len())
        && id.contains('@')
        && id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\(){}".contains(&byte))
}

/// The key of the mailbox as the place of its letters: `mail/info@example.org`.
fn community_key(login: &str, host: &str) -> String {
    let login = login.trim().to_ascii_lowercase();
    if login.contains('@') { format!("{NETWORK}/{login}") } else { format!("{NETWORK}/{login}@{host}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_named_by_its_message_id_and_found_by_it_again() {
        let urn = letter_urn("CAF+x=1%@mail.example");
        assert_eq!(urn.as_str(), "urn:smm:mail:message:CAF%2Bx%3D1%25@mail.example");
        assert_eq!(message_id_of(&urn).as_deref(), Some("CAF+x=1%@mail.example"));
        let long = letter_urn(&format!("{}@a.example", "x".repeat(600)));
        assert!(long.as_str().starts_with("urn:smm:mail:digest:") && message_id_of(&long).is_none());
    }

    #[test]
    fn an_id_that_would_end_a_header_or_a_command_is_not_used() {
        for id in ["a@b\r\nBcc: x@y", "a b@c", "a\"@b", "nodomain", "я@пример", "a>@b"] {
            assert_eq!(message_id_of(&letter_urn(id)), None, "{id:?}");
        }
    }
}
