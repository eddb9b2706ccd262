//! Our reply as a letter.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::ContentType;
use lettre::message::{self, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use mail_parser::{HeaderName, MessageParser};
use molva_domain::{ReplyId, Timestamp};

use super::is_plain_id;
use super::message::{ids, line, sender};
use crate::reply::Attachment;

/// Most ids repeated in `References`: the first letter of the thread and the newest.
const MAX_REFERENCES: usize = 20;

/// What is known of the letter that is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    /// Without brackets.
    pub(super) id: String,
    /// Where its author wants answers.
    pub(super) to: String,
    subject: String,
    /// Of the whole thread, oldest first.
    references: Vec<String>,
}

impl Answered {
    /// Reads the headers of a letter; `None` when nobody can be answered.
    pub(super) fn read(id: &str, headers: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse_headers(headers)?;
        let reply_to = message.reply_to().and_then(|to| to.first()).and_then(|to| to.address.as_deref());
        let to = reply_to.map(|to| to.trim().to_ascii_lowercase()).filter(|to| is_address(to));
        let to = to.or_else(|| sender(&message).filter(|from| is_address(from)))?;
        let mut references: Vec<String> = [HeaderName::References, HeaderName::InReplyTo]
            .into_iter()
            .find_map(|name| message.header(name).map(ids).filter(|ids| !ids.is_empty()))
            .unwrap_or_default()
            .into_iter()
            .filter(|id| is_plain_id(id))
            .map(str::to_owned)
            .collect();
        if references.len() >= MAX_REFERENCES {
            references.drain(1..references.len() + 2 - MAX_REFERENCES);
        }
        Some(Self { id: id.to_owned(), to, subject: line(message.subject().unwrap_or_default()), references })
    }
}

/// Whether a letter can be sent there; nothing else gets into a command.
pub(super) fn is_address(address: &str) -> bool {
    address.is_ascii() && !address.starts_with('-') && address.parse::<Address>().is_ok()
}

/// The Message-ID of a reply, without brackets: the same at every try.
pub(super) fn reply_message_id(reply: ReplyId, from: &str) -> String {
    format!("molva-{}@{}", reply.0, domain(from))
}

/// Whether a letter is a reply of ours: its name is of our making and its author has an address in the same domain.
pub(super) fn is_ours(id: &str, from: Option<&str>) -> bool {
    let (Some(from), Some((local, at))) = (from, id.split_once('@')) else { return false };
    let number = local.strip_prefix("molva-").and_then(|number| number.parse::<i64>().ok());
    number.is_some() && at.eq_ignore_ascii_case(domain(from))
}

pub(super) fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

/// Who writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct From<'a> {
    pub(super) address: &'a str,
    pub(super) name: Option<&'a str>,
}

/// The letter as it goes over the wire: headers encoded, lines ended by CR LF.
pub(super) fn letter(
    from: From<'_>,
    answered: &Answered,
    reply: ReplyId,
    text: &str,
    files: &[Attachment],
    at: Timestamp,
) -> Result<Vec<u8>, String> {
    let mailbox = |name: Option<&str>, address: &str| {
        let address = address.parse::<Address>().map_err(|error| format!("`{address}` is no address: {error}"))?;
        Ok::<_, String>(Mailbox::new(name.map(line).filter(|name| !name.is_empty()), address))
    };
    let references: Vec<String> = answered
        .references
        .iter()
        .filter(|id| **id != answered.id)
        .chain([&answered.id])
        .map(|id| format!("<{id}>"))
        .collect();
    let seconds = u64::try_from(at.as_secs()).unwrap_or(0);
    let builder = Message::builder()
        .from(mailbox(from.name, from.address)?)
        .to(mailbox(None, &answered.to)?)
        .subject(reply_subject(&answered.subject))
        .message_id(Some(format!("<{}>", reply_message_id(reply, from.address))))
        .in_reply_to(format!("<{}>", answered.id))
        .references(references.join(" "))
        .date(UNIX_EPOCH + Duration::from_secs(seconds));
    let words = SinglePart::plain(text.to_owned());
    let message = if files.is_empty() {
        builder.singlepart(words)
    } else {
        let mut whole = MultiPart::mixed().singlepart(words);
        for file in files {
            let media_type =
                ContentType::parse(&file.media_type).map_err(|error| format!("`{}`: {error}", file.media_type))?;
            whole = whole.singlepart(message::Attachment::new(line(&file.name)).body(file.bytes.clone(), media_type));
        }
        builder.multipart(whole)
    };
    let message = message.map_err(|error| format!("the letter cannot be written: {error}"))?;
    Ok(message.formatted())
}

/// `Re:` once, whatever stood there before.
fn reply_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some(after) = rest
        .get(..3)
        .filter(|head| head.eq_ignore_ascii_case("re:"))
        .map(|_| &rest[3..])
        .or_else(|| rest.strip_prefix("Отв:").or_else(|| rest.strip_prefix("НА:")))
    {
        rest = after.trim_start();
    }
    format!("Re: {rest}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use mail_parser::MimeHeaders as _;

    use super::*;

    const AT: Timestamp = Timestamp::from_secs(1_775_217_600);

    fn answered(headers: &str) -> Option<Answered> {
        Answered::read("two@post.example", headers.as_bytes())
    }

    #[test]
    fn a_reply_stands_in_the_thread_and_is_addressed_to_where_its_author_wants_it() {
        let headers = "From: =?UTF-8?B?0JDQvdC90LA=?= <anna@post.example>\r\nReply-To: team@post.example\r\n\
            Subject: RE: re: =?UTF-8?B?0J3QtdGCINGB0LLRj9C30Lg=?=\r\nReferences: <zero@post.example> <one@shop.example>\r\n\r\n";
        let answered = answered(headers).expect("a letter");
        let from = From { address: "info@shop.example", name: Some("Магазин") };
        let raw = letter(from, &answered, ReplyId(42), "Уже чиним.\n.\nСпасибо", &[], AT).expect("a letter");
        let read = MessageParser::default().parse(&raw).expect("it can be read");
        assert_eq!(read.subject(), Some("Re: Нет связи"));
        assert_eq!(read.message_id(), Some("molva-42@shop.example"));
        assert_eq!(read.in_reply_to().as_text(), Some("two@post.example"));
        assert_eq!(ids(read.references()), ["zero@post.example", "one@shop.example", "two@post.example"]);
        assert_eq!(read.to().and_then(|to| to.first()).and_then(|to| to.address.as_deref()), Some("team@post.example"));
        assert_eq!(read.from().and_then(|to| to.first()).and_then(|to| to.name.as_deref()), Some("Магазин"));
        assert_eq!(read.body_text(0).as_deref().map(str::trim_end), Some("Уже чиним.\r\n.\r\nСпасибо"));
        assert_eq!(read.date().map(|date| date.to_timestamp()), Some(AT.as_secs()));
    }

    #[test]
    fn files_go_with_the_letter_under_their_names() {
        let answered = answered("From: anna@post.example\r\nSubject: x\r\n\r\n").expect("a letter");
        let file = Attachment {
            name: "счёт\r\nX: y.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            alt: None,
            bytes: b"%PDF-1.7\n\0\xff".to_vec(),
        };
        let from = From { address: "info@shop.example", name: None };
        let raw = letter(from, &answered, ReplyId(1), "Вот счёт", &[file], AT).expect("a letter");
        let read = MessageParser::default().parse(&raw).expect("it can be read");
        assert_eq!(read.body_text(0).as_deref().map(str::trim_end), Some("Вот счёт"));
        let attached: Vec<_> = read.attachments().map(|part| (part.attachment_name(), part.contents())).collect();
        assert_eq!(attached, [(Some("счёт X: y.pdf"), &b"%PDF-1.7\n\0\xff"[..])]);
        assert!(read.header("X").is_none(), "{}", String::from_utf8_lossy(&raw));
    }

    #[test]
    fn headers_of_a_stranger_cannot_bring_in_headers_of_their_own() {
        let headers = "From: anna@post.example\r\nSubject: =?UTF-8?Q?a=0D=0ABcc:_eve@evil.example?=\r\n\
            References: <a@b\r\n\r\n";
        let answered = answered(headers).expect("a letter");
        let from = From { address: "info@shop.example", name: Some("x\r\nBcc: eve@evil.example") };
        let raw = letter(from, &answered, ReplyId(1), "hello", &[], AT).expect("a letter");
        let read = MessageParser::default().parse(&raw).expect("it can be read");
        assert!(read.bcc().is_none(), "{}", String::from_utf8_lossy(&raw));
        assert_eq!(read.subject(), Some("Re: a Bcc: eve@evil.example"));
    }

    #[test]
    fn a_letter_from_nobody_cannot_be_answered() {
        assert_eq!(answered("Subject: x\r\n\r\n"), None);
        assert_eq!(answered("From: =?UTF-8?Q?x?= <not an address>\r\n\r\n"), None);
    }

    #[test]
    fn a_long_thread_keeps_its_beginning_and_its_newest_letters() {
        let ids: Vec<String> = (0..60).map(|number| format!("<{number}@x.example>")).collect();
        let read =
            answered(&format!("From: a@b.example\r\nReferences: {}\r\n\r\n", ids.join("\r\n "))).expect("a letter");
        assert_eq!(read.references.len(), MAX_REFERENCES - 1);
        assert_eq!((&*read.references[0], &*read.references[1]), ("0@x.example", "42@x.example"));
    }
}
