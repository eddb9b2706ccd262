//! What people answer to us joins the thread: it is a mention of the topics of what we answered, whatever it says.

use std::collections::{HashMap, HashSet};

use molva_domain::{MentionId, ReplyId, TopicId, WorkspaceId};

use super::{Candidate, TopicMatch};
use crate::Result;
use crate::sql::{Transaction, Value, in_list};

/// Finds the posts that answer a reply of ours, and gives them the topics of its mention.
pub(super) async fn join_threads(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    candidates: &mut [Candidate],
) -> Result<()> {
    let parents: HashSet<&str> = candidates
        .iter()
        .filter_map(|candidate| candidate.prepared.post.in_reply_to.as_ref())
        .map(|urn| urn.as_str())
        .collect();
    if parents.is_empty() {
        return Ok(());
    }
    let ours = sent_as(transaction, workspace, parents.into_iter().map(Value::from).collect()).await?;
    if ours.is_empty() {
        return Ok(());
    }
    let mentions: HashSet<MentionId> = ours.values().map(|(_, mention)| *mention).collect();
    let topics = topics_of(transaction, workspace, mentions).await?;
    for candidate in candidates {
        let parent = candidate.prepared.post.in_reply_to.as_ref();
        let Some((reply, mention)) = parent.and_then(|urn| ours.get(urn.as_str())) else { continue };
        let prepared = &mut candidate.prepared;
        for topic in topics.get(mention).into_iter().flatten() {
            if !prepared.matches.iter().any(|matched| matched.topic == *topic) {
                prepared.matches.push(TopicMatch { topic: *topic, spans: Vec::new(), judged: None });
            }
        }
        // Each "thank you" is meant for us: it stands behind no other.
        prepared.content_hash = 0;
        candidate.answers = Some(*reply);
    }
    Ok(())
}

/// Our replies by what they are called on their networks, with what they answer.
async fn sent_as(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    urns: Vec<Value>,
) -> Result<HashMap<String, (ReplyId, MentionId)>> {
    let mut ours = HashMap::new();
    for statement in in_list(
        transaction.is_postgres(),
        "SELECT urn, id, mention_id FROM reply WHERE urn IS NOT NULL AND workspace_id = $1 AND urn IN",
        "",
        &[workspace.0.into()],
        urns,
    ) {
        for row in transaction.all(statement).await? {
            let mut columns = row.columns();
            let urn = columns.text()?;
            ours.insert(urn, (ReplyId(columns.integer()?), MentionId(columns.integer()?)));
        }
    }
    Ok(ours)
}

/// All topics that live of the posts that the mentions are of.
async fn topics_of(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    mentions: HashSet<MentionId>,
) -> Result<HashMap<MentionId, Vec<TopicId>>> {
    let mut topics: HashMap<MentionId, Vec<TopicId>> = HashMap::new();
    for statement in in_list(
        transaction.is_postgres(),
        "SELECT answered.id, other.topic_id FROM mention answered CROSS JOIN mention other \
         WHERE other.post_id = answered.post_id AND +other.workspace_id = $1 AND +other.topic_id NOT IN \
         (SELECT id FROM topic WHERE workspace_id = $1 AND deleted_at IS NOT NULL) AND answered.id IN",
        "ORDER BY other.id",
        &[workspace.0.into()],
        mentions.into_iter().map(|mention| Value::from(mention.0)).collect(),
    ) {
        for row in transaction.all(statement).await? {
            let mut columns = row.columns();
            let mention = MentionId(columns.integer()?);
            topics.entry(mention).or_default().push(TopicId(columns.integer()?));
        }
    }
    Ok(topics)
}
