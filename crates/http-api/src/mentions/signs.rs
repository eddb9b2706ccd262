//! The signs that models go by, in the reader's language.

use molva_connectors::Localized;
use molva_pipeline::Sign;

use crate::locale::text;

/// What a sign says of a post.
pub(super) const fn sentence(sign: Sign) -> Localized {
    match sign {
        Sign::Link => text("has a link", "есть ссылка", "є посилання"),
        Sign::SeveralLinks => text("has several links", "несколько ссылок", "кілька посилань"),
        Sign::BeginsWithLink => text("begins with a link", "начинается со ссылки", "починається з посилання"),
        Sign::Reply => text("answers somebody", "ответ кому-то", "відповідь комусь"),
        Sign::SeveralMentions => {
            text("names several accounts", "названо несколько аккаунтов", "названо кілька акаунтів")
        }
        Sign::Repost => text("is a repost", "это репост", "це репост"),
        Sign::Hashtag => text("has a hashtag", "есть хештег", "є гештег"),
        Sign::ManyHashtags => text("has many hashtags", "много хештегов", "багато гештегів"),
        Sign::Exclamation => text("has an exclamation mark", "есть восклицательный знак", "є знак оклику"),
        Sign::SeveralExclamations => {
            text("has several exclamation marks", "несколько восклицательных знаков", "кілька знаків оклику")
        }
        Sign::Question => text("has a question mark", "есть вопросительный знак", "є знак питання"),
        Sign::SeveralQuestions => {
            text("has several question marks", "несколько вопросительных знаков", "кілька знаків питання")
        }
        Sign::Ellipsis => text("has an ellipsis", "есть многоточие", "є три крапки"),
        Sign::Quotation => text("quotes", "есть кавычки", "є лапки"),
        Sign::Capitals => text("has a word in capitals", "слово прописными буквами", "слово великими літерами"),
        Sign::Shouting => text("is mostly in capitals", "почти всё прописными буквами", "майже все великими літерами"),
        Sign::StretchedLetters => text("stretches letters", "растянутые буквы", "розтягнуті літери"),
        Sign::Smile => text("has a smile", "есть улыбка", "є усмішка"),
        Sign::BroadSmile => text("has a broad smile", "широкая улыбка", "широка усмішка"),
        Sign::Frown => text("has a sad face", "есть грустный смайлик", "є сумний смайлик"),
        Sign::DeepFrown => text("has very sad faces", "очень грустные смайлики", "дуже сумні смайлики"),
        Sign::Emoji => text("has an emoji", "есть эмодзи", "є емодзі"),
        Sign::Number => text("has a number", "есть число", "є число"),
        Sign::ManyNumbers => text("has many numbers", "много чисел", "багато чисел"),
        Sign::Price => text("names a price", "названа цена", "названо ціну"),
        Sign::FewWords => text("has few words", "мало слов", "мало слів"),
        Sign::ManyWords => text("has many words", "много слов", "багато слів"),
        Sign::TitleCase => text(
            "writes most words with a capital letter",
            "большинство слов с прописной буквы",
            "більшість слів з великої літери",
        ),
        Sign::RepeatedWords => text("repeats words", "слова повторяются", "слова повторюються"),
        Sign::FewSmallWords => text(
            "has few small words, as headlines have",
            "мало служебных слов, как в заголовках",
            "мало службових слів, як у заголовках",
        ),
        Sign::CutOff => text("is cut off", "текст обрезан", "текст обрізано"),
        Sign::ObjectNotNamed => text("does not name the object", "объект не назван", "об'єкт не названо"),
        Sign::ObjectRepeated => {
            text("names the object more than once", "объект назван не раз", "об'єкт названо не раз")
        }
        Sign::ObjectFirst => text("begins with the object", "начинается с объекта", "починається з об'єкта"),
        Sign::ObjectAddressed => text("speaks to the object", "обращается к объекту", "звертається до об'єкта"),
        Sign::RivalNamed => text("names a rival", "назван конкурент", "названо конкурента"),
        Sign::NotCyrillic => text("is not in Cyrillic letters", "написано не кириллицей", "написано не кирилицею"),
        Sign::NoEndOfSentence => text("ends without a full stop", "без знака в конце", "без знака наприкінці"),
        Sign::BeginsSmall => {
            text("begins with a small letter", "начинается со строчной буквы", "починається з малої літери")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_sign_has_a_sentence_of_its_own_in_three_languages() {
        for said in [|text: Localized| text.en, |text: Localized| text.ru, |text: Localized| text.uk] {
            let sentences: HashSet<&str> = Sign::ALL.iter().map(|sign| said(sentence(*sign))).collect();
            assert_eq!(sentences.len(), Sign::ALL.len());
        }
    }
}
