//! The language of a post by letter evidence and short words: no model, no dictionary, a tenth of a microsecond.

use std::sync::LazyLock;

use hashbrown::HashMap;
use molva_domain::Language;

use crate::analysis::{Analysis, TokenKind};
use crate::hash::{Key, KeySpace};
use crate::letters::two_bytes;

const RUSSIAN_WORDS: &str = "и в не на что с как это по но у за из так же от все для вы мы они он она было бы нет или \
    если уже когда только ещё еще меня мне тебя тебе чтобы есть был быть кто где при тоже сейчас почему очень который";
const UKRAINIAN_WORDS: &str = "і та не на що з як це у в й але за із від для ви ми вони він вона було б є або якщо вже \
    коли тільки ще мене мені тебе щоб був бути хто де при теж зараз чому дуже який до немає";
const ENGLISH_WORDS: &str = "the and to of is you for it that this my with your have was are be just not what they so \
    but from can how their our has will been when who we i'm don't it's can't would there about";

/// Which languages' short words a form is, one bit each: Russian, Ukrainian, English.
static SHORT_WORDS: LazyLock<HashMap<Key, u8, foldhash::fast::FixedState>> = LazyLock::new(|| {
    let mut words = HashMap::default();
    for (bit, list) in [RUSSIAN_WORDS, UKRAINIAN_WORDS, ENGLISH_WORDS].iter().enumerate() {
        for word in list.split_whitespace() {
            *words.entry(Key::of_text(&crate::normalise::normalise(word), KeySpace::Form)).or_insert(0) |= 1 << bit;
        }
    }
    words
});

/// Evidence gathered over the words of a post; addresses, mentions and hashtags say little and are left out.
#[derive(Default)]
struct Evidence {
    cyrillic: u32,
    latin: u32,
    other: u32,
    russian: u32,
    ukrainian: u32,
    belarusian: u32,
    kazakh: u32,
    english: u32,
}

impl Analysis {
    /// The language of the words just read; `None` when nothing speaks for one. The title and text are those given to `run`.
    #[must_use]
    pub fn language(&self, title: &str, text: &str) -> Option<Language> {
        let mut evidence = Evidence::default();
        for token in &self.tokens {
            if token.derived || token.kind != TokenKind::Word {
                continue;
            }
            evidence.letters(token.written(title, text).as_bytes());
            match SHORT_WORDS.get(&token.key) {
                Some(1) => evidence.russian += 3,
                Some(2) => evidence.ukrainian += 3,
                Some(4) => evidence.english += 3,
                _ => {}
            }
        }
        evidence.verdict()
    }
}

impl Evidence {
    fn letters(&mut self, word: &[u8]) {
        let mut bytes = word.iter();
        while let Some(&byte) = bytes.next() {
            if byte < 0x80 {
                self.latin += u32::from(byte.is_ascii_alphabetic());
                continue;
            }
            if !matches!(byte, 0xd0..=0xd4) {
                self.other += u32::from(byte >= 0xc0);
                continue;
            }
            self.cyrillic += 1;
            match two_bytes(byte, bytes.next().copied().unwrap_or(0)) {
                0x44b | 0x42b | 0x44d | 0x42d | 0x44a | 0x42a | 0x451 | 0x401 => self.russian += 2,
                0x456 | 0x406 | 0x457 | 0x407 | 0x454 | 0x404 | 0x491 | 0x490 => self.ukrainian += 2,
                0x45e | 0x40e => self.belarusian += 2,
                0x492..=0x4e9 => self.kazakh += 2,
                _ => {}
            }
        }
    }

    fn verdict(&self) -> Option<Language> {
        /// Ukrainian uses і in every sixteenth letter: this many letters without one speak for Russian.
        const LETTERS_WITHOUT_I: u32 = 14;
        if self.cyrillic.max(self.latin) <= self.other {
            return None;
        }
        if self.cyrillic < self.latin {
            return (self.english > 0).then_some(Language::ENGLISH);
        }
        if self.kazakh > 2 {
            return Language::parse("kk");
        }
        if self.belarusian > 0 && self.ukrainian > 0 {
            return Language::parse("be");
        }
        if self.ukrainian > self.russian {
            return Some(Language::UKRAINIAN);
        }
        (self.russian > self.ukrainian || (self.ukrainian == 0 && self.cyrillic >= LETTERS_WITHOUT_I))
            .then_some(Language::RUSSIAN)
    }
}

#[cfg(test)]
mod tests {
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
            ("😡😡 http://example.com @beeline", None),
            ("ok", None),
            ("", None),
        ] {
            assert_eq!(detect_language(text).map(|language| language.to_string()).as_deref(), language, "{text}");
        }
    }
}
