use super::{Figure, FigureUnit, SELECTED, USUAL, say};

/// How often.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        id: "bucket_mentions",
        unit: FigureUnit::Mentions,
        name: say("Mentions by time", "Упоминания по времени", "Згадки за часом"),
        formula: say(
            "The number of mentions published in each minute, hour, day, week (from Monday), month, quarter or year of the workspace's \
             time zone. The first and the last bucket are cut to the period. A post dated in the future counts at its arrival.",
            "Число упоминаний, опубликованных в каждую минуту, час, день, неделю (с понедельника), месяц, квартал или год в часовом поясе \
             рабочего пространства. Первый и последний столбцы обрезаны по границам периода. Запись с датой в будущем считается по времени прихода.",
            "Кількість згадок, опублікованих за кожну хвилину, годину, день, тиждень (з понеділка), місяць, квартал або рік у часовому поясі \
             робочого простору. Перший і останній стовпці обрізано за межами періоду. Допис із датою в майбутньому рахується за часом надходження.",
        ),
        symbols: "|{m ∈ M : from ≤ time(m) < to}|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "bucket_before",
        unit: FigureUnit::Mentions,
        name: say("Compared period", "Период сравнения", "Період порівняння"),
        formula: say(
            "The same count in the compared period: the first bucket beside the first, the second beside the second, and so on. Up to weeks \
             the buckets are as long as those beside them; from months on they follow the calendar.",
            "Такое же число в периоде сравнения: первый столбец рядом с первым, второй со вторым и так далее. До недель столбцы той же \
             длины, что и соседние; от месяцев и дольше они идут по календарю.",
            "Така сама кількість у періоді порівняння: перший стовпець поруч із першим, другий із другим і так далі. До тижнів стовпці тієї \
             самої довжини, що й сусідні; від місяців і довше вони йдуть за календарем.",
        ),
        symbols: "|{m ∈ M₀ : from₀ ≤ time(m) < to₀}|",
        rows: say(
            "The mentions of the same selection in the compared period.",
            "Упоминания той же выборки в периоде сравнения.",
            "Згадки тієї самої вибірки в періоді порівняння.",
        ),
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "gap",
        unit: FigureUnit::Values,
        name: say("Gap", "Пробел", "Прогалина"),
        formula: say(
            "A bucket is marked when some source of the selection was down during a part of it: what it shows may be too little. A marked \
             bucket is not a dip.",
            "Столбец отмечен, если какой-то источник выборки в это время хотя бы частично не работал: показано может быть меньше, чем было. \
             Отмеченный столбец — не спад.",
            "Стовпець позначено, якщо якесь джерело вибірки в цей час хоча б частково не працювало: показано може бути менше, ніж було. \
             Позначений стовпець — не спад.",
        ),
        symbols: "∃ gap g : from(g) < to and to(g) > from",
        rows: say(
            "The gaps in the collection ledger of the sources that can bring mentions of the selection.",
            "Пробелы журнала сбора у источников, которые могут приносить упоминания выборки.",
            "Прогалини журналу збору в джерел, які можуть приносити згадки вибірки.",
        ),
        excludes: say(
            "Files, sources switched off by a person, deleted sources, sources of networks that the selection leaves out.",
            "Файлы, источники, выключенные человеком, удалённые источники и источники сетей, не входящих в выборку.",
            "Файли, джерела, вимкнені людиною, видалені джерела та джерела мереж, що не входять до вибірки.",
        ),
        source: None,
    },
    Figure {
        id: "heat",
        unit: FigureUnit::Mentions,
        name: say("Hours of the week", "Часы недели", "Години тижня"),
        formula: say(
            "The number of mentions in each hour of each weekday, by the wall clock of the workspace's time zone. A doubled hour of autumn \
             adds to its cell twice.",
            "Число упоминаний в каждый час каждого дня недели по местному времени рабочего пространства. Удвоенный осенний час входит в \
             свою клетку дважды.",
            "Кількість згадок за кожну годину кожного дня тижня за місцевим часом робочого простору. Подвоєна осіння година входить до \
             своєї клітинки двічі.",
        ),
        symbols: "|{m ∈ M : weekday(m) = d, hour(m) = h}|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
];
