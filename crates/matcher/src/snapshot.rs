//! The live queries as they were at one moment, and how a post is held against them.

use std::cell::OnceCell;
use std::sync::Arc;

use molva_domain::{Language, Post};
use molva_query::field::TextFacts;
use molva_text::{Analysis, KeySpace, PrefixFilter, TokenKind, normalise_cased};

use crate::evaluate::{Evaluation, Fields};
use crate::frequency::Frequencies;
use crate::index::Index;
use crate::occurrences::Occurrences;
use crate::{Hit, Span};

/// The set as it was at one moment.
#[derive(Debug)]
pub struct Snapshot {
    pub(crate) parts: [Part; 2],
    pub(crate) filter: PrefixFilter,
    pub(crate) frequencies: Arc<Frequencies>,
}

/// An index and which of its queries have been removed or replaced since it was built.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    pub(crate) index: Arc<Index>,
    pub(crate) dead: Arc<[u64]>,
    pub(crate) alive: usize,
}

impl Part {
    pub(crate) fn is_dead(&self, program: usize) -> bool {
        self.dead.get(program >> 6).is_some_and(|bits| (bits >> (program & 63)) & 1 == 1)
    }
}

/// Buffers of one thread, reused from post to post. After [`Snapshot::matches`] it also tells what the analysis found out.
#[derive(Debug, Default)]
pub struct Scratch {
    analysis: Analysis,
    form: String,
    found: [Occurrences; 2],
    posts: u32,
    content_hash: i64,
    language: Option<Language>,
    tokens: Vec<usize>,
}

impl Scratch {
    /// `molva_text::content_hash` of the post last matched, at no further cost.
    #[must_use]
    pub fn content_hash(&self) -> i64 {
        self.content_hash
    }

    /// `molva_text::detect_language` of the post last matched, title and text together.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.language
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

    /// Bytes the queries take, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.index.bytes()).sum()
    }

    /// All queries that match, in no order. Analyses the post into `scratch`.
    pub fn matches(&self, post: &Post, scratch: &mut Scratch) -> Vec<Hit> {
        let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
        self.read(title, text, scratch);
        scratch.content_hash = scratch.analysis.content_hash();
        scratch.language = scratch.analysis.language(title, text);
        let mut hits = Vec::new();
        self.each_match(title, text, Fields::Known(post), scratch, |evaluation, tokens| {
            hits.push(Hit { query: evaluation.program.id, spans: spans(evaluation, tokens) });
            true
        });
        hits
    }

    /// Ids of all queries that match, appended to `ids`: [`Snapshot::matches`] without the places.
    pub fn matching_ids(&self, post: &Post, scratch: &mut Scratch, ids: &mut Vec<i64>) {
        let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
        self.read(title, text, scratch);
        self.each_match(title, text, Fields::Known(post), scratch, |evaluation, _| {
            ids.push(evaluation.program.id);
            true
        });
    }

    /// `false` only when no query can match a post of this title and text, whatever its other fields hold.
    pub fn may_match(&self, title: &str, text: &str, scratch: &mut Scratch) -> bool {
        self.read(title, text, scratch);
        let mut found = false;
        self.each_match(title, text, Fields::Unknown, scratch, |_, _| {
            found = true;
            false
        });
        found
    }

    /// Cuts the post into tokens and looks each of them up.
    fn read(&self, title: &str, text: &str, scratch: &mut Scratch) {
        let Scratch { analysis, form, found, posts, .. } = scratch;
        analysis.run(title, text, &self.filter);
        *posts = posts.wrapping_add(1);
        self.frequencies.see(*posts, analysis.tokens());
        for (part, found) in self.parts.iter().zip(found) {
            let index = &*part.index;
            found.begin(index.atom_count, index.programs.len());
            if index.programs.is_empty() {
                continue;
            }
            for (number, token) in analysis.tokens().iter().enumerate() {
                if let Some((atom, case_matters)) = index.atom(token.key) {
                    found.add(atom, number as u32);
                    if case_matters && token.kind == TokenKind::Word {
                        let cased = normalise_cased(token.written(title, text));
                        let key = molva_text::Key::of_text(&cased, KeySpace::Cased);
                        index.atom(key).into_iter().for_each(|(atom, _)| found.add(atom, number as u32));
                    }
                }
                if token.probed && index.has_patterns() {
                    token.form_into(title, text, form);
                    index.matching_patterns(form, |atom| found.add(atom, number as u32));
                }
            }
        }
    }

    /// Calls `matched` for each query that matches, until it answers `false`.
    fn each_match(
        &self,
        title: &str,
        text: &str,
        fields: Fields<'_>,
        scratch: &mut Scratch,
        mut matched: impl FnMut(&Evaluation<'_>, &mut Vec<usize>) -> bool,
    ) {
        let Scratch { analysis, found, tokens, .. } = scratch;
        let facts = OnceCell::<TextFacts>::new();
        for (part, found) in self.parts.iter().zip(found) {
            let index = &*part.index;
            let mut consider = |program: usize, decided: bool, found: &Occurrences| {
                let evaluation = Evaluation {
                    program: &index.programs[program],
                    atoms: index.atoms_of(program),
                    found,
                    analysis,
                    fields,
                    facts: &facts,
                    title,
                    text,
                };
                !(decided || evaluation.holds()) || matched(&evaluation, tokens)
            };
            for at in 0..found.touched().len() {
                for posting in index.postings(found.touched()[at]) {
                    if found.first_time(posting.program)
                        && !part.is_dead(posting.program)
                        && !consider(posting.program, posting.decided, found)
                    {
                        return;
                    }
                }
            }
            for program in &index.unanchored {
                let program = *program as usize;
                if !part.is_dead(program) && !consider(program, false, found) {
                    return;
                }
            }
        }
    }
}

/// Most spans told of one match.
const MAX_SPANS: usize = 200;

/// The words that made a query match, by place; overlapping ones become one.
fn spans(evaluation: &Evaluation<'_>, tokens: &mut Vec<usize>) -> Vec<Span> {
    tokens.clear();
    evaluation.witnesses(evaluation.program.steps[0], tokens);
    let all = evaluation.analysis.tokens();
    tokens.sort_unstable_by_key(|token| (!all[*token].in_title, all[*token].start, all[*token].end));
    let mut spans: Vec<Span> = Vec::with_capacity(tokens.len().min(MAX_SPANS));
    for token in tokens.iter().map(|token| all[*token]) {
        if let Some(last) = spans.last_mut()
            && last.in_title == token.in_title
            && token.start < last.end
        {
            last.end = last.end.max(token.end);
        } else if spans.len() == MAX_SPANS {
            break;
        } else {
            spans.push(Span { in_title: token.in_title, start: token.start, end: token.end });
        }
    }
    spans
}
