//! A feed's text cut into its head and its entries, each made into a small well-formed feed of its own, so that the parser sees
//! them one by one.

use url::Url;

use super::markup::{self, Tag, TagKind, content_text, tags};
use crate::html;

/// Largest entry that is looked at.
pub(super) const MAX_ENTRY_BYTES: usize = 2 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// RSS 0.9x, 1.0 (RDF) and 2.0.
    Rss,
    Atom,
    /// Atom 0.3, which had other names for some things.
    OldAtom,
}

/// The text of one entry, as it stood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub raw: &'a str,
    /// Whether its end was found.
    pub complete: bool,
}

#[derive(Debug)]
pub(super) struct Pieces<'a> {
    pub dialect: Dialect,
    /// Everything about the feed itself, entries left out.
    pub head: String,
    pub entries: Vec<Piece<'a>>,
    /// Entries past the limit.
    pub left_out: usize,
    /// Namespaces and language of the outer elements, to be put around each entry.
    outer: String,
    /// What relative addresses refer to.
    pub base: Url,
}

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

/// Cuts a document; `None` when its root is not one of a feed.
pub(super) fn cut<'a>(text: &'a str, address: &Url, max_entries: usize) -> Option<Pieces<'a>> {
    let root = tags(text).find(|tag| matches!(tag.kind, TagKind::Open | TagKind::Empty))?;
    let namespace_is_old = root.attributes.contains("purl.org/atom/ns#");
    let dialect = match root.local() {
        "rss" | "RDF" | "rdf" | "channel" => Dialect::Rss,
        "feed" | "entry" if namespace_is_old || root.attribute("version") == Some("0.3") => Dialect::OldAtom,
        "feed" | "entry" => Dialect::Atom,
        _ => return None,
    };
    let entry_name = if dialect == Dialect::Rss { "item" } else { "entry" };
    let mut pieces = Pieces {
        dialect,
        head: String::new(),
        entries: Vec::new(),
        left_out: 0,
        outer: String::new(),
        base: address.clone(),
    };
    pieces.take_outer(&root);
    let mut open: Option<Tag<'_>> = None;
    let mut head_from = if root.local() == "entry" { text.len() } else { root.end };
    let mut in_channel = dialect != Dialect::Rss || root.local() == "channel";
    for tag in tags(text) {
        if tag.local() == entry_name {
            match (tag.kind, open) {
                (TagKind::Open, None) => {
                    pieces.push_head(text, head_from, tag.start, in_channel);
                    open = Some(tag);
                }
                // Another begins before this one has ended.
                (TagKind::Open, Some(first)) => {
                    pieces.push_entry(&text[first.start..tag.start], false, max_entries);
                    open = Some(tag);
                }
                (TagKind::Close, Some(first)) => {
                    pieces.push_entry(&text[first.start..tag.end], true, max_entries);
                    head_from = tag.end;
                    open = None;
                }
                _ => {}
            }
        } else if dialect == Dialect::Rss && tag.local() == "channel" && open.is_none() {
            if tag.kind == TagKind::Open {
                pieces.take_outer(&tag);
                in_channel = true;
                head_from = tag.end;
            } else {
                pieces.push_head(text, head_from, tag.start, in_channel);
                in_channel = false;
                head_from = tag.end;
            }
        }
    }
    match open {
        Some(first) => pieces.push_entry(&text[first.start..], false, max_entries),
        None => {
            let end = tags(text).filter(|tag| tag.kind == TagKind::Close && tag.name == root.name).last();
            pieces.push_head(text, head_from, end.map_or(text.len(), |tag| tag.start), in_channel);
        }
    }
    Some(pieces)
}

impl<'a> Pieces<'a> {
    fn push_head(&mut self, text: &str, from: usize, to: usize, in_channel: bool) {
        if in_channel && from < to && self.head.len() + to - from <= MAX_ENTRY_BYTES {
            self.head.push_str(&text[from..to]);
        }
    }

    fn push_entry(&mut self, raw: &'a str, complete: bool, max_entries: usize) {
        if self.entries.len() < max_entries {
            self.entries.push(Piece { raw, complete });
        } else {
            self.left_out += 1;
        }
    }

    /// Keeps the namespaces and the base address of an outer element.
    fn take_outer(&mut self, tag: &Tag<'_>) {
        for (name, value) in markup::attributes(tag.attributes) {
            let known = markup::attributes(&self.outer).any(|(known, _)| known == name);
            if name == "xml:base" {
                if let Some(base) = html::absolute(&html::to_line(value), Some(&self.base)) {
                    self.base = base;
                }
            } else if (name.starts_with("xmlns:") || name == "xml:lang") && !known && !value.contains(['<', '"']) {
                let value = match value {
                    "http://purl.org/atom/ns#" => "http://www.w3.org/2005/Atom",
                    "http://search.yahoo.com/mrss" => "http://search.yahoo.com/mrss/",
                    // Versions of RSS that differ in nothing an entry has.
                    "http://my.netscape.com/rdf/simple/0.9/"
                    | "http://channel.netscape.com/rdf/simple/0.9/"
                    | "http://purl.org/rss/1.0"
                    | "http://backend.userland.com/rss2"
                    | "http://purl.org/net/rss1.1#" => "http://purl.org/rss/1.0/",
                    other => other,
                };
                self.outer.push_str(&format!(" {name}=\"{value}\""));
            }
        }
    }

    /// A whole small feed around a piece, and what was kept from the parser.
    pub(super) fn wrap(&self, raw: &str) -> (String, Extras) {
        let (inner, extras) = rewrite(raw, self.dialect);
        let mut outer = self.outer.clone();
        for (prefix, namespace) in USUAL_NAMESPACES {
            if !markup::attributes(&self.outer).any(|(name, _)| name.strip_prefix("xmlns:") == Some(*prefix)) {
                outer.push_str(&format!(" xmlns:{prefix}=\"{namespace}\""));
            }
        }
        let whole = match self.dialect {
            Dialect::Rss => format!("<rss version=\"2.0\"{outer}><channel>{inner}</channel></rss>"),
            Dialect::Atom | Dialect::OldAtom => format!("<feed{outer}>{inner}</feed>"),
        };
        (whole, extras)
    }
}

/// Prefixes that are used without being declared.
const USUAL_NAMESPACES: &[(&str, &str)] = &[
    ("atom", "http://www.w3.org/2005/Atom"),
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("media", "http://search.yahoo.com/mrss/"),
];

/// Makes a fragment one that the parser takes: stray ampersands escaped, unknown entities resolved, comments dropped, names and
/// types of Atom 0.3 brought up to date, markup in the texts of RSS escaped.
fn rewrite(raw: &str, dialect: Dialect) -> (String, Extras) {
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

    fn address() -> Url {
        Url::parse("https://example.org/feed").expect("an address")
    }

    #[test]
    fn a_head_and_its_entries_come_apart() {
        let text = "<rss version='0.93'><channel xml:base='/b/'><title>T</title><item><title>1</title></item>\
                    <item><title>2</title></item><ttl>60</ttl></channel></rss>";
        let pieces = cut(text, &address(), 10).expect("a feed");
        assert_eq!(pieces.head, "<title>T</title><ttl>60</ttl>");
        let entries: Vec<_> = pieces.entries.iter().map(|piece| (piece.raw, piece.complete)).collect();
        assert_eq!(entries, [("<item><title>1</title></item>", true), ("<item><title>2</title></item>", true)]);
        assert_eq!(pieces.base.as_str(), "https://example.org/b/");
    }

    #[test]
    fn an_entry_cut_off_is_told_apart_from_whole_ones() {
        let text = "<feed><entry><id>1</id></entry><entry><id>2</id><entry><id>3</id></entry><entry><id>4";
        let pieces = cut(text, &address(), 3).expect("a feed");
        let complete: Vec<_> = pieces.entries.iter().map(|piece| piece.complete).collect();
        assert_eq!((complete, pieces.left_out), (vec![true, false, true], 1));
    }

    #[test]
    fn entries_outside_the_channel_belong_to_an_rdf_feed() {
        let text = "<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel><title>T</title><items/></channel><item rdf:about='u'/>\
                    <item rdf:about='v'><title>x</title></item><textinput><title>no</title></textinput></rdf:RDF>";
        let pieces = cut(text, &address(), 10).expect("a feed");
        assert_eq!((pieces.head.as_str(), pieces.entries.len()), ("<title>T</title><items/>", 1));
        assert_eq!(pieces.wrap(pieces.entries[0].raw).1.about.as_deref(), Some("v"));
    }

    #[test]
    fn a_page_is_no_feed() {
        assert!(cut("<!DOCTYPE html><html><item></item></html>", &address(), 10).is_none());
        assert!(cut("no markup", &address(), 10).is_none());
    }

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
