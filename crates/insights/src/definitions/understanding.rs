use super::{Figure, FigureUnit, SELECTED, USUAL, say};

/// What spam is counted over.
const WITH_SPAM: molva_query::Spoken = say(
    "Exact copies, binned mentions (a switch brings each back) and posts deleted at their network. Spam is never left out here.",
    "Точные копии, упоминания в корзине (возвращаются переключателем) и записи, удалённые в своей сети. Спам здесь никогда не отброшен.",
    "Точні копії, згадки в кошику (повертає перемикач) та дописи, видалені у своїй мережі. Спам тут ніколи не відкинуто.",
);

/// In which mood, and what for.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        id: "tone_share",
        unit: FigureUnit::Share,
        name: say("Share of the tone", "Доля тональности", "Частка тональності"),
        formula: say(
            "Mentions of the tone towards the topic's object, divided by all mentions of the selection, those that nobody has judged \
             among them. What a person said counts, otherwise what the machine said.",
            "Упоминания с этой тональностью к объекту темы, делённые на все упоминания выборки, включая неоценённые. Считается слово \
             человека, а без него — машины.",
            "Згадки з цією тональністю до об'єкта теми, поділені на всі згадки вибірки, зокрема неоцінені. Рахується слово людини, а \
             без нього — машини.",
        ),
        symbols: "|M⁻| / |M|, |M⁰| / |M|, |M⁺| / |M|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "intent_mentions",
        unit: FigureUnit::Mentions,
        name: say("Mentions by intent", "Упоминания по намерениям", "Згадки за намірами"),
        formula: say(
            "The number of mentions in which the author wants this. A mention may have several intents, so the numbers add up to more \
             or less than all mentions.",
            "Число упоминаний, автор которых хочет именно этого. Намерений у упоминания бывает несколько, поэтому сумма чисел может не \
             совпасть с числом упоминаний.",
            "Кількість згадок, автор яких хоче саме цього. Намірів у згадки буває кілька, тому сума чисел може не збігтися з кількістю \
             згадок.",
        ),
        symbols: "|M_i|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "intent_share",
        unit: FigureUnit::Share,
        name: say("Share of the intent", "Доля намерения", "Частка наміру"),
        formula: say(
            "Mentions with the intent divided by all mentions of the selection, those that nobody has judged among them.",
            "Упоминания с намерением, делённые на все упоминания выборки, включая неоценённые.",
            "Згадки з наміром, поділені на всі згадки вибірки, зокрема неоцінені.",
        ),
        symbols: "|M_i| / |M|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "stage_mentions",
        unit: FigureUnit::Mentions,
        name: say("Mentions by stage", "Упоминания по этапам", "Згадки за етапами"),
        formula: say(
            "The number of mentions whose author stands at this stage of the consumer cycle: searches, buys, uses, gets service, leaves.",
            "Число упоминаний, автор которых находится на этом этапе потребительского цикла: ищет, покупает, пользуется, \
             обслуживается, уходит.",
            "Кількість згадок, автор яких перебуває на цьому етапі споживчого циклу: шукає, купує, користується, обслуговується, іде.",
        ),
        symbols: "|M_s|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "stage_share",
        unit: FigureUnit::Share,
        name: say("Share of the stage", "Доля этапа", "Частка етапу"),
        formula: say(
            "Mentions at the stage divided by all mentions of the selection, those at no stage among them.",
            "Упоминания на этапе, делённые на все упоминания выборки, включая те, что ни на одном этапе.",
            "Згадки на етапі, поділені на всі згадки вибірки, зокрема ті, що на жодному етапі.",
        ),
        symbols: "|M_s| / |M|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "spam_share",
        unit: FigureUnit::Share,
        name: say("Share of spam", "Доля спама", "Частка спаму"),
        formula: say(
            "Mentions that a person called spam or whose probability of spam is 0.5 or more, divided by all mentions of the selection, \
             spam among them, whether the selection shows it or not.",
            "Упоминания, которые человек назвал спамом или вероятность спама в которых от 0,5, делённые на все упоминания выборки вместе \
             со спамом, показан он или нет.",
            "Згадки, які людина назвала спамом або ймовірність спаму в яких від 0,5, поділені на всі згадки вибірки разом зі спамом, \
             показано його чи ні.",
        ),
        symbols: "|{m : spam(m) ≥ 0.5}| / |M with spam|",
        rows: SELECTED,
        excludes: WITH_SPAM,
        source: None,
    },
    Figure {
        id: "story_mentions",
        unit: FigureUnit::Mentions,
        name: say("Mentions of the story", "Упоминания сюжета", "Згадки сюжету"),
        formula: say(
            "The number of mentions of the selection whose posts tell the same story: copies with changes, reposts and quotes, whatever \
             the network. Posts that nobody repeats are no story.",
            "Число упоминаний выборки, записи которых передают один сюжет: изменённые копии, репосты и цитаты из любых сетей. Записи, \
             которые никто не повторил, сюжета не образуют.",
            "Кількість згадок вибірки, дописи яких переказують один сюжет: змінені копії, репости та цитати з будь-яких мереж. Дописи, \
             яких ніхто не повторив, сюжету не утворюють.",
        ),
        symbols: "|{m ∈ M : story(m) = z}|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
];
