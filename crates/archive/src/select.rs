//! The posts of a slice that a query and a filter select, in blocks.

use std::ops::ControlFlow;

use molva_domain::MentionId;
use molva_query::syntax::Expr;
use tantivy::query::{EnableScoring, TermSetQuery, Weight};
use tantivy::{DocId, DocSet as _, Searcher, SegmentReader, Term};

use crate::ask::Filter;
use crate::compile::{all_of, compile, has_fact};
use crate::facts::topic_fact;
use crate::narrow::Narrow;
use crate::schema::Fields;

/// Posts of the first block, so that a search for the newest few reads few; blocks grow up to the second.
const FIRST_BLOCK: usize = 64;
const LARGEST_BLOCK: usize = 4_096;
/// More topics than these are looked up in their column where they have much of a slice: reading so many posting lists side by
/// side takes longer.
const FEW_TOPICS: usize = 3;
/// Much of a slice: one in so many.
const MUCH: u64 = 16;

/// A query and a filter, ready for every slice.
pub(crate) struct Selection {
    /// What has posting lists; `None`: every post.
    posted: Option<Box<dyn tantivy::query::Query>>,
    pub(crate) narrow: Narrow,
    many_topics: Option<ManyTopics>,
}

/// The same, with the topics by their column.
struct ManyTopics {
    topics: Vec<Term>,
    posted: Option<Box<dyn tantivy::query::Query>>,
    narrow: Narrow,
}

/// A selection in one slice.
pub(crate) struct Selected<'a> {
    weight: Option<Box<dyn Weight>>,
    narrow: &'a Narrow,
}

impl Selection {
    pub(crate) fn new(fields: &Fields, query: Option<&Expr>, filter: &Filter) -> Self {
        let facts: Vec<String> = filter.topics.iter().map(|topic| topic_fact(*topic)).collect();
        let mut parts: Vec<Box<dyn tantivy::query::Query>> = Vec::new();
        if !facts.is_empty() {
            parts.push(has_fact(fields, &facts));
        }
        parts.extend(query.map(|query| compile(fields, query)));
        let posted = if parts.is_empty() { None } else { Some(all_of(parts)) };
        let many_topics = (facts.len() > FEW_TOPICS).then(|| ManyTopics {
            topics: facts.iter().map(|fact| Term::from_field_text(fields.facts, fact)).collect(),
            posted: query.map(|query| compile(fields, query)),
            narrow: Narrow::with_topics(filter, &fields.held),
        });
        Self { posted, narrow: Narrow::of(filter, &fields.held), many_topics }
    }

    /// The same of these mentions alone.
    pub(crate) fn among(mut self, fields: &Fields, ids: &[MentionId]) -> Self {
        let terms: Vec<Term> = ids.iter().map(|id| Term::from_field_i64(fields.id, id.0)).collect();
        let mut parts: Vec<Box<dyn tantivy::query::Query>> = vec![Box::new(TermSetQuery::new(terms))];
        parts.extend(self.posted.take());
        Self { posted: Some(all_of(parts)), many_topics: None, ..self }
    }

    pub(crate) fn in_slice(&self, searcher: &Searcher) -> tantivy::Result<Selected<'_>> {
        let (posted, narrow) = match &self.many_topics {
            Some(many) if many.have_much(searcher)? => (&many.posted, &many.narrow),
            _ => (&self.posted, &self.narrow),
        };
        let weight = match posted {
            Some(query) => Some(query.weight(EnableScoring::disabled_from_searcher(searcher))?),
            None => None,
        };
        Ok(Selected { weight, narrow })
    }
}

impl ManyTopics {
    fn have_much(&self, searcher: &Searcher) -> tantivy::Result<bool> {
        let all: u64 = searcher.segment_readers().iter().map(|reader| u64::from(reader.max_doc())).sum();
        let mut own = 0;
        for topic in &self.topics {
            own += searcher.doc_freq(topic)?;
            if own * MUCH >= all {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Selected<'_> {
    /// Hands over the selected posts of a segment at `first` and behind it, block by block, ascending, which is newest first,
    /// until `take` breaks.
    pub(crate) fn each_block(
        &self,
        reader: &SegmentReader,
        first: DocId,
        mut take: impl FnMut(&[DocId]) -> ControlFlow<()>,
    ) -> tantivy::Result<()> {
        let Some(gate) = self.narrow.in_segment(reader, self.weight.is_none())? else { return Ok(()) };
        let (mut next, end) = (gate.docs.start.max(first), gate.docs.end);
        if next >= end {
            return Ok(());
        }
        let mut scorer = match &self.weight {
            Some(weight) => Some(weight.scorer(reader, 1.0)?),
            None => None,
        };
        if let Some(scorer) = &mut scorer {
            // A scorer stands on its first post, and must not be sent back.
            next = if scorer.doc() < next { scorer.seek(next) } else { scorer.doc() };
        }
        let (mut docs, mut scratch, mut size) = (Vec::new(), Vec::new(), FIRST_BLOCK);
        while next < end {
            docs.clear();
            match &mut scorer {
                Some(scorer) => {
                    while next < end && docs.len() < size {
                        if gate.usual.as_ref().is_none_or(|usual| usual.has(next)) {
                            docs.push(next);
                        }
                        next = scorer.advance();
                    }
                }
                None => match &gate.usual {
                    Some(usual) => next = usual.take(next, end, size, &mut docs),
                    None => {
                        let behind = end.min(next + size as DocId);
                        docs.extend(next..behind);
                        next = behind;
                    }
                },
            }
            if let Some(alive) = reader.alive_bitset() {
                docs.retain(|doc| alive.is_alive(*doc));
            }
            gate.retain(&mut docs, &mut scratch);
            if !docs.is_empty() && take(&docs).is_break() {
                break;
            }
            size = (size * 2).min(LARGEST_BLOCK);
        }
        Ok(())
    }
}
