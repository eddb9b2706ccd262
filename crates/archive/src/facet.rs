//! By what mentions are told apart and counted.

use molva_domain::{MentionState, Post, PostKind, Tone};
use molva_query::field::{host_of, normal_words};
use molva_text::Key;
use molva_text::hash::hash_letters;

use crate::schema::BY_LINK;

/// Longest value in bytes; of a longer one the beginning counts.
const MAX_VALUE: usize = 1_000;

macro_rules! facets {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// One side of mentions. A mention has at most one value of most; of tags, hashtags, links, emoji and words it has
        /// any number, each once.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Facet {
            $($(#[$doc])* $name,)+
        }

        impl Facet {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name, lower case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

facets! {
    /// Digits of the topic's id.
    Topic = "topic",
    /// Lower case.
    Network = "network",
    /// The host of the post's address in lower case, without `www.`.
    Site = "site",
    /// The community's key, lower case.
    Community = "community",
    /// 16 hexadecimal digits: the hash of [`author_key`].
    Author = "author",
    /// Its two letters, as the network declares it or as it was detected.
    Language = "language",
    Kind = "kind",
    State = "state",
    /// Without a value: nobody judged it.
    Tone = "tone",
    Tag = "tag",
    Country = "country",
    Region = "region",
    /// As its author writes it.
    City = "city",
    /// The normal form with its `#`.
    Hashtag = "hashtag",
    /// A linked address as written, without what stands behind `?` and `#`.
    Link = "link",
    Emoji = "emoji",
    /// A word of title or text in its dictionary form; see `said.rs` for which words count.
    Word = "word",
}

impl Facet {
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|facet| facet.as_str() == name)
    }

    /// The column of its values; those of marks and authors have columns of their own.
    pub(crate) const fn column(self) -> Option<&'static str> {
        match self {
            Self::Kind | Self::State | Self::Tone | Self::Author => None,
            Self::Topic => Some("by_topic"),
            Self::Network => Some("by_network"),
            Self::Site => Some("by_site"),
            Self::Community => Some("by_community"),
            Self::Language => Some("by_language"),
            Self::Tag => Some("by_tag"),
            Self::Country => Some("by_country"),
            Self::Region => Some("by_region"),
            Self::City => Some("by_city"),
            Self::Hashtag => Some("by_hashtag"),
            Self::Link => Some(BY_LINK),
            Self::Emoji => Some("by_emoji"),
            Self::Word => Some("by_word"),
        }
    }
}

/// Who said it, as a name that stays: the author's URN; else network and handle; else network, site and name. `None` when
/// the network tells none of them. Figures name authors by its hash, see [`author_value`].
#[must_use]
pub fn author_key(post: &Post) -> Option<String> {
    let author = &post.author;
    if let Some(urn) = &author.urn {
        return Some(urn.as_str().to_owned());
    }
    let network = post.network.to_lowercase();
    if let Some(handle) = author.handle.as_deref().map(|handle| handle.trim_start_matches('@').to_lowercase())
        && !handle.is_empty()
    {
        return Some(format!("{network}/{handle}"));
    }
    let name = author.name.as_deref().map(normal_words).filter(|name| !name.is_empty())?;
    let site = post.url.as_deref().map(host_of).unwrap_or_default();
    Some(format!("{network}/{site}/{name}"))
}

/// The value of [`Facet::Author`] for a key: 16 hexadecimal digits.
#[must_use]
pub fn author_value(key: &str) -> String {
    format!("{:016x}", author_hash(key))
}

pub(crate) fn author_hash(key: &str) -> u64 {
    Key::of(hash_letters(key), molva_text::KeySpace::Sign).get()
}

/// A value as it stands in a column.
pub(crate) fn bounded_value(value: &str) -> &str {
    &value[..value.floor_char_boundary(MAX_VALUE)]
}

/// A linked address without what stands behind `?` and `#`.
pub(crate) fn plain_address(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// The low-cardinality sides of a mention, packed into one number:
/// state 2 bits, tone 2 (0: not judged), copy 1, spam 1, kind 3, length 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) state: MentionState,
    pub(crate) tone: Option<Tone>,
    pub(crate) copy: bool,
    pub(crate) spam: bool,
    pub(crate) kind: PostKind,
    /// Binary digits of the number of tokens, at most 15.
    pub(crate) length: u32,
}

/// Every packed number is below.
pub(crate) const MARKS_END: usize = 1 << 13;

impl Marks {
    pub(crate) const fn pack(self) -> u64 {
        let tone = match self.tone {
            None => 0,
            Some(tone) => tone as u64 + 1,
        };
        self.state as u64
            | tone << 2
            | (self.copy as u64) << 4
            | (self.spam as u64) << 5
            | (self.kind as u64) << 6
            | (self.length as u64) << 9
    }
}

/// The part of packed marks that a facet is about: the number of its value, counted from one; 0 without one.
pub(crate) const fn mark_code(facet: Facet, marks: u64) -> u64 {
    match facet {
        Facet::State => (marks & 3) + 1,
        Facet::Tone => tone_code(marks),
        _ => ((marks >> 6) & 7) + 1,
    }
}

/// 0: not judged; 1 to 3: negative, neutral, positive.
pub(crate) const fn tone_code(marks: u64) -> u64 {
    (marks >> 2) & 3
}

pub(crate) const fn is_copy(marks: u64) -> bool {
    marks >> 4 & 1 == 1
}

pub(crate) const fn is_spam(marks: u64) -> bool {
    marks >> 5 & 1 == 1
}

pub(crate) const fn length_code(marks: u64) -> u64 {
    marks >> 9
}

/// Names of the values of a facet that is part of the marks, in the order of [`mark_code`]; `None` for the others.
pub(crate) fn mark_names(facet: Facet) -> Option<Vec<&'static str>> {
    match facet {
        Facet::State => Some(MentionState::ALL.iter().map(|state| state.as_str()).collect()),
        Facet::Tone => Some(Tone::ALL.iter().map(|tone| tone.as_str()).collect()),
        Facet::Kind => Some(PostKind::ALL.iter().map(|kind| kind.as_str()).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facets_are_found_by_their_names() {
        for facet in Facet::ALL {
            assert_eq!(Facet::parse(facet.as_str()), Some(*facet));
        }
        assert_eq!(Facet::parse("x"), None);
    }

    #[test]
    fn marks_are_what_they_were_after_packing() {
        for (state, tone, kind) in [
            (MentionState::New, None, PostKind::Post),
            (MentionState::Binned, Some(Tone::Positive), PostKind::Article),
            (MentionState::Kept, Some(Tone::Negative), PostKind::Quote),
        ] {
            let marks = Marks { state, tone, copy: true, spam: false, kind, length: 15 }.pack();
            let name = |facet| {
                mark_code(facet, marks).checked_sub(1).map(|code| mark_names(facet).unwrap_or_default()[code as usize])
            };
            assert_eq!(name(Facet::State), Some(state.as_str()));
            assert_eq!(name(Facet::Tone), tone.map(|tone| tone.as_str()));
            assert_eq!(name(Facet::Kind), Some(kind.as_str()));
            assert_eq!((is_copy(marks), is_spam(marks), length_code(marks)), (true, false, 15));
            assert!((marks as usize) < MARKS_END);
        }
    }

    #[test]
    fn an_author_is_named_by_what_lasts() {
        let at = molva_domain::Timestamp::from_secs(0);
        let mut post = Post::new(molva_domain::Urn::new("urn:smm:x:post:1"), "RSS", String::new(), at, at);
        assert_eq!(author_key(&post), None);
        post.author.name = Some("Иван  Петров".to_owned());
        post.url = Some("https://www.news.example/1".to_owned());
        assert_eq!(author_key(&post).as_deref(), Some("rss/news.example/иван петров"));
        post.author.handle = Some("@Ivan".to_owned());
        assert_eq!(author_key(&post).as_deref(), Some("rss/ivan"));
        post.author.urn = Some(molva_domain::Urn::new("urn:smm:rss:author:7"));
        assert_eq!(author_key(&post).as_deref(), Some("urn:smm:rss:author:7"));
        assert_eq!(author_value("a").len(), 16);
    }
}
