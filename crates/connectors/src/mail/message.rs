//! A letter as a post.

use mail_parser::{HeaderName, HeaderValue, Message, MessageParser, MessagePart, PartType};
use molva_domain::{
    Author, Community, Language, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn, Visibility,
};

use super::automatic::why_automatic;
use super::files::files_of;
use super::{NETWORK, digest, letter_urn, outgoing, quote};
use crate::html;
use crate::plain_text::{links_in, without_nul};
use crate::session::Item;

/// Most bytes of a subject and of a name.
const MAX_LINE_BYTES: usize = 1_024;

/// What is the same for all letters of a mailbox.
pub(super) struct Reader {
    pub(super) source_key: String,
    pub(super) community: Community,
    pub(super) language: Option<Language>,
    pub(super) now: Timestamp,
}

/// A letter as it came.
pub(super) struct Letter<'a> {
    pub(super) raw: &'a [u8],
    /// Its end is missing: it was too long to be read whole.
    pub(super) cut: bool,
    /// When it reached the mailbox.
    pub(super) arrived: Option<Timestamp>,
    /// For people: `letter 17`.
    pub(super) place: String,
}

impl Reader {
    pub(super) fn read(&self, letter: &Letter<'_>) -> Item {
        let read = MessageParser::default()
            .parse(letter.raw)
            .ok_or_else(|| (RejectionReason::Malformed, "it is no letter: there are no headers".to_owned()))
            .and_then(|message| self.post(&message, letter));
        match read {
            Ok(post) => Item::Post(Box::new(post)),
            Err((reason, message)) => {
                let head = &letter.raw[..letter.raw.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
                let sample = String::from_utf8_lossy(head);
                Item::Rejected(Rejection::new(reason, &*letter.place, message, &sample))
            }
        }
    }

    fn post(&self, message: &Message<'_>, letter: &Letter<'_>) -> Result<Post, (RejectionReason, String)> {
        let id = message.message_id().map(str::trim).filter(|id| !id.is_empty());
        if id.is_some_and(|id| outgoing::is_ours(id, sender(message).as_deref())) {
            return Err((RejectionReason::Automatic, "it is the copy of our own reply".to_owned()));
        }
        if let Some(why) = why_automatic(message) {
            return Err((RejectionReason::Automatic, why));
        }
        let text = text_of(message, letter)?;
        let title = message.subject().map(line).filter(|subject| !subject.is_empty());
        if text.is_empty() && title.is_none() {
            return Err((RejectionReason::EmptyText, "it has neither text nor subject".to_owned()));
        }
        if text.len() > Post::MAX_TEXT_BYTES {
            return Err((RejectionReason::TooLarge, "its text is longer than 1 MiB".to_owned()));
        }
        let written =
            message.date().filter(|date| date.is_valid()).map(|date| Timestamp::from_secs(date.to_timestamp()));
        let published = written
            .filter(|at| *at >= Timestamp::EARLIEST)
            .or(letter.arrived)
            .ok_or_else(|| (RejectionReason::InvalidDate, "it says no time that can be read".to_owned()))?;
        let urn = id.map_or_else(|| self.nameless(message, &text, published), letter_urn);
        Ok(Post {
            kind: PostKind::Message,
            visibility: Visibility::Direct,
            author: author(message),
            community: Some(self.community.clone()),
            title,
            language: self.language,
            in_reply_to: answered(message).map(|id| letter_urn(&id)),
            links: links_in(&text),
            media: files_of(message),
            ..Post::new(urn, NETWORK, text, published, self.now)
        })
    }

    /// A letter without a Message-ID is told by what it says.
    fn nameless(&self, message: &Message<'_>, text: &str, published: Timestamp) -> Urn {
        let from = sender(message).unwrap_or_default();
        let digest = digest::hex(&[&from, &published.to_rfc3339(), message.subject().unwrap_or_default(), text], 16);
        Urn::of(NETWORK, Some(&self.source_key), "nameless", &digest)
    }
}

/// The address in `From`, in lower case.
pub(super) fn sender(message: &Message<'_>) -> Option<String> {
    let address = message.from()?.first()?.address.as_deref()?.trim().to_ascii_lowercase();
    (!address.is_empty() && address.len() <= 320).then_some(address)
}

fn author(message: &Message<'_>) -> Author {
    let first = message.from().and_then(|from| from.first());
    let name = first.and_then(|from| from.name.as_deref()).map(line).filter(|name| !name.is_empty());
    let handle = sender(message);
    Author {
        urn: handle.as_deref().map(|address| Urn::of(NETWORK, None, "author", address)),
        name: name.or_else(|| handle.clone()),
        handle,
        ..Author::default()
    }
}

/// The Message-ID of what it answers: `In-Reply-To`, else the last of `References` (RFC 5322, 3.6.4).
fn answered(message: &Message<'_>) -> Option<String> {
    let last = |name| message.header(name).and_then(|value| ids(value).last().map(|id| (*id).to_owned()));
    last(HeaderName::InReplyTo).or_else(|| last(HeaderName::References))
}

/// Message-IDs of a header, without brackets.
pub(super) fn ids<'v>(value: &'v HeaderValue<'_>) -> Vec<&'v str> {
    match value {
        HeaderValue::Text(id) => vec![id.trim()],
        HeaderValue::TextList(ids) => ids.iter().map(|id| id.trim()).collect(),
        _ => Vec::new(),
    }
}

/// What a person would read, without what they answer.
fn text_of(message: &Message<'_>, letter: &Letter<'_>) -> Result<String, (RejectionReason, String)> {
    let mut pieces = Vec::new();
    let whole = message.subject().is_some_and(quote::passes_on);
    for part in message.text_bodies().take(32) {
        refuse_cut(part, letter)?;
        match &part.body {
            PartType::Text(text) => pieces.push(plain(text, whole)),
            PartType::Html(markup) => pieces.push(from_html(markup, whole)),
            _ => {}
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    if pieces.is_empty() {
        // Some programs leave the plain half of a letter blank.
        for part in message.html_bodies().take(32) {
            refuse_cut(part, letter)?;
            if let PartType::Html(markup) = &part.body {
                pieces.push(from_html(markup, whole));
            }
        }
        pieces.retain(|piece| !piece.is_empty());
    }
    Ok(pieces.join("\n\n"))
}

/// Half a text is not what was said.
fn refuse_cut(part: &MessagePart<'_>, letter: &Letter<'_>) -> Result<(), (RejectionReason, String)> {
    if letter.cut && part.raw_end_offset() as usize + 4 >= letter.raw.len() {
        return Err((RejectionReason::TooLarge, "its text ends behind the 4 MiB that are read of a letter".to_owned()));
    }
    Ok(())
}

/// Of a letter that passes another on, that one is what it is about: it stays whole.
fn plain(text: &str, whole: bool) -> String {
    let text = html::tidy(&without_nul(text));
    let text = text.trim();
    if whole { text } else { quote::own_words(text) }.to_owned()
}

fn from_html(markup: &str, whole: bool) -> String {
    let read = |markup: &str| html::to_plain(markup, None).text;
    if whole {
        return without_nul(&read(markup)).trim().to_owned();
    }
    let own = read(quote::own_markup(markup));
    // Nothing but a quotation: then that is the letter.
    let own = Some(quote::without_who_wrote(own.trim(), markup)).filter(|own| !own.is_empty()).map(str::to_owned);
    let text = own.unwrap_or_else(|| read(markup));
    quote::own_words(without_nul(&text).trim()).to_owned()
}

pub(super) fn line(text: &str) -> String {
    let line = html::one_line(text);
    line[..line.floor_char_boundary(MAX_LINE_BYTES)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_775_217_600);

    fn read(raw: &[u8], cut: bool) -> Item {
        let community = Community { key: "mail/info@shop.example".to_owned(), ..Community::default() };
        let reader = Reader { source_key: "7".to_owned(), community, language: None, now: NOW };
        reader.read(&Letter { raw, cut, arrived: Some(NOW), place: "letter 3".to_owned() })
    }

    fn post(raw: &[u8]) -> Post {
        match read(raw, false) {
            Item::Post(post) => *post,
            other => panic!("{other:?}"),
        }
    }

    fn rejected(raw: &[u8], cut: bool) -> (RejectionReason, String) {
        match read(raw, cut) {
            Item::Rejected(rejection) => (rejection.reason, rejection.message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_letter_in_an_old_charset_is_read_with_its_thread_and_its_author() {
        let mut raw = b"From: =?windows-1251?B?wO3t4A==?= <Anna@Post.Example>\r\nTo: info@shop.example\r\n\
            Subject: Re: =?UTF-8?B?0J3QtdGCINGB0LLRj9C30Lg=?=\r\nMessage-ID: <two@post.example>\r\n\
            In-Reply-To: <one@shop.example>\r\nReferences: <zero@post.example> <one@shop.example>\r\n\
            Date: Fri, 03 Apr 2026 12:00:00 +0300\r\nContent-Type: text/plain; charset=windows-1251\r\n\
            Content-Transfer-Encoding: 8bit\r\n\r\n"
            .to_vec();
        raw.extend(b"\xd1\xe2\xff\xe7\xfc \xef\xf0\xee\xef\xe0\xeb\xe0 https://status.example\r\n\r\n> old");
        let post = post(&raw);
        assert_eq!(post.urn.as_str(), "urn:smm:mail:message:two@post.example");
        assert_eq!((post.kind, post.visibility), (PostKind::Message, Visibility::Direct));
        assert_eq!(post.text, "Связь пропала https://status.example");
        assert_eq!(post.title.as_deref(), Some("Re: Нет связи"));
        assert_eq!(post.in_reply_to.as_ref().map(Urn::as_str), Some("urn:smm:mail:message:one@shop.example"));
        assert_eq!(
            (post.author.name.as_deref(), post.author.handle.as_deref()),
            (Some("Анна"), Some("anna@post.example"))
        );
        assert_eq!(post.links, ["https://status.example"]);
        assert_eq!(post.published_at.to_rfc3339(), "2026-04-03T09:00:00.000Z");
    }

    #[test]
    fn of_two_forms_the_plain_one_is_taken_and_a_letter_of_html_alone_is_read_too() {
        let two = b"From: a@b.example\r\nMessage-ID: <1@b>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n\
            --x\r\nContent-Type: text/plain\r\n\r\nplain words\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>marked words</b>\r\n--x--\r\n";
        assert_eq!(post(two).text, "plain words");
        let one = b"From: a@b.example\r\nMessage-ID: <2@b>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
            <p>first</p><p>second &amp; third</p><div class=\"gmail_quote\">old</div>";
        assert_eq!(post(one).text, "first\n\nsecond & third");
    }

    #[test]
    fn what_no_person_wrote_to_us_is_rejected_with_the_header_that_says_so() {
        let with = |header: &str| {
            let raw = format!("From: a@b.example\r\nMessage-ID: <1@b>\r\n{header}\r\n\r\nI am away");
            let (reason, message) = rejected(raw.as_bytes(), false);
            assert_eq!(reason, RejectionReason::Automatic, "{header}");
            message
        };
        assert_eq!(
            with("Auto-Submitted: auto-replied (vacation)"),
            "a program sent it (`Auto-Submitted: auto-replied`)"
        );
        assert_eq!(with("List-Unsubscribe: <https://b.example/u>"), "it went to a mailing list (`List-Unsubscribe`)");
        assert_eq!(with("Precedence: bulk"), "it was sent in bulk (`Precedence: bulk`)");
        assert_eq!(with("Return-Path: <>"), "it is a bounce");
        assert_eq!(
            with("Content-Type: multipart/report; report-type=delivery-status; boundary=x"),
            "it is a delivery report"
        );
        assert!(matches!(
            read(b"From: a@b.example\r\nMessage-ID: <1@b>\r\nAuto-Submitted: no\r\n\r\nhere I am", false),
            Item::Post(_)
        ));
    }

    #[test]
    fn our_own_reply_is_not_news_but_somebody_elses_letter_with_such_a_name_is() {
        let with =
            |from: &str| format!("From: {from}\r\nMessage-ID: <molva-42@shop.example>\r\n\r\nanswer").into_bytes();
        assert_eq!(rejected(&with("info@shop.example"), false).1, "it is the copy of our own reply");
        assert!(matches!(read(&with("eve@evil.example"), false), Item::Post(_)));
    }

    #[test]
    fn half_a_text_is_rejected_and_an_empty_letter_too() {
        let raw = b"From: a@b.example\r\nMessage-ID: <1@b>\r\n\r\nthe beginning of a long st";
        assert_eq!(rejected(raw, true).0, RejectionReason::TooLarge);
        assert_eq!(
            rejected(b"From: a@b.example\r\nMessage-ID: <1@b>\r\n\r\n\r\n", false).0,
            RejectionReason::EmptyText
        );
    }

    #[test]
    fn a_letter_without_a_name_is_the_same_at_every_look() {
        let raw = b"From: a@b.example\r\nSubject: x\r\nDate: Fri, 03 Apr 2026 12:00:00 +0300\r\n\r\nwords";
        assert_eq!(post(raw).urn, post(raw).urn);
        assert!(post(raw).urn.as_str().starts_with("urn:smm:mail:7:nameless:"));
    }
}
