//! The table of mentions: what every column is, and rows of what the archive finds in the order it finds them.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use molva_archive::{Archive, Counted, Filter, Hit, Order, Position};
use molva_domain::{Language, MentionId, PostId, SourceId, TopicId, WorkspaceId};
use molva_query::Query;
use molva_storage::Storage;
use molva_storage::mention::ExportedMention;

use crate::failure::Failure;
use crate::pump::Rows;
use crate::table::{Block, Cell, Column, Kind};

/// Hits the archive is asked for at once.
const HITS_AT_ONCE: usize = 20 * ROWS_AT_ONCE;
/// Mentions read from the storage at once: what goes in one statement there. Without long texts they are small.
const ROWS_AT_ONCE: usize = 256;
/// Such readings at once; each takes a connection while it lasts and none while the reader of the export is slow.
const READINGS_AT_ONCE: usize = 3;
/// Bytes of the texts of a block, unless a single one is longer.
const TEXTS_OF_A_BLOCK: usize = 1 << 20;

/// id, kind, heading in English, Russian, Ukrainian.
const COLUMNS: &[(&str, Kind, [&str; 3])] = &[
    ("id", Kind::Text, ["Mention", "Упоминание", "Згадка"]),
    ("topic", Kind::Text, ["Topic", "Тема", "Тема"]),
    ("published_at", Kind::Time, ["Published", "Опубликовано", "Опубліковано"]),
    ("found_at", Kind::Time, ["Found", "Найдено", "Знайдено"]),
    ("network", Kind::Text, ["Network", "Сеть", "Мережа"]),
    ("kind", Kind::Text, ["Kind", "Вид", "Вид"]),
    ("url", Kind::Text, ["Address", "Адрес", "Адреса"]),
    ("author_name", Kind::Text, ["Author", "Автор", "Автор"]),
    ("author_handle", Kind::Text, ["Author's handle", "Имя в сети", "Ім'я в мережі"]),
    ("author_url", Kind::Text, ["Author's address", "Адрес автора", "Адреса автора"]),
    ("author_followers", Kind::Integer, ["Author's followers", "Подписчики автора", "Підписники автора"]),
    ("author_country", Kind::Text, ["Country", "Страна", "Країна"]),
    ("author_region", Kind::Text, ["Region", "Регион", "Регіон"]),
    ("author_city", Kind::Text, ["City", "Город", "Місто"]),
    ("community", Kind::Text, ["Community", "Сообщество", "Спільнота"]),
    ("community_key", Kind::Text, ["Community's key", "Ключ сообщества", "Ключ спільноти"]),
    ("language", Kind::Text, ["Language", "Язык", "Мова"]),
    ("title", Kind::Text, ["Title", "Заголовок", "Заголовок"]),
    ("text", Kind::Text, ["Text", "Текст", "Текст"]),
    ("tone", Kind::Text, ["Tone", "Тональность", "Тональність"]),
    ("intents", Kind::List, ["Intents", "Намерения", "Наміри"]),
    ("stage", Kind::Text, ["Stage", "Этап", "Етап"]),
    ("spam", Kind::Real, ["Probability of spam", "Вероятность спама", "Імовірність спаму"]),
    ("judged_by", Kind::Text, ["Judged by", "Кем оценено", "Ким оцінено"]),
    ("story", Kind::Text, ["Story", "Сюжет", "Сюжет"]),
    ("state", Kind::Text, ["State", "Состояние", "Стан"]),
    ("tags", Kind::List, ["Tags", "Метки", "Мітки"]),
    ("copies", Kind::Integer, ["Copies", "Копии", "Копії"]),
    ("copy_of", Kind::Text, ["Copy of", "Копия упоминания", "Копія згадки"]),
    ("likes", Kind::Integer, ["Likes", "Отметки «нравится»", "Уподобання"]),
    ("reposts", Kind::Integer, ["Reposts", "Репосты", "Репости"]),
    ("comments", Kind::Integer, ["Comments", "Комментарии", "Коментарі"]),
    ("views", Kind::Integer, ["Views", "Просмотры", "Перегляди"]),
    ("rating", Kind::Integer, ["Rating", "Оценка", "Оцінка"]),
    ("source", Kind::Text, ["Source", "Источник", "Джерело"]),
    ("post", Kind::Text, ["Post's name", "Имя публикации", "Ім'я допису"]),
];

/// The columns, their headings in a language of the interface; English where it is another.
#[must_use]
pub fn mention_columns(language: Language) -> Vec<Column> {
    let heading = match language {
        Language::RUSSIAN => 1,
        Language::UKRAINIAN => 2,
        _ => 0,
    };
    let columns = COLUMNS.iter();
    columns.map(|(id, kind, headings)| Column { id, heading: headings[heading].to_owned(), kind: *kind }).collect()
}

/// Names of what mentions point to.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub topics: HashMap<TopicId, String>,
    pub sources: HashMap<SourceId, String>,
}

impl Names {
    /// # Errors
    /// When the store cannot be read.
    pub async fn load(storage: &Storage, workspace: WorkspaceId) -> Result<Self, Failure> {
        let topics = storage.topics(workspace).await?;
        let sources = storage.sources(workspace).await?;
        Ok(Self {
            topics: topics.into_iter().map(|topic| (topic.id, topic.name)).collect(),
            sources: sources.into_iter().map(|source| (source.id, source.name)).collect(),
        })
    }
}

/// The rows of a search.
#[derive(Clone)]
pub struct MentionRows {
    pub archive: Archive,
    pub storage: Storage,
    pub workspace: WorkspaceId,
    pub query: Option<Arc<Query>>,
    pub filter: Filter,
    pub order: Order,
    pub names: Names,
}

impl MentionRows {
    /// How many there are now.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub async fn count(&self) -> Result<Counted, Failure> {
        let this = self.clone();
        let count = move || this.archive.count(this.query.as_deref(), &this.filter);
        // A panic has been logged by its hook.
        Ok(tokio::task::spawn_blocking(count).await.map_err(|_| Failure::BrokenOff)??)
    }

    /// Reads all of them in their order and puts them into `rows`.
    pub async fn read(self, rows: Rows) {
        let result = self.read_pages(&rows).await;
        rows.end(result).await;
    }

    async fn read_pages(&self, rows: &Rows) -> Result<(), Failure> {
        let mut page = self.page(None).await?;
        while let Some(last) = page.last() {
            // The next page is looked for while the rows of this one are read.
            let next = self.page(Some(last.position));
            (page, ()) = tokio::try_join!(next, self.read_hits(&page, rows))?;
        }
        Ok(())
    }

    /// The hits behind a position.
    async fn page(&self, after: Option<Position>) -> Result<Vec<Hit>, Failure> {
        let this = self.clone();
        let look = move || {
            let query = this.query.as_deref();
            this.archive.search(query, &this.filter, this.order, after.as_ref(), HITS_AT_ONCE)
        };
        // A panic has been logged by its hook.
        Ok(tokio::task::spawn_blocking(look).await.map_err(|_| Failure::BrokenOff)??.hits)
    }

    async fn read_hits(&self, hits: &[Hit], rows: &Rows) -> Result<(), Failure> {
        let blocks: Vec<Vec<MentionId>> =
            hits.chunks(ROWS_AT_ONCE).map(|hits| hits.iter().map(|hit| hit.id).collect()).collect();
        let readings = stream::iter(blocks).map(|ids| {
            // A task of its own goes on, and gives its connection back, while nobody takes its rows.
            let reading = tokio::spawn(read_mentions(self.storage.clone(), self.workspace, ids));
            // A panic has been logged by its hook.
            async move { reading.await.map_err(|_| Failure::BrokenOff)? }
        });
        readings.buffered(READINGS_AT_ONCE).try_for_each(|mentions| self.put(mentions, rows)).await
    }

    /// Puts the rows of mentions, in blocks as large as their texts allow: a post may hold a megabyte, and thousands of such
    /// posts may stand beside each other.
    async fn put(&self, mut mentions: Vec<ExportedMention>, rows: &Rows) -> Result<(), Failure> {
        while !mentions.is_empty() {
            let mut bytes = 0;
            let fits = mentions.iter().position(|mention| {
                bytes += mention.text_bytes;
                bytes > TEXTS_OF_A_BLOCK
            });
            let left = mentions.split_off(fits.map_or(mentions.len(), |fits| fits.max(1)));
            let texts = self.long_texts(&mentions).await?;
            let mut block = Block::default();
            for mut mention in mentions {
                mention.text = mention.text.or_else(|| texts.get(&mention.post_id).cloned());
                block.push(self.names.row(mention));
            }
            rows.put(block).await?;
            mentions = left;
        }
        Ok(())
    }

    /// The texts that were too long to be read with their mentions.
    async fn long_texts(&self, mentions: &[ExportedMention]) -> Result<HashMap<PostId, String>, Failure> {
        let long = mentions.iter().filter(|mention| mention.text.is_none());
        let mut posts: Vec<PostId> = long.map(|mention| mention.post_id).collect();
        posts.sort_unstable();
        posts.dedup();
        Ok(self.storage.texts_of_posts(self.workspace, &posts).await?.into_iter().collect())
    }
}

/// These mentions in this order, without long texts; those that were deleted meanwhile are left out.
async fn read_mentions(
    storage: Storage,
    workspace: WorkspaceId,
    ids: Vec<MentionId>,
) -> Result<Vec<ExportedMention>, Failure> {
    let mut mentions = storage.exported_mentions(workspace, &ids).await?;
    let places: HashMap<MentionId, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    mentions.sort_unstable_by_key(|mention| places.get(&mention.id).copied());
    Ok(mentions)
}

impl Names {
    /// A row of [`mention_columns`].
    #[must_use]
    pub fn row(&self, mention: ExportedMention) -> [Cell; COLUMNS.len()] {
        let judge = match (mention.by_people.is_empty(), mention.model) {
            (false, _) => Some("people"),
            (true, Some(_)) => Some("machine"),
            (true, None) => None,
        };
        [
            mention.id.to_string().into(),
            self.topics.get(&mention.topic).cloned().into(),
            mention.published_at.into(),
            mention.created_at.into(),
            mention.network.into(),
            mention.kind.as_str().into(),
            mention.url.into(),
            mention.author.name.into(),
            mention.author.handle.into(),
            mention.author.url.into(),
            mention.author.followers.into(),
            mention.author.country.into(),
            mention.author.region.into(),
            mention.author.city.into(),
            mention.community.into(),
            mention.community_key.into(),
            mention.language.into(),
            mention.title.into(),
            if mention.post_deleted { Cell::Nothing } else { mention.text.into() },
            mention.tone.map(|tone| tone.as_str()).into(),
            mention
                .intents
                .map(|intents| intents.iter().map(|intent| intent.as_str().to_owned()).collect::<Vec<_>>())
                .into(),
            mention.stage.map(|stage| stage.as_str()).into(),
            mention.spam.map(|spam| (f64::from(spam) * 1_000.0).round() / 1_000.0).into(),
            judge.into(),
            mention.story.map(|story| story.to_string()).into(),
            mention.state.as_str().into(),
            mention.tags.into(),
            mention.copies.into(),
            mention.copy_of.map(|copy| copy.to_string()).into(),
            mention.engagement.likes.into(),
            mention.engagement.reposts.into(),
            mention.engagement.comments.into(),
            mention.engagement.views.into(),
            mention.engagement.rating.map(u64::from).into(),
            self.sources.get(&mention.source).cloned().into(),
            mention.urn.into(),
        ]
    }
}
