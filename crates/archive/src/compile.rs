//! A query of the query language as a search of one slice.

use std::sync::Arc;

use molva_query::field::{FieldTest, JudgedTest, ScoreField, TextField};
use molva_query::syntax::{Expr, Node, WordTest};
use tantivy::postings::SegmentPostings;
use tantivy::query::{
    AllQuery, BitSetDocSet, BooleanQuery, ConstScorer, EmptyQuery, EmptyScorer, EnableScoring, Explanation, Occur,
    Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use crate::facts::{Answer, answer, topic_facts};
use crate::opening::meant_topics;
use crate::positional::{PositionalQuery, Shape, explain};
use crate::scan::ColumnQuery;
use crate::schema::{BOT, BY_LINK, Fields, LINKS, PUBLISHED, SPAM, URL, number_column};
use crate::union::Union;
use crate::words::{meant, needs_places};

/// See `schema.rs`: together they hold every linked address.
const LINK_COLUMNS: &[&str] = &[LINKS, BY_LINK];

/// More terms than this are written into one set of posts, instead of being read side by side.
const MANY_TERMS: usize = 128;

pub(crate) fn compile(fields: &Fields, expr: &Expr) -> Box<dyn Query> {
    Compiler { fields, words: fields.words }.part(expr)
}

pub(crate) fn has_fact(fields: &Fields, facts: &[String]) -> Box<dyn Query> {
    let of = |fact: &String| -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(fields.facts, fact), IndexRecordOption::Basic))
    };
    either(facts.iter().map(of).collect())
}

pub(crate) fn all_of(mut parts: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, None) => Box::new(AllQuery),
        (_, Some(last)) => {
            parts.push(last);
            Box::new(BooleanQuery::intersection(parts))
        }
    }
}

fn either(mut parts: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, None) => Box::new(EmptyQuery),
        (_, Some(last)) => {
            parts.push(last);
            Box::new(BooleanQuery::union(parts))
        }
    }
}

struct Compiler<'a> {
    fields: &'a Fields,
    /// Where words are looked for: everywhere or in the title.
    words: Field,
}

impl Compiler<'_> {
    fn part(&self, expr: &Expr) -> Box<dyn Query> {
        match &expr.node {
            Node::Word(_) | Node::Or(_) | Node::List { .. } => {
                let (mut words, mut others) = (Vec::new(), Vec::new());
                self.choice(expr, &mut words, &mut others);
                if !words.is_empty() {
                    others.push(Box::new(WordsQuery { field: self.words, tests: words.into() }));
                }
                either(others)
            }
            Node::Phrase(_) | Node::Near { .. } | Node::Sentence { .. } => self.positional(Shape::of(expr)),
            Node::Title(part) => Compiler { fields: self.fields, words: self.fields.title }.part(part),
            Node::Field(test) => self.field(test),
            Node::And(parts) => {
                let clauses = parts.iter().map(|part| match &part.node {
                    Node::Not(excluded) => (Occur::MustNot, self.part(excluded)),
                    _ => (Occur::Must, self.part(part)),
                });
                let mut clauses: Vec<_> = clauses.collect();
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, Box::new(AllQuery)));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Node::Not(part) => {
                Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, self.part(part))]))
            }
            Node::AtLeast { count: 0, .. } => Box::new(AllQuery),
            Node::AtLeast { count, of } if *count > of.len() => Box::new(EmptyQuery),
            Node::AtLeast { count, of } => {
                let clauses = of.iter().map(|part| (Occur::Should, self.part(part))).collect();
                Box::new(BooleanQuery::with_minimum_required_clauses(clauses, *count))
            }
        }
    }

    /// Words of a choice are looked up together, the rest one by one.
    fn choice(&self, expr: &Expr, words: &mut Vec<WordTest>, others: &mut Vec<Box<dyn Query>>) {
        match &expr.node {
            Node::Word(word) if needs_places(&word.test) => {
                others.push(self.positional(Shape::Words(vec![word.test.clone()])));
            }
            Node::Word(word) => words.push(word.test.clone()),
            Node::Or(parts) => parts.iter().for_each(|part| self.choice(part, words, others)),
            Node::List { of, .. } => self.choice(of, words, others),
            _ => others.push(self.part(expr)),
        }
    }

    fn positional(&self, shape: Shape) -> Box<dyn Query> {
        match shape {
            Shape::Words(tests) if !tests.iter().any(needs_places) => {
                Box::new(WordsQuery { field: self.words, tests: tests.into() })
            }
            shape => Box::new(PositionalQuery { field: self.words, shape: Arc::new(shape) }),
        }
    }

    fn field(&self, test: &FieldTest) -> Box<dyn Query> {
        let fields = self.fields;
        if let FieldTest::Judged(JudgedTest::Text(TextField::Topic, name)) = test {
            return has_fact(fields, &topic_facts(&meant_topics(&fields.topics, name)));
        }
        match answer(test) {
            Answer::Facts(facts) => has_fact(fields, &facts),
            Answer::Published(from, before) => Box::new(ColumnQuery::Time(PUBLISHED, from, before)),
            Answer::Number(field, from, to) => Box::new(ColumnQuery::Number(number_column(field), from, to)),
            Answer::Score(ScoreField::Spam, from, to) => Box::new(ColumnQuery::Score(SPAM, from, to)),
            Answer::Score(ScoreField::Bot, from, to) => Box::new(ColumnQuery::Score(BOT, from, to)),
            Answer::Url(part) => Box::new(ColumnQuery::Contains(&[URL], part, Arc::clone(&fields.cache))),
            Answer::Link(part) => Box::new(ColumnQuery::Contains(LINK_COLUMNS, part, Arc::clone(&fields.cache))),
        }
    }
}

/// Posts that hold one of the words.
#[derive(Clone, Debug)]
struct WordsQuery {
    field: Field,
    /// None of them needs places.
    tests: Arc<[WordTest]>,
}

impl Query for WordsQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for WordsQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let inverted = reader.inverted_index(self.field)?;
        let meant = meant(&self.tests, &inverted)?;
        let postings =
            meant.iter().map(|one| inverted.read_postings_from_terminfo(&one.info, IndexRecordOption::Basic));
        if meant.len() > MANY_TERMS {
            let mut posts = BitSet::with_max_value(reader.max_doc());
            for postings in postings {
                let mut postings: SegmentPostings = postings?;
                while postings.doc() != TERMINATED {
                    posts.insert(postings.doc());
                    postings.advance();
                }
            }
            return Ok(Box::new(ConstScorer::new(BitSetDocSet::from(posts), boost)));
        }
        let mut postings = postings.collect::<std::io::Result<Vec<_>>>()?;
        Ok(match (postings.len(), postings.pop()) {
            (_, None) => Box::new(EmptyScorer),
            (1, Some(only)) => Box::new(ConstScorer::new(only, boost)),
            (_, Some(last)) => {
                postings.push(last);
                Box::new(ConstScorer::new(Union::new(postings), boost))
            }
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}
