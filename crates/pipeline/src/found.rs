//! Where the words of a query stand in mentions that it finds.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use molva_domain::{TopicId, WorkspaceId};
use molva_matcher::Matcher;
use molva_query::Query;
use molva_query::field::Judgement;
use molva_storage::StorageError;
use molva_storage::intake::MatchSpan;
use molva_storage::mention::Mention;

use crate::ingest::{Pipeline, match_span};
use crate::judged_effects::asks_for_judgement;

/// A page of posts takes a few milliseconds; places are an ornament and not waited for.
const TIME_LIMIT: Duration = Duration::from_millis(250);

impl Pipeline {
    /// The mentions with the places of the query's words in each; none where the query does not match as things are by now, and
    /// in those that the time was too short for.
    pub async fn places_in(
        &self,
        workspace: WorkspaceId,
        query: Query,
        mentions: Vec<Mention>,
    ) -> Result<Vec<(Mention, Vec<MatchSpan>)>, StorageError> {
        let names = if asks_for_judgement(&query) { self.topic_names(workspace).await? } else { HashMap::new() };
        let inner = self.inner.clone();
        let work = move || {
            let end = Instant::now() + TIME_LIMIT;
            let matcher = Matcher::new();
            matcher.put(0, &query);
            let snapshot = matcher.snapshot();
            let mut scratch = inner.scratches.take();
            let placed = mentions.into_iter().map(|mention| {
                if mention.post_deleted || Instant::now() > end {
                    return (mention, Vec::new());
                }
                let judgement = judgement_of(&mention, &names);
                let hits = snapshot.matches_judged(&mention.post, &judgement, &mut scratch);
                let spans = hits.into_iter().flat_map(|hit| hit.spans).map(match_span).collect();
                (mention, spans)
            });
            let placed = placed.collect();
            inner.scratches.give_back(scratch);
            placed
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| StorageError::Kept(std::io::Error::other(error)))
    }

    pub(crate) async fn topic_names(&self, workspace: WorkspaceId) -> Result<HashMap<TopicId, String>, StorageError> {
        let topics = self.inner.storage.topics(workspace).await?;
        Ok(topics.into_iter().map(|topic| (topic.id, topic.name)).collect())
    }
}

/// What is known of a stored mention beside its post.
pub(crate) fn judgement_of(mention: &Mention, names: &HashMap<TopicId, String>) -> Judgement {
    let topics = mention.topics.iter().filter_map(|id| names.get(id).cloned()).collect();
    Judgement { topics, ..known(mention) }
}

/// What is known of it but for the names of its topics.
pub(crate) fn known(mention: &Mention) -> Judgement {
    let motive = mention.judged.as_ref().and_then(|judged| {
        let span = judged.motive?;
        let text = if span.in_title { mention.post.title.as_deref()? } else { mention.post.text.as_str() };
        text.get(span.start as usize..span.end as usize).map(str::to_owned)
    });
    Judgement {
        tone: mention.tone,
        intents: mention.intents.unwrap_or_default(),
        stage: mention.stage,
        motive,
        spam: mention.spam,
        bot: mention.judged.as_ref().and_then(|judged| judged.bot),
        tags: mention.tags.clone(),
        stories: mention.story.iter().map(ToString::to_string).collect(),
        ..Judgement::EMPTY
    }
}
