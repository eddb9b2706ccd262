//! Letters that no person wrote to us: they are counted, not listened to.

use mail_parser::{HeaderName, HeaderValue, Message};

/// What sort of automatic letter it is, in a sentence; `None` for a letter of a person.
pub(super) fn why_automatic(letter: &Message<'_>) -> Option<String> {
    let text = |name: &'static str| {
        let value = letter.header(HeaderName::Other(name.into())).or_else(|| letter.header(name));
        value.and_then(HeaderValue::as_text).map(|text| text.trim().to_ascii_lowercase())
    };
    let automatic = text("Auto-Submitted").filter(|value| !value.is_empty() && !value.starts_with("no"));
    if let Some(value) = automatic {
        let word: String = value.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
        return Some(format!("a program sent it (`Auto-Submitted: {word}`)"));
    }
    let lists = [HeaderName::ListId, HeaderName::ListPost, HeaderName::ListUnsubscribe, HeaderName::ListHelp];
    if let Some(list) = lists.into_iter().find(|name| letter.header(name.clone()).is_some()) {
        return Some(format!("it went to a mailing list (`{}`)", list.as_static_str()));
    }
    let bulk =
        text("Precedence").filter(|value| matches!(&**value, "bulk" | "list" | "junk" | "auto_reply" | "auto-reply"));
    if let Some(value) = bulk {
        return Some(format!("it was sent in bulk (`Precedence: {value}`)"));
    }
    if let Some(name) = ["X-Autoreply", "X-Autorespond", "X-Autoreply-From", "X-Mail-Autoreply"]
        .into_iter()
        .find(|name| text(name).is_some())
    {
        return Some(format!("a program sent it (`{name}`)"));
    }
    let kind = letter.header(HeaderName::ContentType).and_then(HeaderValue::as_content_type);
    if kind.is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("multipart") && kind.subtype() == Some("report")) {
        return Some("it is a delivery report".to_owned());
    }
    let from = letter.from().and_then(|from| from.first()).and_then(|from| from.address.as_deref());
    let local = from.and_then(|address| address.split('@').next()).unwrap_or_default().to_ascii_lowercase();
    if letter.header(HeaderName::Other("X-Failed-Recipients".into())).is_some() {
        return Some("it is a bounce (`X-Failed-Recipients`)".to_owned());
    }
    let nobody = letter.header_raw(HeaderName::ReturnPath).is_some_and(|path| path.trim() == "<>");
    (nobody || matches!(&*local, "mailer-daemon" | "postmaster")).then(|| "it is a bounce".to_owned())
}
