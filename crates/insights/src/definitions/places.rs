use super::{Figure, FigureUnit, SELECTED, USUAL, say};

/// Where.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        id: "place_mentions",
        unit: FigureUnit::Mentions,
        name: say("Mentions by place", "Упоминания по площадкам", "Згадки за майданчиками"),
        formula: say(
            "The number of mentions of each network, site, community, and of each country, region and city that the author states.",
            "Число упоминаний в каждой сети, на каждом сайте, в каждом сообществе, по странам, регионам и городам, указанным авторами.",
            "Кількість згадок у кожній мережі, на кожному сайті, у кожній спільноті, за країнами, регіонами та містами, вказаними авторами.",
        ),
        symbols: "|{m ∈ M : place(m) = p}|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "place_share",
        unit: FigureUnit::Share,
        name: say("Share of the place", "Доля площадки", "Частка майданчика"),
        formula: say(
            "Mentions of the place divided by all mentions of the selection, those without a known place among them.",
            "Упоминания площадки, делённые на все упоминания выборки, включая те, чьё место неизвестно.",
            "Згадки майданчика, поділені на всі згадки вибірки, зокрема ті, чиє місце невідоме.",
        ),
        symbols: "|{m ∈ M : place(m) = p}| / |M|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "distinct",
        unit: FigureUnit::Values,
        name: say("Different places", "Разных площадок", "Різних майданчиків"),
        formula: say(
            "How many different networks, sites, communities, countries, regions or cities there are, shown or not.",
            "Сколько всего разных сетей, сайтов, сообществ, стран, регионов или городов, показанных и нет.",
            "Скільки всього різних мереж, сайтів, спільнот, країн, регіонів або міст, показаних і ні.",
        ),
        symbols: "|{place(m) : m ∈ M}|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "others",
        unit: FigureUnit::Mentions,
        name: say("Others", "Остальные", "Решта"),
        formula: say(
            "The mentions of the places that are not shown.",
            "Упоминания площадок, которые не показаны.",
            "Згадки майданчиків, яких не показано.",
        ),
        symbols: "|M| − Σ shown − without",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "without",
        unit: FigureUnit::Mentions,
        name: say("Unknown", "Неизвестно", "Невідомо"),
        formula: say(
            "The mentions of which the place is not known.",
            "Упоминания, место которых неизвестно.",
            "Згадки, місце яких невідоме.",
        ),
        symbols: "|{m ∈ M : place(m) unknown}|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
];
