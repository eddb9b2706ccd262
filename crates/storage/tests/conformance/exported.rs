//! What the rows of a file are made of.

use molva_domain::{
    Actor, Author, Community, Engagement, EventId, EventKind, Language, MentionId, MentionState, PostId, Tone, Urn,
};
use molva_storage::intake::PreparedItem;
use molva_storage::mention::{ExportedAuthor, ExportedMention, LONGEST_TEXT, Mention, MentionChange};

use crate::bench::{Bench, matched, post, prepared};

/// The same of what a list shows.
fn exported(mention: Mention) -> ExportedMention {
    let (post, text_bytes) = (mention.post.clone(), mention.post.text.len());
    let author = post.author;
    ExportedMention {
        id: mention.id,
        topic: mention.topic,
        created_at: mention.created_at,
        state: mention.state,
        tone: mention.tone,
        intents: mention.intents,
        stage: mention.stage,
        spam: mention.spam,
        by_people: mention.by_people,
        model: mention.model,
        story: mention.story,
        tags: mention.tags,
        copies: mention.copies,
        copy_of: mention.copy_of,
        post_id: mention.post_id,
        source: mention.source,
        post_deleted: mention.post_deleted,
        urn: post.urn.as_str().to_owned(),
        network: post.network,
        kind: post.kind,
        language: post.language.map(|language| language.code().to_owned()),
        author: ExportedAuthor {
            name: author.name,
            handle: author.handle,
            url: author.url,
            followers: author.followers,
            country: author.country,
            region: author.region,
            city: author.city,
        },
        community: post.community.as_ref().and_then(|community| community.title.clone()),
        community_key: post.community.map(|community| community.key),
        title: post.title,
        text: (text_bytes <= LONGEST_TEXT).then_some(post.text),
        text_bytes,
        url: post.url,
        published_at: post.published_at,
        engagement: post.engagement,
    }
}

pub(crate) async fn a_file_has_what_a_list_shows_and_long_texts_when_asked(bench: &Bench) {
    let source = bench.source("one").await;
    let (one, two) = (bench.topic("one").await, bench.topic("two").await);
    let mut full = post(1);
    full.author = Author {
        urn: Some(Urn::new("urn:smm:test:author:1")),
        handle: Some("anna".to_owned()),
        name: Some("Анна \"А\"\n".to_owned()),
        url: Some("https://example.org/anna".to_owned()),
        followers: Some(7),
        city: Some("Гродно".to_owned()),
        region: Some("Гродненская область".to_owned()),
        country: Some("BY".to_owned()),
        ..Author::default()
    };
    full.community = Some(Community { key: "club".to_owned(), title: Some("Клуб".to_owned()), url: None });
    full.title = Some("Заголовок \\ 🙂\u{1}".to_owned());
    full.language = Some(Language::RUSSIAN);
    full.url = Some("https://example.org/1".to_owned());
    full.links = vec!["https://example.org/2".to_owned()];
    full.engagement = Engagement { likes: Some(1), views: Some(u64::from(u32::MAX)), ..Engagement::default() };
    let (mut just, mut long) = (post(2), post(3));
    just.text = "~".repeat(LONGEST_TEXT);
    // Its bytes count, not its letters.
    long.text = "я".repeat(LONGEST_TEXT / 2) + "~";
    let long_text = long.text.clone();
    let items: Vec<PreparedItem> = [full, just, long].map(|post| prepared(post, 0, &[one, two])).into();
    bench.store(source, items).await;
    // Copies, one post that its network deletes, and more than goes in one statement.
    bench.store(source, (10..13).map(|number| prepared(post(number), 7, &[one])).collect()).await;
    bench.store(source, (100..400).map(|number| matched(number, one)).collect()).await;
    bench.store(source, vec![PreparedItem::Deleted(post(12).urn)]).await;

    let created = [EventKind::MentionCreated];
    let events = bench.storage.events_after(bench.workspace, EventId(0), &created, 1_000).await.unwrap();
    let ids: Vec<MentionId> = events.iter().map(|event| event.subject.into()).chain([MentionId(1)]).collect();
    let change = MentionChange {
        state: Some(MentionState::Kept),
        tone: Some(Some(Tone::Negative)),
        add_tags: vec!["ціна, \"знижка\"".to_owned(), "б".to_owned()],
        ..MentionChange::default()
    };
    bench.storage.change_mentions(bench.workspace, Actor::System, &ids[..1], &change).await.unwrap();

    let mut expected = bench.storage.mentions_in_bulk(bench.workspace, &ids).await.unwrap();
    expected.sort_by_key(|mention| mention.id);
    let mut read = bench.storage.exported_mentions(bench.workspace, &ids).await.unwrap();
    read.sort_by_key(|mention| mention.id);
    assert!(read.len() > 300 && read.iter().any(|mention| !mention.tags.is_empty()));
    assert_eq!(read, expected.into_iter().map(exported).collect::<Vec<_>>());

    let left_out: Vec<PostId> = read.iter().filter(|row| row.text.is_none()).map(|row| row.post_id).collect();
    let texts = bench.storage.texts_of_posts(bench.workspace, &[left_out[0], PostId(1)]).await.unwrap();
    assert_eq!(texts, [(left_out[0], long_text)]);

    bench.storage.delete_topic(bench.workspace, Actor::System, one).await.unwrap();
    let left = bench.storage.exported_mentions(bench.workspace, &ids).await.unwrap();
    assert!(!left.is_empty() && left.iter().all(|mention| mention.topic == two), "{left:?}");
}
