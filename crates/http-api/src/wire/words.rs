//! The domain's words as JSON strings with their list of values in the document.

use std::borrow::Cow;

use molva_domain::{
    AccountState, GapCause, Intent, ListKind, MediaKind, MentionState, PostKind, RejectionReason, ReplyState,
    ReplyVisibility, SourceState, Stage, Tone, TopicKind, TopicLevel, UntoldWhy, ViewPage,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
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

/// One word of a list, or `none`: the value is missing, which is a choice too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordOrNone<T>(pub Option<T>);

const NONE: &str = "none";

impl<T: WordList> WordOrNone<T> {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == NONE {
            return Some(Self(None));
        }
        T::ALL.iter().copied().find(|word| word.as_str() == text).map(|word| Self(Some(word)))
    }

    fn as_str(self) -> &'static str {
        self.0.map_or(NONE, T::as_str)
    }
}

impl<T: WordList> Serialize for WordOrNone<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, T: WordList> Deserialize<'de> for WordOrNone<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            let known: Vec<&str> = T::ALL.iter().map(|word| word.as_str()).chain([NONE]).collect();
            serde::de::Error::custom(format!("unknown value `{text}`, expected one of {}", known.join(", ")))
        })
    }
}

impl<T: WordList> PartialSchema for WordOrNone<T> {
    fn schema() -> RefOr<Schema> {
        let words = T::ALL.iter().map(|word| word.as_str()).chain([NONE]);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
    }
}

impl<T: WordList> ToSchema for WordOrNone<T> {
    fn name() -> Cow<'static, str> {
        format!("{}OrNone", T::NAME).into()
    }
}

// The derive macros read names, not types: an alias without parameters is what they understand.
pub type AccountStateWord = Word<AccountState>;
pub type GapCauseWord = Word<GapCause>;
pub type IntentWord = Word<Intent>;
pub type IntentOrNone = WordOrNone<Intent>;
pub type ListKindWord = Word<ListKind>;
pub type MediaKindWord = Word<MediaKind>;
pub type MentionStateWord = Word<MentionState>;
pub type PostKindWord = Word<PostKind>;
pub type RejectionReasonWord = Word<RejectionReason>;
pub type ReplyStateWord = Word<ReplyState>;
pub type ReplyVisibilityWord = Word<ReplyVisibility>;
pub type SourceStateWord = Word<SourceState>;
pub type StageWord = Word<Stage>;
pub type StageOrNone = WordOrNone<Stage>;
pub type ToneWord = Word<Tone>;
pub type TopicKindWord = Word<TopicKind>;
pub type TopicLevelWord = Word<TopicLevel>;
pub type UntoldWord = Word<UntoldWhy>;
pub type ViewPageWord = Word<ViewPage>;

impl WordList for AccountState {
    const NAME: &'static str = "AccountState";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for GapCause {
    const NAME: &'static str = "GapCause";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for Intent {
    const NAME: &'static str = "Intent";
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

impl WordList for ReplyState {
    const NAME: &'static str = "ReplyState";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for ReplyVisibility {
    const NAME: &'static str = "ReplyVisibility";
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

impl WordList for Stage {
    const NAME: &'static str = "Stage";
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

impl WordList for UntoldWhy {
    const NAME: &'static str = "UntoldWhy";
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
