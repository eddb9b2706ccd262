//! The live queries as they were at one moment, and how a post is held against them.

use std::cell::OnceCell;
use std::sync::Arc;
use std::time::Instant;

use molva_domain::{Language, Post};
use molva_query::Query;
use molva_query::field::{Judgement, TextFacts};
use molva_text::{Analysis, PrefixFilter};

use crate::compile::compile;
use crate::evaluate::{Evaluation, Fields};
use crate::frequency::Frequencies;
use crate::index::{Index, Posting, looks_per_million};
use crate::lists::Lists;
use crate::lookup::{Lookup, Text};
use crate::meter::Metered;
use crate::{Cost, Hit, Span};

/// The set as it was at one moment.
#[derive(Debug)]
pub struct Snapshot {
    pub(crate) parts: [Part; 2],
    pub(crate) filter: PrefixFilter,
    pub(crate) frequencies: Arc<Frequencies>,
    pub(crate) lists: Arc<Lists>,
}

/// An index and which of its queries have been removed or replaced since it was built.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    pub(crate) index: Arc<Index>,
    pub(crate) dead: Arc<[u64]>,
    pub(crate) alive: usize,
}

impl Part {
    #[inline]
    fn is_dead(&self, program: usize) -> bool {
        self.dead.get(program >> 6).is_some_and(|bits| (bits >> (program & 63)) & 1 == 1)
    }
}

/// Buffers of one thread, reused from post to post. After a post was matched it also tells what the analysis found out.
#[derive(Debug, Default)]
pub struct Scratch {
    analysis: Analysis,
    form: String,
    lookups: [Lookup; 2],
    posts: u32,
    tokens: Vec<usize>,
    spans: Vec<Span>,
}

impl Scratch {
    /// `molva_text::content_hash` of the post last matched.
    #[must_use]
    pub fn content_hash(&self) -> i64 {
        self.analysis.content_hash()
    }

    /// `molva_text::detect_language` of the post last matched, whose title and text these are.
    #[must_use]
    pub fn language(&self, title: &str, text: &str) -> Option<Language> {
        self.analysis.language(title, text)
    }

    /// The tokens of the post last matched.
    #[must_use]
    pub const fn analysis(&self) -> &Analysis {
        &self.analysis
    }
}

impl Snapshot {
    /// How many queries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.alive).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes the queries take, all that is needed to match them; what a thread needs beside is in its [`Scratch`].
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.index.bytes() + part.dead.len() * 8).sum::<usize>() + self.filter.bytes()
    }

    /// What a query would cost, judged by the words of the stream so far.
    #[must_use]
    pub fn cost(&self, query: &Query) -> Cost {
        Cost {
            looks_per_million: looks_per_million(&compile(0, query, &self.frequencies, &self.lists), &self.frequencies),
        }
    }

    /// The queries that are looked at for many posts, and what they took.
    #[must_use]
    pub fn metered(&self) -> Vec<Metered> {
        let of_part = |part: &Part| {
            let alive = part.index.meters.read().filter(|(program, _)| !part.is_dead(*program));
            alive.map(|(program, metered)| Metered { query: part.index.id(program), ..metered }).collect::<Vec<_>>()
        };
        self.parts.iter().flat_map(of_part).collect()
    }

    /// All queries that match, in no order. Analyses the post into `scratch`.
    pub fn matches(&self, post: &Post, scratch: &mut Scratch) -> Vec<Hit> {
        self.matches_judged(post, &Judgement::EMPTY, scratch)
    }

    /// [`Snapshot::matches`] for a mention of which more is known than its post.
    pub fn matches_judged(&self, post: &Post, judgement: &Judgement, scratch: &mut Scratch) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.each_match(post, judgement, scratch, |query, spans| hits.push(Hit { query, spans: spans.to_vec() }));
        hits
    }

    /// Calls `matched` with each query that matches and the words that made it match, by place, title first.
    pub fn each_match(
        &self,
        post: &Post,
        judgement: &Judgement,
        scratch: &mut Scratch,
        mut matched: impl FnMut(i64, &[Span]),
    ) {
        let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
        self.read(title, text, scratch);
        let mut tokens = std::mem::take(&mut scratch.tokens);
        let mut spans = std::mem::take(&mut scratch.spans);
        self.each_program(title, text, Fields::Known(post, judgement), scratch, |index, program, evaluation| {
            evaluation.spans(index.root(program), &mut tokens, &mut spans);
            matched(index.id(program), &spans);
            true
        });
        scratch.tokens = tokens;
        scratch.spans = spans;
    }

    /// Ids of all queries that match, appended to `ids`: [`Snapshot::matches`] without the places.
    pub fn matching_ids(&self, post: &Post, scratch: &mut Scratch, ids: &mut Vec<i64>) {
        let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
        self.read(title, text, scratch);
        self.each_program(title, text, Fields::Known(post, &Judgement::EMPTY), scratch, |index, program, _| {
            ids.push(index.id(program));
            true
        });
    }

    /// `false` only when no query can match a post of this title and text, whatever its other fields hold.
    pub fn may_match(&self, title: &str, text: &str, scratch: &mut Scratch) -> bool {
        self.read(title, text, scratch);
        let mut found = false;
        self.each_program(title, text, Fields::Unknown, scratch, |_, _, _| {
            found = true;
            false
        });
        found
    }

    /// Cuts the post into tokens.
    fn read(&self, title: &str, text: &str, scratch: &mut Scratch) {
        scratch.analysis.run(title, text, &self.filter);
        scratch.posts = scratch.posts.wrapping_add(1);
        if self.frequencies.wants(scratch.posts) {
            self.frequencies.count(&scratch.analysis);
        }
    }

    /// Calls `matched` for each query that matches, until it answers `false`.
    fn each_program(
        &self,
        title: &str,
        text: &str,
        fields: Fields<'_>,
        scratch: &mut Scratch,
        mut matched: impl FnMut(&Index, usize, Evaluation<'_>) -> bool,
    ) {
        let Scratch { analysis, form, lookups, .. } = scratch;
        let facts = OnceCell::<TextFacts>::new();
        let text = Text { analysis, title, text };
        for (part, lookup) in self.parts.iter().zip(lookups).filter(|(part, _)| part.alive > 0) {
            let index = &*part.index;
            lookup.select(index, text, form, |program| part.is_dead(program));
            let always: [&[u32]; 2] = match fields {
                Fields::Known(post, _) => {
                    if !index.signed.is_empty() {
                        lookup.select_by_signs(index, post, |program| part.is_dead(program));
                    }
                    [&index.unanchored, &[]]
                }
                Fields::Unknown => [&index.unanchored, &index.signed],
            };
            if lookup.candidates.is_empty() && always.iter().all(|programs| programs.is_empty()) {
                continue;
            }
            lookup.note(index, text);
            let evaluation = Evaluation {
                entries: &lookup.entries,
                tests: &index.tests,
                atoms: &index.atoms,
                found: &lookup.found,
                text,
                fields,
                facts: &facts,
            };
            let metered = |program: usize| {
                let started = Instant::now();
                let holds = evaluation.holds(index.root(program));
                index.meters.note(program, holds, started.elapsed());
                holds
            };
            for program in always.into_iter().flatten().map(|program| *program as usize) {
                if !part.is_dead(program) && metered(program) && !matched(index, program, evaluation) {
                    return;
                }
            }
            for Posting { program, decided, metered: is_metered } in lookup.candidates.iter().copied() {
                let holds = match (is_metered, decided) {
                    (true, _) => metered(program),
                    (false, true) => true,
                    (false, false) => evaluation.holds(index.root(program)),
                };
                if holds && !matched(index, program, evaluation) {
                    return;
                }
            }
        }
    }
}
