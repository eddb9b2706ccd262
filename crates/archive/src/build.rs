use molva_domain::{MentionId, TopicId};
use tantivy::indexer::IndexWriterOptions;
use tantivy::{IndexWriter, Term};

use crate::archive::Archive;
use crate::document::Document;
use crate::error::Error;
use crate::facts::{Reading, index_document, topic_fact};
use crate::schema::Fields;
use crate::slice::{Shelf, Slice};
use crate::writer::commit_slice;

/// Bytes of memory the documents of a slice take before they are written to the disk, while it is filled and afterwards.
const FILLING: usize = 128 << 20;
const FOLLOWING: usize = 48 << 20;

/// A slice that is filled from the storage, beside the one that answers. It may be filled on a thread of its own, while the
/// [`crate::Writer`] goes on. Dropped unfinished it leaves nothing that counts.
pub struct Build {
    pub(crate) slice: Slice,
    pub(crate) shelf: Shelf,
    pub(crate) writer: Option<IndexWriter>,
    fields: Fields,
    reading: Reading,
    memory: usize,
}

impl Build {
    pub(crate) fn new(archive: &Archive, slice: Slice, version: u32) -> Result<Self, Error> {
        let fields = archive.inner.fields.clone();
        let shelf = Shelf::create(&archive.inner.root, slice, version, &fields)?;
        Ok(Self { slice, shelf, writer: None, fields, reading: Reading::default(), memory: FILLING })
    }

    #[must_use]
    pub const fn slice(&self) -> Slice {
        self.slice
    }

    /// Adds a mention that is not in it.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn add(&mut self, document: &Document<'_>) -> Result<(), Error> {
        let row = index_document(&self.fields, document, &mut self.reading);
        self.writer()?.add_document(row).map(drop).map_err(Error::engine("add a mention", self.slice))
    }

    /// Adds a mention, or puts it in the place of what is there of it.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn update(&mut self, document: &Document<'_>) -> Result<(), Error> {
        self.delete(document.id)?;
        self.add(document)
    }

    /// Takes a mention out if it is there.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn delete(&mut self, id: MentionId) -> Result<(), Error> {
        let term = Term::from_field_i64(self.fields.id, id.0);
        self.writer()?.delete_term(term);
        Ok(())
    }

    /// Takes out the mentions of a topic.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn delete_topic(&mut self, topic: TopicId) -> Result<(), Error> {
        let term = Term::from_field_text(self.fields.facts, &topic_fact(topic));
        self.writer()?.delete_term(term);
        Ok(())
    }

    /// Puts everything on the disk and waits until merging has ended. More may follow.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn settle(&mut self) -> Result<(), Error> {
        self.commit()?;
        self.memory = FOLLOWING;
        let Some(writer) = self.writer.take() else { return Ok(()) };
        writer.wait_merging_threads().map_err(Error::engine("merge", self.slice))
    }

    pub(crate) fn commit(&mut self) -> Result<(), Error> {
        let slice = self.slice;
        self.writer.as_mut().map_or(Ok(()), commit_slice).map_err(Error::engine("commit", slice))
    }

    fn writer(&mut self) -> Result<&mut IndexWriter, Error> {
        if self.writer.is_none() {
            self.writer = Some(write_shelf(&self.shelf, self.memory).map_err(Error::engine("write", self.slice))?);
        }
        self.writer.as_mut().ok_or_else(|| {
            Error::engine("write", self.slice)(tantivy::TantivyError::InternalError("no writer".to_owned()))
        })
    }
}

pub(crate) fn write_shelf(shelf: &Shelf, memory: usize) -> tantivy::Result<IndexWriter> {
    let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1);
    let writer: IndexWriter = shelf.index.writer_with_options(options.memory_budget_per_thread(memory).build())?;
    // A death between two commits leaves files whose names the next commit would take again.
    writer.garbage_collect_files().wait()?;
    Ok(writer)
}
