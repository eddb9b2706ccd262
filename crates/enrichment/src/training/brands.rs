//! Where brands stand in the posts of the training sets, whose labels name brands and not places.

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

/// Reads posts for the brands in them.
#[derive(Default)]
pub struct Brands {
    analysis: Analysis,
    forms: Vec<(Span, String, bool)>,
}

impl Brands {
    /// Fills in where `brand` stands in a text and where the other known ones do. A name that is not in the table is
    /// looked for as it is written, with any ending.
    pub fn find(&mut self, text: &str, brand: &str, own: &mut Vec<Span>, others: &mut Vec<Span>) {
        own.clear();
        others.clear();
        self.analysis.run("", text, &PrefixFilter::default());
        self.forms.clear();
        let mut form = String::new();
        for token in self.analysis.tokens() {
            if matches!(token.kind, TokenKind::Address | TokenKind::Emoji | TokenKind::Stretched) {
                continue;
            }
            token.form_into("", text, &mut form);
            let span = Span { in_title: false, start: token.start, end: token.end };
            self.forms.push((span, form.trim_start_matches(['#', '@']).to_owned(), token.kind == TokenKind::Mention));
        }
        let known = BRANDS.iter().any(|(name, _)| *name == brand);
        for (name, patterns) in BRANDS {
            let spans: &mut Vec<Span> = if *name == brand { own } else { others };
            patterns.iter().for_each(|pattern| self.find_pattern(pattern, spans));
        }
        if !known {
            let pattern: Vec<_> =
                brand.split_whitespace().map(|word| format!("{}*", molva_text::normalise(word))).collect();
            self.find_pattern(&pattern.join(" "), own);
        }
        own.sort_unstable();
        own.dedup();
        others.sort_unstable();
        others.dedup();
        others.retain(|other| !own.iter().any(|own| own.start < other.end && other.start < own.end));
    }

    fn find_pattern(&self, pattern: &str, spans: &mut Vec<Span>) {
        let words: Vec<&str> = pattern.split(' ').collect();
        if words.iter().any(|word| word.trim_end_matches('*').is_empty()) {
            return;
        }
        for (at, (span, form, mention)) in self.forms.iter().enumerate() {
            let fits = |pattern: &str, form: &str| match pattern.strip_suffix('*') {
                Some(head) => form.starts_with(head),
                None => form == pattern,
            };
            // A handle holds the name anywhere: bank_beeline_ru.
            let head = words[0].trim_end_matches('*');
            if fits(words[0], form) && words.len() == 1
                || *mention && head.len() >= 3 && head.is_ascii() && form.contains(head)
            {
                spans.push(*span);
            } else if words.len() == 2
                && fits(words[0], form)
                && let Some((second, next, false)) = self.forms.get(at + 1)
                && fits(words[1], next)
            {
                spans.push(Span { end: second.end, ..*span });
            }
        }
    }
}
