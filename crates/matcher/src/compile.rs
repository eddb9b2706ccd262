//! Turns a query into a small program: exclusions pushed down to single tests, words replaced by keys.

use std::sync::Arc;

use molva_query::Query;
use molva_query::field::FieldTest;
use molva_query::syntax::{Expr, Node, Pattern, Word, WordTest};
use molva_text::{Key, KeySpace};

/// Something a token of a post can be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Atom {
    /// A form, hashtag, mention or emoji.
    Key(Key),
    /// A form in its letter case; found through the form.
    Cased {
        form: Key,
        cased: Key,
    },
    Pattern(Box<Pattern>),
}

/// A range of some list of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range32 {
    pub(crate) start: u32,
    pub(crate) length: u32,
}

impl Range32 {
    pub(crate) const fn iter(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.length) as usize
    }
}

/// One step of a program. Ranges of `All`, `Some` and `AtLeast` are steps; of `Any` and `None` atoms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    All(Range32),
    Some(Range32),
    AtLeast(u32, Range32),
    /// One of the atoms is in the post.
    Any(Range32),
    /// None of them is.
    None(Range32),
    /// A positional part has a place, or must have none.
    Place {
        place: u32,
        wanted: bool,
    },
    Field {
        field: u32,
        wanted: bool,
    },
}

/// Parts of a query that have places in a text. Atoms are ranges of the program's atoms.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Word {
        atoms: Range32,
        title_only: bool,
    },
    Row {
        words: Box<[Range32]>,
        title_only: bool,
    },
    /// Each word with how often it is written; longest stretch in positions.
    Close {
        words: Box<[(Range32, u32)]>,
        longest: u32,
        title_only: bool,
    },
    Near {
        left: Box<Place>,
        right: Box<Place>,
        distance: u32,
        ordered: bool,
    },
    Sentence {
        left: Box<Place>,
        right: Box<Place>,
    },
    Or(Box<[Place]>),
}

/// A compiled query. The first step is the root.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) id: i64,
    pub(crate) steps: Box<[Step]>,
    pub(crate) atoms: Box<[Atom]>,
    /// How common each atom looks before anything is known of the stream, per million tokens; and its form's key.
    pub(crate) hints: Box<[(u32, Key)]>,
    pub(crate) places: Box<[Place]>,
    pub(crate) fields: Box<[FieldTest]>,
}

pub(crate) fn compile(id: i64, query: &Query) -> Arc<Program> {
    let mut compiler = Compiler::default();
    compiler.steps.push(Step::All(Range32 { start: 0, length: 0 }));
    let root = compiler.step(query.expr(), true, false);
    compiler.steps[0] = root;
    Arc::new(Program {
        id,
        steps: compiler.steps.into(),
        atoms: compiler.atoms.into(),
        hints: compiler.hints.into(),
        places: compiler.places.into(),
        fields: compiler.fields.into(),
    })
}

#[derive(Default)]
struct Compiler {
    steps: Vec<Step>,
    atoms: Vec<Atom>,
    hints: Vec<(u32, Key)>,
    places: Vec<Place>,
    fields: Vec<FieldTest>,
}

impl Compiler {
    fn step(&mut self, expr: &Expr, wanted: bool, title_only: bool) -> Step {
        match (&expr.node, wanted) {
            (Node::Not(part), _) => self.step(part, !wanted, title_only),
            (Node::Title(part), _) => self.step(part, wanted, true),
            (Node::List { of, .. }, _) => self.step(of, wanted, title_only),
            (Node::Field(test), _) => {
                self.fields.push(test.clone());
                Step::Field { field: self.fields.len() as u32 - 1, wanted }
            }
            (Node::Word(word), _) if !title_only => {
                let atoms = self.words([word].into_iter());
                if wanted { Step::Any(atoms) } else { Step::None(atoms) }
            }
            // A choice of plain words is one look over their atoms.
            (Node::Or(parts), _) if !title_only && parts.iter().all(|part| matches!(part.node, Node::Word(_))) => {
                let atoms = self.words(parts.iter().filter_map(as_word));
                if wanted { Step::Any(atoms) } else { Step::None(atoms) }
            }
            (Node::And(parts), true) | (Node::Or(parts), false) => Step::All(self.children(parts, wanted, title_only)),
            (Node::And(parts), false) | (Node::Or(parts), true) => Step::Some(self.children(parts, wanted, title_only)),
            (Node::AtLeast { count, of }, _) => {
                // Fewer than `count` are there when at least `len - count + 1` are missing.
                let count = if wanted { *count } else { (of.len() + 1).saturating_sub(*count) };
                Step::AtLeast(count as u32, self.children(of, wanted, title_only))
            }
            (Node::Word(_) | Node::Phrase(_) | Node::Near { .. } | Node::Sentence { .. }, _) => {
                let place = self.place(expr, title_only);
                self.places.push(place);
                Step::Place { place: self.places.len() as u32 - 1, wanted }
            }
        }
    }

    fn children(&mut self, parts: &[Expr], wanted: bool, title_only: bool) -> Range32 {
        let range = Range32 { start: self.steps.len() as u32, length: parts.len() as u32 };
        self.steps.extend(parts.iter().map(|_| Step::All(Range32 { start: 0, length: 0 })));
        for (at, part) in range.iter().zip(parts) {
            let step = self.step(part, wanted, title_only);
            self.steps[at] = step;
        }
        range
    }

    fn place(&mut self, expr: &Expr, title_only: bool) -> Place {
        match &expr.node {
            Node::Word(word) => Place::Word { atoms: self.words([word].into_iter()), title_only },
            Node::Phrase(phrase) => {
                let words: Vec<_> = phrase.words.iter().map(|word| self.words([word].into_iter())).collect();
                let Some(slop) = phrase.slop else { return Place::Row { words: words.into(), title_only } };
                let written = |word: &Word| phrase.words.iter().filter(|other| other.test == word.test).count() as u32;
                let words = words.into_iter().zip(phrase.words.iter().map(written)).collect();
                Place::Close { words, longest: phrase.words.len() as u32 + slop, title_only }
            }
            Node::Near { left, right, distance, ordered } => Place::Near {
                left: Box::new(self.place(left, title_only)),
                right: Box::new(self.place(right, title_only)),
                distance: *distance,
                ordered: *ordered,
            },
            Node::Sentence { left, right } => Place::Sentence {
                left: Box::new(self.place(left, title_only)),
                right: Box::new(self.place(right, title_only)),
            },
            Node::Or(parts) if parts.iter().all(|part| matches!(part.node, Node::Word(_))) => {
                Place::Word { atoms: self.words(parts.iter().filter_map(as_word)), title_only }
            }
            Node::Or(parts) => Place::Or(parts.iter().map(|part| self.place(part, title_only)).collect()),
            Node::List { of, .. } => self.place(of, title_only),
            // The parser lets nothing else stand here.
            _ => Place::Or(Box::new([])),
        }
    }

    fn words<'a>(&mut self, words: impl Iterator<Item = &'a Word>) -> Range32 {
        let start = self.atoms.len() as u32;
        for word in words {
            self.word(&word.test);
        }
        Range32 { start, length: self.atoms.len() as u32 - start }
    }

    fn word(&mut self, test: &WordTest) {
        let token = |text: &str, space| Atom::Key(Key::of_text(text, space));
        let letters = test.plain().chars().count();
        let form = match test {
            WordTest::AnyForm { form, .. } | WordTest::Exact(form) | WordTest::Cased { form, .. } => form.as_str(),
            _ => "",
        };
        let proxy = Key::of_text(form, KeySpace::Form);
        let mut push = |atom, factor| {
            self.atoms.push(atom);
            self.hints.push((usual_frequency(letters) * factor, proxy));
        };
        match test {
            WordTest::AnyForm { forms, .. } => {
                // Together about as common as three plain words of this length.
                let usual = (usual_frequency(letters) * 3 / forms.keys().len() as u32).max(1);
                for key in forms.keys() {
                    self.atoms.push(Atom::Key(*key));
                    self.hints.push((usual, *key));
                }
            }
            WordTest::Exact(form) => push(token(form, KeySpace::Form), 1),
            WordTest::Cased { form, cased } => {
                push(
                    Atom::Cased {
                        form: Key::of_text(form, KeySpace::Form),
                        cased: Key::of_text(cased, KeySpace::Cased),
                    },
                    1,
                );
            }
            WordTest::Prefix(prefix) => {
                push(Atom::Pattern(Box::new(Pattern { letters: prefix.chars().map(Some).collect(), open: true })), 4);
            }
            WordTest::Pattern(pattern) => push(Atom::Pattern(Box::new(pattern.clone())), 4),
            WordTest::Hashtag(form) => push(token(form, KeySpace::Hashtag), 1),
            WordTest::Mention(form) => push(token(form, KeySpace::Mention), 1),
            WordTest::Emoji(form) => push(token(form, KeySpace::Emoji), 4),
        }
    }
}

fn as_word(expr: &Expr) -> Option<&Word> {
    if let Node::Word(word) = &expr.node { Some(word) } else { None }
}

/// How often a word of so many letters is seen among a million tokens: long words are rare.
const fn usual_frequency(letters: usize) -> u32 {
    match letters {
        0..=2 => 20_000,
        3 => 4_000,
        4 => 1_500,
        5 => 600,
        6 => 300,
        7..=9 => 120,
        _ => 50,
    }
}
