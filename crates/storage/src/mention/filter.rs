//! Which mentions a list shows.

use molva_domain::{
    Intent, Intents, Language, MentionState, SourceId, Stage, StoryId, Timestamp, Tone, TopicId, WorkspaceId,
};

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
    /// `None`: without a tone.
    pub tones: Vec<Option<Tone>>,
    /// Any of them.
    pub intents: Vec<Intent>,
    /// `None`: at no stage, or not judged.
    pub stages: Vec<Option<Stage>>,
    pub without_spam: bool,
    /// Of a story only the first that is shown.
    pub one_per_story: bool,
    pub story: Option<StoryId>,
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

/// Names of the tables a condition is about: of mentions and of their posts.
#[derive(Clone, Copy)]
struct Names {
    mention: &'static str,
    post: &'static str,
    /// Of another mention of the same post.
    other: &'static str,
}

const LISTED: Names = Names { mention: "m", post: "p", other: "o" };
const OF_STORY: Names = Names { mention: "sm", post: "sp", other: "so" };

impl MentionFilter {
    /// Adds `FROM … WHERE …`; the workspace is `$1`.
    pub(crate) fn write(&self, query: &mut Assembly, workspace: WorkspaceId, postgres: bool) {
        query.push(FROM_LIVE);
        self.write_walk(query, workspace);
        self.write_conditions(query, LISTED, postgres);
        if self.one_per_story {
            // The first of its story among those that the same filter shows.
            query.push(
                " AND (m.story IS NULL OR NOT EXISTS (SELECT 1 FROM mention sm CROSS JOIN post sp \
                 WHERE sp.id = sm.post_id AND sm.story = m.story AND (sm.sort_at, sm.id) < (m.sort_at, m.id) \
                 AND +sm.topic_id NOT IN (SELECT id FROM topic WHERE workspace_id = $1 AND deleted_at IS NOT NULL)",
            );
            self.write_topics(query, OF_STORY);
            self.write_conditions(query, OF_STORY, postgres);
            query.push("))");
        }
    }

    /// Which index is walked: the signs before columns keep SQLite from others than the one in the order of the list.
    fn write_walk(&self, query: &mut Assembly, workspace: WorkspaceId) {
        // Few mentions have tags, or belong to one story: they are found by those and sorted.
        let elsewhere = !self.tags.is_empty() || self.story.is_some();
        let in_time =
            if elsewhere || self.topics.len() == 1 { " AND +m.workspace_id = " } else { " AND m.workspace_id = " };
        query.push(in_time).bind(workspace.0);
        if let ([topic], false) = (&self.topics[..], elsewhere) {
            query.push(" AND m.topic_id = ").bind(topic.0);
        } else {
            self.write_topics(query, LISTED);
        }
    }

    fn write_topics(&self, query: &mut Assembly, names: Names) {
        let Names { mention, other, .. } = names;
        // A post that matched several topics is shown by the first of its mentions.
        let first_of_post = format!(
            " AND NOT EXISTS (SELECT 1 FROM mention {other} WHERE {other}.post_id = {mention}.post_id \
             AND +{other}.id < {mention}.id AND +{other}.topic_id NOT IN \
             (SELECT id FROM topic WHERE workspace_id = $1 AND deleted_at IS NOT NULL)"
        );
        match &self.topics[..] {
            [] => {
                query.push(&first_of_post).push(")");
            }
            [topic] => {
                query.push(&format!(" AND +{mention}.topic_id = ")).bind(topic.0);
            }
            topics => {
                query.push(&format!(" AND +{mention}.topic_id IN ")).list(topics.iter().map(|topic| topic.0));
                query.push(&first_of_post).push(&format!(" AND {other}.topic_id IN "));
                query.list(topics.iter().map(|topic| topic.0)).push(")");
            }
        }
    }

    fn write_conditions(&self, query: &mut Assembly, names: Names, postgres: bool) {
        let Names { mention, .. } = names;
        match &self.states[..] {
            [] => query.push(&format!(" AND {mention}.state <> 'binned'")),
            states => query.push(&format!(" AND {mention}.state IN ")).list(states.iter().map(|state| state.as_str())),
        };
        if !self.with_copies {
            query.push(&format!(" AND {mention}.copy_of IS NULL"));
        }
        self.write_judgements(query, mention);
        if !self.tags.is_empty() {
            query.push(&format!(
                " AND {mention}.id IN (SELECT mention_id FROM mention_tag WHERE workspace_id = $1 AND tag IN "
            ));
            query.list(self.tags.iter().map(String::as_str)).push(")");
        }
        if let Some(from) = self.from {
            query.push(&format!(" AND {mention}.sort_at >= ")).bind(from);
        }
        if let Some(to) = self.to {
            query.push(&format!(" AND {mention}.sort_at < ")).bind(to);
        }
        self.write_post(query, names.post, postgres);
    }

    fn write_judgements(&self, query: &mut Assembly, mention: &str) {
        let tones: Vec<Option<&str>> = self.tones.iter().map(|tone| tone.map(Tone::as_str)).collect();
        write_names(query, &format!("{mention}.tone"), &tones);
        let stages: Vec<Option<&str>> = self.stages.iter().map(|stage| stage.map(Stage::as_str)).collect();
        write_names(query, &format!("{mention}.stage"), &stages);
        if !self.intents.is_empty() {
            let wanted: Intents = self.intents.iter().copied().collect();
            query.push(&format!(" AND {mention}.intents & ")).bind(i64::from(wanted.bits())).push(" <> 0");
        }
        if self.without_spam {
            query.push(&format!(" AND COALESCE({mention}.spam, 0) < 500"));
        }
        if let Some(story) = self.story {
            query.push(&format!(" AND {mention}.story = ")).bind(story.0);
        }
    }

    fn write_post(&self, query: &mut Assembly, post: &str, postgres: bool) {
        if !self.networks.is_empty() {
            query.push(&format!(" AND {post}.network IN ")).list(self.networks.iter().map(String::as_str));
        }
        if !self.sources.is_empty() {
            query.push(&format!(" AND {post}.source_id IN ")).list(self.sources.iter().map(|source| source.0));
        }
        if !self.languages.is_empty() {
            query.push(&format!(" AND {post}.language IN ")).list(self.languages.iter().map(Language::code));
        }
        if let Some(author) = self.author.as_deref().map(|author| author.trim().trim_start_matches('@').to_lowercase())
        {
            query
                .push(&format!(" AND (COALESCE({post}.author_handle_lower, {post}.author_handle) = "))
                .bind(author.as_str());
            query
                .push(&format!(" OR COALESCE({post}.author_name_lower, {post}.author_name) = "))
                .bind(author)
                .push(")");
        }
        if let Some(text) = self.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            let (operator, pattern) = contains(text, postgres);
            query.push(&format!(" AND ({post}.text {operator} ")).bind(pattern.as_str());
            query.push(&format!(" OR {post}.title {operator} ")).bind(pattern).push(")");
        }
    }
}

/// Any of the names; `None` is null.
fn write_names(query: &mut Assembly, column: &str, wanted: &[Option<&str>]) {
    let named: Vec<&str> = wanted.iter().copied().flatten().collect();
    match (wanted.contains(&None), named.is_empty()) {
        (false, true) => {}
        (true, true) => {
            query.push(&format!(" AND {column} IS NULL"));
        }
        (false, false) => {
            query.push(&format!(" AND {column} IN ")).list(named);
        }
        (true, false) => {
            query.push(&format!(" AND ({column} IS NULL OR {column} IN ")).list(named).push(")");
        }
    }
}
