//! What is said of a foreign query's parts that are not as they were. `{}` is the part, `{new}` what stands there now.

use crate::Spoken;

pub(super) static FORMS: Spoken = Spoken {
    en: "words are found here in every form; write `=` before a word that is to be found in this form only",
    ru: "слова здесь находятся во всех формах; поставьте `=` перед словом, которое нужно только в этой форме",
    uk: "слова тут знаходяться в усіх формах; поставте `=` перед словом, яке потрібне лише в цій формі",
};
pub(super) static SLOP: Spoken = Spoken {
    en: "`{}` finds the words here in any form and any order",
    ru: "`{}` находит здесь слова в любой форме и в любом порядке",
    uk: "`{}` знаходить тут слова в будь-якій формі та в будь-якому порядку",
};
pub(super) static UNKNOWN_FIELD: Spoken = Spoken {
    en: "the field of `{}` is not known here and is left out",
    ru: "поле в `{}` здесь не известно и пропущено",
    uk: "поле в `{}` тут невідоме й пропущене",
};
pub(super) static NO_FIELD: Spoken = Spoken {
    en: "there is no such field here; `{}` is left out",
    ru: "такого поля здесь нет; `{}` пропущено",
    uk: "такого поля тут немає; `{}` пропущено",
};
pub(super) static VALUE: Spoken = Spoken {
    en: "this value means nothing here; `{}` is left out",
    ru: "такое значение здесь ничего не значит; `{}` пропущено",
    uk: "таке значення тут нічого не означає; `{}` пропущено",
};
pub(super) static FIELD_CHANGED: Spoken = Spoken {
    en: "`{}` became `{new}`, which does not ask quite the same",
    ru: "`{}` стало `{new}`, это не совсем то же",
    uk: "`{}` стало `{new}`, це не зовсім те саме",
};
pub(super) static CHOICE: Spoken = Spoken {
    en: "a post has only one such value, so `{}` was joined by OR: `{new}`",
    ru: "у записи только одно такое значение, поэтому `{}` соединено через ИЛИ: `{new}`",
    uk: "допис має лише одне таке значення, тому `{}` поєднано через АБО: `{new}`",
};
pub(super) static PARTIAL: Spoken = Spoken {
    en: "some of the values of `{}` mean nothing here; asking for the others alone would find less, so all of it is left out",
    ru: "часть значений в `{}` здесь ничего не значит; с остальными нашлось бы меньше, поэтому всё это пропущено",
    uk: "частина значень у `{}` тут нічого не означає; з рештою знайшлося б менше, тому все це пропущено",
};
pub(super) static VALUES: Spoken = Spoken {
    en: "one of the values `{}` is enough here",
    ru: "здесь достаточно одного из значений `{}`",
    uk: "тут досить одного зі значень `{}`",
};
pub(super) static EVERYWHERE: Spoken = Spoken {
    en: "`{}` is looked for in the title and the whole text here",
    ru: "`{}` ищется здесь в заголовке и во всём тексте",
    uk: "`{}` шукається тут у заголовку та в усьому тексті",
};
pub(super) static PUNCTUATION: Spoken = Spoken {
    en: "signs are not compared here: `{}` became `{new}`",
    ru: "знаки здесь не сравниваются: `{}` стало `{new}`",
    uk: "знаки тут не порівнюються: `{}` стало `{new}`",
};
pub(super) static NOT_A_WORD: Spoken = Spoken {
    en: "`{}` holds nothing that can be looked for here and is left out",
    ru: "в `{}` нет ничего, что здесь можно искать; пропущено",
    uk: "у `{}` немає нічого, що тут можна шукати; пропущено",
};
pub(super) static WIDER_PREFIX: Spoken = Spoken {
    en: "a star may only end a word here: `{}` became `{new}` and finds more",
    ru: "звёздочка здесь стоит только в конце слова: `{}` стало `{new}` и находит больше",
    uk: "зірочка тут стоїть лише в кінці слова: `{}` стало `{new}` і знаходить більше",
};
pub(super) static WILDCARD: Spoken = Spoken {
    en: "a star needs 3 letters before it here; `{}` is left out",
    ru: "перед звёздочкой здесь нужно 3 буквы; `{}` пропущено",
    uk: "перед зірочкою тут потрібні 3 літери; `{}` пропущено",
};
pub(super) static NEAR_TO_AND: Spoken = Spoken {
    en: "this distance cannot be asked here; both sides need only be in one post now",
    ru: "такое расстояние здесь не спросить; теперь обе стороны должны лишь быть в одной записи",
    uk: "таку відстань тут не запитати; тепер обидві сторони мають лише бути в одному дописі",
};
pub(super) static NEAR_EXCLUSION: Spoken = Spoken {
    en: "this excluded distance cannot be asked here and is left out",
    ru: "такое исключённое расстояние здесь не спросить; пропущено",
    uk: "таку виключену відстань тут не запитати; пропущено",
};
pub(super) static NEAR_CHAIN: Spoken = Spoken {
    en: "the distance holds between neighbours here, not over all the words",
    ru: "расстояние здесь действует между соседними словами, а не на все слова сразу",
    uk: "відстань тут діє між сусідніми словами, а не на всі слова разом",
};
pub(super) static SHORTER: Spoken = Spoken {
    en: "`{}` reaches as far as a distance may here, not as far as there",
    ru: "`{}` действует на наибольшее здешнее расстояние, там оно было больше",
    uk: "`{}` діє на найбільшу тутешню відстань, там вона була більша",
};
pub(super) static NO_STRETCH: Spoken = Spoken {
    en: "here only words joined by AND can be held together; the distance of `{}` is left out",
    ru: "держать рядом здесь можно только слова, соединённые через И; расстояние в `{}` пропущено",
    uk: "тримати поруч тут можна лише слова, поєднані через І; відстань у `{}` пропущено",
};
pub(super) static SPACE: Spoken = Spoken {
    en: "words without an operator had to stand close together there; here they need only be in one post",
    ru: "слова без оператора там должны были стоять рядом; здесь достаточно одной записи",
    uk: "слова без оператора там мали стояти поруч; тут досить одного допису",
};
pub(super) static FREQUENCY: Spoken = Spoken {
    en: "how often a word stands in a post is not counted here; once is enough for `{}`",
    ru: "сколько раз слово есть в записи, здесь не считается; для `{}` хватит одного",
    uk: "скільки разів слово є в дописі, тут не рахується; для `{}` досить одного",
};
pub(super) static BOOST: Spoken = Spoken {
    en: "words have no weights here; the weight of `{}` is left out",
    ru: "у слов здесь нет веса; вес в `{}` пропущен",
    uk: "слова тут не мають ваги; вагу в `{}` пропущено",
};
pub(super) static COMMENT: Spoken = Spoken {
    en: "comments are not carried over: `{}`",
    ru: "комментарии не переносятся: `{}`",
    uk: "коментарі не переносяться: `{}`",
};
pub(super) static STRAY: Spoken = Spoken {
    en: "`{}` joins nothing there and is left out",
    ru: "`{}` там ничего не соединяет; пропущено",
    uk: "`{}` там нічого не поєднує; пропущено",
};
pub(super) static UNCLOSED: Spoken = Spoken {
    en: "`{}` is never closed; read up to the end",
    ru: "`{}` не закрыто; прочитано до конца",
    uk: "`{}` не закрито; прочитано до кінця",
};
pub(super) static EXACT_EXCLUSION: Spoken = Spoken {
    en: "the excluded `{}` cannot be asked exactly; leaving it out finds more",
    ru: "исключение `{}` точно не выразить; без него найдётся больше",
    uk: "виключення `{}` точно не виразити; без нього знайдеться більше",
};
pub(super) static TOO_DEEP: Spoken = Spoken {
    en: "more than 100 levels of brackets; what lies deeper is left out",
    ru: "больше 100 уровней скобок; всё, что глубже, пропущено",
    uk: "понад 100 рівнів дужок; усе, що глибше, пропущено",
};
pub(super) static TOO_LONG: Spoken = Spoken {
    en: "the query is longer than 100,000 characters; split it",
    ru: "запрос длиннее 100 000 знаков; разделите его",
    uk: "запит довший за 100 000 знаків; поділіть його",
};
pub(super) static UNUSABLE: Spoken = Spoken {
    en: "the result cannot be used as it is; see what is wrong with it",
    ru: "результат нельзя использовать как есть; смотрите, что в нём не так",
    uk: "результат не можна використати як є; дивіться, що в ньому не так",
};
pub(super) static EMPTY: Spoken = Spoken {
    en: "nothing of this query can be asked here",
    ru: "из этого запроса здесь ничего нельзя спросить",
    uk: "з цього запиту тут нічого не можна запитати",
};
