use super::{Figure, FigureUnit, SELECTED, USUAL, say};

const BASELINE: molva_query::Spoken = say(
    "The mentions of the same selection in the baseline period: the one that was chosen, else the stretch of the same length just before. A \
     selection without a period is compared with all mentions of all topics.",
    "Упоминания той же выборки в базовом периоде: выбранном, иначе — в отрезке той же длины прямо перед ним. Выборка без периода \
     сравнивается со всеми упоминаниями всех тем.",
    "Згадки тієї самої вибірки в базовому періоді: обраному, інакше — у відрізку тієї самої довжини прямо перед ним. Вибірка без періоду \
     порівнюється з усіма згадками всіх тем.",
);

/// Of what.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        id: "word_mentions",
        unit: FigureUnit::Mentions,
        name: say("Mentions of the word", "Упоминания со словом", "Згадки зі словом"),
        formula: say(
            "The number of mentions that say the word, hashtag, emoji or link; saying it twice counts once. Words shorter than three letters \
             and function words are not listed.",
            "Число упоминаний, в которых есть слово, хештег, эмодзи или ссылка; повтор в одном упоминании не считается. Слова короче трёх \
             букв и служебные слова не показаны.",
            "Кількість згадок, у яких є слово, хештег, емодзі або посилання; повтор в одній згадці не рахується. Слова коротші за три \
             літери та службові слова не показано.",
        ),
        symbols: "|M_w|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "word_share",
        unit: FigureUnit::Share,
        name: say("Share of the word", "Доля слова", "Частка слова"),
        formula: say(
            "Mentions that say the word, divided by all mentions of the selection.",
            "Упоминания со словом, делённые на все упоминания выборки.",
            "Згадки зі словом, поділені на всі згадки вибірки.",
        ),
        symbols: "|M_w| / |M|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "baseline_share",
        unit: FigureUnit::Share,
        name: say("Share in the baseline", "Доля в базе сравнения", "Частка в базі порівняння"),
        formula: say(
            "Mentions of the baseline that say the word, divided by all mentions of the baseline.",
            "Упоминания базы со словом, делённые на все упоминания базы.",
            "Згадки бази зі словом, поділені на всі згадки бази.",
        ),
        symbols: "|B_w| / |B|",
        rows: BASELINE,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "lift",
        unit: FigureUnit::Times,
        name: say("Times as often", "Во сколько раз чаще", "У скільки разів частіше"),
        formula: say(
            "The share of the word divided by its share in the baseline. Empty when the baseline does not say it.",
            "Доля слова, делённая на его долю в базе сравнения. Пусто, если в базе его нет.",
            "Частка слова, поділена на його частку в базі порівняння. Порожньо, якщо в базі його немає.",
        ),
        symbols: "(|M_w| / |M|) / (|B_w| / |B|)",
        rows: BASELINE,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "typical",
        unit: FigureUnit::Values,
        name: say("Typical words", "Характерные слова", "Характерні слова"),
        formula: say(
            "Words said more often than in the baseline, ordered by the log-likelihood ratio G²: how hard it is to believe that both sets \
             say the word equally often. Listed from G² = 10.83 on (chance 1 in 1,000) and 5 mentions. Without a baseline to compare with, \
             the most frequent words.",
            "Слова, которые встречаются чаще, чем в базе, по убыванию отношения правдоподобия G²: насколько трудно поверить, что слово \
             одинаково часто в обоих наборах. Показаны от G² = 10,83 (случайность 1 из 1000) и 5 упоминаний. Если сравнивать не с чем — \
             самые частые слова.",
            "Слова, які трапляються частіше, ніж у базі, за спаданням відношення правдоподібності G²: наскільки важко повірити, що слово \
             однаково часте в обох наборах. Показано від G² = 10,83 (випадковість 1 з 1000) та 5 згадок. Якщо порівнювати нема з чим — \
             найчастіші слова.",
        ),
        symbols: "G² = 2 Σ O · ln(O / E) over {says w, does not} × {M, B}",
        rows: BASELINE,
        excludes: USUAL,
        source: Some("Dunning 1993, Accurate methods for the statistics of surprise and coincidence."),
    },
    Figure {
        id: "rising",
        unit: FigureUnit::Values,
        name: say("Rising words", "Растущие слова", "Слова, що зростають"),
        formula: say(
            "Words said at least one and a half times as often as in the baseline, with the same evidence (G² from 10.83, 5 mentions), ordered by how \
             many times as often; half a mention is added to both counts, so that a new word has a place in the order.",
            "Слова, которые встречаются хотя бы в полтора раза чаще, чем в базе, при тех же основаниях (G² от 10,83, от 5 упоминаний), по убыванию \
             роста; к обоим числам прибавлено по половине упоминания, чтобы и новое слово имело место в порядке.",
            "Слова, які трапляються хоча б у півтора раза частіше, ніж у базі, за тих самих підстав (G² від 10,83, від 5 згадок), за спаданням \
             зростання; до обох чисел додано по половині згадки, щоб і нове слово мало місце в порядку.",
        ),
        symbols: "((|M_w| + ½) / |M|) / ((|B_w| + ½) / |B|)",
        rows: BASELINE,
        excludes: USUAL,
        source: Some("Evidence: Dunning 1993. The half mention: Haldane 1956, Anscombe 1956."),
    },
    Figure {
        id: "phrase_share",
        unit: FigureUnit::Share,
        name: say("Share of the phrase", "Доля словосочетания", "Частка словосполучення"),
        formula: say(
            "Two or three words in a row within a sentence. Counted in a random sample of at most 400 mentions: those that say the phrase, \
             divided by the sample. The interval covers the true share in 95 cases of 100.",
            "Два или три слова подряд в одном предложении. Считаются в случайной выборке из не более чем 400 упоминаний: содержащие \
             словосочетание, делённые на размер выборки. Интервал накрывает истинную долю в 95 случаях из 100.",
            "Два або три слова поспіль в одному реченні. Рахуються у випадковій вибірці з не більш ніж 400 згадок: ті, що містять \
             словосполучення, поділені на розмір вибірки. Інтервал накриває справжню частку в 95 випадках зі 100.",
        ),
        symbols: "p = k / n; (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96",
        rows: say(
            "Mentions of the selection chosen at random, at most 400; the same selection gives the same ones.",
            "Случайные упоминания выборки, не более 400; у той же выборки они те же.",
            "Випадкові згадки вибірки, не більш ніж 400; у тієї самої вибірки вони ті самі.",
        ),
        excludes: USUAL,
        source: Some("Wilson 1927, Probable inference, the law of succession, and statistical inference."),
    },
];
