//! Where brands stand in the posts of the training sets, whose labels name brands and not places.

use std::ops::Range;
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use molva_text::{Analysis, PrefixFilter, TokenKind};

use crate::judgement::Span;

/// A brand and how people write it: words in normal form, `*` for any ending. Two words stand side by side.
const BRANDS: &[(&str, &[&str])] = &[
    ("beeline", &["билайн*", "билаин*", "beeline*", "вымпелком*", "vimpelcom*", "пчелайн*", "полосаты*"]),
    ("mts", &["мтс", "мтс*", "mts", "mts*", "мобильные телесистемы", "эмтээс*", "мтсс*"]),
    ("megafon", &["мегафон*", "мегаф*", "megafon*", "megaphone", "мигафон*"]),
    ("rostelecom", &["ростелеком*", "ростелек*", "rostelecom*", "rostelekom*", "ртк", "ртком*"]),
    ("tele2", &["теле2*", "tele2*", "теле 2", "tele 2", "теле два"]),
    ("skylink", &["скайлинк*", "skylink*", "скай линк*", "sky link"]),
    ("komstar", &["комстар*", "comstar*", "komstar*"]),
    (
        "sberbank",
        &[
            "сбербанк*",
            "сбер",
            "сбера",
            "сберу",
            "сбере",
            "сбером",
            "сберик*",
            "сбербан*",
            "sberbank*",
            "sber",
            "сберегательн* банк*",
        ],
    ),
    ("vtb", &["втб*", "vtb*"]),
    (
        "alfabank",
        &[
            "альфабанк*",
            "альфа банк*",
            "альфа",
            "альфе",
            "альфы",
            "альфу",
            "alfabank*",
            "alfa bank*",
            "alfa_bank*",
            "alfa",
            "альфой",
        ],
    ),
    ("rshb", &["россельхозбанк*", "рсхб*", "rshb*", "rosselhozbank*", "россельхоз*"]),
    ("bankmoskvy", &["банк* москвы", "bankmoskvy*", "bm_twit", "банкмосквы*", "bank moskvy"]),
    (
        "raiffeisen",
        &[
            "райффайзен*",
            "райфайзен*",
            "райфайзинг*",
            "райффайзинг*",
            "raiffeisen*",
            "райф",
            "райфа",
            "райфе",
            "райфом",
            "райфу",
            "райффа*",
        ],
    ),
    ("gazprom", &["газпромбанк*", "gazprombank*", "газпром*", "gazprom*", "гпб"]),
    ("uralsib", &["уралсиб*", "uralsib*", "банк урал*"]),
];

/// What [`BRANDS`] looks for.
struct Pattern {
    /// Place in [`BRANDS`].
    brand: usize,
    first: Word,
    second: Option<Word>,
}

/// A word of a pattern.
#[derive(Clone, Copy)]
struct Word {
    head: &'static str,
    any_ending: bool,
}

impl Word {
    fn new(pattern: &'static str) -> Self {
        match pattern.strip_suffix('*') {
            Some(head) => Self { head, any_ending: true },
            None => Self { head: pattern, any_ending: false },
        }
    }

    fn fits(self, form: &str) -> bool {
        form.strip_prefix(self.head).is_some_and(|ending| self.any_ending || ending.is_empty())
    }

    /// A handle holds the name anywhere: bank_beeline_ru.
    const fn is_of_handles(self) -> bool {
        self.head.len() >= 3 && self.head.is_ascii()
    }
}

/// All that [`BRANDS`] looks for.
#[derive(Default)]
struct Patterns {
    by_first_letter: HashMap<char, Vec<Pattern>, FixedState>,
    /// What stands anywhere in a handle, with the place of the brand.
    in_handles: Vec<(usize, &'static str)>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let mut all = Patterns::default();
    for (brand, (_, patterns)) in BRANDS.iter().enumerate() {
        for pattern in *patterns {
            let mut words = pattern.split(' ').map(Word::new);
            let Some(first) = words.next() else { continue };
            let Some(letter) = first.head.chars().next() else { continue };
            all.by_first_letter.entry(letter).or_default().push(Pattern { brand, first, second: words.next() });
            if first.is_of_handles() {
                all.in_handles.push((brand, first.head));
            }
        }
    }
    all
});

/// Reads posts for the brands in them.
#[derive(Default)]
pub struct Brands {
    analysis: Analysis,
    form: String,
    /// The normal forms of the words of a post, one behind the other.
    letters: String,
    words: Vec<Form>,
    /// Where which of [`BRANDS`] stands.
    hits: Vec<(usize, Span)>,
}

/// A word of a post.
struct Form {
    span: Span,
    /// Bytes of the normal form.
    letters: Range<usize>,
    mention: bool,
}

impl Brands {
    /// Fills in where `brand` stands in a text and where the other known ones do. A name that is not in the table is
    /// looked for as it is written, with any ending.
    pub fn find(&mut self, text: &str, brand: &str, own: &mut Vec<Span>, others: &mut Vec<Span>) {
        let mut analysis = std::mem::take(&mut self.analysis);
        analysis.run("", text, &PrefixFilter::default());
        self.read(&analysis, text);
        self.analysis = analysis;
        self.find_read(brand, own, others);
    }

    /// Reads a text that was cut into tokens already, for [`Brands::find_read`] to answer.
    pub fn read(&mut self, analysis: &Analysis, text: &str) {
        self.letters.clear();
        self.words.clear();
        self.hits.clear();
        for token in analysis.tokens() {
            if matches!(token.kind, TokenKind::Address | TokenKind::Emoji | TokenKind::Stretched) {
                continue;
            }
            token.form_into("", text, &mut self.form);
            let from = self.letters.len();
            self.letters.push_str(self.form.trim_start_matches(['#', '@']));
            let span = Span { in_title: false, start: token.start, end: token.end };
            let mention = token.kind == TokenKind::Mention;
            self.words.push(Form { span, letters: from..self.letters.len(), mention });
        }
        let Patterns { by_first_letter, in_handles } = &*PATTERNS;
        for (at, word) in self.words.iter().enumerate() {
            let form = &self.letters[word.letters.clone()];
            let letter = form.chars().next();
            for pattern in letter.and_then(|letter| by_first_letter.get(&letter)).into_iter().flatten() {
                if !pattern.first.fits(form) {
                    continue;
                }
                match pattern.second {
                    None => self.hits.push((pattern.brand, word.span)),
                    Some(_) if word.mention && pattern.first.is_of_handles() => {}
                    Some(second) => {
                        let next = self.words.get(at + 1).filter(|next| !next.mention);
                        if let Some(next) = next.filter(|next| second.fits(&self.letters[next.letters.clone()])) {
                            self.hits.push((pattern.brand, Span { end: next.span.end, ..word.span }));
                        }
                    }
                }
            }
            if word.mention {
                let named = in_handles.iter().filter(|(_, head)| form.contains(head));
                self.hits.extend(named.map(|(brand, _)| (*brand, word.span)));
            }
        }
    }

    /// As [`Brands::find`], of the text read last.
    pub fn find_read(&self, brand: &str, own: &mut Vec<Span>, others: &mut Vec<Span>) {
        own.clear();
        others.clear();
        for (place, span) in &self.hits {
            let spans = if BRANDS[*place].0 == brand { &mut *own } else { &mut *others };
            spans.push(*span);
        }
        if !BRANDS.iter().any(|(name, _)| *name == brand) {
            self.find_written(brand, own);
        }
        own.sort_unstable();
        own.dedup();
        others.sort_unstable();
        others.dedup();
        others.retain(|other| !own.iter().any(|own| own.start < other.end && other.start < own.end));
    }

    /// Where a name stands as it is written, with any ending: one word, or two side by side.
    fn find_written(&self, name: &str, spans: &mut Vec<Span>) {
        let heads: Vec<String> = name.split_whitespace().map(molva_text::normalise).collect();
        let (Some(first), true) = (heads.first(), heads.iter().all(|head| !head.is_empty())) else { return };
        let form = |word: &Form| &self.letters[word.letters.clone()];
        for (at, word) in self.words.iter().enumerate() {
            let of_handle = word.mention && first.len() >= 3 && first.is_ascii() && form(word).contains(first);
            let fits = form(word).starts_with(first);
            if fits && heads.len() == 1 || of_handle {
                spans.push(word.span);
            } else if let ([_, second], true, Some(next)) = (&heads[..], fits, self.words.get(at + 1))
                && !next.mention
                && form(next).starts_with(second)
            {
                spans.push(Span { end: next.span.end, ..word.span });
            }
        }
    }
}
