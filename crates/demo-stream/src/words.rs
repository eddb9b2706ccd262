//! The shapes of the word tables: nouns with their cases, cities, names.

/// How a noun, or a person, is agreed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gender {
    Masculine,
    Feminine,
    Neuter,
    Plural,
}

use Gender::{Feminine, Masculine, Neuter, Plural};

/// A noun in nominative, genitive, dative, accusative, instrumental and prepositional (locative) case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noun {
    pub(crate) gender: Gender,
    pub(crate) forms: [&'static str; 6],
    /// "with / off" as it sounds before this noun: `с` or `со`, `з` or `зі`.
    pub(crate) with: &'static str,
}

pub(crate) const fn masculine(with: &'static str, forms: [&'static str; 6]) -> Noun {
    Noun { gender: Masculine, forms, with }
}

pub(crate) const fn feminine(with: &'static str, forms: [&'static str; 6]) -> Noun {
    Noun { gender: Feminine, forms, with }
}

pub(crate) const fn neuter(with: &'static str, forms: [&'static str; 6]) -> Noun {
    Noun { gender: Neuter, forms, with }
}

pub(crate) const fn plural(with: &'static str, forms: [&'static str; 6]) -> Noun {
    Noun { gender: Plural, forms, with }
}

/// A brand as people write it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Brand {
    pub(crate) name: Noun,
    /// What its customers call it among themselves.
    pub(crate) nickname: Option<Noun>,
    pub(crate) latin: &'static str,
}

/// A city: nominative, genitive, dative, and where it is ("in Moscow", with the preposition).
#[derive(Clone, Copy, Debug)]
pub(crate) struct City {
    pub(crate) forms: [&'static str; 4],
    /// How big its share of the voices is.
    pub(crate) weight: f64,
    pub(crate) region: &'static str,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: &'static str,
}

pub(crate) const fn city(weight: f64, forms: [&'static str; 4], region: &'static str, country: &'static str) -> City {
    City { forms, weight, region, country }
}

/// First names with a Latin spelling for handles.
pub(crate) type FirstNames = &'static [(&'static str, &'static str)];

/// Rules of the grammar: a name and its alternatives.
pub(crate) type Rules = &'static [(&'static str, &'static [&'static str])];

/// All that one language brings.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// In the order of [`crate::world::BRANDS`].
    pub(crate) brands: [Brand; 5],
    pub(crate) cities: &'static [City],
    pub(crate) goods: &'static [Noun],
    pub(crate) men: FirstNames,
    pub(crate) women: FirstNames,
    /// Of a man, of a woman, in Latin letters.
    pub(crate) surnames: &'static [(&'static str, &'static str, &'static str)],
    pub(crate) nicknames: &'static [(&'static str, &'static str)],
    pub(crate) rules: &'static [Rules],
    /// Appended by people in a good and in a bad mood.
    pub(crate) glad: &'static [&'static str],
    pub(crate) sad: &'static [&'static str],
}
