//! The language of a post. The model itself lives in `molva_text`, since queries ask for languages too; here it is a judgement
//! with a probability.

use molva_domain::Language;
use molva_text::Analysis;

/// The likeliest language of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LanguageJudgement {
    /// `None` where there are too few letters to judge by, or none of the languages is likelier than all others together.
    pub language: Option<Language>,
    /// Of the likeliest language, from 0 to 1; zero without letters.
    pub probability: f32,
}

/// Judges a text that was analysed already, with the same title and text.
#[must_use]
pub fn judge(analysis: &Analysis, title: &str, text: &str) -> LanguageJudgement {
    let (likeliest, probability) = analysis.likeliest_language(title, text).unzip();
    let language =
        likeliest.filter(|_| probability.is_some_and(|probability| probability >= Analysis::SURE_OF_LANGUAGE));
    LanguageJudgement { language, probability: probability.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use molva_text::PrefixFilter;

    use super::*;

    fn judged(text: &str) -> LanguageJudgement {
        let mut analysis = Analysis::default();
        analysis.run("", text, &PrefixFilter::default());
        judge(&analysis, "", text)
    }

    #[test]
    fn a_language_comes_with_its_probability_and_nothing_with_none() {
        let sure = judged("Сегодня весь день не работает интернет, что случилось?");
        assert_eq!(sure.language, Some(Language::RUSSIAN));
        assert!(sure.probability > 0.95, "{sure:?}");
        assert_eq!(judged("http://t.co/1 @beeline 😡"), LanguageJudgement { language: None, probability: 0.0 });
    }
}
