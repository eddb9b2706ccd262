//! Saved views: the address of a page under a name, for oneself or for everybody.
//!
//! A view belongs to a person. Others see it when it is shared; whether they may change it is the caller's decision, see [`Access`].

use molva_domain::{Actor, EventKind, Timestamp, UserId, ViewId, ViewPage, WorkspaceId};
use serde_json::{Value as Json, json};

use crate::event::NewEvent;
use crate::list::name_key;
use crate::sql::{Row, Statement, Transaction};
use crate::{Result, Storage, StorageError};

/// Views of one workspace.
pub const MAX_VIEWS: u32 = 500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub id: ViewId,
    pub workspace: WorkspaceId,
    pub owner: UserId,
    /// What the owner is called now.
    pub owner_name: String,
    /// As its owner writes it; unique among the owner's own, letter case aside.
    pub name: String,
    pub page: ViewPage,
    /// The query string of the page.
    pub address: String,
    /// Everybody sees it.
    pub shared: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewDraft {
    pub name: String,
    pub page: ViewPage,
    pub address: String,
    pub shared: bool,
}

/// Whose views a call may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// One's own.
    Own(UserId),
    /// One's own, and those that others share.
    OwnAndShared(UserId),
}

impl Access {
    const fn may(self, view: &View) -> bool {
        match self {
            Self::Own(user) => view.owner.0 == user.0,
            Self::OwnAndShared(user) => view.owner.0 == user.0 || view.shared,
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.workspace_id, v.owner_id, COALESCE(u.name, ''), v.name, v.page, v.address, v.shared, \
             v.created_at, v.updated_at FROM saved_view v LEFT JOIN app_user u ON u.id = v.owner_id \
             WHERE v.workspace_id = $1 ",
            $rest
        )
    };
}

impl Storage {
    /// `Taken` when the owner has a view of that name in any letter case, `Full` at [`MAX_VIEWS`].
    pub async fn create_view(&self, workspace: WorkspaceId, owner: UserId, draft: ViewDraft) -> Result<View> {
        let now = self.now();
        let id: ViewId = self.ids().next();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let counted = "SELECT COUNT(id) FROM saved_view WHERE workspace_id = $1";
        transaction.refuse_full(workspace, "view", counted, MAX_VIEWS).await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO saved_view (id, workspace_id, owner_id, name, name_key, page, address, shared, \
                     created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
                )
                .bind(id.0)
                .bind(workspace.0)
                .bind(owner.0)
                .bind(draft.name.as_str())
                .bind(name_key(&draft.name))
                .bind(draft.page.as_str())
                .bind(draft.address.as_str())
                .bind(i64::from(draft.shared))
                .bind(now),
            )
            .await
            .map_err(|error| error.or_taken("name", &draft.name))?;
        let view = one(&mut transaction, workspace, id).await?;
        let view =
            view.ok_or_else(|| StorageError::Incompatible("a view that was just made is not there".to_owned()))?;
        let event = NewEvent::changed(EventKind::ViewCreated, view.id.0, Json::Null, outline(&view));
        transaction.record(workspace, now, Actor::User(owner), vec![event]).await?;
        self.commit(transaction).await?;
        Ok(view)
    }

    /// Replaces a view; it keeps its owner. `None` when there is none that `access` reaches, `Taken` as in [`Self::create_view`].
    pub async fn update_view(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        access: Access,
        id: ViewId,
        draft: ViewDraft,
    ) -> Result<Option<View>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let before = one(&mut transaction, workspace, id).await?.filter(|view| access.may(view));
        let Some(before) = before else { return Ok(None) };
        let after = View {
            name: draft.name,
            page: draft.page,
            address: draft.address,
            shared: draft.shared,
            updated_at: now,
            ..before.clone()
        };
        transaction
            .execute(
                Statement::new(
                    "UPDATE saved_view SET name = $3, name_key = $4, page = $5, address = $6, shared = $7, updated_at = $8 \
                     WHERE workspace_id = $1 AND id = $2",
                )
                .bind(workspace.0)
                .bind(id.0)
                .bind(after.name.as_str())
                .bind(name_key(&after.name))
                .bind(after.page.as_str())
                .bind(after.address.as_str())
                .bind(i64::from(after.shared))
                .bind(now),
            )
            .await
            .map_err(|error| error.or_taken("name", &after.name))?;
        let event = NewEvent::changed(EventKind::ViewChanged, after.id.0, outline(&before), outline(&after));
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(Some(after))
    }

    /// `false` when there is none that `access` reaches.
    pub async fn delete_view(&self, workspace: WorkspaceId, actor: Actor, access: Access, id: ViewId) -> Result<bool> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let view = one(&mut transaction, workspace, id).await?.filter(|view| access.may(view));
        let Some(view) = view else { return Ok(false) };
        let statement = Statement::new("DELETE FROM saved_view WHERE workspace_id = $1 AND id = $2");
        transaction.execute(statement.bind(workspace.0).bind(id.0)).await?;
        let event = NewEvent::changed(EventKind::ViewDeleted, view.id.0, outline(&view), Json::Null);
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(true)
    }

    /// Those somebody sees, by name: the shared ones, and their own. A caller that is no person has none of its own.
    pub async fn views(&self, workspace: WorkspaceId, seen_by: Option<UserId>) -> Result<Vec<View>> {
        // No user has the id 0.
        let user = seen_by.map_or(0, |user| user.0);
        let statement = Statement::new(select!("AND (v.shared = 1 OR v.owner_id = $2) ORDER BY v.id"));
        let rows = self.database().all(statement.bind(workspace.0).bind(user)).await?;
        let mut views = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        // Sorted here: the engines do not agree on the order of letters.
        views.sort_by_cached_key(|view| (name_key(&view.name), view.id));
        Ok(views)
    }

    /// One of [`Self::views`].
    pub async fn view(&self, workspace: WorkspaceId, seen_by: Option<UserId>, id: ViewId) -> Result<Option<View>> {
        let statement = Statement::new(select!("AND v.id = $2")).bind(workspace.0).bind(id.0);
        let view = self.database().optional(statement).await?.as_ref().map(read).transpose()?;
        Ok(view.filter(|view| view.shared || Some(view.owner) == seen_by))
    }
}

async fn one(transaction: &mut Transaction, workspace: WorkspaceId, id: ViewId) -> Result<Option<View>> {
    let statement = Statement::new(select!("AND v.id = $2")).bind(workspace.0).bind(id.0);
    transaction.optional(statement).await?.as_ref().map(read).transpose()
}

/// Without the address: it may be long, and may hold what somebody looks for and does not tell.
fn outline(view: &View) -> Json {
    json!({ "name": view.name, "page": view.page, "shared": view.shared })
}

fn read(row: &Row) -> Result<View> {
    let mut columns = row.columns();
    Ok(View {
        id: ViewId(columns.integer()?),
        workspace: WorkspaceId(columns.integer()?),
        owner: UserId(columns.integer()?),
        owner_name: columns.text()?,
        name: columns.text()?,
        page: columns.parsed("page of a view", ViewPage::parse)?,
        address: columns.text()?,
        shared: columns.flag()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
    })
}
