//! Tags of an XML text, found without insisting that it is well-formed: feeds often are not, and one broken entry must not
//! take the others with it.

/// Longest tag that is looked at as one; a quote that never closes ends here.
const MAX_TAG_BYTES: usize = 64 << 10;

/// One piece of markup and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub start: usize,
    /// After the closing bracket.
    pub end: usize,
    pub kind: TagKind,
    /// With its prefix, as written; empty for what has no name.
    pub name: &'a str,
    /// What stands between the name and the closing bracket.
    pub attributes: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    Open,
    Empty,
    Close,
    CData,
    /// Comments, processing instructions, document types.
    Other,
}

impl<'a> Tag<'a> {
    /// The name without its prefix.
    pub(super) fn local(&self) -> &'a str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        attributes(self.attributes).find(|(found, _)| *found == name).map(|(_, value)| value)
    }
}

/// Walks over the tags of a text.
pub(super) fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.find('<')?;
            match tag_at(text, start) {
                Ok(tag) => {
                    at = tag.end;
                    return Some(tag);
                }
                Err(NotATag { skip }) => at = text.ceil_char_boundary(start + skip),
            }
        }
    })
}

/// A bracket that opens nothing, and how many bytes need not be looked at again.
struct NotATag {
    skip: usize,
}

fn tag_at(text: &str, start: usize) -> Result<Tag<'_>, NotATag> {
    let rest = &text[start..];
    let until = |opening: usize, closing: &str| {
        rest[opening..].find(closing).map_or(text.len(), |at| start + opening + at + closing.len())
    };
    let nameless = |end: usize, kind: TagKind| Ok(Tag { start, end, kind, name: "", attributes: "" });
    if rest.starts_with("<![CDATA[") {
        return nameless(until(9, "]]>"), TagKind::CData);
    }
    if rest.starts_with("<!--") {
        return nameless(until(4, "-->"), TagKind::Other);
    }
    if rest.starts_with("<?") {
        return nameless(until(2, "?>"), TagKind::Other);
    }
    if rest.starts_with("<!") {
        let close = rest.find('>').map_or(rest.len(), |at| at + 1);
        let end = rest[..close].find('[').map_or(start + close, |bracket| until(bracket, "]>"));
        return nameless(end, TagKind::Other);
    }
    let bytes = rest.as_bytes();
    let closes = bytes.get(1) == Some(&b'/');
    let name_start = if closes { 2 } else { 1 };
    let name_end = |c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '<');
    let Some(name_length) = rest[name_start..].find(name_end) else { return Err(NotATag { skip: rest.len() }) };
    let name = &rest[name_start..name_start + name_length];
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return Err(NotATag { skip: 1 });
    }
    let attributes_start = name_start + name_length;
    let looked_at = bytes.len().min(attributes_start + MAX_TAG_BYTES);
    let Some(close) = closing_bracket(&bytes[..looked_at], attributes_start) else {
        return Err(NotATag { skip: looked_at });
    };
    let attributes = &rest[attributes_start..close];
    let (kind, attributes) = match attributes.strip_suffix('/') {
        _ if closes => (TagKind::Close, attributes),
        Some(attributes) => (TagKind::Empty, attributes),
        None => (TagKind::Open, attributes),
    };
    Ok(Tag { start, end: start + close + 1, kind, name, attributes })
}

/// The first `>` outside quotes, or, where a quote never closes, the first of all.
fn closing_bracket(bytes: &[u8], from: usize) -> Option<usize> {
    let mut quote = None;
    let mut first = None;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match (quote, *byte) {
            (None, b'>') => return Some(at),
            (Some(_), b'>') => first = first.or(Some(at)),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), closing) if open == closing => quote = None,
            _ => {}
        }
    }
    first
}

/// Names and raw values of attributes; those without a quoted value are passed over.
pub(super) fn attributes(mut rest: &str) -> impl Iterator<Item = (&str, &str)> {
    std::iter::from_fn(move || {
        loop {
            let equals = rest.find('=')?;
            let name = rest[..equals].trim().rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
            let after = rest[equals + 1..].trim_start();
            let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                rest = after;
                continue;
            };
            let value_length = after[1..].find(quote)?;
            let value = &after[1..=value_length];
            rest = &after[value_length + 2..];
            return Some((name, value));
        }
    })
}

/// The raw content of the first element of that name, with its prefix as written.
pub(super) fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut opened = None;
    for tag in tags(text) {
        match tag.kind {
            TagKind::Open if tag.name == name && opened.is_none() => opened = Some(tag.end),
            TagKind::Close if tag.name == name => return Some(&text[opened?..tag.start]),
            _ => {}
        }
    }
    None
}

/// The first element of that name as plain text on one line.
pub(super) fn element_text(text: &str, name: &str) -> Option<String> {
    let line = content_text(element(text, name)?);
    (!line.is_empty()).then_some(line)
}

/// Raw content as plain text: `CDATA` opened, markup and entities resolved.
pub(super) fn content_text(raw: &str) -> String {
    crate::html::to_line(&raw.replace("<![CDATA[", "").replace("]]>", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        tags(text).map(|tag| format!("{:?} {}", tag.kind, tag.name)).collect()
    }

    #[test]
    fn tags_are_found_past_everything_that_only_looks_like_them() {
        let text =
            "<?xml v?><!DOCTYPE a [<!ENTITY b '<c>'>]><a x='>'><!-- <d> --><![CDATA[<e>]]> 1 < 2 <f:g y=\"/\"/></a >";
        assert_eq!(names(text), ["Other ", "Other ", "Open a", "Other ", "CData ", "Empty f:g", "Close a"]);
    }

    #[test]
    fn a_quote_that_never_closes_ends_with_its_tag() {
        assert_eq!(names("<a x=\"1><b>t</b>"), ["Open a", "Open b", "Close b"]);
    }

    #[test]
    fn text_that_ends_in_a_tag_ends_quietly() {
        for text in ["<", "<a", "<a x='", "</", "<!", "<!--", "<![CDATA[", "<?", "<!DOCTYPE [", "<я", "<a/"] {
            assert!(names(text).len() <= 1, "{text}");
        }
    }

    #[test]
    fn attributes_are_read_in_both_quotes() {
        let found: Vec<_> = attributes(" a=\"1\" b = '2' c=3 d e=\"\" x:y='я'").collect();
        assert_eq!(found, [("a", "1"), ("b", "2"), ("e", ""), ("x:y", "я")]);
    }

    #[test]
    fn an_element_is_read_as_text() {
        let item =
            "<item><dc:creator><![CDATA[ Анна <b>К</b> ]]></dc:creator><slash:comments>7</slash:comments></item>";
        assert_eq!(element_text(item, "dc:creator").as_deref(), Some("Анна К"));
        assert_eq!(element_text(item, "slash:comments").as_deref(), Some("7"));
        assert_eq!(element_text(item, "comments"), None);
    }
}
