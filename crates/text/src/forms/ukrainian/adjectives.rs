//! Ukrainian adjectives: мобільний, синій.

use super::Cuts;

const HARD: &[&str] = &["ий", "ого", "ому", "им", "ім", "а", "ої", "ій", "у", "ою", "е", "і", "их", "ими"];
const SOFT: &[&str] = &["ій", "ього", "ьому", "ім", "я", "ьої", "ю", "ьою", "є", "і", "іх", "іми"];

pub(super) const CUTS: Cuts = &[
    ("ого", &["ий"]),
    ("ому", &["ий"]),
    ("ими", &["ий"]),
    ("ним", &["ний"]),
    ("ким", &["кий"]),
    ("вим", &["вий"]),
    ("их", &["ий"]),
    ("ої", &["ий"]),
    ("ній", &["ний"]),
    ("кій", &["кий"]),
    ("вій", &["вий"]),
    ("ою", &["ий"]),
    ("ського", &["ський"]),
    ("на", &["ний"]),
    ("ну", &["ний"]),
    ("не", &["ний"]),
    ("ні", &["ний"]),
    ("ська", &["ський"]),
    ("цька", &["цький"]),
    ("ську", &["ський"]),
    ("ське", &["ський"]),
    ("ські", &["ський"]),
    ("цьку", &["цький"]),
    ("цькі", &["цький"]),
    ("ова", &["овий"]),
    ("ову", &["овий"]),
    ("ове", &["овий"]),
    ("ові", &["овий"]),
];

/// All forms of an adjective in its dictionary form; `None` for other words.
pub(super) fn paradigm(lemma: &str) -> Option<Vec<String>> {
    if lemma.chars().count() < 4 {
        return None;
    }
    let (stem, endings) = match lemma.strip_suffix("ий") {
        Some(stem) => (stem, HARD),
        None => (lemma.strip_suffix("ій").filter(|stem| stem.ends_with('н'))?, SOFT),
    };
    Some(endings.iter().map(|ending| format!("{stem}{ending}")).collect())
}
