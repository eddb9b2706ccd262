//! Posts that say the same, their counters, and people against the machine.

use std::collections::HashMap;
use std::time::Duration;

use molva_domain::{Actor, EventId, EventKind, MentionId, Post, PostId, StoryId, Timestamp, TopicId, UserId};
use molva_storage::intake::{FoundPost, PreparedItem};
use molva_storage::kept::KeptPost;
use molva_storage::mention::{Mention, MentionFilter};
use molva_storage::story::{Story, StoryFilter, StoryIndex, StoryOrder};

use crate::bench::{Bench, post, prepared};

const PERSON: Actor = Actor::User(UserId(5));

/// Posts with equal signatures tell the same; remembers the first of each.
#[derive(Default)]
struct Equal(Vec<(Vec<u8>, PostId)>);

impl StoryIndex for Equal {
    fn place(&mut self, signature: &[u8], post: PostId, _at: Timestamp) -> StoryId {
        match self.0.iter().find(|(known, _)| known == signature) {
            Some((_, first)) => StoryId::from(*first),
            None => {
                self.0.push((signature.to_vec(), post));
                post.into()
            }
        }
    }
}

/// A post that tells `words`.
fn tells(number: i64, words: &str, network: &str, topics: &[TopicId]) -> PreparedItem {
    let post = Post { network: network.to_owned(), ..post(number) };
    let PreparedItem::Post(mut prepared) = prepared(post, 0, topics) else { panic!("a post") };
    prepared.signature = words.as_bytes().to_vec();
    PreparedItem::Post(prepared)
}

struct Teller<'a> {
    bench: &'a Bench,
    index: Equal,
    source: molva_domain::SourceId,
}

impl<'a> Teller<'a> {
    async fn new(bench: &'a Bench) -> Self {
        Self { bench, index: Equal::default(), source: bench.source("one").await }
    }

    async fn store(&mut self, items: Vec<PreparedItem>) {
        let batch = self.bench.batch(self.source, items);
        let results = self.bench.storage.store_with(vec![batch], Some(&mut self.index)).await.unwrap();
        assert!(results.into_iter().all(|result| result.is_ok()));
        assert_eq!(self.bench.storage.miscounted_stories(self.bench.workspace).await.unwrap(), []);
    }
}

/// All mentions by the number of their post, then by topic.
async fn all(bench: &Bench) -> Vec<Mention> {
    let end = Timestamp::from_secs(9_000_000_000);
    let span = (Timestamp::from_secs(0), end);
    let mut mentions = bench.storage.mentions_in_time(bench.workspace, span, None, 1_000).await.unwrap();
    mentions.sort_by_key(|mention| (mention.post.published_at, mention.id));
    mentions
}

async fn stories(bench: &Bench, filter: &StoryFilter) -> Vec<Story> {
    bench.storage.stories(bench.workspace, filter, None, 50).await.unwrap().stories
}

pub(crate) async fn a_story_begins_with_its_second_post(bench: &Bench) {
    let (one, two) = (bench.topic("one").await, bench.topic("two").await);
    let mut teller = Teller::new(bench).await;
    teller.store(vec![tells(1, "a", "vk", &[one, two]), tells(2, "b", "vk", &[one])]).await;
    assert!(all(bench).await.iter().all(|mention| mention.story.is_none() && mention.story_posts == 0));
    assert_eq!(stories(bench, &StoryFilter::default()).await, []);

    teller.store(vec![tells(3, "a", "ok", &[two]), tells(4, "c", "rss", &[one]), tells(5, "c", "rss", &[one])]).await;
    let mentions = all(bench).await;
    let (a, c) = (mentions[0].post_id, mentions[4].post_id);
    let of: Vec<_> = mentions.iter().map(|mention| (mention.story, mention.story_posts)).collect();
    let (in_a, in_c) = ((Some(a.into()), 2), (Some(c.into()), 2));
    assert_eq!(of, [in_a, in_a, (None, 0), in_a, in_c, in_c]);
    let story = |first: PostId, numbers: [i64; 2], mentions, networks: &[(&str, u64)], topics: &[TopicId]| Story {
        id: first.into(),
        first_post: first,
        posts: 2,
        mentions,
        first_at: post(numbers[0]).published_at,
        last_at: post(numbers[1]).published_at,
        title: post(numbers[0]).text,
        networks: networks.iter().map(|(network, posts)| ((*network).to_owned(), *posts)).collect(),
        topics: topics.to_vec(),
        split_by_people: false,
    };
    let story_a = story(a, [1, 3], 3, &[("ok", 1), ("vk", 1)], &[one, two]);
    let story_c = story(c, [4, 5], 2, &[("rss", 2)], &[one]);
    assert_eq!(stories(bench, &StoryFilter::default()).await, [story_c.clone(), story_a.clone()]);
    let of_two = StoryFilter { topic: Some(two), ..StoryFilter::default() };
    assert_eq!(stories(bench, &of_two).await, std::slice::from_ref(&story_a));
    let late = StoryFilter { from: Some(post(4).published_at), ..StoryFilter::default() };
    assert_eq!(stories(bench, &late).await, [story_c]);
    let early = StoryFilter { to: Some(post(4).published_at), ..StoryFilter::default() };
    assert_eq!(stories(bench, &early).await, [story_a]);

    // Whoever follows the log hears of the mentions that were alone before.
    let events =
        bench.storage.events_after(bench.workspace, EventId(0), &[EventKind::MentionsJudged], 10).await.unwrap();
    let told: Vec<MentionId> = mentions[..2].iter().map(|mention| mention.id).collect();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].change, Some(serde_json::json!({ "mentions": told }).to_string()));
}

pub(crate) async fn a_list_shows_a_story_once_or_alone(bench: &Bench) {
    let topic = bench.topic("t").await;
    let mut teller = Teller::new(bench).await;
    teller
        .store(vec![tells(1, "a", "vk", &[topic]), tells(2, "b", "vk", &[topic]), tells(3, "a", "ok", &[topic])])
        .await;
    teller.store(vec![tells(4, "a", "ok", &[topic]), tells(5, "d", "ok", &[topic])]).await;
    let base = || MentionFilter { one_per_story: true, ..MentionFilter::default() };
    let story = all(bench).await[0].story;
    for (filter, expected) in [
        (base(), vec![5, 2, 1]),
        (MentionFilter { topics: vec![topic], ..base() }, vec![5, 2, 1]),
        (MentionFilter { networks: vec!["ok".to_owned()], ..base() }, vec![5, 3]),
        (MentionFilter { from: Some(post(4).published_at), ..base() }, vec![5, 4]),
        (MentionFilter { story, ..MentionFilter::default() }, vec![4, 3, 1]),
        (MentionFilter { story, topics: vec![topic], ..base() }, vec![1]),
    ] {
        let page = bench.storage.mentions(bench.workspace, &filter, None, 10).await.unwrap();
        let found: Vec<String> = page.mentions.into_iter().map(|mention| mention.post.text).collect();
        let expected: Vec<String> = expected.into_iter().map(|number| post(number).text).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

pub(crate) async fn the_largest_stories_come_page_by_page(bench: &Bench) {
    let topic = bench.topic("t").await;
    let mut teller = Teller::new(bench).await;
    let mut number = 0;
    for (words, posts) in [("a", 2), ("b", 4), ("c", 3), ("d", 1)] {
        let items = (0..posts).map(|_| {
            number += 1;
            tells(number, words, "vk", &[topic])
        });
        teller.store(items.collect()).await;
    }
    let filter = StoryFilter { order: StoryOrder::Largest, ..StoryFilter::default() };
    let (mut cursor, mut sizes) = (None, Vec::new());
    loop {
        let page = bench.storage.stories(bench.workspace, &filter, cursor.as_deref(), 1).await.unwrap();
        sizes.extend(page.stories.iter().map(|story| story.posts));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [4, 3, 2]);
}

pub(crate) async fn people_join_stories_and_take_them_apart(bench: &Bench) {
    let topic = bench.topic("t").await;
    let mut teller = Teller::new(bench).await;
    let first = vec![tells(1, "a", "vk", &[topic]), tells(2, "a", "vk", &[topic]), tells(3, "b", "ok", &[topic])];
    teller.store(first).await;
    let mentions = all(bench).await;
    let (a, b) = (StoryId::from(mentions[0].post_id), StoryId::from(mentions[2].post_id));
    let (storage, workspace) = (&bench.storage, bench.workspace);
    assert_eq!(storage.merge_stories(workspace, PERSON, b, b).await.unwrap(), None);
    assert_eq!(storage.merge_stories(workspace, PERSON, StoryId(1), a).await.unwrap(), None);
    let merged = storage.merge_stories(workspace, PERSON, b, a).await.unwrap().unwrap();
    assert_eq!((merged.id, merged.posts, merged.mentions), (a, 3, 3));
    assert_eq!(storage.story(workspace, b).await.unwrap(), Some(merged.clone()), "the old id leads there");
    let known = storage.stories_without_topics(workspace, &[a, b, StoryId(1)]).await.unwrap();
    let bare = Story { topics: Vec::new(), ..merged.clone() };
    assert_eq!(known, HashMap::from([(a, bare.clone()), (b, bare)]));
    assert_eq!(storage.stories_without_topics(workspace, &[]).await.unwrap(), HashMap::new());
    assert_eq!(stories(bench, &StoryFilter::default()).await, [merged]);
    assert_eq!(storage.miscounted_stories(workspace).await.unwrap(), []);

    // The index still says `b`.
    teller.store(vec![tells(4, "b", "rss", &[topic])]).await;
    let story = storage.story(workspace, a).await.unwrap().unwrap();
    assert_eq!((story.posts, story.networks.len()), (4, 3));

    let posts: Vec<PostId> = all(bench).await.iter().map(|mention| mention.post_id).collect();
    assert_eq!(storage.split_from_story(workspace, PERSON, a, &[]).await.unwrap(), None);
    assert_eq!(storage.split_from_story(workspace, PERSON, a, &posts).await.unwrap(), None);
    let split = storage.split_from_story(workspace, PERSON, b, &posts[2..3]).await.unwrap().unwrap();
    assert_eq!((split.from, split.story.id, split.story.posts, split.story.split_by_people), (a, b, 1, true));
    assert_eq!((split.posts, split.story.title), (vec![posts[2]], post(3).text));
    // The first post stays: who takes it out takes out the others.
    let split = storage.split_from_story(workspace, PERSON, a, &posts[..2]).await.unwrap().unwrap();
    assert_eq!((split.story.id, split.posts), (posts[3].into(), vec![posts[3]]));
    teller.store(vec![tells(5, "b", "rss", &[topic]), tells(6, "a", "rss", &[topic])]).await;
    let of: Vec<_> = all(bench).await.iter().map(|mention| (mention.story, mention.story_posts)).collect();
    let (in_a, in_b) = ((Some(a), 3), (Some(b), 2));
    assert_eq!(of, [in_a, in_a, in_b, (Some(posts[3].into()), 1), in_b, in_a]);

    let labels = storage.labels(workspace, 0, 100).await.unwrap();
    let said: Vec<_> = labels.into_iter().map(|label| (label.kind, label.post, label.value)).collect();
    let label = |post: PostId, story: StoryId| ("story".to_owned(), post, Some(story.to_string()));
    assert_eq!(said, [label(posts[2], a), label(posts[2], b), label(posts[3], posts[3].into())]);
    let events = storage.events_after(workspace, EventId(0), &[EventKind::StoryChanged], 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.subject).collect::<Vec<_>>(), [a.0, b.0, posts[3].0]);
    let texts = storage.story_texts(workspace, PostId(0), 100).await.unwrap();
    let stories: Vec<StoryId> = texts.iter().map(|text| text.story).collect();
    assert_eq!(stories, [a, a, b, posts[3].into(), b, a], "what an index is filled with after a restart");
    let since = storage.story_texts_since(Duration::from_secs(3_600), 2).await.unwrap();
    assert_eq!(storage.story_texts(workspace, since, 100).await.unwrap(), texts[4..]);
}

pub(crate) async fn a_post_nobody_stored_begins_no_story(bench: &Bench) {
    let topic = bench.topic("t").await;
    let mut teller = Teller::new(bench).await;
    // A transaction that failed left it in the index.
    let lost = StoryId(PostId::first_at(bench.storage.now()).0 - 9);
    teller.index.0.push((b"a".to_vec(), PostId(lost.0)));
    teller.store(vec![tells(1, "a", "vk", &[topic])]).await;
    assert_eq!(stories(bench, &StoryFilter::default()).await, []);
    teller.store(vec![tells(2, "a", "vk", &[topic])]).await;
    let found = stories(bench, &StoryFilter::default()).await;
    assert_eq!(found.iter().map(|story| (story.id, story.posts)).collect::<Vec<_>>(), [(lost, 2)]);
    assert_eq!((found[0].title.as_str(), found[0].first_post), ("пост номер 1", all(bench).await[0].post_id));
}

pub(crate) async fn a_backfill_counts_in_stories(bench: &Bench) {
    let (old, new) = (bench.topic("old").await, bench.topic("new").await);
    let mut teller = Teller::new(bench).await;
    teller.store(vec![tells(1, "a", "test", &[old]), tells(2, "a", "test", &[]), tells(3, "b", "test", &[])]).await;
    let found = |number: i64, words: &str| FoundPost {
        kept: KeptPost { source: teller.source.0, content_hash: 0, post: post(number) },
        spans: Vec::new(),
        judged: None,
        signature: words.as_bytes().to_vec(),
    };
    let posts = vec![found(1, "a"), found(2, "a"), found(3, "b")];
    let (storage, workspace) = (&bench.storage, bench.workspace);
    assert_eq!(storage.store_backfill(workspace, new, posts, Some(&mut teller.index)).await.unwrap(), 3);
    assert_eq!(storage.miscounted_stories(workspace).await.unwrap(), []);
    let of: Vec<_> = all(bench).await.iter().map(|mention| (mention.topic, mention.story_posts)).collect();
    assert_eq!(of, [(old, 2), (new, 2), (new, 2), (new, 0)]);
    // A topic more for a post of a story.
    let third = bench.topic("third").await;
    let posts = vec![FoundPost { signature: Vec::new(), ..found_again(teller.source) }];
    assert_eq!(storage.store_backfill(workspace, third, posts, Some(&mut teller.index)).await.unwrap(), 1);
    assert_eq!(stories(bench, &StoryFilter::default()).await[0].mentions, 4);
    assert_eq!(storage.miscounted_stories(workspace).await.unwrap(), []);
}

fn found_again(source: molva_domain::SourceId) -> FoundPost {
    let kept = KeptPost { source: source.0, content_hash: 0, post: post(2) };
    FoundPost { kept, spans: Vec::new(), judged: None, signature: Vec::new() }
}

pub(crate) async fn a_story_does_not_go_on_saying_a_deleted_post(bench: &Bench) {
    let topic = bench.topic("t").await;
    let mut teller = Teller::new(bench).await;
    teller.store(vec![tells(1, "a", "vk", &[topic]), tells(2, "a", "vk", &[topic])]).await;
    teller.store(vec![PreparedItem::Deleted(post(1).urn)]).await;
    assert_eq!(stories(bench, &StoryFilter::default()).await[0].title, "пост номер 2");
    teller.store(vec![PreparedItem::Deleted(post(2).urn)]).await;
    assert_eq!(stories(bench, &StoryFilter::default()).await[0].title, "");
}
