//! The matcher beside the plain evaluator: bytes become queries of every operator and field, a post, and what is known of
//! the mention; both must name the same queries, before and after the set changes.
#![no_main]

mod posts;
mod queries;
mod vocabulary;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use molva_domain::Post;
use molva_matcher::{Matcher, Scratch};
use molva_query::field::Judgement;
use molva_query::{Query, Reading, Scope, parse_with};

/// So many changed queries beside the large index make a new one of both.
const CROWD: usize = 260;

fuzz_target!(|data: &[u8]| {
    // Bytes that run out become the first choice of each.
    let _ = agree(&mut Unstructured::new(data));
});

fn agree(source: &mut Unstructured<'_>) -> Result<()> {
    let lists = queries::lists();
    let reading = Reading { scope: Scope::Mentions, lists: &lists };
    let count = source.int_in_range(1..=6)?;
    let mut queries = Vec::new();
    for _ in 0..count {
        queries.extend(parse_with(&queries::query(source, 3)?, &reading).query);
    }
    if queries.is_empty() {
        return Ok(());
    }
    let matcher = Matcher::new();
    // What takes long is what bytes that run out do not choose.
    if !source.ratio(15, 16)? {
        matcher.observe("", &vocabulary::SOAKED);
    }
    let half = queries.len() / 2;
    let mut live: Vec<Option<&Query>> = queries.iter().map(Some).collect();
    if !source.ratio(7, 8)? {
        // Enough to be put into the large index.
        live.extend(queries.iter().map(Some).cycle().take(CROWD));
        matcher.put_all(live.iter().enumerate().filter_map(|(id, query)| Some((id as i64, (*query)?))));
    } else {
        matcher.put_all(queries[..half].iter().enumerate().map(|(id, query)| (id as i64, query)));
        for (id, query) in queries.iter().enumerate().skip(half) {
            matcher.put(id as i64, query);
        }
    }
    let (post, judgement) = (posts::post(source)?, posts::judgement(source)?);
    let mut scratch = Scratch::default();
    compare(&matcher, &live, &post, &judgement, &mut scratch);
    for _ in 0..source.int_in_range(0..=3)? {
        let id = source.choose_index(live.len())?;
        live[id] = if source.ratio(1, 2)? { Some(source.choose(&queries)?) } else { None };
        match live[id] {
            Some(query) => matcher.put(id as i64, query),
            None => matcher.remove(id as i64),
        }
    }
    // The same buffers: nothing of the post before may be left.
    compare(&matcher, &live, &posts::post(source)?, &judgement, &mut scratch);
    Ok(())
}

fn compare(matcher: &Matcher, live: &[Option<&Query>], post: &Post, judgement: &Judgement, scratch: &mut Scratch) {
    let snapshot = matcher.snapshot();
    let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
    let mut answers: Vec<(&str, bool)> = Vec::new();
    let mut expected = Vec::new();
    for (id, query) in live.iter().enumerate() {
        let Some(query) = query else { continue };
        let known = answers.iter().find(|(written, _)| *written == query.text());
        let holds = known.map_or_else(|| query.matches_judged(post, judgement), |(_, holds)| *holds);
        if known.is_none() {
            answers.push((query.text(), holds));
        }
        if holds {
            expected.push(id as i64);
        }
    }
    let mut hits = snapshot.matches_judged(post, judgement, scratch);
    hits.sort_by_key(|hit| hit.query);
    let found: Vec<i64> = hits.iter().map(|hit| hit.query).collect();
    assert_eq!(found, expected, "{answers:#?} on {post:#?} {judgement:#?}");
    assert_eq!(snapshot.len(), live.iter().flatten().count());
    for hit in &hits {
        let mut before = (true, 0);
        for span in &hit.spans {
            let source = if span.in_title { title } else { text };
            let shown = source.get(span.start as usize..span.end as usize);
            assert!(shown.is_some_and(|shown| !shown.is_empty()), "{span:?} of {answers:#?} on {post:#?}");
            assert!(
                before.0 != span.in_title || before.1 <= span.start,
                "{:?} overlap or stand in no order, of {answers:#?} on {post:#?}",
                hit.spans
            );
            before = (span.in_title, span.end);
        }
    }
    assert!(
        snapshot.may_match(title, text, scratch) || expected.is_empty(),
        "{answers:#?} is said to match no post of such words: {post:#?}"
    );
}
