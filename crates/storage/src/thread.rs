//! A conversation: what was said, what we answered, what was answered to that.

use std::collections::HashSet;

use molva_domain::{MentionId, PostId, ReplyId, TopicId, WorkspaceId};

use crate::mention::Mention;
use crate::reply::Reply;
use crate::sql::Statement;
use crate::{Result, Storage};

/// Entries of a thread at most.
pub const LONGEST_THREAD: usize = 200;

/// What stands in a thread.
#[derive(Clone, Debug, PartialEq)]
pub enum ThreadEntry {
    Mention(Box<Mention>),
    /// Sent, or on its way.
    Reply(Box<Reply>),
}

impl Storage {
    /// The thread that a mention stands in, in the order in which it was told: what was said first, each reply of ours below what
    /// it answers, what was answered to it below that. At most [`LONGEST_THREAD`] entries; empty when there is no such mention.
    pub async fn thread(&self, workspace: WorkspaceId, id: MentionId) -> Result<Vec<ThreadEntry>> {
        let Some(asked) = self.mention(workspace, id).await? else { return Ok(Vec::new()) };
        let topic = asked.topic;
        let first = self.beginning(workspace, asked).await?;
        let (mut entries, mut seen) = (Vec::new(), HashSet::new());
        // What is to be told next, the next last.
        let mut left = vec![ThreadEntry::Mention(Box::new(first))];
        while let Some(entry) = left.pop() {
            if entries.len() >= LONGEST_THREAD {
                break;
            }
            match &entry {
                ThreadEntry::Mention(mention) => {
                    if !seen.insert(mention.post_id) {
                        continue;
                    }
                    let replies = self.replies_to_post(workspace, mention.post_id).await?;
                    left.extend(replies.into_iter().rev().map(|reply| ThreadEntry::Reply(Box::new(reply))));
                }
                ThreadEntry::Reply(reply) => {
                    let answers = self.answers(workspace, reply.id, topic).await?;
                    left.extend(answers.into_iter().rev().map(|answer| ThreadEntry::Mention(Box::new(answer))));
                }
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    /// Up from an answer to what we answered, to where it began.
    async fn beginning(&self, workspace: WorkspaceId, mut mention: Mention) -> Result<Mention> {
        for _ in 0..LONGEST_THREAD {
            let Some(reply) = mention.answers else { break };
            let Some(reply) = self.reply(workspace, reply).await? else { break };
            let Some(before) = self.mention(workspace, reply.mention).await? else { break };
            mention = before;
        }
        Ok(mention)
    }

    /// To whichever mention of the post, oldest first.
    async fn replies_to_post(&self, workspace: WorkspaceId, post: PostId) -> Result<Vec<Reply>> {
        let mut replies = Vec::new();
        for sibling in self.mentions_of_posts(workspace, &[post]).await? {
            replies.extend(self.replies_to(workspace, sibling.id).await?);
        }
        replies.sort_by_key(|reply| reply.id);
        Ok(replies)
    }

    /// What was answered to a reply, oldest first; each post once, by its mention of the topic when it has one.
    async fn answers(&self, workspace: WorkspaceId, reply: ReplyId, topic: TopicId) -> Result<Vec<Mention>> {
        let statement =
            Statement::new("SELECT id FROM post WHERE answers = $2 AND workspace_id = $1 ORDER BY id LIMIT $3");
        let statement = statement.bind(workspace.0).bind(reply.0).bind(LONGEST_THREAD as u64);
        let rows = self.database().all(statement).await?;
        let posts = rows.iter().map(|row| Ok(PostId(row.columns().integer()?))).collect::<Result<Vec<_>>>()?;
        let siblings = self.mentions_of_posts(workspace, &posts).await?;
        let ids: Vec<MentionId> = siblings.into_iter().map(|sibling| sibling.id).collect();
        let mut mentions = self.mentions_by_id(workspace, &ids).await?;
        mentions.sort_by_key(|mention| (mention.post.sort_at(), mention.post_id, mention.topic != topic, mention.id));
        mentions.dedup_by_key(|mention| mention.post_id);
        Ok(mentions)
    }
}
