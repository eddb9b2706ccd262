//! 64-bit ids that sort by time: 42 bits of milliseconds since 2020, 9 bits of node, 12 bits of sequence.
//!
//! In JSON an id is a string, because a browser's numbers lose its last digits.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::clock::{Clock, Timestamp};

/// 2020-01-01T00:00:00Z in milliseconds.
const EPOCH_MS: i64 = 1_577_836_800_000;
const SEQUENCE_BITS: u32 = 12;
const NODE_BITS: u32 = 9;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// The moment the id was made, to the millisecond.
            #[must_use]
            pub const fn made_at(self) -> Timestamp {
                Timestamp::from_millis((self.0 >> (SEQUENCE_BITS + NODE_BITS)) + EPOCH_MS)
            }
        }

        impl $name {
            /// No id made at that moment or later is smaller.
            #[must_use]
            pub const fn first_at(at: Timestamp) -> Self {
                Self((at.as_millis() - EPOCH_MS) << (SEQUENCE_BITS + NODE_BITS))
            }
        }

        impl From<i64> for $name {
            fn from(raw: i64) -> Self {
                Self(raw)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

typed_id! {
    /// A tenant. Every row belongs to one.
    WorkspaceId,
    /// A person who works in Molva.
    UserId,
    /// A place posts are collected from.
    SourceId,
    /// What is listened for.
    TopicId,
    /// A named list that queries use.
    ListId,
    /// A stored post.
    PostId,
    /// A post that matched a topic.
    MentionId,
    /// One text told by many: reposts and near-duplicates. It is the id of the first post that told it.
    StoryId,
    /// A row of the event log; grows by one, in the order of commits.
    EventId,
    /// An API token.
    TokenId,
    /// A saved view of a page.
    ViewId,
    /// A note on the time line.
    AnnotationId,
    /// A stretch of time of which mentions were drawn, to be labelled by people.
    RoundId,
    /// A mention that was drawn.
    AuditId,
    /// A model that judges; [`ModelId::SHIPPED`] is the one that comes with Molva.
    ModelId,
    /// An identity of ours on a network, from which replies are sent.
    AccountId,
    /// What we say to a mention; also its name on the network, where the network lets us choose one.
    ReplyId,
    /// A file that goes with a reply.
    AttachmentId,
}

impl ModelId {
    pub const SHIPPED: Self = Self(0);
}

impl From<PostId> for StoryId {
    fn from(first: PostId) -> Self {
        Self(first.0)
    }
}

/// Makes ids that never repeat and never go back, on one node.
#[derive(Clone, Debug)]
pub struct IdGenerator {
    clock: Arc<dyn Clock>,
    node: i64,
    last: Arc<AtomicI64>,
}

impl IdGenerator {
    /// `node` tells processes apart that write to one database; its low nine bits count.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, node: u16) -> Self {
        Self { clock, node: i64::from(node) & ((1 << NODE_BITS) - 1), last: Arc::new(AtomicI64::new(0)) }
    }

    /// The next id. When more than 4,096 are asked for in a millisecond, or the clock goes back, it runs ahead of the clock.
    #[must_use]
    pub fn next<Id: From<i64>>(&self) -> Id {
        let now = (self.clock.now().as_millis() - EPOCH_MS).max(1) << SEQUENCE_BITS;
        let previous = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(now.max(last + 1)))
            .unwrap_or_default();
        let slot = now.max(previous + 1);
        let (millis, sequence) = (slot >> SEQUENCE_BITS, slot & ((1 << SEQUENCE_BITS) - 1));
        Id::from((((millis << NODE_BITS) | self.node) << SEQUENCE_BITS) | sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn ids_grow_even_when_the_clock_stands_still() {
        let start = Timestamp::from_secs(1_700_000_000);
        let ids = IdGenerator::new(Arc::new(ManualClock::at(start)), 7);
        let made: Vec<PostId> = (0..10_000).map(|_| ids.next()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(made[0].made_at(), start);
        assert!(PostId::first_at(start) <= made[0] && made[0] < PostId::first_at(Timestamp::from_secs(1_700_000_001)));
    }

    #[test]
    fn an_id_is_a_string_in_text_form() {
        let id = TopicId(9_007_199_254_740_993);
        assert_eq!(id.to_string().parse(), Ok(id));
    }
}
