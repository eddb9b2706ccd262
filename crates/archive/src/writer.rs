use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use molva_domain::{EventId, MentionId, Timestamp, TopicId};
use tantivy::{DocSet as _, IndexWriter, TERMINATED, Term};

use crate::archive::Archive;
use crate::build::{Build, write_shelf};
use crate::document::Document;
use crate::error::Error;
use crate::facts::{Reading, index_document, topic_fact};
use crate::manifest::Manifest;
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
    reading: Reading,
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
        let writer = Writer { archive: self.clone(), open: Vec::new(), reading: Reading::default() };
        writer.sweep();
        Ok(writer)
    }
}

impl Writer {
    /// Begins a first fill, or one that replaces everything: the archive holds nothing, the slices given are to be built.
    /// `applied` is the last event that was there before those were listed; what comes behind it is followed.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn begin(&mut self, applied: EventId, slices: impl IntoIterator<Item = Slice>) -> Result<(), Error> {
        self.open.clear();
        let wanted = slices.into_iter().map(|slice| slice.to_string()).collect();
        let fresh = Manifest { applied: Some(applied.0), wanted, ..Manifest::new() };
        self.archive.inner.change_manifest(|manifest| *manifest = fresh)?;
        let mut state = self.archive.inner.write();
        state.shelves.clear();
        state.damaged.clear();
        drop(state);
        self.sweep();
        Ok(())
    }

    /// Asks for slices to be built anew, beside what answers.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn renew(&mut self, slices: impl IntoIterator<Item = Slice>) -> Result<(), Error> {
        let wanted: Vec<String> = slices.into_iter().map(|slice| slice.to_string()).collect();
        self.archive.inner.change_manifest(|manifest| manifest.wanted.extend(wanted))
    }

    /// Adds a mention that the archive cannot hold yet.
    ///
    /// # Errors
    /// As [`Writer::update`].
    pub fn add(&mut self, document: &Document<'_>) -> Result<(), Error> {
        self.put(document, false)
    }

    /// Adds a mention, or puts it in the place of what is there of it. The time of a mention never changes its month. Does
    /// nothing in a slice that does not answer and is still to be built: it will be read from the storage.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn update(&mut self, document: &Document<'_>) -> Result<(), Error> {
        self.put(document, true)
    }

    fn put(&mut self, document: &Document<'_>, replace: bool) -> Result<(), Error> {
        let slice = Slice::of(document.at());
        if self.is_missing(slice) {
            return Ok(());
        }
        let row = index_document(&self.archive.inner.fields, document, &mut self.reading);
        let id = Term::from_field_i64(self.archive.inner.fields.id, document.id.0);
        let writer = self.open(slice)?;
        if replace {
            writer.delete_term(id);
        }
        writer.add_document(row).map(drop).map_err(Error::engine("add a mention", slice))
    }

    /// To be built, and nothing answers in its place.
    fn is_missing(&self, slice: Slice) -> bool {
        let state = self.archive.inner.read();
        !state.shelves.contains_key(&slice)
            && (state.damaged.contains_key(&slice) || state.manifest.wanted.contains(&slice.to_string()))
    }

    /// Takes a mention out, wherever it is.
    ///
    /// # Errors
    /// When the disk fails. Slices that are damaged are passed over: they are rebuilt without it.
    pub fn delete(&mut self, id: MentionId) -> Result<(), Error> {
        self.delete_term(Term::from_field_i64(self.archive.inner.fields.id, id.0))
    }

    /// Takes out the mentions of a topic.
    ///
    /// # Errors
    /// As [`Writer::delete`].
    pub fn delete_topic(&mut self, topic: TopicId) -> Result<(), Error> {
        self.delete_term(Term::from_field_text(self.archive.inner.fields.facts, &topic_fact(topic)))
    }

    fn delete_term(&mut self, term: Term) -> Result<(), Error> {
        let shelves: Vec<(Slice, Shelf)> = self.archive.inner.read().shelves.clone().into_iter().collect();
        for (slice, shelf) in shelves {
            let is_open = self.open.iter().any(|open| open.slice == slice);
            if is_open || holds(&shelf, &term).map_err(Error::engine("look up a mention", slice))? {
                self.open(slice)?.delete_term(term.clone());
            }
        }
        Ok(())
    }

    /// Makes everything findable and lasting. `applied` is the last event whose effects are all in; `None`: as before.
    ///
    /// # Errors
    /// When the disk fails; what was committed before stays.
    pub fn commit(&mut self, applied: Option<EventId>) -> Result<(), Error> {
        self.commit_at(applied, None)
    }

    /// The same, with the time of the event.
    ///
    /// # Errors
    /// As [`Writer::commit`].
    pub fn commit_at(&mut self, applied: Option<EventId>, at: Option<Timestamp>) -> Result<(), Error> {
        let mut changed = Vec::new();
        for open in self.open.iter_mut().filter(|open| open.changed) {
            commit_slice(&mut open.writer).map_err(Error::engine("commit", open.slice))?;
            open.changed = false;
            changed.push(open.slice);
        }
        // Whoever sees that an event is applied finds its effects.
        changed.into_iter().try_for_each(|slice| self.show(slice))?;
        let inner = &self.archive.inner;
        let shelves: Vec<(String, u32)> =
            inner.read().shelves.iter().map(|(slice, shelf)| (slice.to_string(), shelf.version)).collect();
        // The slices are on the disk: a death before this line repeats some events, which changes nothing.
        inner.change_manifest(|manifest| {
            manifest.slices.extend(shelves);
            if let Some(applied) = applied {
                manifest.applied = Some(applied.0);
                manifest.applied_at = at.map(Timestamp::as_micros);
            }
        })
    }

    /// Begins a slice anew, beside the one that answers; [`Writer::finish`] puts it in its place. Whoever fills it also brings
    /// what changes meanwhile.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn build(&mut self, slice: Slice) -> Result<Build, Error> {
        let name = slice.to_string();
        let inner = &self.archive.inner;
        let is_damaged = inner.read().damaged.contains_key(&slice);
        if is_damaged {
            self.open.retain(|open| open.slice != slice);
        }
        let next = inner.read().manifest.slices.get(&name).map_or(0, |version| version + 1);
        let version = next.saturating_add(inner.builds.fetch_add(1, Ordering::Relaxed));
        inner.change_manifest(|manifest| {
            manifest.wanted.insert(name.clone());
            if is_damaged {
                manifest.lost.insert(name);
            }
        })?;
        Build::new(&self.archive, slice, version)
    }

    /// Puts a slice in its place: on the disk first, then for searches.
    ///
    /// # Errors
    /// When the disk fails; the slice before stays then.
    pub fn finish(&mut self, mut build: Build) -> Result<(), Error> {
        build.commit()?;
        let Build { slice, shelf, writer, .. } = build;
        shelf.reader.reload().map_err(Error::engine("read", slice))?;
        let (inner, name, version) = (&self.archive.inner, slice.to_string(), shelf.version);
        inner.change_manifest(|manifest| {
            manifest.wanted.remove(&name);
            manifest.lost.remove(&name);
            manifest.slices.insert(name, version);
        })?;
        let mut state = inner.write();
        let before = state.shelves.insert(slice, shelf);
        state.damaged.remove(&slice);
        drop(state);
        // What was not committed there is in the new one.
        self.open.retain(|open| open.slice != slice);
        if let Some(writer) = writer {
            self.make_room()?;
            self.open.push(Opened { slice, writer, changed: false });
        }
        // Searches under way read on: the files stay until they are closed.
        drop(before);
        self.sweep();
        Ok(())
    }

    /// Deletes folders of slices that nothing counts: of versions that were replaced, and of builds that were cut off. What
    /// cannot be deleted now is deleted the next time.
    fn sweep(&self) {
        let inner = &self.archive.inner;
        let state = inner.read();
        let mut counted: BTreeSet<PathBuf> = BTreeSet::new();
        let shelves = state.shelves.iter().map(|(slice, shelf)| slice.folder(&inner.root, shelf.version));
        counted.extend(shelves);
        counted.extend(
            state
                .manifest
                .slices
                .iter()
                .filter_map(|(name, version)| Slice::parse(name).map(|slice| slice.folder(&inner.root, *version))),
        );
        drop(state);
        let Ok(entries) = fs::read_dir(&inner.root) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let is_slice = Slice::parse(name.split('.').next().unwrap_or_default()).is_some();
            if is_slice
                && !counted.contains(&path)
                && let Err(error) = Archive::clear(&path)
            {
                tracing::warn!(%error, "an old part of the archive was not deleted, it is tried again");
            }
        }
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
                self.make_room()?;
                let shelf = self.shelf(slice)?;
                let writer = write_shelf(&shelf, MEMORY).map_err(Error::engine("write", slice))?;
                self.open.push(Opened { slice, writer, changed: false });
                self.open.len() - 1
            }
        };
        self.open[at..].rotate_left(1);
        let last = self.open.len() - 1;
        self.open[last].changed = true;
        Ok(&mut self.open[last].writer)
    }

    fn make_room(&mut self) -> Result<(), Error> {
        if self.open.len() >= MAX_OPEN {
            // After a death its changes are repeated, as the manifest does not count them yet.
            let oldest = self.open.remove(0);
            self.close(oldest)?;
        }
        Ok(())
    }

    fn close(&self, mut open: Opened) -> Result<(), Error> {
        if open.changed {
            commit_slice(&mut open.writer).map_err(Error::engine("commit", open.slice))?;
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
        if let Some(shelf) = state.shelves.get(&slice) {
            return Ok(shelf.clone());
        }
        if state.damaged.contains_key(&slice) {
            return Err(Error::Damaged { slice });
        }
        drop(state);
        // What a death has left there is not counted by the manifest and will be repeated.
        let shelf = Shelf::create(&inner.root, slice, 0, &inner.fields)?;
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

pub(crate) fn commit_slice(writer: &mut IndexWriter) -> tantivy::Result<()> {
    writer.commit().map(drop)
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
