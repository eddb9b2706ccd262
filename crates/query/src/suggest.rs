//! A first query for a brand: its spellings in both alphabets and what usually gets in the way.

use molva_domain::Language;
use molva_text::normalise;

use crate::parse;

/// A first query for a brand name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub query: String,
    /// The name as people write it, in both alphabets.
    pub spellings: Vec<String>,
    /// Clauses proposed to keep noise out (job adverts, exchange rates, …), each with the reason.
    pub exclusions: Vec<Exclusion>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// As it is written in a query, without the `NOT`.
    pub clause: String,
    /// In the language asked for.
    pub reason: String,
}

/// Names whose other spelling no table of letters gives.
const KNOWN: &[&[&str]] = &[
    &["билайн", "beeline"],
    &["мегафон", "megafon"],
    &["мтс", "mts"],
    &["теле2", "tele2"],
    &["ростелеком", "rostelecom"],
    &["дом.ру", "dom.ru"],
    &["йота", "yota"],
    &["киевстар", "київстар", "kyivstar"],
    &["водафон", "vodafone"],
    &["лайфселл", "lifecell"],
    &["сбербанк", "сбер", "sberbank", "sber"],
    &["тинькофф", "tinkoff"],
    &["альфа-банк", "alfa-bank"],
    &["втб", "vtb"],
    &["райффайзен", "raiffeisen"],
    &["приватбанк", "privatbank"],
    &["монобанк", "monobank"],
    &["озон", "ozon"],
    &["вайлдберриз", "wildberries"],
    &["яндекс", "yandex"],
    &["вконтакте", "vkontakte", "vk"],
    &["розетка", "rozetka"],
    &["эпл", "apple"],
    &["самсунг", "samsung"],
    &["сяоми", "ксиоми", "xiaomi"],
    &["айфон", "iphone"],
    &["макдональдс", "mcdonald's"],
];

/// A proposal against noise: its clause and reason in Russian, Ukrainian and English.
struct Noise {
    banks_only: bool,
    ru: (&'static str, &'static str),
    uk: (&'static str, &'static str),
    en: (&'static str, &'static str),
}

const NOISE: &[Noise] = &[
    Noise {
        banks_only: false,
        ru: ("вакансия OR резюме OR трудоустройство", "объявления о работе"),
        uk: ("вакансія OR резюме OR працевлаштування", "оголошення про роботу"),
        en: ("vacancy OR hiring OR \"job opening\"", "job adverts"),
    },
    Noise {
        banks_only: true,
        ru: ("\"курс доллара\" OR \"курс евро\" OR \"курс валют\" OR котировка", "курсы валют и котировки"),
        uk: ("\"курс долара\" OR \"курс євро\" OR \"курс валют\" OR котирування", "курси валют і котирування"),
        en: ("\"exchange rate\" OR \"stock quote\"", "exchange rates and quotes"),
    },
    Noise {
        banks_only: false,
        ru: ("промокод OR розыгрыш OR \"сделай репост\"", "розыгрыши и промокоды"),
        uk: ("промокод OR розіграш OR \"зроби репост\"", "розіграші та промокоди"),
        en: ("giveaway OR \"promo code\" OR sweepstake", "giveaways and promo codes"),
    },
];

/// Everyday meanings of brand names: the clause that tells them apart.
const HOMONYMS: &[(&str, &str)] = &[
    ("мегафон", "громкоговоритель OR рупор OR гучномовець"),
    ("магнит", "магнитный OR неодимовый OR \"на холодильник\""),
    ("лента", "\"лента новостей\" OR \"клейкая лента\" OR \"георгиевская лента\""),
    ("открытие", "\"открытие сезона\" OR \"открытие выставки\" OR \"открытие магазина\""),
    ("озон", "озоновый OR озонотерапия OR \"слой озона\""),
    ("розетка", "электрик OR вилка OR подрозетник"),
    ("apple", "juice OR pie OR cider"),
    ("orange", "juice OR fruit OR colour"),
];

/// Longest brand name read, in characters; the rest is cut.
const MAX_BRAND: usize = 100;

/// Proposes a query for a brand, in the words of `language`.
#[must_use]
pub fn suggest(brand: &str, language: Language) -> Suggestion {
    let brand: String =
        brand.trim().chars().filter(|c| !matches!(c, '"' | '«' | '»' | '“' | '”' | '„')).take(MAX_BRAND).collect();
    let spellings = spellings(&brand);
    let query = spellings.iter().map(|spelling| as_clause(spelling)).collect::<Vec<_>>().join(" OR ");
    let is_bank = spellings.iter().any(|spelling| {
        ["банк", "bank", "сбер", "sber", "втб", "тинькофф", "кредит", "credit"]
            .iter()
            .any(|part| spelling.contains(part))
    });
    let mut exclusions: Vec<_> = NOISE
        .iter()
        .filter(|noise| is_bank || !noise.banks_only)
        .map(|noise| {
            let (clause, reason) = by_language(language, noise.ru, noise.uk, noise.en);
            Exclusion { clause: clause.to_owned(), reason: reason.to_owned() }
        })
        .collect();
    for (_, clause) in HOMONYMS.iter().filter(|(name, _)| spellings.iter().any(|spelling| spelling == name)) {
        let reason =
            by_language(language, "слово в обычном смысле", "слово у звичайному значенні", "the everyday word");
        exclusions.insert(0, Exclusion { clause: (*clause).to_owned(), reason: reason.to_owned() });
    }
    Suggestion { query, spellings, exclusions }
}

fn by_language<T>(language: Language, ru: T, uk: T, en: T) -> T {
    match language {
        Language::RUSSIAN => ru,
        Language::UKRAINIAN => uk,
        _ => en,
    }
}

fn spellings(brand: &str) -> Vec<String> {
    let own = brand.to_lowercase();
    let mut found = vec![own.clone()];
    match KNOWN.iter().find(|group| group.contains(&own.as_str())) {
        Some(group) => found.extend(group.iter().map(|name| (*name).to_owned())),
        None => found.extend(transliterate(&own)),
    }
    let mut forms = Vec::new();
    found.retain(|spelling| {
        let form = spelling.split_whitespace().map(normalise).collect::<Vec<_>>().join(" ");
        let new = !form.is_empty() && !forms.contains(&form);
        forms.push(form);
        new
    });
    found
}

/// A spelling as a part of a query that parses: a word, a row of words in any form, or a phrase.
fn as_clause(spelling: &str) -> String {
    let words: Vec<_> = spelling.split_whitespace().collect();
    let candidates = [
        if words.len() > 1 { format!("\"{}\"~0", words.join(" ")) } else { words.concat() },
        format!("\"{}\"", words.join(" ")),
    ];
    candidates
        .into_iter()
        .find(|clause| {
            parse(clause).query.is_some_and(|query| !matches!(query.expr().node, crate::syntax::Node::And(_)))
        })
        .unwrap_or_default()
}

const TO_LATIN: &[(&str, &str)] = &[
    ("дж", "j"),
    ("кс", "x"),
    ("а", "a"),
    ("б", "b"),
    ("в", "v"),
    ("г", "g"),
    ("ґ", "g"),
    ("д", "d"),
    ("е", "e"),
    ("ё", "e"),
    ("є", "ye"),
    ("ж", "zh"),
    ("з", "z"),
    ("и", "i"),
    ("і", "i"),
    ("ї", "yi"),
    ("й", "y"),
    ("к", "k"),
    ("л", "l"),
    ("м", "m"),
    ("н", "n"),
    ("о", "o"),
    ("п", "p"),
    ("р", "r"),
    ("с", "s"),
    ("т", "t"),
    ("у", "u"),
    ("ф", "f"),
    ("х", "h"),
    ("ц", "ts"),
    ("ч", "ch"),
    ("ш", "sh"),
    ("щ", "sch"),
    ("ъ", ""),
    ("ы", "y"),
    ("ь", ""),
    ("э", "e"),
    ("ю", "yu"),
    ("я", "ya"),
];

const TO_CYRILLIC: &[(&str, &str)] = &[
    ("sch", "щ"),
    ("sh", "ш"),
    ("ch", "ч"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ya", "я"),
    ("yu", "ю"),
    ("yo", "ё"),
    ("ye", "е"),
    ("ph", "ф"),
    ("th", "т"),
    ("ck", "к"),
    ("qu", "кв"),
    ("ee", "и"),
    ("oo", "у"),
    ("ay", "ей"),
    ("ai", "ай"),
    ("x", "кс"),
    ("j", "дж"),
    ("ce", "се"),
    ("ci", "си"),
    ("a", "а"),
    ("b", "б"),
    ("c", "к"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "х"),
    ("i", "и"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("y", "и"),
    ("z", "з"),
];

/// The name in the other alphabet; `None` when it has letters of both or of neither.
fn transliterate(name: &str) -> Option<String> {
    let cyrillic = name.chars().any(|c| ('\u{400}'..'\u{530}').contains(&c));
    let latin = name.chars().any(|c| c.is_ascii_alphabetic());
    if cyrillic == latin {
        return None;
    }
    let table = if cyrillic { TO_LATIN } else { TO_CYRILLIC };
    let (mut rest, mut out) = (name, String::new());
    while let Some(c) = rest.chars().next() {
        match table.iter().find(|(from, _)| rest.starts_with(from)) {
            Some((from, to)) => {
                out.push_str(to);
                rest = &rest[from.len()..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    Some(out)
}
