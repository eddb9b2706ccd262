//! What of all posts is looked for, in the words that any network's own search can be asked by.
//!
//! It is wider than the query it was made of, never narrower: what cannot be said here passes, and who asked decides afterwards.

use crate::id::TopicId;
use crate::names::named_enum;

/// What must be there. Texts are normal forms: small letters, `е` for `ё`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// One of these words.
    Word(Vec<String>),
    /// Words in a row, each in one of its spellings.
    Row(Vec<Vec<String>>),
    /// With its sign.
    Hashtag(String),
    /// With its sign.
    Mention(String),
    Emoji(String),
    /// Said by that person, by the name behind the `@`.
    Author(String),
    /// On this network, or not on it.
    Network {
        name: String,
        is: bool,
    },
    All(Vec<Self>),
    Any(Vec<Self>),
    /// Cannot be asked for: anything may pass here.
    Untold(Untold),
}

/// A part of a query that no search is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untold {
    pub why: UntoldWhy,
    /// As it stands in the query, its beginning.
    pub written: String,
}

named_enum! {
    /// Why a part of a query is not asked for.
    pub enum UntoldWhy {
        /// Words that begin so.
        Beginning = "beginning",
        /// How far apart words may stand; the words themselves are asked for.
        Distance = "distance",
        /// What must not be there.
        Excluded = "excluded",
        /// A field of the post.
        Field = "field",
        /// How many of several parts.
        Count = "count",
        /// A word so common that a search does not take it, or one of signs it does not know.
        Common = "common",
        /// More than a search takes.
        Long = "long",
        /// A search too many: a source makes so many and no more.
        Room = "room",
    }
}

impl Untold {
    /// Most letters that are told of a part.
    const MAX_WRITTEN: usize = 60;

    #[must_use]
    pub fn new(why: UntoldWhy, written: &str) -> Self {
        let mut head: String = written.chars().take(Self::MAX_WRITTEN).collect();
        if head.len() < written.len() {
            head.push('…');
        }
        Self { why, written: head }
    }
}

/// What a topic looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicSought {
    pub topic: TopicId,
    pub name: String,
    pub sought: Sought,
}
