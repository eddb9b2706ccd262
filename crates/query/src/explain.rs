//! A query in plain words.

use molva_domain::{Language, PostKind};

use crate::field::{Attachment, FieldTest};
use crate::syntax::{Expr, Node, Phrase, Word, WordTest};

/// The words an explanation is built of, in one language.
struct Phrases {
    head: &'static str,
    and: &'static str,
    or: &'static str,
    without: &'static str,
    any_form: &'static str,
    exact: &'static str,
    cased: &'static str,
    prefix: &'static str,
    pattern: &'static str,
    hashtag: &'static str,
    mention: &'static str,
    emoji: &'static str,
    phrase: &'static str,
    row: &'static str,
    close: &'static str,
    near: &'static str,
    ordered: &'static str,
    sentence: &'static str,
    at_least: &'static str,
    title: &'static str,
}

const ENGLISH: Phrases = Phrases {
    head: "Finds posts with ",
    and: " and ",
    or: " or ",
    without: "without ",
    any_form: "“{}” in any form",
    exact: "exactly “{}”",
    cased: "exactly “{}” with these capitals",
    prefix: "words that begin with “{}”",
    pattern: "words like “{}” (`?` is any letter)",
    hashtag: "the hashtag {}",
    mention: "the mention {}",
    emoji: "the emoji {}",
    phrase: "the exact phrase “{}”",
    row: "“{}” in a row in any form",
    close: "all the words “{}” in any form and order, with at most {n} others between",
    near: "{a} at most {n} words from {b}",
    ordered: "{a} followed within {n} words by {b}",
    sentence: "{a} in one sentence with {b}",
    at_least: "at least {n} of: {}",
    title: "in the title {}",
};

const RUSSIAN: Phrases = Phrases {
    head: "Найдёт записи, где есть ",
    and: " и ",
    or: " или ",
    without: "нет ",
    any_form: "«{}» в любой форме",
    exact: "именно «{}»",
    cased: "именно «{}» с теми же заглавными",
    prefix: "слова на «{}»",
    pattern: "слова вида «{}» (`?` — любая буква)",
    hashtag: "хештег {}",
    mention: "упоминание {}",
    emoji: "эмодзи {}",
    phrase: "точная фраза «{}»",
    row: "«{}» подряд в любой форме",
    close: "все слова «{}» в любой форме и порядке, между ними не больше {n} других",
    near: "{a} не дальше {n} слов от {b}",
    ordered: "{a}, а за ним не дальше {n} слов {b}",
    sentence: "{a} в одном предложении с {b}",
    at_least: "хотя бы {n} из: {}",
    title: "в заголовке {}",
};

const UKRAINIAN: Phrases = Phrases {
    head: "Знайде дописи, де є ",
    and: " і ",
    or: " або ",
    without: "немає ",
    any_form: "«{}» у будь-якій формі",
    exact: "саме «{}»",
    cased: "саме «{}» з тими самими великими літерами",
    prefix: "слова на «{}»",
    pattern: "слова на зразок «{}» (`?` — будь-яка літера)",
    hashtag: "хештег {}",
    mention: "згадка {}",
    emoji: "емодзі {}",
    phrase: "точна фраза «{}»",
    row: "«{}» поспіль у будь-якій формі",
    close: "усі слова «{}» у будь-якій формі та порядку, між ними не більше {n} інших",
    near: "{a} не далі {n} слів від {b}",
    ordered: "{a}, а за ним не далі {n} слів {b}",
    sentence: "{a} в одному реченні з {b}",
    at_least: "щонайменше {n} з: {}",
    title: "у заголовку {}",
};

pub(crate) fn explain(expr: &Expr, language: Language) -> String {
    let phrases = match language {
        Language::RUSSIAN => &RUSSIAN,
        Language::UKRAINIAN => &UKRAINIAN,
        _ => &ENGLISH,
    };
    format!("{}{}.", phrases.head, phrases.part(expr, false))
}

impl Phrases {
    fn part(&self, expr: &Expr, inside: bool) -> String {
        match &expr.node {
            Node::Word(word) => self.word(word),
            Node::Phrase(phrase) => self.phrase(phrase),
            Node::Near { left, right, distance, ordered } => {
                let template = if *ordered { self.ordered } else { self.near };
                self.pair(template, left, right).replace("{n}", &distance.to_string())
            }
            Node::Sentence { left, right } => self.pair(self.sentence, left, right),
            Node::AtLeast { count, of } => {
                let list: Vec<_> = of.iter().map(|part| self.part(part, false)).collect();
                self.at_least.replace("{n}", &count.to_string()).replace("{}", &bracketed(true, &list.join("; ")))
            }
            Node::Title(part) => self.title.replace("{}", &self.part(part, true)),
            Node::Field(test) => self.field(test),
            Node::List { name, .. } => format!("`list:{}`", crate::canonical::quoted(name)),
            Node::Not(part) => format!("{}{}", self.without, self.part(part, true)),
            Node::And(parts) => bracketed(inside, &self.list(parts, self.and)),
            Node::Or(parts) => bracketed(inside, &self.list(parts, self.or)),
        }
    }

    fn pair(&self, template: &str, left: &Expr, right: &Expr) -> String {
        template.replace("{a}", &self.part(left, true)).replace("{b}", &self.part(right, true))
    }

    fn list(&self, parts: &[Expr], between: &str) -> String {
        parts.iter().map(|part| self.part(part, true)).collect::<Vec<_>>().join(between)
    }

    fn word(&self, word: &Word) -> String {
        let template = match &word.test {
            WordTest::AnyForm { .. } => self.any_form,
            WordTest::Exact(_) => self.exact,
            WordTest::Cased { .. } => self.cased,
            WordTest::Prefix(_) => self.prefix,
            WordTest::Pattern(_) => self.pattern,
            WordTest::Hashtag(_) => self.hashtag,
            WordTest::Mention(_) => self.mention,
            WordTest::Emoji(_) => self.emoji,
        };
        template.replace("{}", word.test.plain().trim_end_matches('*'))
    }

    fn phrase(&self, phrase: &Phrase) -> String {
        let words: Vec<_> = phrase.words.iter().map(|word| word.test.plain()).collect();
        let words = words.join(" ");
        match phrase.slop {
            Some(slop) => self.close.replace("{}", &words).replace("{n}", &slop.to_string()),
            None if phrase.words.iter().any(|word| matches!(word.test, WordTest::AnyForm { .. })) => {
                self.row.replace("{}", &words)
            }
            None => self.phrase.replace("{}", &words),
        }
    }

    /// Fields are shown as they are written, with a word of what they ask where that helps.
    fn field(&self, test: &FieldTest) -> String {
        let [en, ru, uk] = match test {
            FieldTest::Kind(PostKind::Comment) => ["being a comment", "вид «комментарий»", "вид «коментар»"],
            FieldTest::Has(Attachment::Image) => ["an image", "картинка", "зображення"],
            FieldTest::Has(Attachment::Video) => ["a video", "видео", "відео"],
            FieldTest::Has(Attachment::Link) => ["a link", "ссылка", "посилання"],
            FieldTest::Has(Attachment::Question) => ["a question", "вопрос", "запитання"],
            _ => return format!("`{}`", test.canonical()),
        };
        let text = match self.and {
            " и " => ru,
            " і " => uk,
            _ => en,
        };
        text.to_owned()
    }
}

fn bracketed(needed: bool, text: &str) -> String {
    if needed { format!("({text})") } else { text.to_owned() }
}
