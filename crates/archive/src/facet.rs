//! By what mentions are told apart and counted.

use molva_domain::{Intent, Intents, MentionState, Post, PostKind, Stage, Tone};
use molva_query::field::{host_of, normal_words};
use molva_text::Key;
use molva_text::hash::hash_letters;

use crate::schema::BY_LINK;

/// Longest value in bytes; of a longer one the beginning counts.
const MAX_VALUE: usize = 1_000;

macro_rules! facets {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// One side of mentions. A mention has at most one value of most; of intents, tags, hashtags, links, emoji and words it
        /// has any number, each once.
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
    Intent = "intent",
    Stage = "stage",
    /// `yes` from [`crate::Filter::SPAM`] on, or `no`. Without a value: nobody judged it.
    Spam = "spam",
    /// Digits of the story's id.
    Story = "story",
    /// `people` when a person set a part of the judgement, else `machine`. Without a value: nobody judged it.
    JudgedBy = "judged_by",
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
            Self::Kind
            | Self::State
            | Self::Tone
            | Self::Intent
            | Self::Stage
            | Self::Spam
            | Self::JudgedBy
            | Self::Author => None,
            Self::Topic => Some("by_topic"),
            Self::Network => Some("by_network"),
            Self::Site => Some("by_site"),
            Self::Community => Some("by_community"),
            Self::Language => Some("by_language"),
            Self::Story => Some("by_story"),
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

/// The low-cardinality sides of a mention, packed into one number, from the lowest bit: state 2 bits, tone 2 (0: not judged),
/// copy 1, spam 2 (0: not judged, 1: no, 2: yes), kind 3, stage 3 (0: at none), judge 2 (0: nobody, 1: machine, 2: people),
/// intents 10, length 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) state: MentionState,
    pub(crate) tone: Option<Tone>,
    pub(crate) copy: bool,
    pub(crate) spam: Option<bool>,
    pub(crate) kind: PostKind,
    pub(crate) stage: Option<Stage>,
    pub(crate) judge: Option<Judge>,
    pub(crate) intents: Intents,
    /// Binary digits of the number of tokens, at most 15.
    pub(crate) length: u32,
}

/// Who judged a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judge {
    Machine,
    People,
}

const KIND: u32 = 7;
const STAGE: u32 = 10;
const JUDGE: u32 = 13;
const INTENTS: u32 = 15;
const LENGTH: u32 = INTENTS + Intent::ALL.len() as u32;

impl Marks {
    pub(crate) const fn pack(self) -> u64 {
        let tone = match self.tone {
            None => 0,
            Some(tone) => tone as u64 + 1,
        };
        let spam = match self.spam {
            None => 0,
            Some(spam) => spam as u64 + 1,
        };
        let stage = match self.stage {
            None => 0,
            Some(stage) => stage as u64 + 1,
        };
        let judge = match self.judge {
            None => 0,
            Some(judge) => judge as u64 + 1,
        };
        self.state as u64
            | tone << 2
            | (self.copy as u64) << 4
            | spam << 5
            | (self.kind as u64) << KIND
            | stage << STAGE
            | judge << JUDGE
            | (self.intents.bits() as u64) << INTENTS
            | (self.length as u64) << LENGTH
    }
}

/// The part of packed marks that a facet is about: the number of its value, counted from one; 0 without one.
pub(crate) const fn mark_code(facet: Facet, marks: u64) -> u64 {
    match facet {
        Facet::State => (marks & 3) + 1,
        Facet::Tone => tone_code(marks),
        Facet::Spam => (marks >> 5) & 3,
        Facet::Stage => (marks >> STAGE) & 7,
        Facet::JudgedBy => (marks >> JUDGE) & 3,
        _ => ((marks >> KIND) & 7) + 1,
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
    mark_code(Facet::Spam, marks) == 2
}

/// As [`Intents::bits`].
pub(crate) const fn intent_bits(marks: u64) -> u64 {
    marks >> INTENTS & ((1 << Intent::ALL.len()) - 1)
}

/// Numbers of the bits that are set, ascending.
pub(crate) fn each_bit(mut bits: u64) -> impl Iterator<Item = u64> {
    std::iter::from_fn(move || {
        let lowest = u64::from(bits.trailing_zeros());
        (bits != 0).then(|| {
            bits &= bits - 1;
            lowest
        })
    })
}

pub(crate) const fn length_code(marks: u64) -> u64 {
    marks >> LENGTH
}

/// Names of the values of a facet that is part of the marks, in the order of [`mark_code`], of intents in that of their bits;
/// `None` for the others.
pub(crate) fn mark_names(facet: Facet) -> Option<Vec<&'static str>> {
    match facet {
        Facet::State => Some(MentionState::ALL.iter().map(|state| state.as_str()).collect()),
        Facet::Tone => Some(Tone::ALL.iter().map(|tone| tone.as_str()).collect()),
        Facet::Kind => Some(PostKind::ALL.iter().map(|kind| kind.as_str()).collect()),
        Facet::Intent => Some(Intent::ALL.iter().map(|intent| intent.as_str()).collect()),
        Facet::Stage => Some(Stage::ALL.iter().map(|stage| stage.as_str()).collect()),
        Facet::Spam => Some(vec!["no", "yes"]),
        Facet::JudgedBy => Some(vec!["machine", "people"]),
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
        let intents = Intents::EMPTY.with(Intent::Complaint).with(Intent::Spam);
        for (state, tone, kind, spam, stage, judge) in [
            (MentionState::New, None, PostKind::Post, None, None, None),
            (
                MentionState::Binned,
                Some(Tone::Positive),
                PostKind::Article,
                Some(true),
                Some(Stage::Leave),
                Some("people"),
            ),
            (
                MentionState::Kept,
                Some(Tone::Negative),
                PostKind::Quote,
                Some(false),
                Some(Stage::Search),
                Some("machine"),
            ),
        ] {
            let judged_by = judge.map(|judge| if judge == "people" { Judge::People } else { Judge::Machine });
            let marks =
                Marks { state, tone, copy: true, spam, kind, stage, judge: judged_by, intents, length: 15 }.pack();
            let name = |facet| {
                mark_code(facet, marks).checked_sub(1).map(|code| mark_names(facet).unwrap_or_default()[code as usize])
            };
            assert_eq!(name(Facet::State), Some(state.as_str()));
            assert_eq!(name(Facet::Tone), tone.map(Tone::as_str));
            assert_eq!(name(Facet::Kind), Some(kind.as_str()));
            assert_eq!(name(Facet::Spam), spam.map(|spam| if spam { "yes" } else { "no" }));
            assert_eq!(name(Facet::Stage), stage.map(Stage::as_str));
            assert_eq!(name(Facet::JudgedBy), judge);
            assert_eq!((is_copy(marks), is_spam(marks), length_code(marks)), (true, spam == Some(true), 15));
            assert_eq!(each_bit(intent_bits(marks)).collect::<Vec<_>>(), [0, 9]);
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
