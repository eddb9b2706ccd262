//! Tests that SQLite walks the indexes it was given. It has no statistics here, and guesses wrong where two indexes fit.

use std::sync::Arc;

use molva_domain::{SystemClock, TopicId, WorkspaceId};

use crate::intake::SAME_WORDS;
use crate::kept::KeptLimits;
use crate::mention::{MentionFilter, TOPICS_OF_POSTS};
use crate::sql::{Assembly, Statement};
use crate::story::TOPICS_OF_STORIES;
use crate::{Storage, StorageOptions};

async fn check(statement: Statement, expected: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = Storage::open(StorageOptions {
        data_dir: folder.path().to_owned(),
        postgres_url: None,
        clock: Arc::new(SystemClock),
        node: 0,
        kept: KeptLimits::default(),
        sealing_key: None,
    });
    let storage = storage.await.expect("a store");
    let rows = storage.database().all(statement).await.expect("a plan");
    let plan: Vec<String> = rows
        .iter()
        .map(|row| {
            let mut columns = row.columns();
            for _ in 0..3 {
                columns.integer().expect("a number");
            }
            columns.text().expect("a step")
        })
        .collect();
    assert!(plan.iter().any(|step| step.starts_with(expected)), "{plan:#?}");
}

fn keys(head: &str) -> Statement {
    Statement::assembled(format!("EXPLAIN QUERY PLAN {head} (1, 2, 3)").into()).bind(1_i64)
}

fn list(filter: &MentionFilter) -> Statement {
    let mut query = Assembly::default();
    query.push("EXPLAIN QUERY PLAN SELECT m.id, p.text");
    filter.write(&mut query, WorkspaceId(1), false);
    query.push(" AND (m.sort_at, m.id) < (5, 6) ORDER BY m.sort_at DESC, m.id DESC LIMIT 50");
    query.into_statement()
}

#[tokio::test]
async fn equal_words_are_found_by_their_hash() {
    check(keys(SAME_WORDS), "SEARCH mention USING INDEX mention_same_words (content_hash=?)").await;
}

#[tokio::test]
async fn topics_of_stories_are_found_without_reading_their_mentions() {
    let covering = "SEARCH m EXISTS USING COVERING INDEX mention_topic_of_story (story=? AND topic_id=?)";
    check(keys(TOPICS_OF_STORIES), covering).await;
}

#[tokio::test]
async fn topics_of_posts_are_found_by_the_posts() {
    check(keys(TOPICS_OF_POSTS), "SEARCH mention USING INDEX mention_of_post (post_id=?)").await;
}

#[tokio::test]
async fn a_list_goes_on_where_its_page_ended() {
    let (one, two) = (TopicId(1), TopicId(2));
    let in_time = "SEARCH m USING INDEX mention_in_time (workspace_id=? AND sort_at<?)";
    check(list(&MentionFilter::default()), in_time).await;
    check(list(&MentionFilter { topics: vec![one, two], ..MentionFilter::default() }), in_time).await;
    let of_topic = "SEARCH m USING INDEX mention_of_topic (topic_id=? AND sort_at<?)";
    check(list(&MentionFilter { topics: vec![one], ..MentionFilter::default() }), of_topic).await;
}

#[tokio::test]
async fn tagged_mentions_are_found_by_their_tags() {
    let tags = vec!["price".to_owned()];
    let by_id = "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)";
    check(list(&MentionFilter { tags: tags.clone(), ..MentionFilter::default() }), by_id).await;
    check(list(&MentionFilter { tags, topics: vec![TopicId(1)], ..MentionFilter::default() }), by_id).await;
}
