//! Searching the archive: hits, counts, facets, the time line, changes to all that was found.

use molva_archive::{Facet, Order};
use molva_query::field::NumberField;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::mention::given;
use crate::wire::questions::rhythm::UnitWord;
use crate::wire::selection::{Incomplete, Selection};
use crate::wire::words::{IntentWord, MentionStateWord, StageOrNone, ToneWord};
use crate::wire::{Mention, Time};

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SearchOrder {
    #[default]
    Newest,
    Oldest,
    /// The author with most followers; unknown ones last.
    Reach,
    /// What says most about the query's words; without words the newest.
    Relevance,
}

impl SearchOrder {
    pub(crate) const fn order(self) -> Order {
        match self {
            Self::Newest => Order::Newest,
            Self::Oldest => Order::Oldest,
            Self::Reach => Order::Most(NumberField::Followers),
            Self::Relevance => Order::Relevance,
        }
    }

    /// Stands before a position, which means nothing in another order.
    pub(crate) const fn letter(self) -> char {
        match self {
            Self::Newest => 'n',
            Self::Oldest => 'o',
            Self::Reach => 'f',
            Self::Relevance => 'r',
        }
    }
}

/// A search.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    #[serde(default)]
    pub selection: Selection,
    /// Absent: newest.
    #[serde(default)]
    pub order: SearchOrder,
    /// `next_cursor` of the page before, of the same order.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Absent: 50.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// One page of what was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchPage {
    /// With the places of the search's own words in `found`, where there are any.
    pub items: Vec<Mention>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// Null: everything can be found.
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    /// Months of the period that cannot be searched just now: `2026-03`.
    pub missing: Vec<String>,
}

/// A selection to count.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountRequest {
    #[serde(default)]
    pub selection: Selection,
}

/// How many mentions are found, exactly.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchCount {
    pub count: u64,
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    pub missing: Vec<String>,
}

/// By what mentions are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FacetName {
    Topic,
    Network,
    Site,
    Community,
    Author,
    Language,
    Kind,
    State,
    Tone,
    Intent,
    Stage,
    Spam,
    Story,
    JudgedBy,
    Tag,
    Country,
    Region,
    City,
    Hashtag,
    Link,
    Emoji,
    Word,
}

impl From<FacetName> for Facet {
    fn from(name: FacetName) -> Self {
        match name {
            FacetName::Topic => Self::Topic,
            FacetName::Network => Self::Network,
            FacetName::Site => Self::Site,
            FacetName::Community => Self::Community,
            FacetName::Author => Self::Author,
            FacetName::Language => Self::Language,
            FacetName::Kind => Self::Kind,
            FacetName::State => Self::State,
            FacetName::Tone => Self::Tone,
            FacetName::Intent => Self::Intent,
            FacetName::Stage => Self::Stage,
            FacetName::Spam => Self::Spam,
            FacetName::Story => Self::Story,
            FacetName::JudgedBy => Self::JudgedBy,
            FacetName::Tag => Self::Tag,
            FacetName::Country => Self::Country,
            FacetName::Region => Self::Region,
            FacetName::City => Self::City,
            FacetName::Hashtag => Self::Hashtag,
            FacetName::Link => Self::Link,
            FacetName::Emoji => Self::Emoji,
            FacetName::Word => Self::Word,
        }
    }
}

/// Facets of a selection.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FacetsRequest {
    #[serde(default)]
    pub selection: Selection,
    /// Each at most once.
    #[schema(max_items = 22)]
    pub facets: Vec<FacetName>,
    /// Values of each; absent: 20.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// The values of facets with their counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchFacets {
    /// Mentions of the whole selection.
    pub count: u64,
    /// In the order asked for.
    pub facets: Vec<FacetValues>,
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    pub missing: Vec<String>,
}

/// One facet. What the selection chooses of it does not narrow it, so that one sees what else could be chosen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FacetValues {
    pub facet: FacetName,
    /// Most frequent first.
    pub values: Vec<FacetValue>,
    /// Different values there are.
    pub distinct: u64,
    /// Counts of the values beyond the limit, added up.
    pub others: u64,
    /// Mentions without a value: chosen by `""`, of tones, intents, stages, spam and who judged by `none`.
    pub without: u64,
}

/// One value of a facet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FacetValue {
    /// As the selection takes it.
    pub value: String,
    /// For people: the name of a topic, an author, a community; otherwise the value.
    pub label: String,
    pub mentions: u64,
}

/// A selection over time.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimelineRequest {
    #[serde(default)]
    pub selection: Selection,
    /// Absent: the shortest that makes at most 200 buckets.
    #[serde(default)]
    pub unit: Option<UnitWord>,
}

/// Counts over time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Timeline {
    pub unit: UnitWord,
    /// Of the workspace: buckets begin where its wall clock says so.
    pub time_zone: String,
    /// Without gaps, oldest first; at most 5,000. The first and the last are cut to the period.
    pub buckets: Vec<TimelineBucket>,
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    pub missing: Vec<String>,
}

/// Mentions published from `from` on and before `to`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineBucket {
    pub from: Time,
    pub to: Time,
    pub mentions: u64,
}

/// A change to everything that is found.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundChange {
    #[serde(default)]
    pub selection: Selection,
    pub change: ChangeOfFound,
    /// The count that the person saw who decided.
    pub expected: u64,
}

/// What is absent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeOfFound {
    #[serde(default)]
    pub state: Option<MentionStateWord>,
    /// Null takes the person's word away: what the machine says holds again.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ToneWord>)]
    pub tone: Option<Option<ToneWord>>,
    /// All that there are; the empty list says none. Null as for the tone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<IntentWord>>, max_items = 10)]
    pub intents: Option<Option<Vec<IntentWord>>>,
    /// `none` says at no stage. Null as for the tone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<StageOrNone>)]
    pub stage: Option<Option<StageOrNone>>,
    /// Null as for the tone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<bool>)]
    pub spam: Option<Option<bool>>,
    #[serde(default)]
    pub add_tags: Vec<String>,
    #[serde(default)]
    pub remove_tags: Vec<String>,
}

/// How many mentions a change reached.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Changed {
    pub changed: u64,
}
