//! A fragment of a feed made into one that the parser takes.

use super::markup::{self, Tag, TagKind, content_text, tags};
use super::pieces::Dialect;
use crate::html;

/// What the parser does not tell of an RSS entry, or cannot be trusted with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extras {
    pub author: Option<String>,
    pub author_url: Option<String>,
    pub comments: Option<u64>,
    /// `rdf:about`.
    pub about: Option<String>,
    /// A `guid` with `isPermaLink="false"` is no address.
    pub guid_is_no_link: bool,
}

/// Makes a fragment one that the parser takes: stray ampersands escaped, unknown entities resolved, comments dropped, names and
/// types of Atom 0.3 brought up to date, markup in the texts of RSS escaped.
pub(super) fn rewrite(raw: &str, dialect: Dialect) -> (String, Extras) {
    let mut out = String::with_capacity(raw.len() + 64);
    let mut extras = Extras::default();
    let mut copied = 0;
    // An element of RSS that is taken as a whole, and whether it has markup inside.
    let mut whole: Option<(Tag<'_>, bool)> = None;
    for tag in tags(raw) {
        if let Some((element, has_markup)) = &mut whole {
            if tag.kind == TagKind::Close && tag.name == element.name {
                let inner = &raw[element.end..tag.start];
                if WRITERS.contains(&element.name) {
                    extras.author = extras.author.or_else(|| author_name(inner));
                } else if !AUTHORS.contains(&element.name) {
                    push_text_element(&mut out, element, inner, *has_markup);
                }
                (copied, whole) = (tag.end, None);
            } else {
                *has_markup |= !matches!(tag.kind, TagKind::CData | TagKind::Other);
            }
            continue;
        }
        push_text(&mut out, &raw[copied..tag.start]);
        copied = tag.end;
        match tag.kind {
            TagKind::CData => push_cdata(&mut out, &raw[tag.start..tag.end]),
            TagKind::Other => {}
            TagKind::Open if dialect == Dialect::Rss && is_taken_whole(tag.name) => whole = Some((tag, false)),
            _ if dialect == Dialect::Rss => {
                if tag.local() == "guid" && tag.kind == TagKind::Open {
                    extras.guid_is_no_link = tag.attribute("isPermaLink") == Some("false");
                } else if tag.local() == "item" && tag.kind == TagKind::Open {
                    extras.about = tag.attribute("rdf:about").map(html::to_line);
                }
                push_text(&mut out, &raw[tag.start..tag.end]);
            }
            _ => push_atom_tag(&mut out, &tag, dialect),
        }
    }
    match whole {
        None => push_text(&mut out, &raw[copied..]),
        // It never ends: the parser is to see that.
        Some((element, _)) => push_text(&mut out, &raw[element.start..]),
    }
    let comments = markup::element_text(raw, "slash:comments").or_else(|| markup::element_text(raw, "thr:total"));
    extras.comments = comments.and_then(|count| count.parse().ok());
    (out, extras)
}

fn is_taken_whole(name: &str) -> bool {
    AUTHORS.contains(&name) || new_name(name).is_some()
}

/// Elements of RSS that hold text, often with markup that should have been escaped, and the name the parser knows them by.
fn new_name(name: &str) -> Option<&str> {
    match name {
        "title" | "description" | "content:encoded" => Some(name),
        // What came before `content:encoded`.
        "fullitem" | "body" | "xhtml:body" | "xhtml:div" => Some("content:encoded"),
        _ => None,
    }
}

/// Markup inside is escaped, as it should have been; otherwise nothing changes.
fn push_text_element(out: &mut String, element: &Tag<'_>, inner: &str, has_markup: bool) {
    let name = new_name(element.name).unwrap_or(element.name);
    out.push_str(&format!("<{name}>"));
    if has_markup {
        let inner = inner.replace("<![CDATA[", "").replace("]]>", "");
        out.push_str(&inner.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    } else {
        let mut copied = 0;
        for tag in tags(inner) {
            push_text(out, &inner[copied..tag.start]);
            if tag.kind == TagKind::CData {
                push_cdata(out, &inner[tag.start..tag.end]);
            }
            copied = tag.end;
        }
        push_text(out, &inner[copied..]);
    }
    out.push_str(&format!("</{name}>"));
}

fn push_cdata(out: &mut String, cdata: &str) {
    out.push_str(cdata);
    if !cdata.ends_with("]]>") {
        out.push_str("]]>");
    }
}

/// Elements of RSS whose content is a person; cut out, because the parser panics at an e-mail address beside a letter that is
/// not ASCII.
const AUTHORS: &[&str] =
    &["author", "dc:creator", "itunes:author", "managingEditor", "webMaster", "itunes:owner", "dc:contributor"];
/// Those of them who wrote the text.
const WRITERS: &[&str] = &["author", "dc:creator", "itunes:author"];

/// `anna@example.org (Анна)`, `Анна <anna@example.org>` and `Анна` are all Анна.
fn author_name(raw: &str) -> Option<String> {
    let line = content_text(raw);
    let in_brackets = line.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map(|(name, _)| name.trim());
    let name = match in_brackets {
        Some(name) if line.contains('@') && !name.is_empty() => name.to_owned(),
        _ => line.split(' ').filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" "),
    };
    let name = name.trim().to_owned();
    match name.is_empty() {
        // Nothing but an address: the part before the `@` is what a reader would call them.
        true => line.split('@').next().map(|local| local.trim_start_matches("mailto:").trim().to_owned()),
        false => Some(name),
    }
    .filter(|name| !name.is_empty())
}

fn push_atom_tag(out: &mut String, tag: &Tag<'_>, dialect: Dialect) {
    let local = tag.local();
    let text_construct =
        matches!(local, "title" | "summary" | "content" | "rights" | "subtitle" | "tagline" | "copyright");
    let renamed = match local {
        "issued" | "created" if dialect == Dialect::OldAtom => Some("published"),
        "modified" if dialect == Dialect::OldAtom => Some("updated"),
        _ => None,
    };
    if renamed.is_none() && !text_construct {
        out.push_str(if tag.kind == TagKind::Close { "</" } else { "<" });
        out.push_str(tag.name);
        push_text(out, tag.attributes);
        out.push_str(if tag.kind == TagKind::Empty { "/>" } else { ">" });
        return;
    }
    let name = renamed.unwrap_or(tag.name);
    if tag.kind == TagKind::Close {
        out.push_str(&format!("</{name}>"));
        return;
    }
    out.push_str(&format!("<{name}"));
    for (attribute, value) in markup::attributes(tag.attributes) {
        // With `src` the type is that of another document.
        let value = if attribute == "type" && tag.attribute("src").is_none() { plain_type(value) } else { value };
        out.push_str(&format!(" {attribute}=\""));
        push_text(out, &value.replace('"', "&quot;").replace('<', "&lt;"));
        out.push('"');
    }
    out.push_str(if tag.kind == TagKind::Empty { "/>" } else { ">" });
}

/// One of the three types of a text in Atom; what claims to be anything else is read as HTML.
fn plain_type(value: &str) -> &'static str {
    match value.trim().to_ascii_lowercase().as_str() {
        "" | "text" | "text/plain" => "text",
        "xhtml" | "application/xhtml+xml" | "application/xml" | "text/xml" => "xhtml",
        _ => "html",
    }
}

/// Copies text with every `&` part of a reference that XML knows.
fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let head = &rest.as_bytes()[1..rest.len().min(34)];
        let name = head.iter().position(|byte| *byte == b';').and_then(|length| rest.get(1..=length));
        match name {
            Some(name @ ("amp" | "lt" | "gt" | "quot" | "apos")) => {
                out.push_str(&rest[..name.len() + 2]);
                rest = &rest[name.len() + 2..];
            }
            Some(name)
                if name.starts_with('#')
                    || name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !name.is_empty() =>
            {
                let reference = &rest[..name.len() + 2];
                let resolved = html::to_plain(reference, None).text;
                if resolved == reference {
                    out.push_str("&amp;");
                    out.push_str(&reference[1..]);
                } else if resolved.contains(['&', '<', '>', '"', '\'']) {
                    out.push_str(if name.starts_with('#') { reference } else { " " });
                } else {
                    // A reference to a blank is read as nothing but still keeps words apart.
                    out.push_str(if resolved.is_empty() { " " } else { &resolved });
                }
                rest = &rest[reference.len()..];
            }
            _ => {
                out.push_str("&amp;");
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_end_as_xml_knows_them() {
        let mut out = String::new();
        push_text(&mut out, "A&B AT&T &amp; &#38; &lt;b&gt; &nbsp;&laquo;x&raquo; &#1071; &#0; &#60; &unknown; a&;b &");
        assert_eq!(out, "A&amp;B AT&amp;T &amp; &#38; &lt;b&gt;  «x» Я \u{fffd} &#60; &amp;unknown; a&amp;;b &amp;");
    }

    #[test]
    fn an_author_is_the_name_without_the_address() {
        let author = |raw: &str| rewrite(&format!("<item><author>{raw}</author></item>"), Dialect::Rss);
        assert_eq!(author("anna@example.org (Анна К.)").1.author.as_deref(), Some("Анна К."));
        assert_eq!(author("«Анна» &lt;anna@example.org&gt;").1.author.as_deref(), Some("«Анна»"));
        assert_eq!(author("anna@example.org").1.author.as_deref(), Some("anna"));
        assert_eq!(author("x").0, "<item></item>");
    }

    #[test]
    fn markup_in_a_text_of_rss_is_text() {
        let item = |inner: &str| rewrite(&format!("<item>{inner}</item>"), Dialect::Rss).0;
        assert_eq!(
            item("<title>a <b>c</b> &amp; d</i></title>"),
            "<item><title>a &lt;b&gt;c&lt;/b&gt; &amp;amp; d&lt;/i&gt;</title></item>"
        );
        assert_eq!(
            item("<title x='y'>a<![CDATA[<b>]]> & c</title>"),
            "<item><title>a<![CDATA[<b>]]> &amp; c</title></item>"
        );
        assert_eq!(
            item("<body><p>x</p></body>"),
            "<item><content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded></item>"
        );
        assert_eq!(item("<title>a"), "<item><title>a</item>");
    }

    #[test]
    fn old_atom_is_brought_up_to_date() {
        let entry = "<entry><title type='text/plain' mode='escaped'>A & B</title><issued>2003</issued><link type='text/html' href='?a=1&b=2'/></entry>";
        let expected = "<entry><title type=\"text\" mode=\"escaped\">A &amp; B</title><published>2003</published><link type='text/html' href='?a=1&amp;b=2'/></entry>";
        assert_eq!(rewrite(entry, Dialect::OldAtom).0, expected);
    }
}
