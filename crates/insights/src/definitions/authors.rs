use super::{Figure, FigureUnit, SELECTED, USUAL, say};

/// By whom.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        id: "author_mentions",
        unit: FigureUnit::Mentions,
        name: say("Mentions of the author", "Упоминания автора", "Згадки автора"),
        formula: say(
            "The number of mentions that one author wrote.",
            "Число упоминаний, написанных одним автором.",
            "Кількість згадок, написаних одним автором.",
        ),
        symbols: "|{m ∈ M : author(m) = a}|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "author_share",
        unit: FigureUnit::Share,
        name: say("Share of the author", "Доля автора", "Частка автора"),
        formula: say(
            "Mentions of the author divided by all mentions of the selection.",
            "Упоминания автора, делённые на все упоминания выборки.",
            "Згадки автора, поділені на всі згадки вибірки.",
        ),
        symbols: "|{m ∈ M : author(m) = a}| / |M|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "followers",
        unit: FigureUnit::People,
        name: say("Followers", "Подписчики", "Підписники"),
        formula: say(
            "How many people follow the author, as the network told with the author's newest mention here; in the list by followers the most it told.",
            "Сколько людей подписано на автора — по сведениям сети при его самом новом упоминании в выборке; в списке по подписчикам — наибольшее из сообщённых чисел.",
            "Скільки людей підписано на автора — за даними мережі при його найновішій згадці у вибірці; у списку за підписниками — найбільше з повідомлених чисел.",
        ),
        symbols: "f(a)",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "repeat",
        unit: FigureUnit::People,
        name: say("Repeat posters", "Пишут повторно", "Пишуть повторно"),
        formula: say(
            "The number of authors with two mentions or more.",
            "Число авторов, у которых два упоминания и больше.",
            "Кількість авторів, у яких дві згадки й більше.",
        ),
        symbols: "|{a ∈ A(M) : |M of a| ≥ 2}|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "repeat_share",
        unit: FigureUnit::Share,
        name: say("Share by repeat posters", "Доля повторно пишущих", "Частка тих, хто пише повторно"),
        formula: say(
            "The mentions that repeat posters wrote, divided by the mentions whose author is known.",
            "Упоминания, написанные повторно пишущими авторами, делённые на упоминания с известным автором.",
            "Згадки, написані авторами, що пишуть повторно, поділені на згадки з відомим автором.",
        ),
        symbols: "Σ |M of a|, |M of a| ≥ 2 / Σ |M of a|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
];
