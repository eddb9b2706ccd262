//! Mentions of a post that was edited: topics it matches now gain one, those it had stay and follow.

use std::collections::BTreeMap;

use molva_domain::{Actor, EventKind, MentionId, PostId, SourceId, StoryId, Timestamp, TopicId, WorkspaceId};
use serde_json::json;

use super::deletion::promote_copies;
use super::mentions::{CreatedMention, NewMention, write_spans};
use super::{MatchSpan, TopicMatch};
use crate::event::NewEvent;
use crate::mention::judgement;
use crate::sql::{Statement, Transaction, Value};
use crate::story::placing;
use crate::{Result, Storage};

/// A post that says something else now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edited {
    pub(super) id: PostId,
    /// Who brought the edit.
    pub(super) source: SourceId,
    pub(super) sort_at: Timestamp,
    pub(super) story: Option<StoryId>,
    /// This edit among them.
    pub(super) edits: u64,
    /// Of the words before and now.
    pub(super) hashes: (i64, i64),
}

/// A mention it had.
struct Had {
    id: MentionId,
    topic: TopicId,
    copy_of: Option<i64>,
}

impl Storage {
    pub(super) async fn edit_mentions(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
        edited: Edited,
        mut matches: Vec<TopicMatch>,
    ) -> Result<()> {
        let says_other_words = edited.hashes.0 != edited.hashes.1 || edited.hashes.1 == 0;
        let mut events = Vec::new();
        if says_other_words {
            let promoted = promote_copies(transaction, workspace, edited.id.0).await?;
            events.extend(promoted.into_iter().map(|id| NewEvent::of(EventKind::MentionChanged, id.0)));
        }
        let mut judged = Vec::new();
        for had in had(transaction, workspace, edited.id).await? {
            let place = matches.iter().position(|matched| matched.topic == had.topic);
            let matched = place.map(|place| matches.swap_remove(place));
            let spans = matched.as_ref().map_or(&[][..], |matched| &matched.spans);
            if says_other_words {
                leave_copies(transaction, workspace, &had, edited.hashes.1).await?;
            }
            let update = Statement::new("UPDATE mention SET spans = $3 WHERE workspace_id = $1 AND id = $2");
            transaction.execute(update.bind(workspace.0).bind(had.id.0).bind(write_spans(spans))).await?;
            events.push(event_of(&had, edited.edits, spans));
            // What matches no longer keeps what was said of it when it did.
            if let Some(judgement) = matched.and_then(|matched| matched.judged) {
                judged.push(Value::from(had.id.0));
                judged.extend(judgement::columns(Some(judgement)));
            }
        }
        judgement::OVERWRITE.execute(transaction, &[workspace.0.into()], judged).await?;
        if let Some(story) = edited.story {
            let more = BTreeMap::from([(story, i64::try_from(matches.len()).unwrap_or(0))]);
            placing::add_mentions(transaction, workspace, &more).await?;
        }
        let new = matches.into_iter().map(|matched| NewMention {
            source: edited.source,
            topic: matched.topic,
            post: edited.id,
            sort_at: edited.sort_at,
            content_hash: edited.hashes.1,
            spans: matched.spans,
            judged: matched.judged,
            story: edited.story,
        });
        let created = self.insert_mentions(transaction, workspace, now, new.collect()).await?;
        events.extend(created.iter().map(CreatedMention::event));
        transaction.record(workspace, now, Actor::Source(edited.source), events).await
    }
}

fn event_of(had: &Had, edits: u64, spans: &[MatchSpan]) -> NewEvent {
    let change = json!({ "before": { "edits": edits - 1 }, "after": { "edits": edits, "matches": !spans.is_empty() } });
    NewEvent {
        kind: EventKind::MentionEdited,
        subject: had.id.0,
        topic: Some(had.topic.0),
        change: Some(change.to_string()),
    }
}

async fn had(transaction: &mut Transaction, workspace: WorkspaceId, post: PostId) -> Result<Vec<Had>> {
    let statement = Statement::new(
        "SELECT id, topic_id, copy_of FROM mention WHERE +workspace_id = $1 AND post_id = $2 ORDER BY id",
    );
    let rows = transaction.all(statement.bind(workspace.0).bind(post.0)).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            let (id, topic) = (MentionId(columns.integer()?), TopicId(columns.integer()?));
            Ok(Had { id, topic, copy_of: columns.maybe_integer()? })
        })
        .collect()
}

/// It stands for itself: behind whom it stood one is less. Where another mention stands for its new words already, later ones
/// go on standing behind that one.
async fn leave_copies(transaction: &mut Transaction, workspace: WorkspaceId, had: &Had, hash: i64) -> Result<()> {
    if let Some(first) = had.copy_of {
        let one_less = Statement::new("UPDATE mention SET copies = copies - 1 WHERE workspace_id = $1 AND id = $2");
        transaction.execute(one_less.bind(workspace.0).bind(first)).await?;
    }
    let taken = Statement::new(
        "SELECT id FROM mention WHERE +workspace_id = $1 AND topic_id = $2 AND content_hash = $3 AND content_hash <> 0 \
         AND copy_of IS NULL AND id <> $4 LIMIT 1",
    );
    let taken = taken.bind(workspace.0).bind(had.topic.0).bind(hash).bind(had.id.0);
    let own = if transaction.optional(taken).await?.is_some() { 0 } else { hash };
    let update =
        Statement::new("UPDATE mention SET copy_of = NULL, content_hash = $3 WHERE workspace_id = $1 AND id = $2");
    transaction.execute(update.bind(workspace.0).bind(had.id.0).bind(own)).await?;
    Ok(())
}
