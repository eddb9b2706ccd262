//! Opening an archive, and taking over what another process has changed.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, PoisonError, RwLock};
use std::{fs, io};

use molva_domain::{EventId, Timestamp, TopicId};
use molva_query::field::spaced;

use crate::archive::{Archive, Inner, State};
use crate::error::Error;
use crate::manifest::Manifest;
use crate::schema::Fields;
use crate::slice::{Shelf, Slice};
use crate::vocabulary::Vocabularies;

/// The topics of each name, as `topic:` writes it.
pub(crate) type TopicNames = Arc<RwLock<HashMap<String, Vec<TopicId>>>>;

impl Archive {
    /// Opens the archive in a folder, or begins one. Slices that cannot be opened are left out and told by
    /// [`Archive::damaged`]; the others answer.
    ///
    /// # Errors
    /// [`Error::Outdated`] when it was written by another version: [`Archive::clear`] it and fill it anew.
    pub fn open(root: &Path) -> Result<Self, Error> {
        fs::create_dir_all(root).map_err(Error::file("create", root))?;
        if Manifest::load(root)?.is_none() {
            Manifest::new().store(root)?;
        }
        let archive = Self::vacant(root);
        archive.reload()?;
        Ok(archive)
    }

    /// An archive that holds nothing until it is [`Archive::reload`]ed; touches no file.
    #[must_use]
    pub fn vacant(root: &Path) -> Self {
        let state = State { manifest: Manifest::new(), shelves: BTreeMap::new(), damaged: BTreeMap::new() };
        let inner = Inner {
            root: root.to_owned(),
            fields: Fields::new(),
            state: RwLock::new(state),
            vocabularies: Vocabularies::default(),
            writing: AtomicBool::new(false),
            builds: AtomicU32::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Shows what is on the disk now, whoever wrote it. Not to be called while this process has a [`crate::Writer`].
    ///
    /// # Errors
    /// As [`Archive::open`]; what was shown before stays.
    pub fn reload(&self) -> Result<(), Error> {
        let inner = &self.inner;
        let manifest = Manifest::load(&inner.root)?.unwrap_or_else(Manifest::new);
        if manifest == inner.read().manifest && inner.read().damaged.is_empty() {
            return Ok(());
        }
        let known = inner.read().shelves.clone();
        let (mut shelves, mut damaged) = (BTreeMap::new(), BTreeMap::new());
        for (name, version) in &manifest.slices {
            let Some(slice) = Slice::parse(name) else { continue };
            let same = known.get(&slice).filter(|shelf| shelf.version == *version);
            let shelf = match same {
                Some(shelf) => shelf.reader.reload().map(|()| shelf.clone()),
                None => Shelf::open(&inner.root, slice, *version, &inner.fields),
            };
            match shelf {
                Ok(shelf) => drop(shelves.insert(slice, shelf)),
                Err(error) => drop(damaged.insert(slice, error.to_string())),
            }
        }
        for slice in manifest.lost.iter().filter_map(|name| Slice::parse(name)) {
            shelves.remove(&slice);
            damaged.insert(slice, "it was damaged and is not rebuilt yet".to_owned());
        }
        for (slice, reason) in &damaged {
            if !inner.read().damaged.contains_key(slice) {
                tracing::warn!(%slice, reason, "a slice of the archive is damaged");
            }
        }
        *inner.write() = State { manifest, shelves, damaged };
        Ok(())
    }

    /// Deletes whatever archive is in the folder.
    ///
    /// # Errors
    /// When files cannot be deleted.
    pub fn clear(root: &Path) -> Result<(), Error> {
        match fs::remove_dir_all(root) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file("delete", root)(error)),
            _ => Ok(()),
        }
    }

    /// The last event whose effects are all in. Whoever fills the archive goes on behind it, with [`crate::Writer::update`];
    /// `None`: nothing was ever filled, see [`crate::Writer::begin`].
    #[must_use]
    pub fn applied(&self) -> Option<EventId> {
        self.inner.read().manifest.applied.map(EventId)
    }

    /// When [`Archive::applied`] happened, as far as it was told.
    #[must_use]
    pub fn applied_at(&self) -> Option<Timestamp> {
        self.inner.read().manifest.applied_at.map(Timestamp::from_micros)
    }

    /// Slices that have to be built from the storage, newest first: damaged ones, those of a fill that goes on, those of a
    /// rebuild; see [`crate::Writer::build`].
    #[must_use]
    pub fn to_build(&self) -> Vec<Slice> {
        let state = self.inner.read();
        let mut slices: Vec<Slice> = state.manifest.wanted.iter().filter_map(|name| Slice::parse(name)).collect();
        slices.extend(state.damaged.keys());
        slices.sort_unstable_by(|one, other| other.cmp(one));
        slices.dedup();
        slices
    }

    /// Those of [`Archive::to_build`] that do not answer yet: a fill goes on.
    #[must_use]
    pub fn to_fill(&self) -> Vec<Slice> {
        let state = self.inner.read();
        let wanted = state.manifest.wanted.iter().filter_map(|name| Slice::parse(name));
        wanted.filter(|slice| !state.shelves.contains_key(slice)).collect()
    }

    /// Mentions that can be found outside of these slices.
    #[must_use]
    pub fn len_without(&self, slices: &[Slice]) -> u64 {
        let state = self.inner.read();
        let others = state.shelves.iter().filter(|(slice, _)| !slices.contains(slice));
        others.map(|(_, shelf)| shelf.reader.searcher().num_docs()).sum()
    }

    /// Tells the names that `topic:` is asked by. Mentions name their topics by [`Archive::topic_key`], so that a new name holds
    /// at once and for all of them.
    pub fn name_topics(&self, topics: impl IntoIterator<Item = (TopicId, String)>) {
        let mut names: HashMap<String, Vec<TopicId>> = HashMap::new();
        for (topic, name) in topics {
            names.entry(spaced(&name)).or_default().push(topic);
        }
        *self.inner.fields.topics.write().unwrap_or_else(PoisonError::into_inner) = names;
    }

    /// What stands for a topic's name in [`molva_query::field::Judgement::topics`] of a mention that is taken in.
    #[must_use]
    pub fn topic_key(topic: TopicId) -> String {
        format!("#{topic}")
    }
}

/// The names that a test of `topic:` with this text stands for.
pub(crate) fn meant_topics(names: &TopicNames, text: &str) -> Vec<String> {
    let names = names.read().unwrap_or_else(PoisonError::into_inner);
    let known = names.get(text).into_iter().flatten().map(|topic| Archive::topic_key(*topic));
    known.chain([text.to_owned()]).collect()
}
