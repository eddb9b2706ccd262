//! Saved views.

use molva_domain::{UserId, ViewPage};
use molva_storage::view as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::words::{ViewPageWord, Word};
use crate::wire::{Id, Time};

/// The state of a page under a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct View {
    pub id: Id,
    pub name: String,
    pub page: ViewPageWord,
    /// The query string of the page, without the question mark.
    pub address: String,
    /// Everybody sees it.
    pub shared: bool,
    pub owner: ViewOwner,
    /// The caller is its owner.
    pub mine: bool,
    pub created_at: Time,
    pub updated_at: Time,
}

/// Whose view it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ViewOwner {
    pub id: Id,
    pub name: String,
}

/// A view as it should be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewDraft {
    /// At most 120 characters; unique among one's own, letter case aside.
    pub name: String,
    pub page: ViewPageWord,
    /// The query string of the page; at most 16 KiB.
    pub address: String,
    /// Absent: only its owner sees it.
    #[serde(default)]
    pub shared: bool,
}

impl View {
    pub(crate) fn of(view: stored::View, seen_by: Option<UserId>) -> Self {
        Self {
            id: Id::of(view.id),
            name: view.name,
            page: Word::<ViewPage>(view.page),
            address: view.address,
            shared: view.shared,
            mine: seen_by == Some(view.owner),
            owner: ViewOwner { id: Id::of(view.owner), name: view.owner_name },
            created_at: view.created_at.into(),
            updated_at: view.updated_at.into(),
        }
    }
}
