//! Which languages a word can belong to, by its letters.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    Cyrillic,
    Latin,
    /// Letters of both.
    Mixed,
    WithDigits,
    /// Other scripts, and letters of neither language here.
    None,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Letters {
    pub(super) alphabet: Alphabet,
    pub(super) count: usize,
    /// ы э ъ
    pub(super) russian_only: bool,
    /// і ї є ґ, and an apostrophe inside
    pub(super) ukrainian_only: bool,
}

impl Letters {
    pub(super) fn of(form: &str) -> Self {
        let (mut cyrillic, mut latin, mut digits, mut other) = (false, false, false, false);
        let mut letters = Self { alphabet: Alphabet::None, count: 0, russian_only: false, ukrainian_only: false };
        for c in form.chars() {
            letters.count += 1;
            match c {
                'ы' | 'э' | 'ъ' => (cyrillic, letters.russian_only) = (true, true),
                'і' | 'ї' | 'є' | 'ґ' => (cyrillic, letters.ukrainian_only) = (true, true),
                'а'..='я' => cyrillic = true,
                'a'..='z' => latin = true,
                '0'..='9' => digits = true,
                '\'' => letters.ukrainian_only |= cyrillic,
                _ => other = true,
            }
        }
        letters.alphabet = match (cyrillic, latin) {
            _ if other => Alphabet::None,
            _ if digits => Alphabet::WithDigits,
            (true, true) => Alphabet::Mixed,
            (true, false) => Alphabet::Cyrillic,
            (false, true) => Alphabet::Latin,
            (false, false) => Alphabet::None,
        };
        letters
    }
}

pub(super) const fn is_vowel(c: char) -> bool {
    matches!(c, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я' | 'і' | 'ї' | 'є')
}

pub(super) const fn is_consonant(c: char) -> bool {
    matches!(c, 'а'..='я' | 'ґ') && !is_vowel(c) && !matches!(c, 'ь' | 'ъ')
}
