//! Which mentions a list shows.

use molva_domain::{Language, MentionState, SourceId, Timestamp, Tone, TopicId, WorkspaceId};

use super::FROM_LIVE;
use super::pattern::contains;
use crate::sql::Assembly;

/// All that are given must hold; empty lists do not filter.
#[derive(Clone, Debug, Default)]
pub struct MentionFilter {
    pub topics: Vec<TopicId>,
    pub networks: Vec<String>,
    pub sources: Vec<SourceId>,
    pub languages: Vec<Language>,
    /// Empty: everything but binned.
    pub states: Vec<MentionState>,
    /// `Some(None)`: without a tone.
    pub tones: Vec<Option<Tone>>,
    /// Any of them.
    pub tags: Vec<String>,
    /// Handle or name, exact, any case.
    pub author: Option<String>,
    /// Substring of text or title, any case.
    pub text: Option<String>,
    /// Published in `[from, to)`; a time in the future counts as the arrival.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Copies as cards of their own.
    pub with_copies: bool,
}

impl MentionFilter {
    /// Adds `FROM … WHERE …`; the workspace is `$1`.
    pub(crate) fn write(&self, query: &mut Assembly, workspace: WorkspaceId, postgres: bool) {
        query.push(FROM_LIVE);
        self.write_topics(query, workspace);
        match &self.states[..] {
            [] => query.push(" AND m.state <> 'binned'"),
            states => query.push(" AND m.state IN ").list(states.iter().map(|state| state.as_str())),
        };
        if !self.tones.is_empty() {
            let named: Vec<&str> = self.tones.iter().flatten().map(|tone| tone.as_str()).collect();
            query.push(" AND (");
            if self.tones.contains(&None) {
                query.push("m.tone IS NULL").push(if named.is_empty() { "" } else { " OR " });
            }
            if !named.is_empty() {
                query.push("m.tone IN ").list(named);
            }
            query.push(")");
        }
        if !self.with_copies {
            query.push(" AND m.copy_of IS NULL");
        }
        if !self.tags.is_empty() {
            query.push(" AND m.id IN (SELECT mention_id FROM mention_tag WHERE workspace_id = $1 AND tag IN ");
            query.list(self.tags.iter().map(String::as_str)).push(")");
        }
        if let Some(from) = self.from {
            query.push(" AND m.sort_at >= ").bind(from);
        }
        if let Some(to) = self.to {
            query.push(" AND m.sort_at < ").bind(to);
        }
        self.write_post(query, postgres);
    }

    /// The signs before columns keep SQLite from other indexes than the one in the order of the list.
    fn write_topics(&self, query: &mut Assembly, workspace: WorkspaceId) {
        // A post that matched several topics is shown by the first of its mentions.
        const FIRST_OF_POST: &str = " AND NOT EXISTS (SELECT 1 FROM mention o WHERE o.post_id = m.post_id AND +o.id < m.id \
             AND +o.topic_id NOT IN (SELECT id FROM topic WHERE workspace_id = $1 AND deleted_at IS NOT NULL)";
        // Few mentions have tags: they are found by those and sorted.
        let in_time = if self.tags.is_empty() { " AND m.workspace_id" } else { " AND +m.workspace_id" };
        let in_topic = if self.tags.is_empty() { " AND m.topic_id = " } else { " AND +m.topic_id = " };
        match &self.topics[..] {
            [] => {
                query.push(in_time).push(" = ").bind(workspace.0).push(FIRST_OF_POST).push(")");
            }
            [topic] => {
                query.push(" AND +m.workspace_id = ").bind(workspace.0).push(in_topic).bind(topic.0);
            }
            topics => {
                query.push(in_time).push(" = ").bind(workspace.0).push(" AND +m.topic_id IN ");
                query.list(topics.iter().map(|topic| topic.0));
                query
                    .push(FIRST_OF_POST)
                    .push(" AND o.topic_id IN ")
                    .list(topics.iter().map(|topic| topic.0))
                    .push(")");
            }
        }
    }

    fn write_post(&self, query: &mut Assembly, postgres: bool) {
        if !self.networks.is_empty() {
            query.push(" AND p.network IN ").list(self.networks.iter().map(String::as_str));
        }
        if !self.sources.is_empty() {
            query.push(" AND p.source_id IN ").list(self.sources.iter().map(|source| source.0));
        }
        if !self.languages.is_empty() {
            query.push(" AND p.language IN ").list(self.languages.iter().map(Language::code));
        }
        if let Some(author) = self.author.as_deref().map(|author| author.trim().trim_start_matches('@').to_lowercase())
        {
            query.push(" AND (COALESCE(p.author_handle_lower, p.author_handle) = ").bind(author.as_str());
            query.push(" OR COALESCE(p.author_name_lower, p.author_name) = ").bind(author).push(")");
        }
        if let Some(text) = self.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            let (operator, pattern) = contains(text, postgres);
            query.push(" AND (p.text ").push(operator).push(" ").bind(pattern.as_str());
            query.push(" OR p.title ").push(operator).push(" ").bind(pattern).push(")");
        }
    }
}
