//! A stored post comes again and is not what it was: its author edited it, or more people like it by now.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use molva_domain::{Actor, EventKind, Outcome, Post, PostId, SourceId, StoryId, Timestamp, WorkspaceId};
use serde_json::json;

use super::accounts::Accounts;
use super::known::Notes;
use super::said::Said;
use super::{Candidate, PreparedPost};
use crate::event::NewEvent;
use crate::post::{self, StoredPost};
use crate::sql::{Bulk, Statement, Transaction, Value, in_list};
use crate::story::{retell, title_of};
use crate::{Result, Storage};

/// Earlier versions kept of a post: the first, and the newest of the others.
const VERSIONS: u64 = 20;

const RECOUNT: Bulk = Bulk {
    head: "UPDATE post SET details = now.column2 FROM (VALUES",
    row: "(?, ?)",
    tail: ") AS now WHERE post.id = now.column1 AND +post.workspace_id = $1",
};

/// A post as it is stored.
pub(super) struct Stand {
    pub(super) stored: StoredPost,
    pub(super) content_hash: i64,
    pub(super) story: Option<StoryId>,
}

/// What a delivery means for the post that is stored.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Its author edited it.
    Edit,
    /// It says what it said; the counts may be others.
    Count,
    /// It is gone, or this is how it was before, or how another source shows it.
    Nothing,
}

impl Storage {
    /// Each candidate's post is stored under the id given; no id comes twice.
    pub(super) async fn revise(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
        accounts: &mut Accounts,
        changed: Vec<(PostId, Candidate)>,
    ) -> Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        let mut stands = stands(transaction, workspace, &changed).await?;
        let owners = stands.values().map(|stand| stand.stored.source);
        let owners = living(transaction, workspace, owners.collect()).await?;
        let (mut notes, mut counted, mut details) = (Notes::default(), Vec::new(), Vec::new());
        for (id, Candidate { batch, key, said, prepared, .. }) in changed {
            let Some(mut stand) = stands.remove(&id) else {
                accounts.count(batch, Outcome::Duplicate);
                continue;
            };
            let source = accounts.source(batch);
            let is_its_own = source == stand.stored.source || !owners.contains(&stand.stored.source);
            let verdict = verdict(&stand.stored, &prepared.post, said, is_its_own);
            accounts.count(batch, if verdict == Verdict::Edit { Outcome::Updated } else { Outcome::Duplicate });
            match verdict {
                Verdict::Nothing => continue,
                Verdict::Count => {
                    if recount(&mut stand.stored.post, &prepared.post) {
                        details.extend([Value::from(id.0), post::details(&mut stand.stored.post).into()]);
                        counted.push(id);
                    }
                }
                Verdict::Edit => self.edit(transaction, workspace, now, source, stand, *prepared).await?,
            }
            notes.changed(key, id.0, said);
        }
        notes.write(transaction, workspace).await?;
        RECOUNT.execute(transaction, &[workspace.0.into()], details).await?;
        if counted.is_empty() {
            return Ok(());
        }
        let change = Some(json!({ "posts": counted }).to_string());
        let event = NewEvent { change, ..NewEvent::of(EventKind::PostsCounted, workspace.0) };
        transaction.record(workspace, now, Actor::System, vec![event]).await
    }

    /// The post takes what it says now; what it said becomes a version, and its mentions follow.
    async fn edit(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
        source: SourceId,
        stand: Stand,
        prepared: PreparedPost,
    ) -> Result<()> {
        let PreparedPost { post, content_hash, matches, .. } = prepared;
        let Stand { stored, content_hash: before, story } = stand;
        let (id, edits) = (stored.id, stored.edits + 1);
        keep_version(transaction, workspace, now, &stored).await?;
        let mut revised = stored.post;
        take_over(&mut revised, post);
        if let Some(story) = story {
            retell(transaction, workspace, story, id, title_of(revised.title.as_deref(), &revised.text)).await?;
        }
        let sort_at = revised.sort_at();
        let rewritten = post::rewrite(workspace, id, content_hash, edits, revised);
        transaction.execute(rewritten).await?;
        let edited = super::edited::Edited { id, source, sort_at, story, edits, hashes: (before, content_hash) };
        self.edit_mentions(transaction, workspace, now, edited, matches).await
    }
}

fn verdict(stored: &StoredPost, delivered: &Post, said: Said, is_its_own: bool) -> Verdict {
    if stored.deleted {
        return Verdict::Nothing;
    }
    if Said::of(&stored.post).says_the_same_as(said) {
        return Verdict::Count;
    }
    let is_newer = match (stored.post.edited_at, delivered.edited_at) {
        (Some(before), Some(now)) if before != now => before < now,
        (None, Some(_)) => true,
        // The network tells of edits, and of this one it does not: that is how the post was before.
        (Some(_), None) => false,
        // It does not tell when: what is read later holds. Two sources may show one post in two ways for good.
        _ => is_its_own && stored.post.fetched_at <= delivered.fetched_at,
    };
    if is_newer { Verdict::Edit } else { Verdict::Nothing }
}

/// Takes over the counts that are told; `false` when all of them are what they were.
fn recount(stored: &mut Post, delivered: &Post) -> bool {
    let (before, followers) = (stored.engagement, stored.author.followers);
    let (counts, now) = (&mut stored.engagement, delivered.engagement);
    counts.likes = now.likes.or(counts.likes);
    counts.reposts = now.reposts.or(counts.reposts);
    counts.comments = now.comments.or(counts.comments);
    counts.views = now.views.or(counts.views);
    counts.rating = now.rating.or(counts.rating);
    stored.author.followers = delivered.author.followers.or(followers);
    stored.engagement != before || stored.author.followers != followers
}

/// What it says now, and what it is otherwise as far as that is told. Where and when it was said stays.
fn take_over(stored: &mut Post, delivered: Post) {
    recount(stored, &delivered);
    let author = &mut stored.author;
    author.handle = delivered.author.handle.or(author.handle.take());
    author.name = delivered.author.name.or(author.name.take());
    author.url = delivered.author.url.or(author.url.take());
    author.verified = delivered.author.verified.or(author.verified);
    author.bot = delivered.author.bot.or(author.bot);
    stored.url = delivered.url.or(stored.url.take());
    stored.edited_at = delivered.edited_at.or(stored.edited_at);
    stored.visibility = delivered.visibility;
    (stored.title, stored.text, stored.language) = (delivered.title, delivered.text, delivered.language);
    (stored.links, stored.media) = (delivered.links, delivered.media);
}

async fn keep_version(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    now: Timestamp,
    StoredPost { id, post, edits, .. }: &StoredPost,
) -> Result<()> {
    let version = edits + 1;
    let insert = Statement::new(
        "INSERT INTO post_version (workspace_id, post_id, version, title, text, language, said_at, replaced_at) \
         VALUES ($1, $2, $3, $4, $5, $6, \
         COALESCE($7, (SELECT MAX(replaced_at) FROM post_version WHERE post_id = $2), $8), $9)",
    );
    let insert = insert.bind(workspace.0).bind(id.0).bind(version).bind(post.title.clone()).bind(post.text.clone());
    let language = post.language.as_ref().map(molva_domain::Language::code);
    let insert = insert.bind(language).bind(post.edited_at).bind(post.published_at).bind(now);
    transaction.execute(insert).await?;
    if version > VERSIONS {
        let forget = Statement::new("DELETE FROM post_version WHERE post_id = $1 AND version > 1 AND version <= $2");
        transaction.execute(forget.bind(id.0).bind(version - (VERSIONS - 1))).await?;
    }
    Ok(())
}

static STANDS: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {}, p.content_hash, p.story FROM post p WHERE +p.workspace_id = $1 AND p.id IN", post::COLUMNS)
});

async fn stands(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    changed: &[(PostId, Candidate)],
) -> Result<HashMap<PostId, Stand>> {
    let ids = changed.iter().map(|(id, _)| Value::from(id.0)).collect();
    let mut stands = HashMap::with_capacity(changed.len());
    for statement in in_list(transaction.is_postgres(), &STANDS, "", &[workspace.0.into()], ids) {
        for row in transaction.all(statement).await? {
            let mut columns = row.columns();
            let stored = post::read(&mut columns)?;
            let (content_hash, story) = (columns.integer()?, columns.maybe_integer()?.map(StoryId));
            stands.insert(stored.id, Stand { stored, content_hash, story });
        }
    }
    Ok(stands)
}

/// Those of the sources that are still there.
async fn living(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    sources: HashSet<SourceId>,
) -> Result<HashSet<SourceId>> {
    let mut living = HashSet::with_capacity(sources.len());
    for statement in in_list(
        transaction.is_postgres(),
        "SELECT id FROM source WHERE workspace_id = $1 AND id IN",
        "",
        &[workspace.0.into()],
        sources.into_iter().map(|source| Value::from(source.0)).collect(),
    ) {
        for row in transaction.all(statement).await? {
            living.insert(SourceId(row.columns().integer()?));
        }
    }
    Ok(living)
}

#[cfg(test)]
mod tests {
    use molva_domain::Urn;

    use super::*;

    const AT: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn post(text: &str, edited_secs: Option<u64>) -> Post {
        let mut post = Post::new(Urn::new("urn:smm:x:post:1"), "x", text.to_owned(), AT, AT);
        post.edited_at = edited_secs.map(|secs| AT.plus(std::time::Duration::from_secs(secs)));
        post
    }

    fn check(before: Option<u64>, now: Option<u64>, is_its_own: bool) -> Verdict {
        let stored = StoredPost {
            id: PostId(1),
            source: SourceId(1),
            deleted: false,
            post: post("a", before),
            edits: 0,
            answers: None,
        };
        let delivered = post("b", now);
        verdict(&stored, &delivered, Said::of(&delivered), is_its_own)
    }

    #[test]
    fn what_was_edited_later_holds_whoever_brings_it() {
        for own in [true, false] {
            assert_eq!(check(None, Some(1), own), Verdict::Edit);
            assert_eq!(check(Some(1), Some(2), own), Verdict::Edit);
            assert_eq!(check(Some(2), Some(1), own), Verdict::Nothing);
            assert_eq!(check(Some(2), None, own), Verdict::Nothing);
        }
    }

    #[test]
    fn where_the_network_does_not_say_the_later_read_of_the_same_source_holds() {
        for time in [None, Some(1)] {
            assert_eq!(check(time, time, true), Verdict::Edit);
            assert_eq!(check(time, time, false), Verdict::Nothing);
        }
        let later = StoredPost {
            id: PostId(1),
            source: SourceId(1),
            deleted: false,
            post: Post { fetched_at: AT.plus(std::time::Duration::from_secs(1)), ..post("a", None) },
            edits: 0,
            answers: None,
        };
        let delivered = post("b", None);
        assert_eq!(verdict(&later, &delivered, Said::of(&delivered), true), Verdict::Nothing);
    }

    #[test]
    fn counts_that_are_not_told_stay() {
        let (mut stored, mut delivered) = (post("a", None), post("a", None));
        stored.engagement.likes = Some(3);
        stored.engagement.views = Some(9);
        delivered.engagement.likes = Some(4);
        assert!(recount(&mut stored, &delivered));
        assert_eq!((stored.engagement.likes, stored.engagement.views), (Some(4), Some(9)));
        assert!(!recount(&mut stored, &delivered));
    }
}
