//! The language of a post: by its alphabet where that is enough, else by a small linear model over runs of letters.

mod features;
mod known_words;
mod model;
mod scripts;

pub use features::Letters;
pub use model::{CYRILLIC_LANGUAGES, LATIN_LANGUAGES, MAGIC};
pub use scripts::Script;

use std::cell::RefCell;
use std::thread::LocalKey;

use molva_domain::Language;

use crate::analysis::{Analysis, Token, TokenKind};
use crate::hash::{Key, KeySpace};
use known_words::KnownWords;
use model::{MODEL, Table};
use scripts::SCRIPTS;

/// Fewer letters than this say nothing.
const FEWEST_LETTERS: u32 = 3;
/// Words read of one text: the language of a long one is known long before its end.
const MOST_WORDS: usize = 120;

// Most words of a post were met shortly before. At most half a megabyte for each thread that asks for languages.
thread_local! {
    static CYRILLIC: RefCell<KnownWords<CYRILLIC_LANGUAGES>> = const { RefCell::new(KnownWords::new()) };
    static LATIN: RefCell<KnownWords<LATIN_LANGUAGES>> = const { RefCell::new(KnownWords::new()) };
}

impl Analysis {
    /// Below this probability the language is unknown.
    pub const SURE_OF_LANGUAGE: f32 = 0.4;

    /// The language of the words just read; `None` when nothing speaks for one. The title and text are those given to `run`.
    #[must_use]
    pub fn language(&self, title: &str, text: &str) -> Option<Language> {
        let (language, probability) = self.likeliest_language(title, text)?;
        (probability >= Self::SURE_OF_LANGUAGE).then_some(language)
    }

    /// The likeliest language, however likely, and its probability; `None` where there are no letters to judge by.
    #[must_use]
    pub fn likeliest_language(&self, title: &str, text: &str) -> Option<(Language, f32)> {
        let script = self.script(title, text)?;
        if let Some(language) = script.language() {
            return Some((language, 1.0));
        }
        let model = MODEL.as_ref()?;
        Some(if script == Script::Cyrillic {
            self.by_words(&model.cyrillic, &CYRILLIC, (title, text, script))
        } else {
            self.by_words(&model.latin, &LATIN, (title, text, script))
        })
    }

    fn by_words<const N: usize>(
        &self,
        table: &Table<'_, N>,
        known: &'static LocalKey<RefCell<KnownWords<N>>>,
        (title, text, script): (&str, &str, Script),
    ) -> (Language, f32) {
        let mut points = [0; N];
        known.with_borrow_mut(|known| {
            self.language_words(title, text, script, |word| known.add(table, word, &mut points));
        });
        table.verdict(&points)
    }

    /// The words that tell the language, in the alphabet most letters are in: no addresses, mentions and `RT`.
    pub fn language_words(&self, title: &str, text: &str, script: Script, mut word: impl FnMut(&str)) {
        for token in self.telling().take(MOST_WORDS) {
            let written = token.written(title, text).trim_start_matches('#');
            if written.chars().find_map(Script::of) != Some(script) {
                continue;
            }
            // Nothing but hashtags has underscores inside.
            if token.kind == TokenKind::Word {
                word(written);
            } else {
                written.split('_').filter(|part| !part.is_empty()).for_each(&mut word);
            }
        }
    }

    /// The alphabet most letters are in; `None` when there are too few.
    #[must_use]
    pub fn script(&self, title: &str, text: &str) -> Option<Script> {
        let mut letters = [0_u32; SCRIPTS];
        for token in self.telling().take(MOST_WORDS) {
            let written = token.written(title, text).as_bytes();
            // The two alphabets of nearly all posts are told by their bytes.
            let cyrillic = written.iter().filter(|byte| (0xd0..=0xd4).contains(*byte)).count() as u32;
            let ascii = written.iter().filter(|byte| byte.is_ascii_alphabetic()).count() as u32;
            if (cyrillic * 2 + ascii) as usize >= written.len() {
                letters[Script::Cyrillic as usize] += cyrillic;
                letters[Script::Latin as usize] += ascii;
                continue;
            }
            for script in token.written(title, text).chars().filter_map(Script::of) {
                letters[script as usize] += 1;
            }
        }
        // A few letters of Persian or Japanese among those they share with others tell them.
        for (own, shared) in [(Script::Persian, Script::Arabic), (Script::Kana, Script::Han)] {
            let (own, shared) = (own as usize, shared as usize);
            if letters[own] > 0 && letters[own] * 12 >= letters[shared] {
                letters[own] += std::mem::take(&mut letters[shared]);
            } else {
                letters[shared] += std::mem::take(&mut letters[own]);
            }
        }
        let (most, count) = letters.iter().enumerate().max_by_key(|(at, count)| (**count, SCRIPTS - at))?;
        (*count >= FEWEST_LETTERS || (*count > 0 && most == Script::Han as usize)).then(|| SCRIPT_ORDER[most])
    }

    fn telling(&self) -> impl Iterator<Item = &Token> {
        let retweet = Key::of_text("rt", KeySpace::Form);
        self.tokens.iter().filter(move |token| {
            !token.derived && matches!(token.kind, TokenKind::Word | TokenKind::Hashtag) && token.key != retweet
        })
    }
}

const SCRIPT_ORDER: [Script; SCRIPTS] = [
    Script::Cyrillic,
    Script::Latin,
    Script::Greek,
    Script::Armenian,
    Script::Hebrew,
    Script::Arabic,
    Script::Persian,
    Script::Devanagari,
    Script::Thai,
    Script::Georgian,
    Script::Hangul,
    Script::Kana,
    Script::Han,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect_language;

    #[test]
    fn short_posts_are_told_apart() {
        for (text, language) in [
            ("у билайна опять нет связи", Some("ru")),
            ("Отличная новость, работает", Some("ru")),
            ("у Київстару знову немає зв'язку", Some("uk")),
            ("дуже дякую", Some("uk")),
            ("Beeline is down again, what the hell http://t.co/ыы", Some("en")),
            ("у нас няма інтэрнэту, што рабіць? ўсё", Some("be")),
            ("бізде интернет жоқ, не істеу керек", Some("kk")),
            ("dlaczego internet znowu nie działa?", Some("pl")),
            ("warum geht das Internet schon wieder nicht?", Some("de")),
            ("internetim yine çalışmıyor, neden acaba", Some("tr")),
            ("ბილაინი არ მუშაობს", Some("ka")),
            ("インターネットが使えない", Some("ja")),
            ("😡😡 http://example.com @beeline", None),
            ("ok", None),
            ("", None),
        ] {
            assert_eq!(detect_language(text).map(|language| language.to_string()).as_deref(), language, "{text}");
        }
    }

    #[test]
    fn the_scripts_are_listed_in_their_order() {
        assert!(SCRIPT_ORDER.iter().enumerate().all(|(at, script)| *script as usize == at));
    }
}
