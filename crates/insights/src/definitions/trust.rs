use super::{Figure, FigureUnit, SELECTED, USUAL, say};

const SOURCES: molva_query::Spoken = say(
    "The sources that exist and can bring mentions of the selection, from the day each was added, up to now.",
    "Существующие источники, которые могут приносить упоминания выборки, — со дня добавления каждого и до сих пор.",
    "Наявні джерела, які можуть приносити згадки вибірки, — від дня додавання кожного й донині.",
);
const NOT_SOURCES: molva_query::Spoken = say(
    "Files, sources that were switched off by a person, deleted sources, and networks that the selection leaves out.",
    "Файлы, источники, выключенные человеком, удалённые источники и сети, не входящие в выборку.",
    "Файли, джерела, вимкнені людиною, видалені джерела та мережі, що не входять до вибірки.",
);

/// How far to trust it.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        id: "sources_expected",
        unit: FigureUnit::Sources,
        name: say("Sources expected", "Ожидаемые источники", "Очікувані джерела"),
        formula: say(
            "The number of sources that should have been collecting during the period.",
            "Число источников, которые должны были собирать в течение периода.",
            "Кількість джерел, які мали збирати протягом періоду.",
        ),
        symbols: "|S|",
        rows: SOURCES,
        excludes: NOT_SOURCES,
        source: None,
    },
    Figure {
        id: "sources_delivering",
        unit: FigureUnit::Sources,
        name: say("Sources delivering", "Работающие источники", "Джерела, що працюють"),
        formula: say(
            "The number of expected sources that are not failing, silent or stopped at the end of the period, and were not down for all of it.",
            "Число ожидаемых источников, которые к концу периода не сбоят, не молчат и не остановлены и работали хотя бы часть периода.",
            "Кількість очікуваних джерел, які на кінець періоду не збоять, не мовчать і не зупинені та працювали хоча б частину періоду.",
        ),
        symbols: "|{s ∈ S : delivering(s)}|",
        rows: SOURCES,
        excludes: NOT_SOURCES,
        source: None,
    },
    Figure {
        id: "gap_share",
        unit: FigureUnit::Share,
        name: say("Collection time missing", "Пропущенное время сбора", "Пропущений час збору"),
        formula: say(
            "The time in which expected sources were down, by the gaps of the collection ledger, divided by the time they were expected to \
             collect. Gaps of one source that overlap count once. Empty when no source was expected.",
            "Время, когда ожидаемые источники не работали (пробелы журнала сбора), делённое на время, когда они должны были собирать. \
             Пересекающиеся пробелы одного источника считаются один раз. Пусто, если источников не ожидалось.",
            "Час, коли очікувані джерела не працювали (прогалини журналу збору), поділений на час, коли вони мали збирати. Прогалини одного \
             джерела, що перетинаються, рахуються один раз. Порожньо, якщо джерел не очікувалося.",
        ),
        symbols: "Σ gap(s) / Σ expected(s), s ∈ S",
        rows: SOURCES,
        excludes: NOT_SOURCES,
        source: None,
    },
    Figure {
        id: "gap_seconds",
        unit: FigureUnit::Seconds,
        name: say("Time down", "Время без сбора", "Час без збору"),
        formula: say(
            "How long a source was down within the period.",
            "Сколько времени источник не работал в течение периода.",
            "Скільки часу джерело не працювало протягом періоду.",
        ),
        symbols: "gap(s)",
        rows: SOURCES,
        excludes: NOT_SOURCES,
        source: None,
    },
    Figure {
        id: "quota_cuts",
        unit: FigureUnit::Values,
        name: say("Cuts by quota", "Обрывы из-за квоты", "Обриви через квоту"),
        formula: say(
            "How often a network withheld items: its quota is used up now, or more had come than it keeps.",
            "Сколько раз сеть не отдала записи: квота сейчас исчерпана или записей пришло больше, чем сеть хранит.",
            "Скільки разів мережа не віддала дописи: квоту зараз вичерпано або дописів надійшло більше, ніж мережа зберігає.",
        ),
        symbols: "|{cuts}|",
        rows: SOURCES,
        excludes: NOT_SOURCES,
        source: None,
    },
    Figure {
        id: "duplicates_share",
        unit: FigureUnit::Share,
        name: say("Exact copies", "Точные копии", "Точні копії"),
        formula: say(
            "Mentions that repeat the words of an earlier mention of the same topic, divided by the mentions of the selection with copies.",
            "Упоминания, повторяющие слова более раннего упоминания той же темы, делённые на упоминания выборки вместе с копиями.",
            "Згадки, що повторюють слова ранішої згадки тієї самої теми, поділені на згадки вибірки разом із копіями.",
        ),
        symbols: "|copies| / (|M without copies| + |copies|)",
        rows: SELECTED,
        excludes: say(
            "As the switch says, binned mentions and spam; posts deleted at their network.",
            "По переключателю — упоминания в корзине и спам; записи, удалённые в своей сети.",
            "За перемикачем — згадки в кошику та спам; дописи, видалені у своїй мережі.",
        ),
        source: None,
    },
    Figure {
        id: "binned",
        unit: FigureUnit::Mentions,
        name: say("Binned", "В корзине", "У кошику"),
        formula: say(
            "The number of mentions of the selection that people have put into the bin.",
            "Число упоминаний выборки, которые люди отправили в корзину.",
            "Кількість згадок вибірки, які люди відправили до кошика.",
        ),
        symbols: "|{m : state(m) = binned}|",
        rows: SELECTED,
        excludes: say(
            "As the switch says, exact copies and spam; posts deleted at their network.",
            "По переключателю — точные копии и спам; записи, удалённые в своей сети.",
            "За перемикачем — точні копії та спам; дописи, видалені у своїй мережі.",
        ),
        source: None,
    },
    Figure {
        id: "spam",
        unit: FigureUnit::Mentions,
        name: say("Spam", "Спам", "Спам"),
        formula: say(
            "The number of mentions of the selection whose probability of spam is 0.5 or more.",
            "Число упоминаний выборки с вероятностью спама от 0,5.",
            "Кількість згадок вибірки з імовірністю спаму від 0,5.",
        ),
        symbols: "|{m : spam(m) ≥ 0.5}|",
        rows: SELECTED,
        excludes: say(
            "As the switch says, exact copies and binned mentions; posts deleted at their network.",
            "По переключателю — точные копии и упоминания в корзине; записи, удалённые в своей сети.",
            "За перемикачем — точні копії та згадки в кошику; дописи, видалені у своїй мережі.",
        ),
        source: None,
    },
    Figure {
        id: "judged_share",
        unit: FigureUnit::Share,
        name: say("Judged by people", "Оценено людьми", "Оцінено людьми"),
        formula: say(
            "Mentions whose tone a person has set, divided by all mentions of the selection.",
            "Упоминания, чью тональность указал человек, делённые на все упоминания выборки.",
            "Згадки, чию тональність вказала людина, поділені на всі згадки вибірки.",
        ),
        symbols: "(|M⁺| + |M⁰| + |M⁻|) / |M|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
];
