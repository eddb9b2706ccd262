use molva_domain::Language;

use crate::parse;

#[track_caller]
fn explained(query: &str, language: Language) -> String {
    let parsed = parse(query);
    parsed.query.unwrap_or_else(|| panic!("{query}: {:?}", parsed.diagnostics)).explain(language)
}

#[test]
fn a_query_is_explained_in_three_languages() {
    let query = "(=билайн OR \"нет сети\") -=вакансия -kind:repost has:question";
    for (language, expected) in [
        (
            Language::RUSSIAN,
            "Найдёт записи, где есть (именно «билайн» или точная фраза «нет сети») и вопрос, кроме записей, где есть именно «вакансия» или вид «репост».",
        ),
        (
            Language::UKRAINIAN,
            "Знайде дописи, де є (саме «билайн» або точна фраза «нет сети») і запитання, крім дописів, де є саме «вакансия» або вид «репост».",
        ),
        (
            Language::ENGLISH,
            "Finds posts with (exactly “билайн” or the exact phrase “нет сети”) and a question, except those with exactly “вакансия” or the kind “repost”.",
        ),
    ] {
        assert_eq!(explained(query, language), expected);
    }
}

#[test]
fn every_operator_has_its_words() {
    for (query, expected) in [
        ("==Билайн", "Найдёт записи, где есть именно «Билайн» с теми же заглавными."),
        ("мегаф*", "Найдёт записи, где есть слово, которое начинается на «мегаф»."),
        ("м?гафон", "Найдёт записи, где есть слово вида «м?гафон» (`?` — любая буква)."),
        ("=a NEAR/1 =b", "Найдёт записи, где есть именно «a» и именно «b» не дальше 1 слова друг от друга."),
        ("=a ONEAR/5 =b", "Найдёт записи, где есть именно «a», а следом не дальше 5 слов именно «b»."),
        (
            "(=a OR =b) SENTENCE =c",
            "Найдёт записи, где есть (именно «a» или именно «b») и именно «c» в одном предложении.",
        ),
        (
            "2 OF (=a, =b =c, =d)",
            "Найдёт записи, где есть хотя бы 2 из: (именно «a»; именно «b» и именно «c»; именно «d»).",
        ),
        (
            "\"=a =b\"~21",
            "Найдёт записи, где есть слова «a b» в любом порядке, между которыми не больше 21 другого слова.",
        ),
        ("\"=a =b\"~0", "Найдёт записи, где есть слова «a b» рядом в любом порядке."),
        ("title:\"a b\"", "Найдёт записи, где есть точная фраза «a b» в заголовке."),
        ("#тег @имя 😡", "Найдёт записи, где есть хештег #тег и упоминание @имя и эмодзи 😡."),
        ("lang:uk network:vk kind:comment", "Найдёт записи, где есть украинский язык и сеть vk и вид «комментарий»."),
        (
            "likes:>50 rating:<=2 views:5..9 followers:7",
            "Найдёт записи, где есть лайков: 51 или больше и звёзд: 2 или меньше и просмотров: от 5 до 9 и подписчиков: ровно 7.",
        ),
        ("published:>=2026-03-01 hour:22..4", "Найдёт записи, где есть дата с 2026-03-01 и час с 22 по 4 UTC."),
        (
            "author:@ivan author.city:Киев link:dom.ru verified:yes",
            "Найдёт записи, где есть автор @ivan и город автора «киев» и ссылка на dom.ru и подтверждённый автор.",
        ),
    ] {
        assert_eq!(explained(query, Language::RUSSIAN), expected);
    }
}

#[test]
fn an_explanation_shows_the_forms_of_its_words() {
    let text = explained("билайн -=вакансия", Language::RUSSIAN);
    let (sentence, forms) = text.split_once(" Формы: ").expect("forms");
    assert_eq!(sentence, "Найдёт записи, где есть «билайн» в любой форме, кроме записей, где есть именно «вакансия».");
    assert!(
        forms.starts_with("«билайн» — билайн, билайн") && forms.contains(" и ещё ") && forms.ends_with('.'),
        "{forms}"
    );
    let text =
        explained("банк кредит тариф оператор интернет телефон магазин вклад карта доставка заказ", Language::ENGLISH);
    assert!(text.ends_with("; words besides: 1."), "{text}");
}

#[test]
fn of_a_long_choice_only_the_beginning_is_told() {
    let many: Vec<_> = (0..500).map(|number| format!("=а{number}")).collect();
    let text = explained(&many.join(" OR "), Language::ENGLISH);
    assert!(text.ends_with("exactly “а18” or one of 481 more."), "{text}");
}
