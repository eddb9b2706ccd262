use std::fs;
use std::sync::atomic::Ordering;

use molva_domain::{EventId, MentionId};
use molva_text::Analysis;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{DocSet as _, IndexWriter, TERMINATED, Term};

use crate::archive::Archive;
use crate::document::Document;
use crate::error::Error;
use crate::facts::index_document;
use crate::slice::{Shelf, Slice};

/// Slices written to at once; each takes [`MEMORY`].
const MAX_OPEN: usize = 4;
/// Bytes of memory a slice's new documents take before they are written to the disk.
const MEMORY: usize = 48 << 20;

/// Changes an archive. There is one at a time. [`Writer::commit`] makes changes findable; some may be found earlier, when
/// many slices are written to.
///
/// What was written after the last commit is lost when the process dies; whoever fills the archive reads
/// [`Archive::applied`] and repeats what came behind it with [`Writer::update`] and [`Writer::delete`], which may be
/// repeated as often as one likes.
pub struct Writer {
    archive: Archive,
    /// Used last at the end.
    open: Vec<Opened>,
    analysis: Analysis,
}

struct Opened {
    slice: Slice,
    writer: IndexWriter,
    /// Something waits for a commit.
    changed: bool,
}

impl Archive {
    /// The one writer.
    ///
    /// # Errors
    /// [`Error::Busy`] when there is one already.
    pub fn writer(&self) -> Result<Writer, Error> {
        if self.inner.writing.swap(true, Ordering::AcqRel) {
            return Err(Error::Busy { path: self.inner.root.clone() });
        }
        Ok(Writer { archive: self.clone(), open: Vec::new(), analysis: Analysis::default() })
    }
}

impl Writer {
    /// Adds a mention that the archive cannot hold yet: while it is filled for the first time, or a slice anew.
    ///
    /// # Errors
    /// [`Error::Damaged`] when its slice has to be rebuilt first; when the disk fails.
    pub fn add(&mut self, document: &Document<'_>) -> Result<(), Error> {
        self.put(document, false)
    }

    /// Adds a mention, or puts it in the place of what is there of it. The time of a mention never changes its month.
    ///
    /// # Errors
    /// As [`Writer::add`].
    pub fn update(&mut self, document: &Document<'_>) -> Result<(), Error> {
        self.put(document, true)
    }

    fn put(&mut self, document: &Document<'_>, replace: bool) -> Result<(), Error> {
        let slice = Slice::of(document.at());
        let row = index_document(&self.archive.inner.fields, document, &mut self.analysis);
        let id = Term::from_field_i64(self.archive.inner.fields.id, document.id.0);
        let writer = self.open(slice)?;
        if replace {
            writer.delete_term(id);
        }
        writer.add_document(row).map(drop).map_err(Error::engine("add a mention", slice))
    }

    /// Takes a mention out, wherever it is.
    ///
    /// # Errors
    /// When the disk fails. Slices that are damaged are passed over: they are rebuilt without it.
    pub fn delete(&mut self, id: MentionId) -> Result<(), Error> {
        let term = Term::from_field_i64(self.archive.inner.fields.id, id.0);
        let shelves: Vec<(Slice, Shelf)> = self.archive.inner.read().shelves.clone().into_iter().collect();
        for (slice, shelf) in shelves {
            let is_open = self.open.iter().any(|open| open.slice == slice);
            if is_open || holds(&shelf, &term).map_err(Error::engine("look up a mention", slice))? {
                self.open(slice)?.delete_term(term.clone());
            }
        }
        Ok(())
    }

    /// Makes everything findable and lasting. `applied` is the last event whose effects are all in; `None` while a first
    /// fill goes on.
    ///
    /// # Errors
    /// When the disk fails; what was committed before stays.
    pub fn commit(&mut self, applied: Option<EventId>) -> Result<(), Error> {
        let mut changed = Vec::new();
        for open in self.open.iter_mut().filter(|open| open.changed) {
            commit_slice(&mut open.writer, applied).map_err(Error::engine("commit", open.slice))?;
            open.changed = false;
            changed.push(open.slice);
        }
        let inner = &self.archive.inner;
        let mut manifest = inner.read().manifest.clone();
        manifest.slices.extend(inner.read().shelves.keys().map(Slice::to_string));
        manifest.applied = applied.map(|event| event.0).or(manifest.applied);
        // The slices are on the disk: a death before this line repeats some events, which changes nothing.
        manifest.store(&inner.root)?;
        inner.write().manifest = manifest;
        changed.into_iter().try_for_each(|slice| self.show(slice))
    }

    /// Empties a slice, damaged or not, so that all of its mentions can be added again; then call [`Writer::complete`].
    /// Until then a death of the process leaves it damaged.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn reset(&mut self, slice: Slice) -> Result<(), Error> {
        self.open.retain(|open| open.slice != slice);
        let inner = &self.archive.inner;
        let mut manifest = inner.read().manifest.clone();
        manifest.slices.remove(&slice.to_string());
        manifest.incomplete.insert(slice.to_string());
        manifest.store(&inner.root)?;
        let mut state = inner.write();
        state.manifest = manifest;
        state.shelves.remove(&slice);
        state.damaged.remove(&slice);
        drop(state);
        self.open(slice).map(drop)
    }

    /// Commits a slice that was [`Writer::reset`] and holds all of its mentions again.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn complete(&mut self, slice: Slice) -> Result<(), Error> {
        self.commit(None)?;
        let inner = &self.archive.inner;
        let mut manifest = inner.read().manifest.clone();
        manifest.incomplete.remove(&slice.to_string());
        manifest.store(&inner.root)?;
        inner.write().manifest = manifest;
        Ok(())
    }

    /// Waits until merging that is under way has ended; what was not committed is, without being counted as applied.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn settle(&mut self) -> Result<(), Error> {
        for open in std::mem::take(&mut self.open) {
            self.close(open)?;
        }
        Ok(())
    }

    /// The writer of a slice, to change something.
    fn open(&mut self, slice: Slice) -> Result<&mut IndexWriter, Error> {
        let at = match self.open.iter().position(|open| open.slice == slice) {
            Some(at) => at,
            None => {
                if self.open.len() >= MAX_OPEN {
                    // After a death its changes are repeated, as the manifest does not count them yet.
                    let oldest = self.open.remove(0);
                    self.close(oldest)?;
                }
                let shelf = self.shelf(slice)?;
                let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1);
                let options = options.memory_budget_per_thread(MEMORY).build();
                let writer = shelf.index.writer_with_options(options).map_err(Error::engine("write", slice))?;
                self.open.push(Opened { slice, writer, changed: false });
                self.open.len() - 1
            }
        };
        self.open[at..].rotate_left(1);
        let last = self.open.len() - 1;
        self.open[last].changed = true;
        Ok(&mut self.open[last].writer)
    }

    fn close(&self, mut open: Opened) -> Result<(), Error> {
        if open.changed {
            commit_slice(&mut open.writer, None).map_err(Error::engine("commit", open.slice))?;
        }
        open.writer.wait_merging_threads().map_err(Error::engine("merge", open.slice))?;
        self.show(open.slice)
    }

    /// Lets searches see what was committed.
    fn show(&self, slice: Slice) -> Result<(), Error> {
        match self.archive.inner.read().shelves.get(&slice) {
            Some(shelf) => shelf.reader.reload().map_err(Error::engine("read", slice)),
            None => Ok(()),
        }
    }

    fn shelf(&self, slice: Slice) -> Result<Shelf, Error> {
        let inner = &self.archive.inner;
        let state = inner.read();
        if state.damaged.contains_key(&slice) {
            return Err(Error::Damaged { slice });
        }
        if let Some(shelf) = state.shelves.get(&slice) {
            return Ok(shelf.clone());
        }
        drop(state);
        // What a death has left there is not counted by the manifest and will be repeated.
        let folder = slice.folder(&inner.root);
        Archive::clear(&folder)?;
        fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
        let shelf = Shelf::create(&folder, &inner.fields).map_err(Error::engine("create an index", slice))?;
        inner.write().shelves.insert(slice, shelf.clone());
        Ok(shelf)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.open.clear();
        self.archive.inner.writing.store(false, Ordering::Release);
    }
}

fn commit_slice(writer: &mut IndexWriter, applied: Option<EventId>) -> tantivy::Result<()> {
    let mut prepared = writer.prepare_commit()?;
    if let Some(applied) = applied {
        prepared.set_payload(&applied.to_string());
    }
    prepared.commit().map(drop)
}

fn holds(shelf: &Shelf, term: &Term) -> tantivy::Result<bool> {
    for reader in shelf.reader.searcher().segment_readers() {
        let inverted = reader.inverted_index(term.field())?;
        let Some(mut postings) = inverted.read_postings(term, tantivy::schema::IndexRecordOption::Basic)? else {
            continue;
        };
        while postings.doc() != TERMINATED {
            if !reader.is_deleted(postings.doc()) {
                return Ok(true);
            }
            postings.advance();
        }
    }
    Ok(false)
}
