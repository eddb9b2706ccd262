use super::{Figure, FigureUnit, SELECTED, USUAL, say};

const TOPICS: molva_query::Spoken = say(
    "The mentions of the selection, whatever its topics, in every topic of kind own or competitor.",
    "Упоминания выборки без оглядки на её темы — в каждой теме вида «своя» или «конкурент».",
    "Згадки вибірки незалежно від її тем — у кожній темі виду «своя» або «конкурент».",
);
const NO_MARKET: molva_query::Spoken = say(
    "Topics of kind market, and what every figure leaves out: exact copies, binned mentions, spam, deleted posts.",
    "Темы вида «рынок» и то же, что везде: точные копии, упоминания в корзине, спам, удалённые записи.",
    "Теми виду «ринок» і те саме, що всюди: точні копії, згадки в кошику, спам, видалені дописи.",
);

/// Is it said of us, and how much.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        id: "mentions",
        unit: FigureUnit::Mentions,
        name: say("Mentions", "Упоминания", "Згадки"),
        formula: say(
            "The number of mentions. A post in two topics is two mentions.",
            "Число упоминаний. Запись в двух темах — два упоминания.",
            "Кількість згадок. Допис у двох темах — дві згадки.",
        ),
        symbols: "|M|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "per_day",
        unit: FigureUnit::PerDay,
        name: say("Mentions a day", "Упоминаний в день", "Згадок на день"),
        formula: say(
            "Mentions divided by the length of the period in days of 24 hours. A period without a beginning begins with the oldest \
             mention; one without an end, or with an end to come, ends now.",
            "Упоминания, делённые на длину периода в сутках по 24 часа. Период без начала начинается с самого старого упоминания; \
             без конца или с концом в будущем — кончается сейчас.",
            "Згадки, поділені на довжину періоду в добах по 24 години. Період без початку починається з найстарішої згадки; \
             без кінця або з кінцем у майбутньому — закінчується зараз.",
        ),
        symbols: "|M| / days",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "authors",
        unit: FigureUnit::People,
        name: say("Authors", "Авторы", "Автори"),
        formula: say(
            "The number of different authors. Accounts of one person in two networks are two authors; mentions whose author is not \
             known belong to none.",
            "Число разных авторов. Аккаунты одного человека в двух сетях — два автора; упоминания без известного автора не считаются.",
            "Кількість різних авторів. Акаунти однієї людини у двох мережах — два автори; згадки без відомого автора не рахуються.",
        ),
        symbols: "|A(M)|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "potential_reach",
        unit: FigureUnit::People,
        name: say("Potential reach", "Потенциальный охват", "Потенційне охоплення"),
        formula: say(
            "The sum of followers over different authors, each counted once with the most followers seen. It is an upper bound: not \
             every follower sees a post, and people who follow several authors are counted several times.",
            "Сумма подписчиков по разным авторам; каждый автор учтён один раз, с наибольшим замеченным числом подписчиков. Это верхняя \
             граница: запись видят не все подписчики, а подписанные на нескольких авторов учтены несколько раз.",
            "Сума підписників за різними авторами; кожного автора враховано один раз, із найбільшою поміченою кількістю підписників. \
             Це верхня межа: допис бачать не всі підписники, а підписаних на кількох авторів враховано кілька разів.",
        ),
        symbols: "Σ f(a), a ∈ A(M)",
        rows: SELECTED,
        excludes: USUAL,
        source: Some("Upper bound of the audience, kept apart from actual views, as monitoring suites do."),
    },
    Figure {
        id: "reach",
        unit: FigureUnit::People,
        name: say("Weight by reach", "Вес по охвату", "Вага за охопленням"),
        formula: say(
            "The sum of followers over mentions: an author who writes twice counts twice. Used to weigh, never as a number of people.",
            "Сумма подписчиков по упоминаниям: автор двух упоминаний учтён дважды. Служит весом, а не числом людей.",
            "Сума підписників за згадками: автора двох згадок враховано двічі. Слугує вагою, а не кількістю людей.",
        ),
        symbols: "Σ f(m), m ∈ M",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "reach_unknown",
        unit: FigureUnit::Mentions,
        name: say("Reach unknown", "Охват неизвестен", "Охоплення невідоме"),
        formula: say(
            "The number of mentions whose network does not say how many followers the author has. They count as 0 in reach.",
            "Число упоминаний, для которых сеть не сообщает число подписчиков автора. В охвате они считаются за 0.",
            "Кількість згадок, для яких мережа не повідомляє кількість підписників автора. В охопленні вони рахуються за 0.",
        ),
        symbols: "|{m ∈ M : followers of m unknown}|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "views",
        unit: FigureUnit::Views,
        name: say("Views", "Просмотры", "Перегляди"),
        formula: say(
            "The sum of views as the networks last told them. Networks that tell none add nothing.",
            "Сумма просмотров, о которых сети сообщили в последний раз. Сети, которые их не сообщают, ничего не добавляют.",
            "Сума переглядів, про які мережі повідомили востаннє. Мережі, які їх не повідомляють, нічого не додають.",
        ),
        symbols: "Σ views(m), m ∈ M",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "negative",
        unit: FigureUnit::Mentions,
        name: say("Negative", "Негативные", "Негативні"),
        formula: say(
            "The number of mentions whose tone towards the topic's object is negative: what a person said, otherwise what the machine said.",
            "Число упоминаний, чья тональность к объекту темы негативная: по слову человека, а без него — машины.",
            "Кількість згадок, чия тональність до об'єкта теми негативна: за словом людини, а без нього — машини.",
        ),
        symbols: "|M⁻|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "neutral",
        unit: FigureUnit::Mentions,
        name: say("Neutral", "Нейтральные", "Нейтральні"),
        formula: say(
            "The number of mentions whose tone towards the topic's object is neutral: what a person said, otherwise what the machine said.",
            "Число упоминаний, чья тональность к объекту темы нейтральная: по слову человека, а без него — машины.",
            "Кількість згадок, чия тональність до об'єкта теми нейтральна: за словом людини, а без нього — машини.",
        ),
        symbols: "|M⁰|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "positive",
        unit: FigureUnit::Mentions,
        name: say("Positive", "Позитивные", "Позитивні"),
        formula: say(
            "The number of mentions whose tone towards the topic's object is positive: what a person said, otherwise what the machine said.",
            "Число упоминаний, чья тональность к объекту темы позитивная: по слову человека, а без него — машины.",
            "Кількість згадок, чия тональність до об'єкта теми позитивна: за словом людини, а без нього — машини.",
        ),
        symbols: "|M⁺|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "unjudged",
        unit: FigureUnit::Mentions,
        name: say("Not judged", "Не оценены", "Не оцінені"),
        formula: say(
            "The number of mentions that neither people nor the machine have judged.",
            "Число упоминаний, которые ещё не оценили ни люди, ни машина.",
            "Кількість згадок, які ще не оцінили ні люди, ні машина.",
        ),
        symbols: "|M?|",
        rows: SELECTED,
        excludes: USUAL,
        source: None,
    },
    Figure {
        id: "net_sentiment",
        unit: FigureUnit::Points,
        name: say("Net sentiment", "Чистая тональность", "Чиста тональність"),
        formula: say(
            "Per cent of positive minus per cent of negative, both of ALL mentions: neutral ones and those that nobody has judged are \
             in the base, so a set judged in small part lies near 0. Read it with the number of those not judged.",
            "Процент позитивных минус процент негативных, оба — от ВСЕХ упоминаний: нейтральные и никем не оценённые входят в базу, \
             поэтому мало оценённая выборка близка к 0. Читайте вместе с числом неоценённых.",
            "Відсоток позитивних мінус відсоток негативних, обидва — від УСІХ згадок: нейтральні та ніким не оцінені входять до бази, \
             тому мало оцінена вибірка близька до 0. Читайте разом із кількістю неоцінених.",
        ),
        symbols: "100 · (|M⁺| − |M⁻|) / |M|",
        rows: SELECTED,
        excludes: USUAL,
        source: Some("AllEars, help on net sentiment: 35 % − 6 % = +29."),
    },
    Figure {
        id: "share",
        unit: FigureUnit::Share,
        name: say("Share of voice", "Доля голоса", "Частка голосу"),
        formula: say(
            "Mentions of the topic divided by the mentions of all own and competitor topics of its level: companies beside companies, \
             brands beside brands. The shares of a level add up to 1.",
            "Упоминания темы, делённые на упоминания всех своих тем и тем конкурентов того же уровня: компании рядом с компаниями, \
             бренды с брендами. Доли одного уровня в сумме дают 1.",
            "Згадки теми, поділені на згадки всіх своїх тем і тем конкурентів того ж рівня: компанії поряд із компаніями, \
             бренди з брендами. Частки одного рівня в сумі дають 1.",
        ),
        symbols: "|M_t| / Σ |M_u|, u ∈ T, level u = level t",
        rows: TOPICS,
        excludes: NO_MARKET,
        source: Some("Share of voice: Mention; Aureol."),
    },
    Figure {
        id: "share_weighted",
        unit: FigureUnit::Share,
        name: say("Share of voice by reach", "Доля голоса по охвату", "Частка голосу за охопленням"),
        formula: say(
            "The same, each mention weighed by the followers of its author.",
            "То же, но каждое упоминание взвешено числом подписчиков автора.",
            "Те саме, але кожну згадку зважено кількістю підписників автора.",
        ),
        symbols: "Σ f(m), m ∈ M_t / Σ f(m), m ∈ M_u, u ∈ T, level u = level t",
        rows: TOPICS,
        excludes: NO_MARKET,
        source: Some("Weighted variant of the share of voice: Mention; Aureol."),
    },
    Figure {
        id: "share_of_voice",
        unit: FigureUnit::Share,
        name: say("Our share of voice", "Наша доля голоса", "Наша частка голосу"),
        formula: say(
            "Mentions of own topics divided by the mentions of own and competitor topics, both of the widest level at which there is an \
             own topic: company, else brand, product, service. A brand and its products would count the same words twice.",
            "Упоминания своих тем, делённые на упоминания своих тем и тем конкурентов; и те и другие — самого широкого уровня, на котором \
             есть своя тема: компания, иначе бренд, продукт, услуга. Бренд вместе с его продуктами учёл бы те же слова дважды.",
            "Згадки своїх тем, поділені на згадки своїх тем і тем конкурентів; і ті й ті — найширшого рівня, на якому є своя тема: \
             компанія, інакше бренд, продукт, послуга. Бренд разом із його продуктами врахував би ті самі слова двічі.",
        ),
        symbols: "Σ |M_t|, t own / Σ |M_u|, u ∈ T, of one level",
        rows: TOPICS,
        excludes: NO_MARKET,
        source: Some("Share of voice: Mention; Aureol."),
    },
    Figure {
        id: "share_of_voice_weighted",
        unit: FigureUnit::Share,
        name: say("Our share of voice by reach", "Наша доля голоса по охвату", "Наша частка голосу за охопленням"),
        formula: say(
            "The same, each mention weighed by the followers of its author.",
            "То же, но каждое упоминание взвешено числом подписчиков автора.",
            "Те саме, але кожну згадку зважено кількістю підписників автора.",
        ),
        symbols: "Σ f(m), m ∈ M_t, t own / Σ f(m), m ∈ M_u, u ∈ T, of one level",
        rows: TOPICS,
        excludes: NO_MARKET,
        source: Some("Weighted variant of the share of voice: Mention; Aureol."),
    },
    Figure {
        id: "change",
        unit: FigureUnit::Share,
        name: say("Change", "Изменение", "Зміна"),
        formula: say(
            "The figure minus the same figure in the compared period, divided by the latter. Empty when it was 0. Of shares and points \
             the plain difference is shown.",
            "Показатель минус он же в периоде сравнения, делённое на последний. Пусто, если там был 0. Для долей и пунктов показана \
             простая разность.",
            "Показник мінус він же в періоді порівняння, поділене на останній. Порожньо, якщо там був 0. Для часток і пунктів показано \
             просту різницю.",
        ),
        symbols: "(x − x₀) / x₀",
        rows: say(
            "The mentions of the selection, and those of the same selection in the compared period.",
            "Упоминания выборки и упоминания той же выборки в периоде сравнения.",
            "Згадки вибірки та згадки тієї самої вибірки в періоді порівняння.",
        ),
        excludes: USUAL,
        source: None,
    },
];
