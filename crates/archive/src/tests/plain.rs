//! Figures by a straight count over the mentions, to hold the archive's against.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use molva_domain::{Intent, MentionId, MentionState, Post, Timestamp, Tone, TopicId};
use molva_query::Query;
use molva_query::field::{Judgement, host_of, normal_words};
use molva_text::{Analysis, PrefixFilter, TokenKind, forms};

use crate::ask::{Ask, Authors, Bucket, Cells, FacetAsk, FacetCounts, FacetValue, Figures, Filter, Loud, Tones};
use crate::function_words::is_function_word;
use crate::{Document, Facet, WordCount, author_value};

/// A mention that is kept in memory.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) topic: i64,
    pub(super) state: MentionState,
    pub(super) post: Post,
    pub(super) judgement: Judgement,
    pub(super) copy: bool,
    pub(super) by_people: bool,
}

impl Row {
    pub(super) fn document(&self) -> Document<'_> {
        Document {
            id: MentionId(self.id),
            topic: TopicId(self.topic),
            state: self.state,
            post: &self.post,
            judgement: &self.judgement,
            by_people: self.by_people,
            copy_of: self.copy.then_some(MentionId(1)),
        }
    }

    pub(super) fn at(&self) -> Timestamp {
        self.post.sort_at()
    }

    pub(super) fn values(&self, facet: Facet) -> BTreeSet<String> {
        let post = &self.post;
        let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
        let mut analysis = Analysis::default();
        analysis.run(title, text, &PrefixFilter::default());
        let tokens = |kind: TokenKind| -> Vec<String> {
            let of_kind = analysis.tokens().iter().filter(|token| token.kind == kind && !token.derived);
            let form = |token: &molva_text::Token| {
                let mut form = String::new();
                token.form_into(title, text, &mut form);
                form
            };
            of_kind.map(form).collect()
        };
        let values: Vec<String> = match facet {
            Facet::Topic => vec![self.topic.to_string()],
            Facet::Network => vec![post.network.to_lowercase()],
            Facet::Site => post.url.iter().map(|url| host_of(url)).collect(),
            Facet::Community => post.community.iter().map(|community| community.key.to_lowercase()).collect(),
            Facet::Author => self.author().into_iter().collect(),
            Facet::Language => {
                let language = post.language.or_else(|| analysis.language(title, text));
                language.iter().map(|language| language.code().to_owned()).collect()
            }
            Facet::Kind => vec![post.kind.to_string()],
            Facet::State => vec![self.state.to_string()],
            Facet::Tone => self.judgement.tone.iter().map(ToString::to_string).collect(),
            Facet::Intent => self.judgement.intents.iter().map(|intent| intent.to_string()).collect(),
            Facet::Stage => self.judgement.stage.iter().map(ToString::to_string).collect(),
            Facet::Spam => {
                let said = |spam| if spam >= 0.5 { "yes" } else { "no" };
                self.judgement.spam.into_iter().map(|spam| said(spam).to_owned()).collect()
            }
            Facet::Story => self.judgement.stories.clone(),
            Facet::JudgedBy => {
                let Judgement { tone, intents, stage, spam, .. } = &self.judgement;
                match (self.by_people, tone.is_some() || !intents.is_empty() || stage.is_some() || spam.is_some()) {
                    (true, _) => vec!["people".to_owned()],
                    (false, true) => vec!["machine".to_owned()],
                    (false, false) => Vec::new(),
                }
            }
            Facet::Tag => self.judgement.tags.clone(),
            Facet::Country => post.author.country.iter().cloned().collect(),
            Facet::Region => post.author.region.iter().cloned().collect(),
            Facet::City => post.author.city.iter().cloned().collect(),
            Facet::Link => {
                post.links.iter().map(|link| link.split(['?', '#']).next().unwrap_or("").to_owned()).collect()
            }
            Facet::Hashtag => tokens(TokenKind::Hashtag),
            Facet::Emoji => tokens(TokenKind::Emoji),
            Facet::Word => tokens(TokenKind::Word).into_iter().filter_map(|form| word(&form)).collect(),
        };
        values.into_iter().filter(|value| !value.is_empty()).collect()
    }

    fn author(&self) -> Option<String> {
        let author = &self.post.author;
        let network = self.post.network.to_lowercase();
        let key = match (&author.urn, &author.handle, &author.name) {
            (Some(urn), ..) => urn.to_string(),
            (None, Some(handle), _) => format!("{network}/{}", handle.to_lowercase()),
            (None, None, Some(name)) => {
                let site = self.post.url.as_deref().map(host_of).unwrap_or_default();
                format!("{network}/{site}/{}", normal_words(name))
            }
            _ => return None,
        };
        Some(author_value(&key))
    }

    pub(super) fn passes(&self, query: Option<&Query>, filter: &Filter) -> bool {
        let spam = self.judgement.spam.is_some_and(|spam| spam >= 0.5);
        filter.from.is_none_or(|from| from <= self.at())
            && filter.before.is_none_or(|before| self.at() < before)
            && (filter.topics.is_empty() || filter.topics.contains(&TopicId(self.topic)))
            && (filter.states.is_empty() || filter.states.contains(&self.state))
            && !(filter.without_copies && self.copy)
            && !(filter.without_spam && spam)
            && filter.facets.iter().all(|(facet, wanted)| {
                let own = self.values(*facet);
                wanted.is_empty()
                    || wanted.iter().any(|value| if value.is_empty() { own.is_empty() } else { own.contains(value) })
            })
            && query.is_none_or(|query| query.matches_judged(&self.post, &self.judgement))
    }
}

fn word(form: &str) -> Option<String> {
    let letters = form.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let plain = form.chars().all(|c| c.is_alphabetic() || c == '\'');
    if !letters || !plain || is_function_word(form) {
        return None;
    }
    let lemma = forms::lexemes(form).first().map_or(form.to_owned(), |lexeme| lexeme.lemma.clone());
    (!is_function_word(&lemma)).then_some(lemma)
}

fn tones(rows: &[&Row]) -> Tones {
    let with = |tone| rows.iter().filter(|row| row.judgement.tone == tone).count() as u64;
    Tones {
        negative: with(Some(Tone::Negative)),
        neutral: with(Some(Tone::Neutral)),
        positive: with(Some(Tone::Positive)),
        unjudged: with(None),
    }
}

fn reach(rows: &[&Row]) -> u64 {
    rows.iter().filter_map(|row| row.post.author.followers).sum()
}

pub(super) fn figures(rows: &[&Row], ask: &Ask) -> Figures {
    let buckets = ask.edges.windows(2).map(|edges| {
        let inside: Vec<&Row> =
            rows.iter().copied().filter(|row| edges[0] <= row.at() && row.at() < edges[1]).collect();
        let mentions = inside.len() as u64;
        if !ask.bucket_details {
            return Bucket { mentions, ..Bucket::default() };
        }
        let with = |intent| inside.iter().filter(|row| row.judgement.intents.contains(intent)).count() as u64;
        let intents = std::array::from_fn(|number| with(Intent::ALL[number]));
        Bucket { mentions, tones: tones(&inside), reach: reach(&inside), intents }
    });
    let cells = ask.cells.as_ref().map(|cells| {
        let mut counts = vec![0; Cells::COUNT];
        for row in rows.iter().filter(|row| row.at() >= cells.start) {
            let since = row.at().as_micros() - cells.start.as_micros();
            if let Some(cell) = cells.cell_of_slot.get(since as usize / cells.slot.as_micros() as usize) {
                counts[*cell as usize] += 1;
            }
        }
        counts
    });
    Figures {
        mentions: rows.len() as u64,
        tones: tones(rows),
        reach: reach(rows),
        reach_unknown: rows.iter().filter(|row| row.post.author.followers.is_none()).count() as u64,
        views: rows.iter().filter_map(|row| row.post.engagement.views).sum(),
        buckets: buckets.collect(),
        cells: cells.unwrap_or_default(),
        facets: ask.facets.iter().map(|asked| facet(rows, *asked)).collect(),
        authors: ask.authors.then(|| authors(rows, ask.loudest)),
        missing: Vec::new(),
    }
}

pub(super) fn by_value<'a>(rows: &[&'a Row], facet: Facet) -> BTreeMap<String, Vec<&'a Row>> {
    let mut values: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        for value in row.values(facet) {
            values.entry(value).or_default().push(row);
        }
    }
    values
}

fn facet(rows: &[&Row], asked: FacetAsk) -> FacetCounts {
    let values = by_value(rows, asked.facet);
    let distinct = values.len() as u64;
    let mut ranked: Vec<_> = values.into_iter().collect();
    ranked.sort_by(|one, other| other.1.len().cmp(&one.1.len()).then_with(|| one.0.cmp(&other.0)));
    let others = ranked.iter().skip(asked.limit).map(|(_, rows)| rows.len() as u64).sum();
    let value = |(value, rows): (String, Vec<&Row>)| FacetValue {
        value,
        mentions: rows.len() as u64,
        tones: if asked.details { tones(&rows) } else { Tones::default() },
        reach: if asked.details { reach(&rows) } else { 0 },
        newest: MentionId(rows.iter().map(|row| (row.at(), row.id)).max().map_or(0, |newest| newest.1)),
    };
    let values = ranked.into_iter().take(asked.limit).map(value).collect();
    let without = rows.iter().filter(|row| row.values(asked.facet).is_empty()).count() as u64;
    FacetCounts { facet: asked.facet, values, distinct, others, without }
}

fn authors(rows: &[&Row], loudest: usize) -> Authors {
    let values = by_value(rows, Facet::Author);
    let most = |rows: &Vec<&Row>| rows.iter().filter_map(|row| row.post.author.followers).max();
    let repeating = || values.values().filter(|rows| rows.len() > 1);
    let loud = values.iter().filter_map(|(author, rows)| {
        let newest = rows.iter().map(|row| (row.at(), row.id)).max().map_or(0, |newest| newest.1);
        let (mentions, tones) = (rows.len() as u64, tones(rows));
        Some(Loud { author: author.clone(), followers: most(rows)?, mentions, tones, newest: MentionId(newest) })
    });
    let mut loud: Vec<Loud> = loud.collect();
    loud.sort_by_key(|loud| (Reverse(loud.followers), Reverse(loud.mentions), loud.author.clone()));
    loud.truncate(loudest);
    Authors {
        loudest: loud,
        distinct: values.len() as u64,
        repeat: repeating().count() as u64,
        repeat_mentions: repeating().map(|rows| rows.len() as u64).sum(),
        potential_reach: values.values().filter_map(most).sum(),
        unknown: values.values().filter(|rows| most(rows).is_none()).count() as u64,
        without: rows.iter().filter(|row| row.values(Facet::Author).is_empty()).count() as u64,
    }
}

/// Sorted by value: the order is the archive's business.
pub(super) fn word_counts(rows: &[&Row], baseline: &[&Row], facet: Facet) -> Vec<WordCount> {
    let there = by_value(baseline, facet);
    let here = by_value(rows, facet).into_iter().filter(|(_, rows)| rows.len() >= 3);
    here.map(|(word, rows)| WordCount {
        mentions: rows.len() as u64,
        baseline: there.get(&word).map_or(0, |rows| rows.len() as u64),
        word,
    })
    .collect()
}
