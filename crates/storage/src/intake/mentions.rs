//! Writing mentions: exact copies are found, topics counted.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use molva_domain::{EventKind, MentionId, PostId, SourceId, StoryId, Timestamp, TopicId, WorkspaceId};

use super::{Judged, MatchSpan};
use crate::event::NewEvent;
use crate::mention::judgement;
use crate::sql::{Bulk, Transaction, Value, in_list};
use crate::{Result, Storage};

/// A match of a new post, or a new match of an old one.
pub(super) struct NewMention {
    pub(super) source: SourceId,
    pub(super) topic: TopicId,
    pub(super) post: PostId,
    pub(super) sort_at: Timestamp,
    /// 0 never groups.
    pub(super) content_hash: i64,
    pub(super) spans: Vec<MatchSpan>,
    pub(super) judged: Option<Judged>,
    pub(super) story: Option<StoryId>,
}

pub(super) struct CreatedMention {
    pub(super) id: MentionId,
    pub(super) topic: TopicId,
    pub(super) source: SourceId,
}

impl CreatedMention {
    pub(super) const fn event(&self) -> NewEvent {
        NewEvent { kind: EventKind::MentionCreated, subject: self.id.0, topic: Some(self.topic.0), change: None }
    }
}

const INSERT: Bulk = Bulk {
    head: "INSERT INTO mention (workspace_id, created_at, id, topic_id, post_id, sort_at, content_hash, spans, copies, copy_of, \
           story, tone, intents, stage, spam, judged, model, state) VALUES",
    row: "($1, $2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'new')",
    tail: "",
};

const ADD_COPIES: Bulk = Bulk {
    head: "UPDATE mention SET copies = copies + more.column2 FROM (VALUES",
    row: "(?, ?)",
    tail: ") AS more WHERE mention.id = more.column1",
};

const COUNT_TOPICS: Bulk = Bulk {
    head: "UPDATE topic SET mentions = mentions + more.column2, last_mention_at = CASE \
           WHEN last_mention_at > more.column3 THEN last_mention_at ELSE more.column3 END FROM (VALUES",
    row: "(?, ?, ?)",
    tail: ") AS more WHERE topic.id = more.column1",
};

impl Storage {
    /// In the order given: the first of equal posts is the one the others stand behind. No mention of the same topic and post
    /// may exist.
    pub(super) async fn insert_mentions(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
        mentions: Vec<NewMention>,
    ) -> Result<Vec<CreatedMention>> {
        if mentions.is_empty() {
            return Ok(Vec::new());
        }
        let mut firsts = first_of_same_words(transaction, workspace, &mentions).await?;
        let mut created = Vec::with_capacity(mentions.len());
        let mut copy_of = Vec::with_capacity(mentions.len());
        let mut copies: HashMap<MentionId, i64> = HashMap::new();
        let mut topics: BTreeMap<TopicId, (i64, Timestamp)> = BTreeMap::new();
        for mention in &mentions {
            let id: MentionId = self.ids().next();
            let mut first = None;
            if mention.content_hash != 0 {
                let known = *firsts.entry((mention.topic, mention.content_hash)).or_insert(id);
                if known != id {
                    *copies.entry(known).or_default() += 1;
                    first = Some(known);
                }
            }
            copy_of.push(first);
            let (count, newest) = topics.entry(mention.topic).or_insert((0, mention.sort_at));
            *count += 1;
            *newest = mention.sort_at.max(*newest);
            created.push(CreatedMention { id, topic: mention.topic, source: mention.source });
        }
        let mut values = Vec::with_capacity(mentions.len() * 15);
        for ((mention, created), copy_of) in mentions.into_iter().zip(&created).zip(copy_of) {
            values.extend([
                Value::from(created.id.0),
                mention.topic.0.into(),
                mention.post.0.into(),
                mention.sort_at.into(),
                mention.content_hash.into(),
                write_spans(&mention.spans).into(),
                // What is left in `copies` afterwards stands behind mentions stored before.
                copies.remove(&created.id).unwrap_or(0).into(),
                copy_of.map(|first| first.0).into(),
                mention.story.map(|story| story.0).into(),
            ]);
            values.extend(judgement::columns(mention.judged));
        }
        INSERT.execute(transaction, &[workspace.0.into(), now.into()], values).await?;
        let copies = copies.into_iter().flat_map(|(first, more)| [Value::from(first.0), Value::from(more)]);
        ADD_COPIES.execute(transaction, &[], copies.collect()).await?;
        let topics = topics
            .into_iter()
            .flat_map(|(topic, (more, newest))| [Value::from(topic.0), Value::from(more), Value::from(newest)]);
        COUNT_TOPICS.execute(transaction, &[], topics.collect()).await?;
        Ok(created)
    }
}

/// The sign keeps SQLite from the index of the lists, with which it would read the whole workspace; `plans` holds it to that.
pub(crate) const SAME_WORDS: &str = "SELECT topic_id, content_hash, id FROM mention \
     WHERE +workspace_id = $1 AND copy_of IS NULL AND content_hash <> 0 AND content_hash IN";

/// The stored mentions that stand for words which come again.
async fn first_of_same_words(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    mentions: &[NewMention],
) -> Result<HashMap<(TopicId, i64), MentionId>> {
    let hashes: HashSet<i64> = mentions.iter().map(|mention| mention.content_hash).filter(|hash| *hash != 0).collect();
    let mut firsts = HashMap::new();
    for statement in in_list(
        transaction.is_postgres(),
        SAME_WORDS,
        "",
        &[workspace.0.into()],
        hashes.into_iter().map(Value::from).collect(),
    ) {
        for row in transaction.all(statement).await? {
            let mut columns = row.columns();
            let key = (TopicId(columns.integer()?), columns.integer()?);
            firsts.insert(key, MentionId(columns.integer()?));
        }
    }
    Ok(firsts)
}

/// `x12-17` in the text, `t0-5` in the title, separated by spaces.
pub(super) fn write_spans(spans: &[MatchSpan]) -> String {
    let mut text = String::with_capacity(spans.len() * 8);
    for span in spans {
        if !text.is_empty() {
            text.push(' ');
        }
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{span}");
    }
    text
}

/// Reads what [`write_spans`] wrote; what is no span is left out.
pub(crate) fn read_spans(text: &str) -> Vec<MatchSpan> {
    text.split(' ').filter_map(MatchSpan::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_survive_their_text_form() {
        let spans =
            [MatchSpan { in_title: true, start: 0, end: 5 }, MatchSpan { in_title: false, start: 12, end: u32::MAX }];
        assert_eq!(write_spans(&spans), "t0-5 x12-4294967295");
        assert_eq!(read_spans(&write_spans(&spans)), spans);
        assert_eq!(read_spans(""), []);
    }
}
