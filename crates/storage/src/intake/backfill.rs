//! Applying a new topic to posts of the kept stream.

use std::collections::{BTreeMap, HashMap, HashSet};

use molva_domain::{Actor, PostId, SourceId, StoryId, Timestamp, TopicId, WorkspaceId};

use super::mentions::{CreatedMention, NewMention};
use super::{Judged, MatchSpan};
use crate::kept::{KeptPost, arrival_hour};
use crate::sql::{Bulk, Statement, Transaction, Value, in_list};
use crate::story::placing::{self, Assigned, NewPost};
use crate::story::{AskedIndex, title_of};
use crate::urn_key::UrnKey;
use crate::{Result, Storage, ledger, post};

const MOVE: Bulk = Bulk {
    head: "UPDATE known_urn SET place = moved.column2 FROM (VALUES",
    row: "(?, ?)",
    tail: ") AS moved WHERE known_urn.workspace_id = $1 AND known_urn.urn_key = moved.column1",
};

/// A kept post that a topic's query matches.
#[derive(Clone, Debug)]
pub struct FoundPost {
    pub kept: KeptPost,
    pub spans: Vec<MatchSpan>,
    pub judged: Option<Judged>,
    /// For the index of stories; empty where it is not asked.
    pub signature: Vec<u8>,
}

impl Storage {
    /// Adds mentions of one topic for posts of the kept stream; moves them from unmatched to stored in the ledger.
    /// Posts stored already only gain the mention. Returns how many mentions are new.
    ///
    /// Posts that left the kept stream meanwhile, or that their network deleted, are passed over.
    pub async fn store_backfill(
        &self,
        workspace: WorkspaceId,
        topic: TopicId,
        posts: Vec<FoundPost>,
        mut stories: AskedIndex<'_>,
    ) -> Result<u64> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let live = Statement::new("SELECT id FROM topic WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL");
        if transaction.optional(live.bind(workspace.0).bind(topic.0)).await?.is_none() {
            return Ok(0);
        }
        let keys: Vec<UrnKey> = posts.iter().map(|found| UrnKey::of(&found.kept.post.urn)).collect();
        let places = places(&mut transaction, workspace, &keys).await?;
        let stored: Vec<i64> = places.values().copied().filter(|place| *place > 0).collect();
        let mut in_stories = stories_of(&mut transaction, workspace, &stored).await?;
        let passed_over = passed_over(&mut transaction, workspace, topic, stored).await?;
        let (mut new, mut moved, mut mentions, mut placed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut hours: BTreeMap<(SourceId, Timestamp), i64> = BTreeMap::new();
        let mut seen = HashSet::new();
        for (FoundPost { kept, spans, judged, signature }, key) in posts.into_iter().zip(keys) {
            let Some(place) = places.get(&key).copied().filter(|place| *place != 0) else { continue };
            if !seen.insert(key) || passed_over.contains(&place) {
                continue;
            }
            let (source, content_hash, sort_at) = (kept.source(), kept.content_hash, kept.post.sort_at());
            let id = if place > 0 { PostId(place) } else { self.ids().next() };
            if place < 0 {
                *hours.entry((source, arrival_hour(place))).or_default() += 1;
                moved.extend([Value::from(key), Value::from(id.0)]);
                if let Some(stories) = stories.as_deref_mut().filter(|_| !signature.is_empty()) {
                    let post = &kept.post;
                    placed.push(NewPost {
                        post: id,
                        said: stories.place(&signature, id, post.published_at.min(post.fetched_at)),
                        network: post.network.clone(),
                        sort_at,
                        title: title_of(post.title.as_deref(), &post.text),
                        mentions: 1,
                    });
                }
                new.push((id, source, content_hash, kept.post));
            }
            mentions.push(NewMention { source, topic, post: id, sort_at, content_hash, spans, judged, story: None });
        }
        in_stories.extend(placing::place(&mut transaction, workspace, now, &placed).await?);
        let new_posts: HashSet<PostId> = new.iter().map(|(id, ..)| *id).collect();
        let mut more_mentions: BTreeMap<StoryId, i64> = BTreeMap::new();
        for mention in &mut mentions {
            mention.story = in_stories.get(&mention.post).copied();
            if let Some(story) = mention.story.filter(|_| !new_posts.contains(&mention.post)) {
                *more_mentions.entry(story).or_default() += 1;
            }
        }
        placing::add_mentions(&mut transaction, workspace, &more_mentions).await?;
        let mut rows = Vec::new();
        for (id, source, content_hash, post) in new {
            post::push_row(&mut rows, id, source, content_hash, (in_stories.get(&id).copied(), None), post);
        }
        post::INSERT.execute(&mut transaction, &[workspace.0.into()], rows).await?;
        MOVE.execute(&mut transaction, &[workspace.0.into()], moved).await?;
        let created = self.insert_mentions(&mut transaction, workspace, now, mentions).await?;
        ledger::move_to_stored(&mut transaction, workspace, &hours).await?;
        let events = created.iter().map(CreatedMention::event).collect();
        transaction.record(workspace, now, Actor::System, events).await?;
        self.commit(transaction).await?;
        Ok(created.len() as u64)
    }
}

async fn places(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    keys: &[UrnKey],
) -> Result<HashMap<UrnKey, i64>> {
    let mut places = HashMap::with_capacity(keys.len());
    for statement in in_list(
        transaction.is_postgres(),
        "SELECT urn_key, place FROM known_urn WHERE workspace_id = $1 AND urn_key IN",
        "",
        &[workspace.0.into()],
        keys.iter().map(|key| Value::from(*key)).collect(),
    ) {
        for row in transaction.all(statement).await? {
            let mut columns = row.columns();
            let (key, place) = (UrnKey::read(&columns.bytes()?), columns.integer()?);
            places.extend(key.map(|key| (key, place)));
        }
    }
    Ok(places)
}

/// The stories of stored posts.
async fn stories_of(transaction: &mut Transaction, workspace: WorkspaceId, stored: &[i64]) -> Result<Assigned> {
    let mut stories = Assigned::new();
    for statement in in_list(
        transaction.is_postgres(),
        "SELECT id, story FROM post WHERE +workspace_id = $1 AND story IS NOT NULL AND id IN",
        "",
        &[workspace.0.into()],
        stored.iter().map(|post| Value::from(*post)).collect(),
    ) {
        for row in transaction.all(statement).await? {
            let mut columns = row.columns();
            stories.insert(PostId(columns.integer()?), StoryId(columns.integer()?));
        }
    }
    Ok(stories)
}

/// Of the stored posts, those that have the mention already or say something else by now.
async fn passed_over(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    topic: TopicId,
    stored: Vec<i64>,
) -> Result<HashSet<i64>> {
    let keys: Vec<Value> = stored.into_iter().map(Value::from).collect();
    let mentioned = in_list(
        transaction.is_postgres(),
        "SELECT post_id FROM mention WHERE +workspace_id = $1 AND topic_id = $2 AND post_id IN",
        "",
        &[workspace.0.into(), topic.0.into()],
        keys.clone(),
    );
    let deleted = in_list(
        transaction.is_postgres(),
        "SELECT id FROM post WHERE workspace_id = $1 AND (deleted = 1 OR edits > 0) AND id IN",
        "",
        &[workspace.0.into()],
        keys,
    );
    let mut passed_over = HashSet::new();
    for statement in mentioned.into_iter().chain(deleted) {
        for row in transaction.all(statement).await? {
            passed_over.insert(row.columns().integer()?);
        }
    }
    Ok(passed_over)
}
