//! A post is gone on its network: its words are taken out of wherever it stands.

use molva_domain::{Actor, EventKind, MentionId, SourceId, Timestamp, WorkspaceId};
use serde_json::json;

use crate::event::NewEvent;
use crate::sql::{Statement, Transaction};
use crate::story::tell_by_next;
use crate::urn_key::UrnKey;
use crate::{Result, Storage};

impl Storage {
    /// `false` when the URN is unknown.
    pub(super) async fn delete_post(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
        source: SourceId,
        key: UrnKey,
    ) -> Result<bool> {
        let statement = Statement::new("SELECT place FROM known_urn WHERE workspace_id = $1 AND urn_key = $2");
        let Some(row) = transaction.optional(statement.bind(workspace.0).bind(key)).await? else { return Ok(false) };
        match row.columns().integer()? {
            0 => {}
            place if place < 0 => hide_kept(transaction, workspace, key).await?,
            post => hide_stored(transaction, workspace, now, source, post).await?,
        }
        Ok(true)
    }
}

pub(crate) async fn hide_kept(transaction: &mut Transaction, workspace: WorkspaceId, key: UrnKey) -> Result<()> {
    hide_record(transaction, workspace, key, FOREVER).await?;
    let place = Statement::new("UPDATE known_urn SET place = 0 WHERE workspace_id = $1 AND urn_key = $2");
    transaction.execute(place.bind(workspace.0).bind(key)).await?;
    Ok(())
}

/// Hides whatever arrives under the key.
pub(super) const FOREVER: Timestamp = Timestamp::from_micros(i64::MAX);

/// Takes a post out of the kept stream as far as it arrived before a time: the row goes, a record in a file is hidden.
pub(super) async fn hide_record(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    key: UrnKey,
    before: Timestamp,
) -> Result<()> {
    let pending = Statement::new("DELETE FROM kept_pending WHERE workspace_id = $1 AND urn_key = $2");
    if transaction.execute(pending.bind(workspace.0).bind(key)).await? == 0 {
        let hide = Statement::new(
            "INSERT INTO kept_deleted (workspace_id, urn_key, at) VALUES ($1, $2, $3) \
             ON CONFLICT (workspace_id, urn_key) DO UPDATE SET at = excluded.at",
        );
        transaction.execute(hide.bind(workspace.0).bind(key).bind(before)).await?;
    }
    Ok(())
}

async fn hide_stored(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    now: Timestamp,
    source: SourceId,
    post: i64,
) -> Result<()> {
    let hide = Statement::new(
        "UPDATE post SET deleted = 1, text = '', title = NULL, details = NULL, content_hash = 0, refresh_at = NULL \
         WHERE workspace_id = $1 AND id = $2 AND deleted = 0",
    );
    if transaction.execute(hide.bind(workspace.0).bind(post)).await? == 0 {
        return Ok(());
    }
    let forget_versions = Statement::new("DELETE FROM post_version WHERE post_id = $2 AND workspace_id = $1");
    transaction.execute(forget_versions.bind(workspace.0).bind(post)).await?;
    tell_by_next(transaction, workspace, post).await?;
    let promoted = promote_copies(transaction, workspace, post).await?;
    let forget_words = Statement::new("UPDATE mention SET content_hash = 0 WHERE +workspace_id = $1 AND post_id = $2");
    transaction.execute(forget_words.bind(workspace.0).bind(post)).await?;
    let change = (!promoted.is_empty()).then(|| json!({ "promoted": promoted }).to_string());
    let event = NewEvent { change, ..NewEvent::of(EventKind::PostDeleted, post) };
    transaction.record(workspace, now, Actor::Source(source), vec![event]).await
}

/// Copies must not stand behind a card without words: the oldest of them takes its place. Answers those oldest ones.
pub(super) async fn promote_copies(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    post: i64,
) -> Result<Vec<MentionId>> {
    let mut promoted = Vec::new();
    let statement = Statement::new(
        "SELECT id, copies, (SELECT MIN(copy.id) FROM mention copy WHERE copy.copy_of = mention.id) FROM mention \
         WHERE +workspace_id = $1 AND post_id = $2 AND copies > 0",
    );
    for row in transaction.all(statement.bind(workspace.0).bind(post)).await? {
        let mut columns = row.columns();
        let (first, copies, Some(next)) = (columns.integer()?, columns.integer()?, columns.maybe_integer()?) else {
            continue;
        };
        for statement in [
            // The order matters: of two mentions with the same words one must stand for them at any time.
            Statement::new("UPDATE mention SET copies = 0, content_hash = 0 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace.0)
                .bind(first),
            Statement::new("UPDATE mention SET copy_of = NULL, copies = $3 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace.0)
                .bind(next)
                .bind(copies - 1),
            Statement::new("UPDATE mention SET copy_of = $3 WHERE workspace_id = $1 AND copy_of = $2")
                .bind(workspace.0)
                .bind(first)
                .bind(next),
        ] {
            transaction.execute(statement).await?;
        }
        promoted.push(MentionId(next));
    }
    Ok(promoted)
}
