//! Every field and operator of the language, for help and completion. What a field's value may be stands in `values.rs`.

use molva_domain::Language;

/// One sentence in the languages of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken {
    pub en: &'static str,
    pub ru: &'static str,
    pub uk: &'static str,
}

impl Spoken {
    /// Languages other than Russian and Ukrainian read English.
    #[must_use]
    pub const fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::RUSSIAN => self.ru,
            Language::UKRAINIAN => self.uk,
            _ => self.en,
        }
    }
}

/// When the value of a field is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldStage {
    /// As soon as the post arrives: the only fields a topic may use.
    Post,
    /// After the mention has been analysed.
    Judged,
    /// Once people work on it.
    Worked,
}

impl FieldStage {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Judged => "judged",
            Self::Worked => "worked",
        }
    }
}

/// A field of the language.
#[derive(Debug)]
pub struct FieldAbout {
    /// Without the colon.
    pub name: &'static str,
    pub stage: FieldStage,
    pub examples: &'static [&'static str],
    /// All there are; empty when any text or number may stand there.
    pub values: &'static [&'static str],
    pub about: Spoken,
}

/// An operator of the language.
#[derive(Debug)]
pub struct OperatorAbout {
    pub write: &'static str,
    pub about: Spoken,
}

const fn field(
    name: &'static str,
    stage: FieldStage,
    examples: &'static [&'static str],
    values: &'static [&'static str],
    [en, ru, uk]: [&'static str; 3],
) -> FieldAbout {
    FieldAbout { name, stage, examples, values, about: Spoken { en, ru, uk } }
}

const fn operator(write: &'static str, [en, ru, uk]: [&'static str; 3]) -> OperatorAbout {
    OperatorAbout { write, about: Spoken { en, ru, uk } }
}

use FieldStage::{Judged, Post, Worked};

const KINDS: &[&str] = &["post", "comment", "reply", "repost", "quote", "message", "review", "article"];
const TONES: &[&str] = &["negative", "neutral", "positive"];
const INTENTS: &[&str] =
    &["complaint", "help", "question", "idea", "praise", "purchase", "churn", "news", "advert", "spam"];
const STAGES: &[&str] = &["search", "buy", "use", "service", "leave"];
const STATUSES: &[&str] = &["new", "open", "waiting", "solved", "closed"];
const PROMISES: &[&str] = &["running", "paused", "at_risk", "breached", "met"];
const ATTACHMENTS: &[&str] = &["image", "video", "audio", "document", "link", "question"];

/// Every field there is, in the order of help pages.
#[rustfmt::skip]
pub const FIELDS: &[FieldAbout] = &[
    field("network", Post, &["network:vk", "network:(vk, telegram)"], &[],
        ["the network the post comes from", "сеть, из которой пришла запись", "мережа, з якої прийшов допис"]),
    field("kind", Post, &["kind:comment"], KINDS,
        ["what sort of thing was said", "вид записи", "вид допису"]),
    field("site", Post, &["site:pikabu.ru"], &[],
        ["the site of the post's address, subdomains included", "сайт записи, включая поддомены", "сайт допису разом із піддоменами"]),
    field("url", Post, &["url:/news/"], &[],
        ["letters that the post's address contains", "часть адреса записи", "частина адреси допису"]),
    field("community", Post, &["community:vk/123"], &[],
        ["the group, channel or forum", "группа, канал или форум", "група, канал або форум"]),
    field("link", Post, &["link:dom.ru", "link:dom.ru/tariff"], &[],
        ["a site or address that the post links to", "сайт или адрес, на который ссылается запись", "сайт або адреса, на яку посилається допис"]),
    field("author", Post, &["author:@name", "author:\"Иван Петров\""], &[],
        ["the author's handle or name", "ник или имя автора", "нік або ім'я автора"]),
    field("author.city", Post, &["author.city:Энгельс"], &[],
        ["the author's city", "город автора", "місто автора"]),
    field("followers", Post, &["followers:>=1000", "followers:100..5000"], &[],
        ["followers of the author", "подписчики автора", "підписники автора"]),
    field("verified", Post, &["verified:yes"], &["yes", "no"],
        ["the network has verified the author", "сеть подтвердила автора", "мережа підтвердила автора"]),
    field("title", Post, &["title:слово", "title:\"нет связи\""], &[],
        ["a word or phrase in the title", "слово или фраза в заголовке", "слово або фраза в заголовку"]),
    field("lang", Post, &["lang:ru"], &[],
        ["the language of the text", "язык текста", "мова тексту"]),
    field("has", Post, &["has:image"], ATTACHMENTS,
        ["what the post carries", "что есть в записи", "що є в дописі"]),
    field("rating", Post, &["rating:<=2"], &[],
        ["stars of a review, 1 to 5", "звёзды отзыва, от 1 до 5", "зірки відгуку, від 1 до 5"]),
    field("published", Post, &["published:>2026-03-01", "published:2026-03-01..2026-03-31"], &[],
        ["the day or moment it was published, in UTC", "день или время публикации по UTC", "день або час публікації за UTC"]),
    field("hour", Post, &["hour:0..6", "hour:22..4"], &[],
        ["the hour it was published, in UTC", "час публикации по UTC", "година публікації за UTC"]),
    field("likes", Post, &["likes:>50"], &[],
        ["number of likes", "число лайков", "кількість вподобань"]),
    field("reposts", Post, &["reposts:>10"], &[],
        ["number of reposts", "число репостов", "кількість репостів"]),
    field("comments", Post, &["comments:>5"], &[],
        ["number of comments", "число комментариев", "кількість коментарів"]),
    field("views", Post, &["views:1000..5000"], &[],
        ["number of views", "число просмотров", "кількість переглядів"]),
    field("list", Post, &["list:бренды"], &[],
        ["one of the words or authors of a named list", "одно из слов или один из авторов списка", "одне зі слів або один з авторів списку"]),
    field("tone", Judged, &["tone:negative"], TONES,
        ["the tone towards us", "тональность к нам", "тональність до нас"]),
    field("intent", Judged, &["intent:complaint"], INTENTS,
        ["what the author wants", "чего хочет автор", "чого хоче автор"]),
    field("stage", Judged, &["stage:service"], STAGES,
        ["where in the consumer cycle the author stands", "этап потребительского цикла", "етап споживчого циклу"]),
    field("motive", Judged, &["motive:\"плохая связь\""], &[],
        ["why the author wrote", "зачем автор написал", "навіщо автор написав"]),
    field("spam", Judged, &["spam:>0.8"], &[],
        ["probability of spam, 0 to 1", "вероятность спама, от 0 до 1", "імовірність спаму, від 0 до 1"]),
    field("bot", Judged, &["bot:>0.8"], &[],
        ["probability of a bot, 0 to 1", "вероятность бота, от 0 до 1", "імовірність бота, від 0 до 1"]),
    field("tag", Judged, &["tag:vip"], &[],
        ["a tag of the mention", "метка упоминания", "мітка згадки"]),
    field("topic", Judged, &["topic:\"Наш бренд\""], &[],
        ["a topic that the mention belongs to", "тема, к которой относится упоминание", "тема, до якої належить згадка"]),
    field("story", Judged, &["story:123"], &[],
        ["the story that the mention belongs to", "сюжет, к которому относится упоминание", "сюжет, до якого належить згадка"]),
    field("case.status", Worked, &["case.status:open"], STATUSES,
        ["how far the work on the case is", "состояние обращения", "стан звернення"]),
    field("case.queue", Worked, &["case.queue:\"Вторая линия\""], &[],
        ["the queue the case stands in", "очередь обращения", "черга звернення"]),
    field("case.sla", Worked, &["case.sla:breached"], PROMISES,
        ["how the promise of time stands", "соблюдение срока", "дотримання строку"]),
    field("customer.segment", Worked, &["customer.segment:vip"], &[],
        ["the segment of the customer", "сегмент клиента", "сегмент клієнта"]),
];

/// Every operator there is.
#[rustfmt::skip]
pub const OPERATORS: &[OperatorAbout] = &[
    operator("слово",
        ["the word in any form and letter case", "слово в любой форме и любыми буквами", "слово в будь-якій формі та будь-якими літерами"]),
    operator("=слово",
        ["this form only, any letter case", "только эта форма, любыми буквами", "лише ця форма, будь-якими літерами"]),
    operator("==Слово",
        ["this form in this letter case", "эта форма этими буквами", "ця форма цими літерами"]),
    operator("нача*",
        ["words that begin so, 3 letters at least", "слова с таким началом, от 3 букв", "слова з таким початком, від 3 літер"]),
    operator("сл?во",
        ["`?` is any one letter inside a word", "`?` — любая одна буква внутри слова", "`?` — будь-яка одна літера всередині слова"]),
    operator("\"точная фраза\"",
        ["these forms side by side in this order", "эти формы подряд в этом порядке", "ці форми поспіль у цьому порядку"]),
    operator("\"слова рядом\"~3",
        ["all these words in any form and order, at most 3 others between", "все эти слова в любой форме и порядке, между ними не больше 3 других", "усі ці слова в будь-якій формі та порядку, між ними не більше 3 інших"]),
    operator("a NEAR/5 b",
        ["at most 5 positions apart, in any order", "не дальше 5 слов друг от друга в любом порядке", "не далі 5 слів одне від одного в будь-якому порядку"]),
    operator("a ONEAR/5 b",
        ["at most 5 positions apart, in this order", "не дальше 5 слов друг от друга в этом порядке", "не далі 5 слів одне від одного в цьому порядку"]),
    operator("a SENTENCE b",
        ["in one sentence", "в одном предложении", "в одному реченні"]),
    operator("2 OF (a, b, c)",
        ["at least two of them", "хотя бы два из них", "щонайменше два з них"]),
    operator("a AND b",
        ["both; a space means the same", "оба; пробел значит то же", "обидва; пробіл означає те саме"]),
    operator("a OR b",
        ["one of them; `|` means the same", "одно из них; `|` значит то же", "одне з них; `|` означає те саме"]),
    operator("NOT a",
        ["without it; `-a` means the same", "без него; `-a` значит то же", "без нього; `-a` означає те саме"]),
    operator("(a OR b) c",
        ["brackets group", "скобки объединяют", "дужки об'єднують"]),
    operator("#тег",
        ["the hashtag as such", "хештег как таковой", "хештег як такий"]),
    operator("@имя",
        ["the mention as such", "упоминание как таковое", "згадка як така"]),
    operator("-- комментарий",
        ["a remark up to the end of the line; `<<< … >>>` inside a line", "примечание до конца строки; `<<< … >>>` внутри строки", "примітка до кінця рядка; `<<< … >>>` усередині рядка"]),
];
