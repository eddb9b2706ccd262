//! What stands in the index of a slice.

use std::sync::Arc;

use molva_query::field::NumberField;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{IndexSettings, IndexSortByField, Order};

use crate::cache::Cache;
use crate::facet::Facet;
use crate::opening::TopicNames;

/// Raised when what stands in an index changes, or when `molva_text` reads texts differently: older archives are rebuilt.
pub(crate) const FORMAT: u32 = 3;

/// The time a mention is sorted by, microseconds. The index is sorted by it, newest first.
pub(crate) const AT: &str = "at";
/// The id of the mention.
pub(crate) const ID: &str = "id";
pub(crate) const PUBLISHED: &str = "published";
pub(crate) const FOLLOWERS: &str = "followers";
pub(crate) const RATING: &str = "rating";
pub(crate) const LIKES: &str = "likes";
pub(crate) const REPOSTS: &str = "reposts";
pub(crate) const COMMENTS: &str = "comments";
pub(crate) const VIEWS: &str = "views";
pub(crate) const SPAM: &str = "spam";
pub(crate) const BOT: &str = "bot";
/// The post's address in lower case.
pub(crate) const URL: &str = "url";
/// Linked addresses that have a `?` or `#`, whole, in lower case; all of them without it stand in the column of their facet.
pub(crate) const LINKS: &str = "links";
pub(crate) const BY_LINK: &str = "by_link";
/// See [`crate::facet::Marks`].
pub(crate) const MARKS: &str = "marks";
/// The hash of the author's key.
pub(crate) const AUTHOR: &str = "by_author";

/// Bytes of columns in memory: those of ten million mentions that people narrow and count by.
const HELD: usize = 160 << 20;

#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    pub(crate) id: Field,
    pub(crate) at: Field,
    /// Tokens of title and text, with positions.
    pub(crate) words: Field,
    /// Tokens of the title once more, at the same positions.
    pub(crate) title: Field,
    /// `name=value`, see `facts.rs`.
    pub(crate) facts: Field,
    pub(crate) published: Field,
    pub(crate) followers: Field,
    pub(crate) rating: Field,
    pub(crate) likes: Field,
    pub(crate) reposts: Field,
    pub(crate) comments: Field,
    pub(crate) views: Field,
    pub(crate) spam: Field,
    pub(crate) bot: Field,
    pub(crate) url: Field,
    pub(crate) links: Field,
    /// What `topic:` is asked by.
    pub(crate) topics: TopicNames,
    /// What searching finds out and keeps.
    pub(crate) cache: Arc<Cache>,
    /// Columns in memory.
    pub(crate) held: Arc<Cache>,
    pub(crate) marks: Field,
    pub(crate) author: Field,
    /// Columns of the facets that have texts as values.
    pub(crate) facets: Vec<(Facet, Field)>,
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut schema = Schema::builder();
        let indexed = |record| {
            let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false);
            TextOptions::default().set_indexing_options(indexing.set_index_option(record))
        };
        let column = || TextOptions::default().set_fast("raw");
        let facets = Facet::ALL.iter().filter_map(|facet| Some((*facet, facet.column()?)));
        let facets = facets.map(|(facet, name)| (facet, schema.add_text_field(name, column()))).collect();
        Self {
            facets,
            marks: schema.add_u64_field(MARKS, FAST),
            author: schema.add_u64_field(AUTHOR, FAST),
            id: schema.add_i64_field(ID, INDEXED | FAST),
            at: schema.add_i64_field(AT, FAST),
            words: schema.add_text_field("words", indexed(IndexRecordOption::WithFreqsAndPositions)),
            title: schema.add_text_field("title", indexed(IndexRecordOption::WithFreqsAndPositions)),
            facts: schema.add_text_field("facts", indexed(IndexRecordOption::Basic)),
            published: schema.add_i64_field(PUBLISHED, FAST),
            followers: schema.add_u64_field(FOLLOWERS, FAST),
            rating: schema.add_u64_field(RATING, FAST),
            likes: schema.add_u64_field(LIKES, FAST),
            reposts: schema.add_u64_field(REPOSTS, FAST),
            comments: schema.add_u64_field(COMMENTS, FAST),
            views: schema.add_u64_field(VIEWS, FAST),
            spam: schema.add_f64_field(SPAM, FAST),
            bot: schema.add_f64_field(BOT, FAST),
            url: schema.add_text_field(URL, column()),
            links: schema.add_text_field(LINKS, column()),
            topics: TopicNames::default(),
            cache: Arc::default(),
            held: Arc::new(Cache::with_room(HELD)),
            schema: schema.build(),
        }
    }

    pub(crate) fn settings() -> IndexSettings {
        IndexSettings {
            sort_by_field: Some(IndexSortByField { field: AT.to_owned(), order: Order::Desc }),
            // Nothing is stored, so nothing is worth a thread: rows come from the storage.
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        }
    }
}

pub(crate) const fn number_column(field: NumberField) -> &'static str {
    match field {
        NumberField::Followers => FOLLOWERS,
        NumberField::Rating => RATING,
        NumberField::Likes => LIKES,
        NumberField::Reposts => REPOSTS,
        NumberField::Comments => COMMENTS,
        NumberField::Views => VIEWS,
    }
}
