//! A mention: a post that matched a topic, and what people judged of it.

use crate::names::named_enum;

named_enum! {
    /// What the operator decided.
    pub enum MentionState {
        New = "new",
        Kept = "kept",
        Binned = "binned",
    }
}

named_enum! {
    /// Tone towards the topic's object, not of the text as a whole.
    pub enum Tone {
        Negative = "negative",
        Neutral = "neutral",
        Positive = "positive",
    }
}
