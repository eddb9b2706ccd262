//! Stories: posts that say the same, whatever their networks and topics.
//!
//! Which story a post belongs to is said by an index outside ([`StoryIndex`]) and by people, who win; the rows here are the
//! truth. [`placing`] keeps rows and counters beside each new post, [`decide`] does what people say.

use std::collections::{BTreeMap, HashMap};

use molva_domain::{PostId, StoryId, Timestamp, TopicId, WorkspaceId};

use crate::page::Position;
use crate::sql::{Assembly, Columns, Connection, Row, Statement, Value, in_list};
use crate::{Result, Storage};

mod decide;
pub(crate) mod placing;
mod refill;

pub use decide::Split;
pub(crate) use decide::{retell, tell_by_next};
pub use refill::StoryText;

/// Says which story a post belongs to.
pub trait StoryIndex: Send {
    /// Called once for each post that is new and has mentions, in the order of commits. `signature` is what the post was
    /// prepared with. The id of the post itself: it begins a story.
    fn place(&mut self, signature: &[u8], post: PostId, at: Timestamp) -> StoryId;
}

/// The index that is asked, if any.
pub type AskedIndex<'a> = Option<&'a mut (dyn StoryIndex + 'static)>;

/// Posts that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    pub id: StoryId,
    /// The post that told it first, by arrival; the next one when that was deleted by its network.
    pub first_post: PostId,
    /// Posts stored, those among them that their network deleted later.
    pub posts: u64,
    /// Mentions of these posts: one for each topic.
    pub mentions: u64,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// The beginning of the first post, at most 200 characters.
    pub title: String,
    /// Posts of each network, the most first.
    pub networks: Vec<(String, u64)>,
    /// Topics that live and have mentions in it.
    pub topics: Vec<TopicId>,
    /// A person took it out of another.
    pub split_by_people: bool,
}

/// Which stories a list shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryFilter {
    pub topic: Option<TopicId>,
    /// Told at some time in `[from, to)`.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub order: StoryOrder,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoryOrder {
    /// Told last first.
    #[default]
    Newest,
    /// Told most first.
    Largest,
}

#[derive(Clone, Debug)]
pub struct StoryPage {
    pub stories: Vec<Story>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

/// Rows of a page at most.
const LARGEST_PAGE: u32 = 200;

/// What [`read`] reads, of a story called `s`.
const COLUMNS: &str = "s.id, s.first_post, s.posts, s.mentions, s.first_at, s.last_at, s.title, s.networks, s.split_by_people, s.merged_into";

/// A row; a story that went into another has no posts.
#[derive(Clone, Debug)]
struct StoryRow {
    story: Story,
    networks: BTreeMap<String, u64>,
    merged_into: Option<StoryId>,
}

impl Storage {
    /// A story, or the one it went into.
    pub async fn story(&self, workspace: WorkspaceId, id: StoryId) -> Result<Option<Story>> {
        let mut connection = Connection::Pool(self.database());
        let rows = load(&mut connection, workspace, &[id]).await?;
        let Some(row) = rows.into_values().next() else { return Ok(None) };
        let mut stories = vec![row.story];
        add_topics(&mut connection, workspace, &mut stories).await?;
        Ok(stories.pop())
    }

    /// The same of many, by the ids asked for, without [`Story::topics`]: those cost a look at every mention of a story.
    pub async fn stories_without_topics(
        &self,
        workspace: WorkspaceId,
        ids: &[StoryId],
    ) -> Result<HashMap<StoryId, Story>> {
        let rows = load(&mut Connection::Pool(self.database()), workspace, ids).await?;
        Ok(rows.into_iter().map(|(id, row)| (id, row.story)).collect())
    }

    /// Stories of two posts or more. `cursor` is `next` of the page before; `limit` at most 200.
    pub async fn stories(
        &self,
        workspace: WorkspaceId,
        filter: &StoryFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<StoryPage> {
        let position = cursor.map(Position::read).transpose()?;
        let limit = limit.clamp(1, LARGEST_PAGE) as usize;
        let mut query = Assembly::default();
        query.push("SELECT ").push(COLUMNS).push(" FROM story s WHERE s.workspace_id = ").bind(workspace.0);
        query.push(" AND s.merged_into IS NULL AND s.posts > 1");
        if let Some(from) = filter.from {
            query.push(" AND s.last_at >= ").bind(from);
        }
        if let Some(to) = filter.to {
            query.push(" AND s.first_at < ").bind(to);
        }
        if let Some(topic) = filter.topic {
            query.push(" AND EXISTS (SELECT 1 FROM mention m WHERE m.story = s.id AND m.topic_id = ").bind(topic.0);
            query.push(")");
        }
        let key = match filter.order {
            StoryOrder::Newest => "s.last_at",
            StoryOrder::Largest => "s.posts",
        };
        if let Some(position) = position {
            query.push(" AND (").push(key).push(", s.id) < (").bind(position.sort_at).push(", ").bind(position.id);
            query.push(")");
        }
        query.push(" ORDER BY ").push(key).push(" DESC, s.id DESC LIMIT ").bind(limit as u64 + 1);
        let mut connection = Connection::Pool(self.database());
        let mut rows = connection.all(query.into_statement()).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let mut stories = rows.iter().map(|row| Ok(read(row)?.story)).collect::<Result<Vec<_>>>()?;
        let next = stories.last().filter(|_| more).map(|story| {
            let sort_at = match filter.order {
                StoryOrder::Newest => story.last_at,
                // A count in the place of a time: the cursor is opaque.
                StoryOrder::Largest => Timestamp::from_micros(i64::try_from(story.posts).unwrap_or(i64::MAX)),
            };
            Position { sort_at, id: story.id.0 }.write()
        });
        add_topics(&mut connection, workspace, &mut stories).await?;
        Ok(StoryPage { stories, next })
    }

    /// Stories whose counters are not what a count of their mentions comes to: none, unless something is broken.
    pub async fn miscounted_stories(&self, workspace: WorkspaceId) -> Result<Vec<StoryId>> {
        let statement = Statement::new(
            "SELECT s.id FROM story s LEFT JOIN (SELECT story, COUNT(DISTINCT post_id) AS posts, COUNT(*) AS mentions, \
             MIN(sort_at) AS first_at, MAX(sort_at) AS last_at FROM mention WHERE story IS NOT NULL GROUP BY story) c \
             ON c.story = s.id WHERE s.workspace_id = $1 AND (s.posts <> COALESCE(c.posts, 0) \
             OR s.mentions <> COALESCE(c.mentions, 0) OR s.first_at <> COALESCE(c.first_at, s.first_at) \
             OR s.last_at <> COALESCE(c.last_at, s.last_at)) ORDER BY s.id",
        );
        let rows = self.database().all(statement.bind(workspace.0)).await?;
        rows.iter().map(|row| Ok(StoryId(row.columns().integer()?))).collect()
    }
}

fn read(row: &Row) -> Result<StoryRow> {
    read_columns(&mut row.columns())
}

fn read_columns(columns: &mut Columns<'_>) -> Result<StoryRow> {
    let (id, first_post) = (StoryId(columns.integer()?), PostId(columns.integer()?));
    let (posts, mentions) = (columns.count()?, columns.count()?);
    let (first_at, last_at, title) = (columns.time()?, columns.time()?, columns.text()?);
    let networks: BTreeMap<String, u64> = serde_json::from_str(&columns.text()?).unwrap_or_default();
    let split_by_people = columns.flag()?;
    let merged_into = columns.maybe_integer()?.map(StoryId);
    let mut most_first: Vec<(String, u64)> = networks.clone().into_iter().collect();
    most_first.sort_by_key(|(_, posts)| std::cmp::Reverse(*posts));
    let story = Story {
        id,
        first_post,
        posts,
        mentions,
        first_at,
        last_at,
        title,
        networks: most_first,
        topics: Vec::new(),
        split_by_people,
    };
    Ok(StoryRow { story, networks, merged_into })
}

/// Rows by the ids asked for; instead of a story that went into another, that other.
async fn load(
    connection: &mut Connection<'_>,
    workspace: WorkspaceId,
    ids: &[StoryId],
) -> Result<HashMap<StoryId, StoryRow>> {
    let mut found = load_as_they_are(connection, workspace, ids).await?;
    let successors: Vec<StoryId> = found.values().filter_map(|row| row.merged_into).collect();
    if !successors.is_empty() {
        let others = load_as_they_are(connection, workspace, &successors).await?;
        for row in found.values_mut() {
            if let Some(other) = row.merged_into.and_then(|into| others.get(&into)) {
                *row = other.clone();
            }
        }
    }
    Ok(found)
}

async fn load_as_they_are(
    connection: &mut Connection<'_>,
    workspace: WorkspaceId,
    ids: &[StoryId],
) -> Result<HashMap<StoryId, StoryRow>> {
    let mut found = HashMap::with_capacity(ids.len());
    for statement in in_list(
        connection.is_postgres(),
        "SELECT s.id, s.first_post, s.posts, s.mentions, s.first_at, s.last_at, s.title, s.networks, s.split_by_people, \
         s.merged_into FROM story s WHERE +s.workspace_id = $1 AND s.id IN",
        "",
        &[workspace.0.into()],
        ids.iter().map(|id| Value::from(id.0)).collect(),
    ) {
        for row in connection.all(statement).await? {
            let row = read(&row)?;
            found.insert(row.story.id, row);
        }
    }
    Ok(found)
}

/// Stories by their ids, with their topics.
pub(crate) const TOPICS_OF_STORIES: &str = "SELECT s.id, t.id FROM story s CROSS JOIN topic t WHERE t.workspace_id = $1 \
     AND t.deleted_at IS NULL AND EXISTS (SELECT 1 FROM mention m WHERE m.story = s.id AND m.topic_id = t.id) \
     AND +s.workspace_id = $1 AND s.id IN";

async fn add_topics(connection: &mut Connection<'_>, workspace: WorkspaceId, stories: &mut [Story]) -> Result<()> {
    let mut topics: HashMap<StoryId, Vec<TopicId>> = HashMap::new();
    // One look into the index for each story and topic, however many mentions tell the story.
    for statement in in_list(
        connection.is_postgres(),
        TOPICS_OF_STORIES,
        "ORDER BY s.id, t.id",
        &[workspace.0.into()],
        stories.iter().map(|story| Value::from(story.id.0)).collect(),
    ) {
        for row in connection.all(statement).await? {
            let mut columns = row.columns();
            topics.entry(StoryId(columns.integer()?)).or_default().push(TopicId(columns.integer()?));
        }
    }
    for story in stories {
        story.topics = topics.remove(&story.id).unwrap_or_default();
    }
    Ok(())
}

/// The beginning of a post, in one line of at most 200 characters: without the mark of a repost and without links, unless there
/// is nothing else.
pub(crate) fn title_of(title: Option<&str>, text: &str) -> String {
    const LONGEST: usize = 200;
    let said = title.map(str::trim).filter(|title| !title.is_empty()).unwrap_or(text);
    let mut line = String::new();
    for word in without_repost_mark(said).split_whitespace().filter(|word| !is_link(word)) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        // Bytes are at least as many as characters.
        if line.len() >= LONGEST * 4 {
            break;
        }
    }
    if line.is_empty() {
        line = said.split_whitespace().next().unwrap_or_default().to_owned();
    }
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => line[..end].to_owned(),
        None => line,
    }
}

/// `RT @name: …`, however often it was reposted by hand.
fn without_repost_mark(said: &str) -> &str {
    let mut rest = said.trim_start();
    while let Some((_, after)) = rest.strip_prefix("RT @").and_then(|named| named.split_once(char::is_whitespace)) {
        rest = after.trim_start();
    }
    rest
}

fn is_link(word: &str) -> bool {
    word.starts_with("http://") || word.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::title_of;

    #[test]
    fn a_title_is_one_line_of_two_hundred_characters() {
        assert_eq!(title_of(Some("  "), "раз\n\n два"), "раз два");
        assert_eq!(title_of(Some("Новость"), "text"), "Новость");
        assert_eq!(title_of(None, &"ж".repeat(5_000)), "ж".repeat(200));
    }

    #[test]
    fn a_title_is_what_is_said_not_who_passed_it_on() {
        assert_eq!(title_of(None, "RT @one: RT @two:\nСвязи нет https://t.co/x с утра"), "Связи нет с утра");
        assert_eq!(title_of(None, " https://t.co/x https://t.co/y"), "https://t.co/x");
        assert_eq!(title_of(None, "RT @one:"), "RT @one:");
    }
}
