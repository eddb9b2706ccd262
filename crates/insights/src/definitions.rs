//! The one table of figures: what each is called, how it is worked out, over which rows, and what is left out.
//!
//! It drives `GET /api/figures`, the column heads of exports and `docs/metrics.md`. A figure that is shown has a row here.

mod authors;
mod places;
mod rhythm;
mod trust;
mod understanding;
mod volume;
mod words;

use std::fmt::Write as _;

use molva_query::Spoken;
use serde::Serialize;

/// Which of the five questions, the panel of what is understood, or the trust strip, a figure belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    Volume,
    Rhythm,
    Places,
    Authors,
    Words,
    Understanding,
    Trust,
}

impl Question {
    pub const ALL: [Self; 7] =
        [Self::Volume, Self::Rhythm, Self::Places, Self::Authors, Self::Words, Self::Understanding, Self::Trust];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::Rhythm => "rhythm",
            Self::Places => "places",
            Self::Authors => "authors",
            Self::Words => "words",
            Self::Understanding => "understanding",
            Self::Trust => "trust",
        }
    }

    /// As a heading.
    #[must_use]
    pub const fn title(self) -> Spoken {
        match self {
            Self::Volume => {
                say("Is it said of us, and how much", "Говорят ли о нас и сколько", "Чи говорять про нас і скільки")
            }
            Self::Rhythm => say("How often", "Как часто", "Як часто"),
            Self::Places => say("Where", "Где", "Де"),
            Self::Authors => say("By whom", "Кто", "Хто"),
            Self::Words => say("Of what", "О чём", "Про що"),
            Self::Understanding => {
                say("In which mood, and what for", "С каким настроем и зачем", "З яким настроєм і навіщо")
            }
            Self::Trust => say("How far to trust it", "Насколько этому верить", "Наскільки цьому вірити"),
        }
    }

    const fn figures(self) -> &'static [Figure] {
        match self {
            Self::Volume => volume::FIGURES,
            Self::Rhythm => rhythm::FIGURES,
            Self::Places => places::FIGURES,
            Self::Authors => authors::FIGURES,
            Self::Words => words::FIGURES,
            Self::Understanding => understanding::FIGURES,
            Self::Trust => trust::FIGURES,
        }
    }
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureUnit {
    Mentions,
    /// Authors, told apart by their accounts.
    People,
    /// 0 to 1.
    Share,
    /// -100 to +100.
    Points,
    Views,
    /// Mentions in 24 hours.
    PerDay,
    /// A quotient: twice as often is 2.
    Times,
    Sources,
    Seconds,
    /// Different values: sites, words, …
    Values,
}

impl FigureUnit {
    pub const ALL: [Self; 10] = [
        Self::Mentions,
        Self::People,
        Self::Share,
        Self::Points,
        Self::Views,
        Self::PerDay,
        Self::Times,
        Self::Sources,
        Self::Seconds,
        Self::Values,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mentions => "mentions",
            Self::People => "people",
            Self::Share => "share",
            Self::Points => "points",
            Self::Views => "views",
            Self::PerDay => "per_day",
            Self::Times => "times",
            Self::Sources => "sources",
            Self::Seconds => "seconds",
            Self::Values => "values",
        }
    }
}

/// A figure and all there is to know about it.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// As the API's fields and the columns of exports are called.
    pub id: &'static str,
    pub unit: FigureUnit,
    pub name: Spoken,
    /// In plain words.
    pub formula: Spoken,
    /// The same in symbols; they are explained at [`SYMBOLS`].
    pub symbols: &'static str,
    /// Which rows it is worked out over.
    pub rows: Spoken,
    /// What is not among them.
    pub excludes: Spoken,
    /// Where the formula comes from, when it is not plain counting.
    pub source: Option<&'static str>,
}

/// Every figure with its question, in the order of the page.
pub fn figures() -> impl Iterator<Item = (Question, &'static Figure)> {
    Question::ALL.into_iter().flat_map(|question| question.figures().iter().map(move |figure| (question, figure)))
}

/// The figure of that id.
#[must_use]
pub fn figure(id: &str) -> Option<&'static Figure> {
    figures().map(|(_, figure)| figure).find(|figure| figure.id == id)
}

/// What the letters in [`Figure::symbols`] stand for.
pub const SYMBOLS: &[(&str, Spoken)] = &[
    ("M", say("the mentions of the selection", "упоминания выборки", "згадки вибірки")),
    ("|X|", say("how many mentions X holds", "число упоминаний в X", "кількість згадок у X")),
    (
        "M⁺, M⁰, M⁻, M?",
        say(
            "those with positive, neutral, negative tone, and those that neither people nor the machine have judged",
            "из них с позитивной, нейтральной, негативной тональностью и те, которые не оценили ни люди, ни машина",
            "з них із позитивною, нейтральною, негативною тональністю та ті, які не оцінили ні люди, ні машина",
        ),
    ),
    ("A(X)", say("the different authors of X", "разные авторы X", "різні автори X")),
    (
        "f(a)",
        say(
            "followers of author a, 0 where the network does not say",
            "подписчики автора a; 0, если сеть их не сообщает",
            "підписники автора a; 0, якщо мережа їх не повідомляє",
        ),
    ),
    (
        "f(m)",
        say(
            "followers of the author of mention m, 0 where the network does not say",
            "подписчики автора упоминания m; 0, если сеть их не сообщает",
            "підписники автора згадки m; 0, якщо мережа їх не повідомляє",
        ),
    ),
    ("M_t", say("the mentions of topic t", "упоминания темы t", "згадки теми t")),
    (
        "T",
        say(
            "all topics of kinds own and competitor",
            "все темы вида «своя» и «конкурент»",
            "усі теми виду «своя» та «конкурент»",
        ),
    ),
    (
        "M_i",
        say(
            "the mentions with intent i: what people said, otherwise the machine",
            "упоминания с намерением i: что сказали люди, а иначе машина",
            "згадки з наміром i: що сказали люди, а інакше машина",
        ),
    ),
    (
        "M_s",
        say(
            "the mentions at stage s: what people said, otherwise the machine",
            "упоминания на этапе s: что сказали люди, а иначе машина",
            "згадки на етапі s: що сказали люди, а інакше машина",
        ),
    ),
    ("M_w", say("the mentions that say w", "упоминания, в которых есть w", "згадки, у яких є w")),
    ("B, B_w", say("the same in the baseline", "то же в базе сравнения", "те саме в базі порівняння")),
    (
        "days",
        say(
            "length of the period in days of 24 hours",
            "длина периода в сутках по 24 часа",
            "довжина періоду в добах по 24 години",
        ),
    ),
];

/// `docs/metrics.md`.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "<!-- Made from the table in crates/insights/src/definitions; after a change run\n\
         `UPDATE_METRICS=1 cargo test -p molva-insights metrics` -->\n\n\
         # Metrics\n\n\
         Every figure that Molva shows, how it is worked out and over which rows. The page shows the same on hover, \
         `GET /api/figures` gives it in English, Russian and Ukrainian, and exports name their columns by it.\n\n\
         A **mention** is one post in one topic: a post in two topics is two mentions. A figure that cannot be worked out, because \
         there is nothing to divide by, is empty and never zero.\n\n\
         ## Symbols\n\n| symbol | stands for |\n|---|---|\n",
    );
    for (symbol, about) in SYMBOLS {
        let _ = writeln!(page, "| `{}` | {} |", symbol.replace('|', "\\|"), about.en);
    }
    for question in Question::ALL {
        let _ = write!(page, "\n## {}\n", question.title().en);
        for figure in question.figures() {
            let _ = write!(
                page,
                "\n### {}\n\n`{}` · {}\n\n{}\n\n```\n{}\n```\n\n- Rows: {}\n- Left out: {}\n",
                figure.name.en,
                figure.id,
                figure.unit.as_str(),
                figure.formula.en,
                figure.symbols,
                figure.rows.en,
                figure.excludes.en,
            );
            if let Some(source) = figure.source {
                let _ = writeln!(page, "- Source: {source}");
            }
        }
    }
    page
}

/// The same sentence in the three languages.
pub(crate) const fn say(en: &'static str, ru: &'static str, uk: &'static str) -> Spoken {
    Spoken { en, ru, uk }
}

/// Most figures count these rows.
const SELECTED: Spoken = say(
    "The mentions of the selection: its query, filters and period.",
    "Упоминания выборки: её запрос, фильтры и период.",
    "Згадки вибірки: її запит, фільтри та період.",
);

/// And leave these out.
const USUAL: Spoken = say(
    "Exact copies, binned mentions, spam (probability 0.5 and more; unknown is not spam) and posts deleted at their network. \
     A switch brings each of the first three back.",
    "Точные копии, упоминания в корзине, спам (вероятность от 0,5; неизвестная — не спам) и записи, удалённые в своей сети. \
     Первые три возвращаются переключателем.",
    "Точні копії, згадки в кошику, спам (імовірність від 0,5; невідома — не спам) та дописи, видалені у своїй мережі. \
     Перші три повертає перемикач.",
);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn metrics_page_in_the_repository_is_the_one_the_table_makes() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
        if std::env::var_os("UPDATE_METRICS").is_some() {
            std::fs::write(&path, markdown()).expect("the page is written");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let advice = "`docs/metrics.md` is not what the table makes; run `UPDATE_METRICS=1 cargo test -p molva-insights metrics`";
        assert!(kept == markdown(), "{advice}");
    }

    #[test]
    fn every_figure_has_a_name_of_its_own_and_is_told_in_three_languages() {
        let ids: BTreeSet<_> = figures().map(|(_, figure)| figure.id).collect();
        assert_eq!(ids.len(), figures().count());
        for (_, figure) in figures() {
            assert!(figure.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{}", figure.id);
            assert!(!figure.symbols.is_empty(), "{}", figure.id);
            for said in [figure.name, figure.formula, figure.rows, figure.excludes] {
                for text in [said.en, said.ru, said.uk] {
                    assert!(!text.trim().is_empty() && !text.contains("  "), "{}: {text}", figure.id);
                }
                let cyrillic =
                    |text: &str| text.chars().any(|letter| ('а'..='я').contains(&letter.to_ascii_lowercase()));
                assert!(!cyrillic(said.en) && cyrillic(said.ru) && cyrillic(said.uk), "{}: {said:?}", figure.id);
            }
        }
    }
}
