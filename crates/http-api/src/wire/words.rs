//! The domain's words as JSON strings with their list of values in the document.

use std::borrow::Cow;

use molva_domain::{
    GapCause, ListKind, MediaKind, MentionState, PostKind, RejectionReason, SourceState, Tone, TopicKind, TopicLevel,
    ViewPage,
};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A closed list of words.
pub trait WordList: Copy + 'static {
    /// Name of the schema.
    const NAME: &'static str;
    const ALL: &'static [Self];

    fn as_str(self) -> &'static str;
}

/// One word of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Word<T>(pub T);

impl<T: WordList> PartialSchema for Word<T> {
    fn schema() -> RefOr<Schema> {
        let words = T::ALL.iter().map(|word| word.as_str());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
    }
}

impl<T: WordList> ToSchema for Word<T> {
    fn name() -> Cow<'static, str> {
        T::NAME.into()
    }
}

// The derive macros read names, not types: an alias without parameters is what they understand.
pub type GapCauseWord = Word<GapCause>;
pub type ListKindWord = Word<ListKind>;
pub type MediaKindWord = Word<MediaKind>;
pub type MentionStateWord = Word<MentionState>;
pub type PostKindWord = Word<PostKind>;
pub type RejectionReasonWord = Word<RejectionReason>;
pub type SourceStateWord = Word<SourceState>;
pub type ToneWord = Word<Tone>;
pub type TopicKindWord = Word<TopicKind>;
pub type TopicLevelWord = Word<TopicLevel>;
pub type ViewPageWord = Word<ViewPage>;

impl WordList for GapCause {
    const NAME: &'static str = "GapCause";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for ListKind {
    const NAME: &'static str = "ListKind";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for MediaKind {
    const NAME: &'static str = "MediaKind";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for MentionState {
    const NAME: &'static str = "MentionState";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for PostKind {
    const NAME: &'static str = "PostKind";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for RejectionReason {
    const NAME: &'static str = "RejectionReason";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for SourceState {
    const NAME: &'static str = "SourceState";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for Tone {
    const NAME: &'static str = "Tone";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for TopicKind {
    const NAME: &'static str = "TopicKind";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for TopicLevel {
    const NAME: &'static str = "TopicLevel";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for ViewPage {
    const NAME: &'static str = "ViewPage";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}
