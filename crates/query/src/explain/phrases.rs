//! The pieces an explanation is built of. Every piece is a noun phrase in the nominative, so that any may stand anywhere.

use molva_domain::Language;

/// One language. `{}` is what it is about, `{n}` a number.
pub(super) struct Phrases {
    pub(super) language: Language,
    pub(super) head: &'static str,
    pub(super) and: &'static str,
    pub(super) or: &'static str,
    pub(super) except: &'static str,
    pub(super) anything: &'static str,
    pub(super) any_form: &'static str,
    pub(super) exact: &'static str,
    pub(super) cased: &'static str,
    pub(super) prefix: &'static str,
    pub(super) pattern: &'static str,
    pub(super) hashtag: &'static str,
    pub(super) mention: &'static str,
    pub(super) emoji: &'static str,
    pub(super) phrase: &'static str,
    pub(super) row: &'static str,
    pub(super) beside: &'static str,
    pub(super) close: &'static str,
    pub(super) near: &'static str,
    pub(super) ordered: &'static str,
    pub(super) sentence: &'static str,
    pub(super) at_least: &'static str,
    pub(super) title: &'static str,
    pub(super) list: &'static str,
    /// One word, and more of them, after "at most".
    pub(super) words: [&'static str; 2],
    pub(super) others: [&'static str; 2],
    pub(super) forms: &'static str,
    pub(super) forms_of: &'static str,
    pub(super) more_forms: &'static str,
    pub(super) more_words: &'static str,
}

impl Phrases {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::RUSSIAN => &RUSSIAN,
            Language::UKRAINIAN => &UKRAINIAN,
            _ => &ENGLISH,
        }
    }

    /// `5 слов`, `21 слова`
    pub(super) fn count(&self, number: u32, [one, many]: [&'static str; 2]) -> String {
        let single = match self.language {
            Language::RUSSIAN | Language::UKRAINIAN => number % 10 == 1 && number % 100 != 11,
            _ => number == 1,
        };
        format!("{number} {}", if single { one } else { many })
    }
}

static ENGLISH: Phrases = Phrases {
    language: Language::ENGLISH,
    head: "Finds posts with ",
    and: " and ",
    or: " or ",
    except: ", except those with ",
    anything: "anything",
    any_form: "“{}” in any form",
    exact: "exactly “{}”",
    cased: "exactly “{}” with these capitals",
    prefix: "a word that begins with “{}”",
    pattern: "a word like “{}” (`?` is any letter)",
    hashtag: "the hashtag {}",
    mention: "the mention {}",
    emoji: "the emoji {}",
    phrase: "the exact phrase “{}”",
    row: "“{}” in a row in any form",
    beside: "the words “{}” side by side in any form and order",
    close: "the words “{}” in any form and order with at most {n} between",
    near: "{a} and {b} at most {n} apart",
    ordered: "{a} followed within {n} by {b}",
    sentence: "{a} and {b} in one sentence",
    at_least: "at least {n} of: ",
    title: "{} in the title",
    list: "something from the list “{}”",
    words: ["word", "words"],
    others: ["other word", "other words"],
    forms: " Forms: ",
    forms_of: "“{}” — ",
    more_forms: " and {n} more",
    more_words: "; words besides: {n}",
};

static RUSSIAN: Phrases = Phrases {
    language: Language::RUSSIAN,
    head: "Найдёт записи, где есть ",
    and: " и ",
    or: " или ",
    except: ", кроме записей, где есть ",
    anything: "что угодно",
    any_form: "«{}» в любой форме",
    exact: "именно «{}»",
    cased: "именно «{}» с теми же заглавными",
    prefix: "слово, которое начинается на «{}»",
    pattern: "слово вида «{}» (`?` — любая буква)",
    hashtag: "хештег {}",
    mention: "упоминание {}",
    emoji: "эмодзи {}",
    phrase: "точная фраза «{}»",
    row: "«{}» подряд в любой форме",
    beside: "слова «{}» рядом в любой форме и порядке",
    close: "слова «{}» в любой форме и порядке, между которыми не больше {n}",
    near: "{a} и {b} не дальше {n} друг от друга",
    ordered: "{a}, а следом не дальше {n} {b}",
    sentence: "{a} и {b} в одном предложении",
    at_least: "хотя бы {n} из: ",
    title: "{} в заголовке",
    list: "что-то из списка «{}»",
    words: ["слова", "слов"],
    others: ["другого слова", "других слов"],
    forms: " Формы: ",
    forms_of: "«{}» — ",
    more_forms: " и ещё {n}",
    more_words: "; кроме того, слов: {n}",
};

static UKRAINIAN: Phrases = Phrases {
    language: Language::UKRAINIAN,
    head: "Знайде дописи, де є ",
    and: " і ",
    or: " або ",
    except: ", крім дописів, де є ",
    anything: "будь-що",
    any_form: "«{}» у будь-якій формі",
    exact: "саме «{}»",
    cased: "саме «{}» з тими самими великими літерами",
    prefix: "слово, яке починається на «{}»",
    pattern: "слово на зразок «{}» (`?` — будь-яка літера)",
    hashtag: "хештег {}",
    mention: "згадка {}",
    emoji: "емодзі {}",
    phrase: "точна фраза «{}»",
    row: "«{}» поспіль у будь-якій формі",
    beside: "слова «{}» поруч у будь-якій формі та порядку",
    close: "слова «{}» у будь-якій формі та порядку, між якими не більше {n}",
    near: "{a} і {b} не далі {n} одне від одного",
    ordered: "{a}, а слідом не далі {n} {b}",
    sentence: "{a} і {b} в одному реченні",
    at_least: "щонайменше {n} з: ",
    title: "{} у заголовку",
    list: "щось зі списку «{}»",
    words: ["слова", "слів"],
    others: ["іншого слова", "інших слів"],
    forms: " Форми: ",
    forms_of: "«{}» — ",
    more_forms: " і ще {n}",
    more_words: "; крім того, слів: {n}",
};
