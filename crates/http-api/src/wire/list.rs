//! Named lists that queries use.

use std::collections::HashMap;

use molva_domain::ListId;
use molva_storage::list::{self as stored, ListUse as StoredUse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::words::{ListKindWord, Word};
use crate::wire::{Id, Time};

/// A list of words or authors that queries use as `list:NAME`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct List {
    pub id: Id,
    pub name: String,
    pub kind: ListKindWord,
    pub entries: Vec<String>,
    /// Grows by one with each change.
    pub version: u32,
    /// Topics whose query uses it, in the order in which they were made.
    pub used_by: Vec<ListUse>,
    pub created_at: Time,
    pub updated_at: Time,
}

/// A topic whose query uses a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListUse {
    pub topic_id: Id,
    /// Of the topic.
    pub name: String,
}

impl From<StoredUse> for ListUse {
    fn from(list_use: StoredUse) -> Self {
        Self { topic_id: Id::of(list_use.topic), name: list_use.topic_name }
    }
}

impl List {
    pub(crate) fn of(list: stored::List, used_by: Vec<StoredUse>) -> Self {
        Self {
            id: Id::of(list.id),
            name: list.name,
            kind: Word(list.kind),
            entries: list.entries,
            version: list.version,
            used_by: used_by.into_iter().map(Into::into).collect(),
            created_at: list.created_at.into(),
            updated_at: list.updated_at.into(),
        }
    }

    /// Each with its own uses.
    pub(crate) fn all(lists: Vec<stored::List>, uses: Vec<StoredUse>) -> impl Iterator<Item = Self> {
        let mut of_list: HashMap<ListId, Vec<StoredUse>> = HashMap::new();
        for list_use in uses {
            of_list.entry(list_use.list).or_default().push(list_use);
        }
        lists.into_iter().map(move |list| {
            let used_by = of_list.remove(&list.id).unwrap_or_default();
            Self::of(list, used_by)
        })
    }
}

/// A list to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewList {
    /// At most 100 characters, without quotation marks; unique in any letter case.
    pub name: String,
    pub kind: ListKindWord,
    /// At most 10,000, of 500 characters at most: a word, several words in a row, or an author.
    pub entries: Vec<String>,
}

/// A list as it should be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDraft {
    /// At most 100 characters, without quotation marks; unique in any letter case.
    pub name: String,
    pub kind: ListKindWord,
    /// At most 10,000, of 500 characters at most: a word, several words in a row, or an author.
    pub entries: Vec<String>,
    /// The version that was changed: when the list has another by now, nothing is overwritten.
    pub version: u32,
}
