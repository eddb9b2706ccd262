//! New posts join stories: rows and counters change in the transaction that stores the posts.
//!
//! A story gets its row with its second post; the first post and its mentions learn of it then. What the index says may be out
//! of date (a merge by people, another process, a transaction that failed): rows are looked up, and they are right.

use std::collections::{BTreeMap, HashMap};

use molva_domain::{MentionId, PostId, StoryId, Timestamp, WorkspaceId};

use super::{Story, StoryRow, load, title_of};
use crate::Result;
use crate::mention::judgement;
use crate::sql::{Bulk, Connection, Transaction, Value, in_list};

/// A post that is about to be stored.
pub(crate) struct NewPost {
    pub(crate) post: PostId,
    /// What the index says; the post's own id when it begins a story.
    pub(crate) said: StoryId,
    pub(crate) network: String,
    pub(crate) sort_at: Timestamp,
    pub(crate) title: String,
    /// Mentions it is stored with.
    pub(crate) mentions: u64,
}

/// Which posts belong to a story of two posts or more: new ones, and those that were alone so far.
pub(crate) type Assigned = HashMap<PostId, StoryId>;

/// A stored post that was alone in its story so far.
struct Alone {
    /// Of people's making, when the post does not name its story.
    story: Option<StoryId>,
    network: String,
    title: String,
    first_at: Timestamp,
    mentions: Vec<MentionId>,
}

/// A row to be written.
struct Draft {
    row: StoryRow,
    is_new: bool,
}

const INSERT: Bulk = Bulk {
    head: "INSERT INTO story (workspace_id, id, first_post, posts, mentions, first_at, last_at, title, networks) VALUES",
    row: "($1, ?, ?, ?, ?, ?, ?, ?, ?)",
    tail: "",
};

const UPDATE: Bulk = Bulk {
    head: "UPDATE story SET posts = now.column2, mentions = now.column3, first_at = now.column4, last_at = now.column5, \
           networks = now.column6 FROM (VALUES",
    row: "(?, ?, ?, ?, ?, ?)",
    tail: ") AS now WHERE story.id = now.column1 AND +story.workspace_id = $1",
};

const ADD_MENTIONS: Bulk = Bulk {
    head: "UPDATE story SET mentions = mentions + more.column2 FROM (VALUES",
    row: "(?, ?)",
    tail: ") AS more WHERE story.id = more.column1 AND +story.workspace_id = $1",
};

/// Writes the rows of the posts' stories. The posts themselves are stored afterwards, with the stories answered.
pub(crate) async fn place(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    now: Timestamp,
    posts: &[NewPost],
) -> Result<Assigned> {
    let mut assigned = Assigned::new();
    let joining = || posts.iter().filter(|new| new.said != new.post.into());
    let mut wanted: Vec<StoryId> = joining().map(|new| new.said).collect();
    if wanted.is_empty() {
        return Ok(assigned);
    }
    wanted.sort_unstable();
    wanted.dedup();
    let began_now: HashMap<StoryId, &NewPost> = posts.iter().map(|new| (new.post.into(), new)).collect();
    let mut known = load(&mut Connection::Transaction(transaction), workspace, &wanted).await?;
    let unknown = wanted.iter().filter(|id| !known.contains_key(id) && !began_now.contains_key(id));
    let mut alone = load_alone(transaction, workspace, unknown.map(|id| PostId(id.0)).collect()).await?;
    // Posts that people put elsewhere lead to that story.
    let elsewhere: Vec<StoryId> = alone.values().filter_map(|post| post.story).collect();
    let led_to = load(&mut Connection::Transaction(transaction), workspace, &elsewhere).await?;

    let mut drafts: BTreeMap<StoryId, Draft> = BTreeMap::new();
    let mut meant: HashMap<StoryId, StoryId> = HashMap::new();
    let mut were_alone = Vec::new();
    for said in wanted {
        let lone = alone.remove(&PostId(said.0));
        let row = known.remove(&said).or_else(|| lone.as_ref()?.story.and_then(|story| led_to.get(&story).cloned()));
        if let Some(row) = row {
            meant.insert(said, row.story.id);
            drafts.entry(row.story.id).or_insert(Draft { row, is_new: false });
            continue;
        }
        let mut row = StoryRow::empty(said);
        if let Some(first) = began_now.get(&said) {
            row.add(first);
            assigned.insert(first.post, said);
        } else if let Some(first) = lone {
            row.add_first(PostId(said.0), &first);
            assigned.insert(PostId(said.0), said);
            were_alone.push((PostId(said.0), first.mentions));
        }
        meant.insert(said, said);
        drafts.insert(said, Draft { row, is_new: true });
    }
    for new in joining() {
        let Some(story) = meant.get(&new.said) else { continue };
        if let Some(draft) = drafts.get_mut(story) {
            draft.row.add(new);
            assigned.insert(new.post, *story);
        }
    }
    write(transaction, workspace, drafts).await?;
    tell_first_posts(transaction, workspace, now, were_alone).await?;
    Ok(assigned)
}

/// Mentions were added to posts of stories.
pub(crate) async fn add_mentions(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    more: &BTreeMap<StoryId, i64>,
) -> Result<()> {
    let values = more.iter().flat_map(|(story, more)| [Value::from(story.0), Value::from(*more)]).collect();
    ADD_MENTIONS.execute(transaction, &[workspace.0.into()], values).await?;
    Ok(())
}

/// Gives a post that is alone in its story a row of one post, so that people can join it to others.
pub(super) async fn ensure_row(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    now: Timestamp,
    story: StoryId,
) -> Result<()> {
    let post = PostId(story.0);
    let Some(first) = load_alone(transaction, workspace, vec![post]).await?.remove(&post) else { return Ok(()) };
    if first.story.is_some() {
        return Ok(());
    }
    let mut row = StoryRow::empty(story);
    row.add_first(post, &first);
    write(transaction, workspace, BTreeMap::from([(story, Draft { row, is_new: true })])).await?;
    tell_first_posts(transaction, workspace, now, vec![(post, first.mentions)]).await
}

async fn load_alone(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    posts: Vec<PostId>,
) -> Result<HashMap<PostId, Alone>> {
    let mut alone: HashMap<PostId, Alone> = HashMap::new();
    for statement in in_list(
        transaction.is_postgres(),
        "SELECT m.id, m.post_id, m.sort_at, p.story, p.network, p.title, p.text FROM mention m CROSS JOIN post p \
         WHERE +m.workspace_id = $1 AND p.id = m.post_id AND m.post_id IN",
        "",
        &[workspace.0.into()],
        posts.into_iter().map(|post| Value::from(post.0)).collect(),
    ) {
        for row in transaction.all(statement).await? {
            let mut columns = row.columns();
            let (mention, post) = (MentionId(columns.integer()?), PostId(columns.integer()?));
            let (first_at, story) = (columns.time()?, columns.maybe_integer()?.map(StoryId));
            let (network, title, text) = (columns.text()?, columns.maybe_text()?, columns.text()?);
            let title = title_of(title.as_deref(), &text);
            let post =
                alone.entry(post).or_insert_with(|| Alone { story, network, title, first_at, mentions: Vec::new() });
            post.mentions.push(mention);
        }
    }
    Ok(alone)
}

async fn write(transaction: &mut Transaction, workspace: WorkspaceId, drafts: BTreeMap<StoryId, Draft>) -> Result<()> {
    let (mut inserted, mut updated) = (Vec::new(), Vec::new());
    for Draft { row: StoryRow { story, networks, .. }, is_new } in drafts.into_values() {
        let counts: [Value; 2] = [story.posts.into(), story.mentions.into()];
        let times: [Value; 2] = [story.first_at.into(), story.last_at.into()];
        let networks = Value::from(serde_json::to_string(&networks).unwrap_or_default());
        if is_new {
            inserted.extend([Value::from(story.id.0), Value::from(story.first_post.0)]);
            inserted.extend(counts.into_iter().chain(times).chain([story.title.into(), networks]));
        } else {
            updated.push(Value::from(story.id.0));
            updated.extend(counts.into_iter().chain(times).chain([networks]));
        }
    }
    INSERT.execute(transaction, &[workspace.0.into()], inserted).await?;
    UPDATE.execute(transaction, &[workspace.0.into()], updated).await?;
    Ok(())
}

/// First posts name their story, which has their id.
async fn tell_first_posts(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    now: Timestamp,
    posts: Vec<(PostId, Vec<MentionId>)>,
) -> Result<()> {
    let keys: Vec<Value> = posts.iter().map(|(post, _)| Value::from(post.0)).collect();
    for head in [
        "UPDATE post SET story = id WHERE +workspace_id = $1 AND id IN",
        "UPDATE mention SET story = post_id WHERE +workspace_id = $1 AND post_id IN",
    ] {
        for statement in in_list(transaction.is_postgres(), head, "", &[workspace.0.into()], keys.clone()) {
            transaction.execute(statement).await?;
        }
    }
    let mentions: Vec<MentionId> = posts.into_iter().flat_map(|(_, mentions)| mentions).collect();
    judgement::record(transaction, workspace, now, 0, &mentions).await
}

impl StoryRow {
    fn empty(id: StoryId) -> Self {
        let story = Story {
            id,
            first_post: PostId(id.0),
            posts: 0,
            mentions: 0,
            first_at: Timestamp::from_micros(i64::MAX),
            last_at: Timestamp::from_micros(i64::MIN),
            title: String::new(),
            networks: Vec::new(),
            topics: Vec::new(),
            split_by_people: false,
        };
        Self { story, networks: BTreeMap::new(), merged_into: None }
    }

    fn add(&mut self, new: &NewPost) {
        if self.story.posts == 0 {
            self.story.first_post = new.post;
            self.story.title.clone_from(&new.title);
        }
        self.count(&new.network, new.sort_at, new.mentions);
    }

    fn add_first(&mut self, post: PostId, first: &Alone) {
        self.story.first_post = post;
        self.story.title.clone_from(&first.title);
        self.count(&first.network, first.first_at, first.mentions.len() as u64);
    }

    fn count(&mut self, network: &str, at: Timestamp, mentions: u64) {
        let story = &mut self.story;
        story.posts += 1;
        story.mentions += mentions;
        story.first_at = story.first_at.min(at);
        story.last_at = story.last_at.max(at);
        *self.networks.entry(network.to_owned()).or_default() += 1;
    }
}
