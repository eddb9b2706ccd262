//! What a message says, as a person would read it.

use molva_domain::MediaKind;
use serde_json::Value;

use crate::html;
use crate::plain_text::{MAX_LINK_BYTES, MAX_LINKS, links_in, without_nul};

/// The words of a message and what goes with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Empty for a file without a caption.
    pub text: String,
    pub links: Vec<String>,
    pub media: Option<MediaKind>,
    /// A program says so of itself.
    pub by_a_program: bool,
}

/// Reads the content of a message. `answers` when it says what it answers; `author` is whom an emote is about.
pub(super) fn read(content: &Value, answers: bool, author: &str) -> Said {
    let text = |key: &str| content.get(key).and_then(Value::as_str);
    let kind = text("msgtype").unwrap_or_default();
    let media = match kind {
        "m.image" => Some(MediaKind::Image),
        "m.video" => Some(MediaKind::Video),
        "m.audio" => Some(MediaKind::Audio),
        "m.file" => Some(MediaKind::Document),
        _ => None,
    };
    let body = text("body").unwrap_or_default();
    // Beside a file's name the body is its caption, else the body is the name.
    let silent = media.is_some() && text("filename").is_none_or(|name| name == body);
    if silent {
        return Said { media, ..Said::default() };
    }
    let formatted = text("formatted_body").filter(|_| text("format") == Some("org.matrix.custom.html"));
    let plain = formatted.map(|formatted| html::to_plain(&without_quote(formatted), None)).unwrap_or_default();
    let mut links: Vec<String> = plain.links.into_iter().filter(|link| !names_somebody(link)).collect();
    let mut said = plain.text;
    if said.trim().is_empty() {
        said = html::tidy(&without_nul(if answers { without_quoted_lines(body) } else { body }));
    }
    links.extend(links_in(&said));
    let mut known = Vec::new();
    for link in links.into_iter().filter(|link| link.len() <= MAX_LINK_BYTES) {
        if known.len() < MAX_LINKS && !known.contains(&link) {
            known.push(link);
        }
    }
    if kind == "m.emote" && !said.is_empty() {
        said = format!("{author} {said}");
    }
    Said { text: said, links: known, media, by_a_program: kind == "m.notice" }
}

/// Programs of before v1.13 put what is answered before the answer.
fn without_quote(formatted: &str) -> String {
    let end = "</mx-reply>";
    match (formatted.find("<mx-reply"), formatted.rfind(end)) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &formatted[..from], &formatted[to + end.len()..]),
        _ => formatted.to_owned(),
    }
}

/// The same in plain text: lines that begin with `>`, the first of them with a name, and the blank one after them. Other quotes are the author's.
fn without_quoted_lines(body: &str) -> &str {
    if !(body.starts_with("> <@") || body.starts_with("> * <@")) {
        return body;
    }
    let mut rest = body;
    while rest.starts_with('>') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest.strip_prefix('\n').unwrap_or(rest)
}

/// The name of a person is a link of the text's form, not one that its author gave.
fn names_somebody(link: &str) -> bool {
    link.strip_prefix("https://matrix.to/#/").is_some_and(|rest| rest.starts_with('@') || rest.starts_with("%40"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(content: &Value, answers: bool) -> String {
        read(content, answers, "Анна").text
    }

    #[test]
    fn a_formatted_message_is_read_without_markup_and_without_what_it_answers() {
        let content = json!({
            "msgtype": "m.text", "body": "> <@a:m.example> связь?\n\n**нет** её", "format": "org.matrix.custom.html",
            "formatted_body": "<mx-reply><blockquote>связь?</blockquote></mx-reply><a href=\"https://matrix.to/#/@a:m.example\">Анна</a>: \
                <b>нет</b> её, см. <a href=\"https://status.example/\">тут</a>\0",
        });
        let said = read(&content, true, "");
        assert_eq!(
            (said.text.as_str(), said.links),
            ("Анна: нет её, см. тут", vec!["https://status.example/".to_owned()])
        );
    }

    #[test]
    fn a_plain_answer_loses_the_quote_and_a_plain_quote_stays() {
        let content = json!({"msgtype": "m.text", "body": "> <@a:m.example> связь?\n> да?\n\nнет её\n> правда"});
        assert_eq!(text(&content, true), "нет её\n> правда");
        assert_eq!(text(&content, false), "> <@a:m.example> связь?\n> да?\n\nнет её\n> правда");
        assert_eq!(text(&json!({"msgtype": "m.text", "body": "> тариф\n\nдорого"}), true), "> тариф\n\nдорого");
    }

    #[test]
    fn a_file_says_its_caption_an_emote_its_author_and_a_notice_that_a_program_wrote_it() {
        let picture = json!({"msgtype": "m.image", "body": "нет связи", "filename": "a.png"});
        assert_eq!(
            read(&picture, false, ""),
            Said { text: "нет связи".into(), media: Some(MediaKind::Image), ..Said::default() }
        );
        assert_eq!(text(&json!({"msgtype": "m.file", "body": "a.pdf"}), false), "");
        assert_eq!(text(&json!({"msgtype": "m.file", "body": "a.pdf", "filename": "a.pdf"}), false), "");
        assert_eq!(text(&json!({"msgtype": "m.emote", "body": "ждёт"}), false), "Анна ждёт");
        assert!(read(&json!({"msgtype": "m.notice", "body": "сбой"}), false, "").by_a_program);
        assert_eq!(text(&json!({"msgtype": 7, "body": ["x"]}), false), "");
    }
}
