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

const NOT_LABELLED: molva_query::Spoken = say(
    "Skipped answers, copies and binned mentions. Corrections that people make in lists: nobody drew those at random.",
    "Пропущенные ответы, копии и упоминания в корзине. Исправления, сделанные в списках: их никто не выбирал случайно.",
    "Пропущені відповіді, копії та згадки в кошику. Виправлення, зроблені у списках: їх ніхто не вибирав випадково.",
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
            "Mentions of which a person has set the tone, the intents, the stage or whether it is spam, divided by all mentions of the \
             selection.",
            "Упоминания, у которых человек указал тональность, намерения, этап или спам, делённые на все упоминания выборки.",
            "Згадки, у яких людина вказала тональність, наміри, етап або спам, поділені на всі згадки вибірки.",
        ),
        symbols: "|{m ∈ M : judged by people}| / |M|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "audited",
        unit: FigureUnit::Mentions,
        name: say("Mentions labelled blind", "Размечено вслепую", "Розмічено наосліп"),
        formula: say(
            "The number of mentions that were drawn at random and that at least one person labelled without seeing what the machine says.",
            "Число упоминаний, выбранных случайно и размеченных хотя бы одним человеком, который не видел ответа машины.",
            "Кількість згадок, вибраних випадково й розмічених принаймні однією людиною, яка не бачила відповіді машини.",
        ),
        symbols: "n = |{m ∈ M : drawn(m), labelled(m)}|",
        rows: SELECTED,
        excludes: NOT_LABELLED,
        source: None,
    },
    Figure {
        id: "agreement",
        unit: FigureUnit::Share,
        name: say("Agreement of people", "Согласие людей", "Згода людей"),
        formula: say(
            "How much more often two people give the same tone than chance would have it: 1 is always, 0 is as often as by chance. Empty \
             where no mention has two labels, or all labels are the same.",
            "Насколько чаще два человека ставят одну тональность, чем вышло бы случайно: 1 — всегда, 0 — как случайно. Пусто, если \
             двойных ответов нет или все ответы одинаковы.",
            "Наскільки частіше двоє людей ставлять ту саму тональність, ніж вийшло б випадково: 1 — завжди, 0 — як випадково. Порожньо, \
             якщо подвійних відповідей немає або всі відповіді однакові.",
        ),
        symbols: "κ = (p_same - p_chance) / (1 - p_chance)",
        rows: say(
            "Labelled mentions of the selection that two people answered: a third of each round is shown to two.",
            "Размеченные упоминания выборки с ответами двух человек: треть каждого круга показывают двоим.",
            "Розмічені згадки вибірки з відповідями двох людей: третину кожного кола показують двом.",
        ),
        excludes: NOT_LABELLED,
        source: Some("J. Cohen (1960), A Coefficient of Agreement for Nominal Scales"),
    },
    Figure {
        id: "estimate",
        unit: FigureUnit::Share,
        name: say("Corrected share with its interval", "Уточнённая доля с интервалом", "Уточнена частка з інтервалом"),
        formula: say(
            "The machine's share, moved by as much as the machine was off where people looked. λ says how much the machine's word is worth \
             there, from 0 to 1; w is how many mentions a label stands for. The true share lies between the ends of the interval in 95 cases \
             of 100. Where people saw fewer than ten cases of something, or of its opposite, the labels alone count (Wilson). Net sentiment \
             is worked out likewise, with one label of -1, 0 or 1. Empty under 30 labels, or when the labelled weeks hold less than a \
             fifth of the mentions; of weeks that nobody labelled it is taken that the machine errs there as it does in the others.",
            "Доля по ответам машины, сдвинутая на столько, на сколько машина ошибалась там, где смотрели люди. λ — насколько её слову можно \
             верить, от 0 до 1; w — сколько упоминаний представляет один ответ. Настоящая доля лежит внутри интервала в 95 случаях из 100. \
             Если люди видели меньше десяти случаев чего-то или обратного, считаются только их ответы (Уилсон). Чистая тональность \
             считается так же, ответами -1, 0 и 1. Пусто, если ответов меньше 30 или на размеченные недели приходится меньше пятой части \
             упоминаний; для неразмеченных недель принимается, что машина ошибается в них так же.",
            "Частка за відповідями машини, зсунута на стільки, на скільки машина помилялася там, де дивилися люди. λ — наскільки її слову \
             можна вірити, від 0 до 1; w — скільки згадок представляє одна відповідь. Справжня частка лежить усередині інтервалу у 95 \
             випадках зі 100. Якщо люди бачили менше десяти випадків чогось або протилежного, рахуються лише їхні відповіді (Вілсон). \
             Чиста тональність рахується так само, відповідями -1, 0 та 1. Порожньо, якщо відповідей менше 30 або на розмічені тижні \
             припадає менше п'ятої частини згадок; для нерозмічених тижнів береться, що машина помиляється в них так само.",
        ),
        symbols: "θ = λ mean_M(f) + mean_w(y - λ f), λ = cov(y, f) / var(f) in [0, 1], θ ± 1.96 sqrt(Σ_h N_h² (1 - n_h/N_h) s_h² / n_h / N² + 0.24/n²)",
        rows: SELECTED,
        excludes: NOT_LABELLED,
        source: Some(
            "A. Angelopoulos, J. Duchi, T. Zrnic (2023), PPI++: Efficient Prediction-Powered Inference; W. Cochran (1977), Sampling Techniques; \
             E. Wilson (1927)",
        ),
    },
];
