use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::{fs, io};

use molva_domain::{EventId, MentionId, MentionState, Timestamp, TopicId};
use molva_query::Query;
use molva_query::field::NumberField;
use tantivy::query::EnableScoring;

use crate::compile::{all_of, compile, has_fact};
use crate::error::Error;
use crate::facts::{state_fact, topic_fact};
use crate::manifest::Manifest;
use crate::newest::First;
use crate::scan::ColumnQuery;
use crate::schema::Fields;
use crate::slice::{Damage, Shelf, Slice};

/// The mentions of one workspace, open for searching. Cheap to clone; a [`crate::Writer`] changes it while it is searched.
#[derive(Clone)]
pub struct Archive {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) root: PathBuf,
    pub(crate) fields: Fields,
    pub(crate) state: RwLock<State>,
    /// A writer is at work.
    pub(crate) writing: AtomicBool,
}

pub(crate) struct State {
    pub(crate) manifest: Manifest,
    pub(crate) shelves: BTreeMap<Slice, Shelf>,
    pub(crate) damaged: BTreeMap<Slice, String>,
}

/// Narrows a search beside the query. Empty parts narrow nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Sorted at this time or later.
    pub from: Option<Timestamp>,
    /// Sorted before this time.
    pub before: Option<Timestamp>,
    /// Of one of these topics.
    pub topics: Vec<TopicId>,
    /// In one of these states.
    pub states: Vec<MentionState>,
}

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Newest,
    Oldest,
    /// The largest number, then the newest; those without one come last.
    Most(NumberField),
}

/// A mention that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub id: MentionId,
    /// The time it is sorted by.
    pub at: Timestamp,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// Slices of the asked time that could not be searched.
    pub missing: Vec<Slice>,
}

/// How many mentions answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub mentions: u64,
    /// Slices of the asked time that could not be searched: what they hold is not counted.
    pub missing: Vec<Slice>,
}

impl Archive {
    /// Most hits of one search.
    pub const MAX_HITS: usize = 10_000;

    /// Opens the archive in a folder, or begins one. Slices that cannot be opened are left out and told by
    /// [`Archive::damaged`]; the others answer.
    ///
    /// # Errors
    /// [`Error::Outdated`] when it was written by another version: [`Archive::clear`] it and fill it anew.
    pub fn open(root: &Path) -> Result<Self, Error> {
        fs::create_dir_all(root).map_err(Error::file("create", root))?;
        let manifest = match Manifest::load(root)? {
            Some(manifest) => manifest,
            None => {
                let manifest = Manifest::new();
                manifest.store(root)?;
                manifest
            }
        };
        let fields = Fields::new();
        let (mut shelves, mut damaged) = (BTreeMap::new(), BTreeMap::new());
        for slice in manifest.slices.iter().filter_map(|name| Slice::parse(name)) {
            match Shelf::open(&slice.folder(root), &fields) {
                Ok(shelf) => drop(shelves.insert(slice, shelf)),
                Err(error) => drop(damaged.insert(slice, error.to_string())),
            }
        }
        for slice in manifest.incomplete.iter().filter_map(|name| Slice::parse(name)) {
            shelves.remove(&slice);
            damaged.insert(slice, "its rebuilding was interrupted".to_owned());
        }
        for (slice, reason) in &damaged {
            tracing::warn!(%slice, reason, "a slice of the archive is damaged");
        }
        let state = RwLock::new(State { manifest, shelves, damaged });
        let inner = Inner { root: root.to_owned(), fields, state, writing: AtomicBool::new(false) };
        Ok(Self { inner: Arc::new(inner) })
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
    /// `None`: it was never filled, or the filling was interrupted, so it is cleared and filled from the storage.
    #[must_use]
    pub fn applied(&self) -> Option<EventId> {
        self.inner.read().manifest.applied.map(EventId)
    }

    /// Slices that have to be rebuilt; see [`crate::Writer::reset`].
    #[must_use]
    pub fn damaged(&self) -> Vec<Damage> {
        let damage = |(slice, reason): (&Slice, &String)| Damage { slice: *slice, reason: reason.clone() };
        self.inner.read().damaged.iter().map(damage).collect()
    }

    /// The slices that can be searched, oldest first.
    #[must_use]
    pub fn slices(&self) -> Vec<Slice> {
        self.inner.read().shelves.keys().copied().collect()
    }

    /// Mentions that can be found.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.inner.read().shelves.values().map(|shelf| shelf.reader.searcher().num_docs()).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads every file and compares checksums. Slices that differ are left out from now on and told by
    /// [`Archive::damaged`]. Takes about as long as reading the archive from the disk.
    pub fn verify(&self) {
        let shelves: Vec<_> = self.inner.read().shelves.clone().into_iter().collect();
        for (slice, shelf) in shelves {
            let reason = match shelf.verify() {
                Ok(None) => continue,
                Ok(Some(file)) => format!("the checksum of `{}` differs", file.display()),
                Err(error) => error.to_string(),
            };
            tracing::warn!(%slice, reason, "a slice of the archive is damaged");
            let mut state = self.inner.write();
            state.shelves.remove(&slice);
            state.damaged.insert(slice, reason);
        }
    }

    /// The first `limit` mentions that answer, at most [`Archive::MAX_HITS`]. Without a query every mention answers.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn search(&self, query: Option<&Query>, filter: &Filter, order: Order, limit: usize) -> Result<Found, Error> {
        let mut first = First::new(order, limit.min(Self::MAX_HITS));
        let (mut shelves, missing) = self.asked(filter);
        if order != Order::Oldest {
            shelves.reverse();
        }
        if limit > 0 {
            for (slice, shelf) in shelves {
                self.ask(&shelf, query, filter, |weight, searcher| first.read(weight, searcher))
                    .map_err(Error::engine("search", slice))?;
                if first.is_full() && !matches!(order, Order::Most(_)) {
                    break;
                }
            }
        }
        Ok(Found { hits: first.hits(), missing })
    }

    /// How many mentions answer.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn count(&self, query: Option<&Query>, filter: &Filter) -> Result<Counted, Error> {
        let (shelves, missing) = self.asked(filter);
        let mut mentions = 0;
        for (slice, shelf) in shelves {
            let counted = self.ask(&shelf, query, filter, |weight, searcher| {
                searcher.segment_readers().iter().try_fold(0, |sum, reader| Ok(sum + u64::from(weight.count(reader)?)))
            });
            mentions += counted.map_err(Error::engine("count", slice))?;
        }
        Ok(Counted { mentions, missing })
    }

    /// The slices a filter reaches, oldest first, and those of them that are damaged.
    fn asked(&self, filter: &Filter) -> (Vec<(Slice, Shelf)>, Vec<Slice>) {
        let first = filter.from.map(Slice::of);
        let last = filter.before.map(Slice::of);
        let reached =
            |slice: &Slice| first.is_none_or(|first| first <= *slice) && last.is_none_or(|last| *slice <= last);
        let state = self.inner.read();
        let shelves = state.shelves.iter().filter(|(slice, _)| reached(slice));
        let shelves = shelves.map(|(slice, shelf)| (*slice, shelf.clone())).collect();
        (shelves, state.damaged.keys().copied().filter(reached).collect())
    }

    fn ask<T>(
        &self,
        shelf: &Shelf,
        query: Option<&Query>,
        filter: &Filter,
        read: impl FnOnce(&dyn tantivy::query::Weight, &tantivy::Searcher) -> tantivy::Result<T>,
    ) -> tantivy::Result<T> {
        let fields = &self.inner.fields;
        let mut parts: Vec<Box<dyn tantivy::query::Query>> = Vec::new();
        parts.extend(query.map(|query| compile(fields, query.expr())));
        if filter.from.is_some() || filter.before.is_some() {
            let from = filter.from.map_or(i64::MIN, Timestamp::as_micros);
            parts.push(Box::new(ColumnQuery::Sorted(from, filter.before.map_or(i64::MAX, Timestamp::as_micros))));
        }
        if !filter.topics.is_empty() {
            parts.push(has_fact(fields, &filter.topics.iter().map(|topic| topic_fact(*topic)).collect::<Vec<_>>()));
        }
        if !filter.states.is_empty() {
            parts.push(has_fact(fields, &filter.states.iter().map(|state| state_fact(*state)).collect::<Vec<_>>()));
        }
        let searcher = shelf.reader.searcher();
        let weight = all_of(parts).weight(EnableScoring::disabled_from_searcher(&searcher))?;
        read(&*weight, &searcher)
    }
}

impl Inner {
    // A thread that panicked left the state whole: every change of it is one assignment.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}
