//! Tests of fields in plain words.

use molva_domain::{Language, PostKind, Timestamp};

use crate::Spoken;
use crate::diagnostic::fill;
use crate::field::{Attachment, FieldTest, NumberField, NumberRange, TimeRange};

const fn say(en: &'static str, ru: &'static str, uk: &'static str) -> Spoken {
    Spoken { en, ru, uk }
}

/// A test as a noun phrase. What is known only later is shown as it is written.
pub(super) fn field(test: &FieldTest, language: Language) -> String {
    let speak = |spoken: Spoken| spoken.in_language(language).to_owned();
    let about = |spoken: Spoken, value: &str| fill(spoken.in_language(language), &[("{}", value)]);
    match test {
        FieldTest::Network(name) => about(say("the network {}", "сеть {}", "мережа {}"), name),
        FieldTest::Kind(kind) => {
            about(say("the kind “{}”", "вид «{}»", "вид «{}»"), kind_name(*kind).in_language(language))
        }
        FieldTest::Site(host) => about(say("the site {}", "сайт {}", "сайт {}"), host),
        FieldTest::Url(part) => about(say("“{}” in the address", "«{}» в адресе", "«{}» в адресі"), part),
        FieldTest::Community(key) => about(say("the community {}", "сообщество {}", "спільнота {}"), key),
        FieldTest::Link(part) => about(say("a link to {}", "ссылка на {}", "посилання на {}"), part),
        FieldTest::AuthorHandle(handle) => about(say("the author @{}", "автор @{}", "автор @{}"), handle),
        FieldTest::AuthorName(name) => about(say("the author “{}”", "автор «{}»", "автор «{}»"), name),
        FieldTest::AuthorCity(city) => {
            about(say("the author's city “{}”", "город автора «{}»", "місто автора «{}»"), city)
        }
        FieldTest::Verified(true) => speak(say("a verified author", "подтверждённый автор", "підтверджений автор")),
        FieldTest::Verified(false) => {
            speak(say("an unverified author", "неподтверждённый автор", "непідтверджений автор"))
        }
        FieldTest::Language(code) => match *code {
            Language::RUSSIAN => speak(say("the Russian language", "русский язык", "російська мова")),
            Language::UKRAINIAN => speak(say("the Ukrainian language", "украинский язык", "українська мова")),
            Language::ENGLISH => speak(say("the English language", "английский язык", "англійська мова")),
            other => about(say("the language “{}”", "язык «{}»", "мова «{}»"), other.code()),
        },
        FieldTest::Has(attachment) => speak(match attachment {
            Attachment::Image => say("an image", "картинка", "зображення"),
            Attachment::Video => say("a video", "видео", "відео"),
            Attachment::Audio => say("a sound recording", "аудиозапись", "аудіозапис"),
            Attachment::Document => say("a document", "документ", "документ"),
            Attachment::Link => say("a link", "ссылка", "посилання"),
            Attachment::Question => say("a question", "вопрос", "запитання"),
        }),
        FieldTest::Published(range) => published(*range, language),
        FieldTest::Hour(first, last) => {
            let template = say("the hour {a} to {b} UTC", "час с {a} по {b} UTC", "година з {a} по {b} UTC");
            let gaps = [("{a}", &*first.to_string()), ("{b}", &*last.to_string())];
            fill(template.in_language(language), &gaps)
        }
        FieldTest::Number(field, range) => number(*field, *range, language),
        FieldTest::Judged(test) => format!("`{}`", test.canonical()),
    }
}

const fn kind_name(kind: PostKind) -> Spoken {
    match kind {
        PostKind::Post => say("post", "запись", "допис"),
        PostKind::Comment => say("comment", "комментарий", "коментар"),
        PostKind::Reply => say("reply", "ответ", "відповідь"),
        PostKind::Repost => say("repost", "репост", "репост"),
        PostKind::Quote => say("quote", "цитата", "цитата"),
        PostKind::Message => say("message", "сообщение", "повідомлення"),
        PostKind::Review => say("review", "отзыв", "відгук"),
        PostKind::Article => say("article", "статья", "стаття"),
    }
}

fn published(range: TimeRange, language: Language) -> String {
    let TimeRange { from, before } = range;
    let template = match (from.as_micros() == i64::MIN, before.as_micros() == i64::MAX) {
        (false, true) => say("a date from {a} on", "дата с {a}", "дата з {a}"),
        (true, false) => say("a date before {b}", "дата раньше {b}", "дата раніше {b}"),
        _ => say("a date from {a} until before {b}", "дата с {a}, но раньше {b}", "дата з {a}, але раніше {b}"),
    };
    fill(template.in_language(language), &[("{a}", &moment(from)), ("{b}", &moment(before))])
}

/// Days without their midnight.
fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    match text.split_once('T') {
        Some((day, rest)) if rest.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.' | b'Z')) => day.to_owned(),
        _ => text,
    }
}

fn number(field: NumberField, range: NumberRange, language: Language) -> String {
    let what = match field {
        NumberField::Followers => say("followers", "подписчиков", "підписників"),
        NumberField::Rating => say("stars", "звёзд", "зірок"),
        NumberField::Likes => say("likes", "лайков", "вподобань"),
        NumberField::Reposts => say("reposts", "репостов", "репостів"),
        NumberField::Comments => say("comments", "комментариев", "коментарів"),
        NumberField::Views => say("views", "просмотров", "переглядів"),
    };
    let template = match (range.from, range.to) {
        (from, to) if from == to => say("{}: exactly {a}", "{}: ровно {a}", "{}: рівно {a}"),
        (_, u64::MAX) => say("{}: {a} or more", "{}: {a} или больше", "{}: {a} або більше"),
        (0, _) => say("{}: {b} or fewer", "{}: {b} или меньше", "{}: {b} або менше"),
        _ => say("{}: {a} to {b}", "{}: от {a} до {b}", "{}: від {a} до {b}"),
    };
    let (from, to) = (range.from.to_string(), range.to.to_string());
    fill(template.in_language(language), &[("{}", what.in_language(language)), ("{a}", &from), ("{b}", &to)])
}
