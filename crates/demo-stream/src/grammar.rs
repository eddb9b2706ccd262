//! A small context-free grammar over readable text tables.
//!
//! In an alternative: `{rule}` is another rule, `<a|b|>` one of these, `[a]` this or nothing, `{#2-9}` a number and
//! `{#2-9:день/дня/дней}` a number with the noun it governs, `{link}` an address. `{b.gen}` is a noun of the scene in a
//! case and `{b:упал/упала}` the form that agrees with it, where the letter is `b` brand, `o` other brand of its trade,
//! `g` goods, `c` city, `a` author (agreement only).

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::dice::Dice;
use crate::words::{Gender, Rules, Vocabulary};

#[derive(Debug)]
enum Node {
    Text(&'static str),
    Rule(usize),
    Case(char, usize),
    Agree(char, Vec<&'static str>),
    Number(i64, i64, Vec<&'static str>),
    Link,
    Choice(Vec<Vec<Node>>),
    Maybe(Vec<Node>),
}

/// Positions of the cases in a noun; the last two are prepositional phrases ("off it", "with it").
const CASES: [&str; 8] = ["nom", "gen", "dat", "acc", "ins", "prep", "from", "with"];
const CITY_CASES: [&str; 4] = ["nom", "gen", "dat", "in"];
const GENITIVE: usize = 1;
const INSTRUMENTAL: usize = 4;
const FROM: usize = 6;

/// The rules of one language, parsed once.
#[derive(Debug)]
pub(crate) struct Grammar {
    rules: Vec<Vec<Vec<Node>>>,
    names: HashMap<&'static str, usize>,
}

/// How the author of a post spells brands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Native,
    Nickname,
    Latin,
    LowerLatin,
}

/// What the nouns of a text stand for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) brand: usize,
    pub(crate) other: usize,
    pub(crate) city: usize,
    pub(crate) goods: usize,
    pub(crate) woman: bool,
    pub(crate) spelling: Spelling,
}

impl Grammar {
    /// # Panics
    /// On a mistake in the tables; a unit test parses all of them.
    pub(crate) fn parse(tables: &[Rules]) -> Self {
        let all = || tables.iter().flat_map(|table| table.iter());
        let names: HashMap<_, _> = all().enumerate().map(|(index, (name, _))| (*name, index)).collect();
        assert_eq!(names.len(), all().count(), "a rule is declared twice");
        let rules = all()
            .map(|(name, alternatives)| {
                let parse = |text: &&'static str| {
                    let mut rest = *text;
                    let nodes = sequence(&mut rest, &names);
                    assert!(rest.is_empty(), "`{name}`: stray bracket before `{rest}`");
                    nodes
                };
                alternatives.iter().map(parse).collect()
            })
            .collect();
        Self { rules, names }
    }

    /// The first of these rules that exists.
    pub(crate) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.names.get(name).copied())
    }

    /// A text of that rule, raw: sentences are not capitalised yet.
    pub(crate) fn expand(&self, rule: usize, scene: &Scene<'_>, dice: &mut Dice) -> String {
        let mut out = String::with_capacity(192);
        self.write_rule(rule, scene, dice, &mut out);
        out
    }

    fn write_rule(&self, rule: usize, scene: &Scene<'_>, dice: &mut Dice, out: &mut String) {
        let nodes = dice.pick(&self.rules[rule]);
        self.write(nodes, scene, dice, out);
    }

    fn write(&self, nodes: &[Node], scene: &Scene<'_>, dice: &mut Dice, out: &mut String) {
        for node in nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Rule(rule) => self.write_rule(*rule, scene, dice, out),
                Node::Case(slot, case) => scene.write_noun(*slot, *case, out),
                Node::Agree(slot, forms) => out.push_str(scene.agree(*slot, forms)),
                Node::Number(low, high, forms) => {
                    let span = usize::try_from(high - low + 1).unwrap_or(1);
                    let number = low + i64::try_from(dice.below(span)).unwrap_or(0);
                    // Writing to a `String` cannot fail.
                    let _ = write!(out, "{number}");
                    if !forms.is_empty() {
                        out.push(' ');
                        out.push_str(forms[plural_form(number).min(forms.len() - 1)]);
                    }
                }
                Node::Link => {
                    let _ = write!(out, "https://demo.example/{:05x}", dice.below(1 << 20));
                }
                Node::Choice(choices) => {
                    let chosen = dice.pick(choices);
                    self.write(chosen, scene, dice, out);
                }
                Node::Maybe(inner) => {
                    if dice.chance(0.5) {
                        self.write(inner, scene, dice, out);
                    }
                }
            }
        }
    }
}

/// 0 for "1 день", 1 for "2 дня", 2 for "5 дней"; English tables give two forms and the last one serves the rest.
fn plural_form(number: i64) -> usize {
    match (number % 10, number % 100) {
        (1, hundredth) if hundredth != 11 => 0,
        (2..=4, hundredth) if !(12..=14).contains(&hundredth) => 1,
        _ => 2,
    }
}

impl Scene<'_> {
    fn write_noun(&self, slot: char, case: usize, out: &mut String) {
        if slot == 'c' {
            out.push_str(self.vocabulary.cities[self.city].forms[case]);
            return;
        }
        let (noun, latin) = match slot {
            'g' => (&self.vocabulary.goods[self.goods], None),
            _ => {
                let brand = &self.vocabulary.brands[if slot == 'o' { self.other } else { self.brand }];
                match (self.spelling, &brand.nickname) {
                    (Spelling::Nickname, Some(nickname)) => (nickname, None),
                    (Spelling::Latin | Spelling::LowerLatin, _) => (&brand.name, Some(brand.latin)),
                    _ => (&brand.name, None),
                }
            }
        };
        let form = match case {
            0..FROM => case,
            FROM => GENITIVE,
            _ => INSTRUMENTAL,
        };
        if case >= FROM && !noun.with.is_empty() {
            out.push_str(noun.with);
            out.push(' ');
        }
        match latin {
            Some(latin) if self.spelling == Spelling::LowerLatin => out.push_str(&latin.to_lowercase()),
            Some(latin) => out.push_str(latin),
            None => out.push_str(noun.forms[form]),
        }
    }

    fn agree<'a>(&self, slot: char, forms: &[&'a str]) -> &'a str {
        let gender = match slot {
            'a' if self.woman => Gender::Feminine,
            'a' => Gender::Masculine,
            'g' => self.vocabulary.goods[self.goods].gender,
            _ => {
                let brand = &self.vocabulary.brands[if slot == 'o' { self.other } else { self.brand }];
                let nickname = brand.nickname.as_ref().filter(|_| self.spelling == Spelling::Nickname);
                nickname.unwrap_or(&brand.name).gender
            }
        };
        forms[(gender as usize).min(forms.len() - 1)]
    }
}

fn sequence(rest: &mut &'static str, names: &HashMap<&'static str, usize>) -> Vec<Node> {
    let mut nodes = Vec::new();
    loop {
        let end = rest.find(['{', '<', '[', '|', '>', ']']).unwrap_or(rest.len());
        if end > 0 {
            nodes.push(Node::Text(&rest[..end]));
            *rest = &rest[end..];
        }
        match rest.as_bytes().first() {
            Some(b'{') => {
                let close = rest.find('}').unwrap_or_else(|| panic!("`{rest}`: `{{` is not closed"));
                nodes.push(slot(&rest[1..close], names));
                *rest = &rest[close + 1..];
            }
            Some(b'[') => {
                *rest = &rest[1..];
                nodes.push(Node::Maybe(sequence(rest, names)));
                *rest = rest.strip_prefix(']').unwrap_or_else(|| panic!("`{rest}`: `[` is not closed"));
            }
            Some(b'<') => {
                let mut choices = Vec::new();
                while rest.starts_with(['<', '|']) {
                    *rest = &rest[1..];
                    choices.push(sequence(rest, names));
                }
                *rest = rest.strip_prefix('>').unwrap_or_else(|| panic!("`{rest}`: `<` is not closed"));
                nodes.push(Node::Choice(choices));
            }
            _ => return nodes,
        }
    }
}

fn slot(inside: &'static str, names: &HashMap<&'static str, usize>) -> Node {
    let bad = || -> ! { panic!("`{{{inside}}}` is neither a rule nor a slot") };
    let letter = inside.chars().next().unwrap_or_else(|| bad());
    if inside == "link" {
        return Node::Link;
    }
    if let Some(number) = inside.strip_prefix('#') {
        let (range, forms) = number.split_once(':').unwrap_or((number, ""));
        let (low, high) = range.split_once('-').unwrap_or_else(|| bad());
        let read = |text: &str| text.parse().unwrap_or_else(|_| bad());
        let forms = if forms.is_empty() { Vec::new() } else { forms.split('/').collect() };
        return Node::Number(read(low), read(high), forms);
    }
    if "bogca".contains(letter) {
        if let Some(case) = inside[1..].strip_prefix('.') {
            let cases: &[&str] = if letter == 'c' { &CITY_CASES } else { &CASES };
            return Node::Case(letter, cases.iter().position(|name| *name == case).unwrap_or_else(|| bad()));
        }
        if let Some(forms) = inside[1..].strip_prefix(':') {
            return Node::Agree(letter, forms.split('/').collect());
        }
    }
    Node::Rule(*names.get(inside).unwrap_or_else(|| bad()))
}
