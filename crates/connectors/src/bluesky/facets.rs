//! What is more than text in a text: addresses, mentions, tags. A record names them by bytes of UTF-8, whatever a person counts.
//! Follows `app.bsky.richtext.facet` and the detection of the network's own programs.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

/// Most facets of one record that we write.
const MAX_FACETS: usize = 50;
/// Longest tag by the lexicon, without the sign.
const MAX_TAG_GRAPHEMES: usize = 64;
const MAX_TAG_BYTES: usize = 640;

/// A piece of a text that is more than text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facet {
    /// Bytes of UTF-8.
    pub at: Range<usize>,
    pub feature: Feature,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    Link(String),
    /// A handle, without the `@`; whether there is such an account is another question.
    Mention(String),
    /// Without the `#`.
    Tag(String),
}

/// The facets of a text, in order, none over another.
pub(super) fn facets(text: &str) -> Vec<Facet> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        // What opens a bracket or a quotation belongs to the sentence.
        let opened = word.trim_start_matches(['(', '[', '{', '«', '„', '“', '"', '\'']);
        let start = at + word.len() - opened.len();
        at += word.len();
        if let Some((skipped, feature, length)) = feature(opened.trim_end()) {
            found.push(Facet { at: start + skipped..start + skipped + length, feature });
        }
        if found.len() == MAX_FACETS {
            break;
        }
    }
    found
}

/// The feature of a word, the bytes before it and its bytes.
fn feature(word: &str) -> Option<(usize, Feature, usize)> {
    if let Some(link) = link(word) {
        return Some(link);
    }
    if let Some(handle) = word.strip_prefix('@') {
        let end = handle.find(|sign: char| !(sign.is_ascii_alphanumeric() || ".-".contains(sign)));
        let handle = handle[..end.unwrap_or(handle.len())].trim_end_matches(['.', '-']);
        return is_domain(handle).then(|| (0, Feature::Mention(handle.to_ascii_lowercase()), 1 + handle.len()));
    }
    let (sign, tag) =
        word.strip_prefix('#').map(|tag| (1, tag)).or_else(|| Some(('＃'.len_utf8(), word.strip_prefix('＃')?)))?;
    let end = tag.find(['#', '＃', '\u{AD}', '\u{2060}', '\u{200B}']).unwrap_or(tag.len());
    let tag = tag[..end].trim_end_matches(|sign: char| is_punctuation(sign));
    let says = tag.chars().any(|sign| !sign.is_numeric() && !is_punctuation(sign)) && !tag.starts_with('\u{FE0F}');
    let fits = tag.len() <= MAX_TAG_BYTES && tag.graphemes(true).count() <= MAX_TAG_GRAPHEMES;
    (says && fits).then(|| (0, Feature::Tag(tag.to_owned()), sign + tag.len()))
}

/// `http://…` or `https://…`, also after a word that was not set apart from it.
fn link(word: &str) -> Option<(usize, Feature, usize)> {
    let starts = word.match_indices("http").map(|(at, _)| at);
    let start = starts
        .filter(|at| word[..*at].chars().next_back().is_none_or(|before| !before.is_alphanumeric()))
        .find(|at| ["http://", "https://"].into_iter().any(|scheme| word[*at..].starts_with(scheme)))?;
    let address = crate::plain_text::links_in(&word[start..]).into_iter().next()?;
    let length = address.len();
    Some((start, Feature::Link(address), length))
}

/// Two labels at least, the last of letters first.
fn is_domain(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-') && label.is_ascii()
    };
    labels.len() >= 2
        && name.len() <= 253
        && labels.iter().all(is_label)
        && labels.last().is_some_and(|last| last.starts_with(|sign: char| sign.is_ascii_alphabetic()))
}

/// Signs that end a sentence, not emoji and not letters.
fn is_punctuation(sign: char) -> bool {
    sign.is_ascii_punctuation() && sign != '_' || "…«»„“”‘’—–¿¡".contains(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, Feature)> {
        facets(text).into_iter().map(|facet| (&text[facet.at], facet.feature)).collect()
    }

    #[test]
    fn bytes_are_counted_behind_emoji_and_cyrillic() {
        let text = "👨‍👩‍👧 Привет, @Anna.bsky.social! См. https://status.example/я?q=1. #связь_есть";
        assert_eq!(
            shown(text),
            [
                ("@Anna.bsky.social", Feature::Mention("anna.bsky.social".to_owned())),
                ("https://status.example/я?q=1", Feature::Link("https://status.example/я?q=1".to_owned())),
                ("#связь_есть", Feature::Tag("связь_есть".to_owned())),
            ]
        );
        assert_eq!(facets("й 😀 #я").first().map(|facet| facet.at.clone()), Some(8..11));
    }

    #[test]
    fn the_sentence_around_does_not_belong_to_it() {
        assert_eq!(
            shown("(https://a.example/x_(y)), «#Москва!» @a.example. #🔥 ("),
            [
                ("https://a.example/x_(y)", Feature::Link("https://a.example/x_(y)".to_owned())),
                ("#Москва", Feature::Tag("Москва".to_owned())),
                ("@a.example", Feature::Mention("a.example".to_owned())),
                ("#🔥", Feature::Tag("🔥".to_owned())),
            ]
        );
    }

    #[test]
    fn what_only_looks_like_one_stays_text() {
        let long = format!("#{}", "я".repeat(65));
        for text in
            ["@anna", "mail@a.example", "#1", "#", "№#7", "# нет", "@-a.example", "xhttp://a", "http://", "#!", &long]
        {
            assert_eq!(shown(text), [], "{text}");
        }
        assert_eq!(facets(&"#a ".repeat(200)).len(), MAX_FACETS);
    }
}
