use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use molva_domain::{MentionId, MentionState, Timestamp, TopicId};
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

    /// Slices that cannot be searched and have to be rebuilt; see [`Archive::to_build`].
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
