//! A selection of mentions: what search, the five questions and exports are asked about.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::words::{IntentOrNone, MentionStateWord, PostKindWord, StageOrNone};
use crate::wire::{Id, Time};

/// Which mentions. All parts that are given must hold; of the values of one part, any. An empty list narrows nothing; the value
/// `""` stands for mentions without a value. Values are those that facets show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// In the query language, judged fields too; at most 100,000 characters.
    #[schema(nullable = false)]
    #[serde(default)]
    pub query: Option<String>,
    /// Ids of topics.
    #[schema(value_type = Vec<Id>)]
    #[serde(default)]
    pub topic: Vec<String>,
    #[serde(default)]
    pub network: Vec<String>,
    /// Hosts without `www.`.
    #[serde(default)]
    pub site: Vec<String>,
    /// Keys of communities.
    #[serde(default)]
    pub community: Vec<String>,
    /// As the facet names them.
    #[serde(default)]
    pub author: Vec<String>,
    /// ISO 639-1.
    #[serde(default)]
    pub language: Vec<String>,
    #[serde(default)]
    pub kind: Vec<PostKindWord>,
    /// Given: exactly these. Otherwise all but binned ones.
    #[serde(default)]
    pub state: Vec<MentionStateWord>,
    /// `negative`, `neutral`, `positive`, or `none` for mentions nobody has judged.
    #[serde(default)]
    pub tone: Vec<SelectedTone>,
    /// `none`: of mentions with none of them, judged or not.
    #[serde(default)]
    pub intent: Vec<IntentOrNone>,
    /// `none`: of mentions at no stage, judged or not.
    #[serde(default)]
    pub stage: Vec<StageOrNone>,
    /// Given: exactly these. Otherwise all but spam. `none`: nobody knows.
    #[serde(default)]
    pub spam: Vec<SelectedSpam>,
    /// Ids of stories; `""` of mentions in none.
    #[serde(default)]
    pub story: Vec<String>,
    /// Who judged.
    #[serde(default)]
    pub judged_by: Vec<SelectedJudge>,
    #[serde(default)]
    pub tag: Vec<String>,
    /// ISO 3166-1, two capital letters.
    #[serde(default)]
    pub country: Vec<String>,
    #[serde(default)]
    pub region: Vec<String>,
    #[serde(default)]
    pub city: Vec<String>,
    #[serde(default)]
    pub hashtag: Vec<String>,
    /// Addresses without what stands behind `?` and `#`.
    #[serde(default)]
    pub link: Vec<String>,
    #[serde(default)]
    pub emoji: Vec<String>,
    /// Dictionary forms.
    #[serde(default)]
    pub word: Vec<String>,
    /// Published at or after, RFC 3339.
    #[schema(value_type = Option<Time>, nullable = false)]
    #[serde(default)]
    pub from: Option<String>,
    /// Published before, RFC 3339.
    #[schema(value_type = Option<Time>, nullable = false)]
    #[serde(default)]
    pub to: Option<String>,
    /// What is left out otherwise.
    #[serde(default)]
    pub include: Vec<Included>,
}

/// A tone to select by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SelectedTone {
    Negative,
    Neutral,
    Positive,
    /// Nobody has judged it.
    None,
}

/// Spam or not, to select by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SelectedSpam {
    /// Probability 0.5 or more.
    Yes,
    No,
    /// Nobody has judged it.
    None,
}

/// Who judged a mention, to select by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SelectedJudge {
    /// A person set its tone, intents, stage or spam.
    People,
    /// Nobody but the machine.
    Machine,
    None,
}

/// Mentions that are left out unless they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Included {
    Binned,
    /// Exact copies of earlier mentions.
    Copies,
    /// Probability of spam 0.5 or more.
    Spam,
}

/// How far the filling of the archive is: figures of a part are not yet those of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Incomplete {
    /// Mentions that are in.
    pub done: u64,
    pub total: u64,
}
