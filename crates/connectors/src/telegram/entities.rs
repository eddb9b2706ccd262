//! What stands in a text: Telegram names places by UTF-16 units.

use serde::Deserialize;

/// As the network tells it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entity {
    #[serde(rename = "type")]
    pub kind: String,
    pub offset: usize,
    pub length: usize,
    /// Behind words (`text_link`).
    pub url: Option<String>,
}

/// The addresses of a text: those written in it, and those behind its words.
pub(super) fn links(text: &str, entities: &[Entity]) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    for entity in entities {
        let link = match (entity.kind.as_str(), &entity.url) {
            ("text_link", Some(url)) => Some(url.clone()),
            ("url", _) => slice(text, entity.offset, entity.length).map(with_scheme),
            _ => None,
        };
        links.extend(link.filter(|link| !links.contains(link)));
    }
    links
}

/// `example.com` is an address in Telegram.
fn with_scheme(address: &str) -> String {
    if address.contains("://") { address.to_owned() } else { format!("https://{address}") }
}

/// So many UTF-16 units from there on; `None` when they do not fall between characters, or outside.
fn slice(text: &str, offset: usize, length: usize) -> Option<&str> {
    let end = offset.checked_add(length)?;
    let (mut at, mut start) = (0, None);
    for (index, character) in text.char_indices() {
        if at == offset {
            start = Some(index);
        }
        if at == end {
            return text.get(start?..index);
        }
        at += character.len_utf16();
    }
    if at == end { text.get(start?..) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(kind: &str, offset: usize, length: usize, url: Option<&str>) -> Entity {
        Entity { kind: kind.to_owned(), offset, length, url: url.map(str::to_owned) }
    }

    #[test]
    fn places_are_counted_in_utf_16_and_wrong_ones_are_nothing() {
        let text = "😀я👍🏽 a.example конец";
        assert_eq!(slice(text, 0, 2), Some("😀"));
        assert_eq!(slice(text, 2, 1), Some("я"));
        assert_eq!(slice(text, 8, 9), Some("a.example"));
        assert_eq!(slice(text, 18, 5), Some("конец"));
        for (offset, length) in [(1, 1), (0, 1), (18, 6), (99, 1), (usize::MAX, 2)] {
            assert_eq!(slice(text, offset, length), None, "{offset} {length}");
        }
    }

    #[test]
    fn addresses_are_found_in_the_text_and_behind_words() {
        let found = [
            entity("text_link", 0, 2, Some("https://b.example/x")),
            entity("url", 8, 9, None),
            entity("hashtag", 2, 1, None),
            entity("url", 900, 9, None),
            entity("text_link", 2, 1, Some("https://b.example/x")),
        ];
        assert_eq!(links("😀я👍🏽 a.example конец", &found), ["https://b.example/x", "https://a.example"]);
    }
}
