//! A feed's text cut into its head and its entries, each made into a small well-formed feed of its own, so that the parser sees
//! them one by one.

use url::Url;

use super::markup::{self, Tag, TagKind, tags};
use super::rewrite::{Extras, rewrite};
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
}
