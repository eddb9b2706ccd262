//! Why the figures can be trusted, or how far: sentences in three languages.

use molva_domain::Language;

use crate::trust::Score;

/// One reason of the trust strip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// The archive is being filled: mentions in, of so many.
    Filling { done: u64, total: u64 },
    /// So many months cannot be read.
    MissingMonths { months: u64, share: f64 },
    /// So many of the expected sources do not deliver.
    SourcesDown { down: u64, expected: u64 },
    /// Part of the collection time is missing.
    Gaps { share: f64 },
    /// Part of the period lies before the first source was added.
    Unwatched { share: f64 },
    /// No source was collecting.
    NoSources,
    /// Networks withheld items.
    QuotaCuts { cuts: u64 },
    /// All sources collected without a gap.
    AllCollected,
    /// Nothing is selected.
    NoMentions,
    /// People have set the tone of a part.
    Judged { share: f64 },
    /// No mention was drawn at random and labelled blind, so no figure of tone, intent or stage has an interval.
    NobodyLabelled,
    /// So many were; enough for estimates or not.
    Labelled { labelled: u64, enough: bool },
    /// A large part are copies.
    Copies { share: f64, counted: bool },
}

/// More than this part missing is something to know.
const SOME: f64 = 0.02;
/// More than this part missing is too much.
const POOR: f64 = 0.2;

impl Reason {
    /// What it makes of the score on its own.
    #[must_use]
    pub fn score(self) -> Score {
        let by_share = |share: f64| {
            if share > POOR {
                Score::Poor
            } else if share > SOME {
                Score::Some
            } else {
                Score::Good
            }
        };
        match self {
            Self::Filling { .. } | Self::NoSources | Self::QuotaCuts { .. } => Score::Some,
            Self::MissingMonths { share, .. } => by_share(share).max(Score::Some),
            Self::SourcesDown { down, expected } if down == expected => Score::Poor,
            Self::SourcesDown { .. } => Score::Some,
            Self::Gaps { share } => by_share(share),
            Self::Unwatched { share } => by_share(share).min(Score::Some),
            Self::AllCollected
            | Self::NoMentions
            | Self::Judged { .. }
            | Self::NobodyLabelled
            | Self::Labelled { .. }
            | Self::Copies { .. } => Score::Good,
        }
    }

    /// Languages other than Russian and Ukrainian read English.
    #[must_use]
    pub fn sentence(self, language: Language) -> String {
        match language {
            Language::RUSSIAN => self.russian(),
            Language::UKRAINIAN => self.ukrainian(),
            _ => self.english(),
        }
    }

    fn english(self) -> String {
        let percent = |share| percent(share, '.', "%");
        match self {
            Self::Filling { done, total } => {
                format!("The archive is still being filled: {done} of {total} mentions are in.")
            }
            Self::MissingMonths { months, .. } => {
                format!("Months that cannot be read just now and are not counted: {months}. They are being rebuilt.")
            }
            Self::SourcesDown { down, expected } => format!("Sources that do not deliver: {down} of {expected}."),
            Self::Gaps { share } => {
                format!("Of the collection time {} is missing; the gaps are listed.", percent(share))
            }
            Self::Unwatched { share } => format!(
                "Of the period {} lies before the first source was added: what was brought in from then may be incomplete, and no ledger tells how far.",
                percent(share)
            ),
            Self::NoSources => {
                "No source was collecting in this period: the figures hold what was imported or handed in.".to_owned()
            }
            Self::QuotaCuts { cuts } => format!("Times a network withheld items because of its limits: {cuts}."),
            Self::AllCollected => "All expected sources collected without a gap.".to_owned(),
            Self::NoMentions => "No mention is selected.".to_owned(),
            Self::Judged { share } => {
                format!(
                    "People have set the tone of {} of the mentions; the others count as neither good nor bad.",
                    percent(share)
                )
            }
            Self::NobodyLabelled => {
                "Nobody has labelled mentions of this selection: how far tones, intents and stages are off is \
                                     not known."
                    .to_owned()
            }
            Self::Labelled { labelled, enough: true } => {
                format!("Mentions that people labelled blind: {labelled}. Corrected values and intervals rest on them.")
            }
            Self::Labelled { labelled, enough: false } => {
                format!("Mentions that people labelled blind: {labelled}, too few to correct anything by.")
            }
            Self::Copies { share, counted: true } => {
                format!("Exact copies make up {} and are counted.", percent(share))
            }
            Self::Copies { share, counted: false } => {
                format!("Exact copies make up {} and are left out.", percent(share))
            }
        }
    }

    fn russian(self) -> String {
        let percent = |share| percent(share, ',', "\u{a0}%");
        match self {
            Self::Filling { done, total } => format!("Архив ещё заполняется: внесено упоминаний {done} из {total}."),
            Self::MissingMonths { months, .. } => {
                format!("Месяцев, которые сейчас не читаются и не учтены: {months}. Они восстанавливаются.")
            }
            Self::SourcesDown { down, expected } => format!("Источников не работает: {down} из {expected}."),
            Self::Gaps { share } => format!("Пропущено времени сбора: {}; пробелы перечислены.", percent(share)),
            Self::Unwatched { share } => format!(
                "До добавления первого источника прошло {} периода: внесённое за это время может быть неполным, и журнал этого не покажет.",
                percent(share)
            ),
            Self::NoSources => {
                "В этом периоде ни один источник не собирал: учтено только импортированное и переданное.".to_owned()
            }
            Self::QuotaCuts { cuts } => format!("Сеть не отдала записи из-за своих ограничений, раз: {cuts}."),
            Self::AllCollected => "Все ожидаемые источники собирали без пробелов.".to_owned(),
            Self::NoMentions => "Ни одно упоминание не выбрано.".to_owned(),
            Self::Judged { share } => {
                format!(
                    "Тональность указана людьми для {} упоминаний; остальные не считаются ни хорошими, ни плохими.",
                    percent(share)
                )
            }
            Self::NobodyLabelled => {
                "Упоминания этой выборки никто не размечал: насколько ошибаются тональность, намерения и \
                                     стадии, неизвестно."
                    .to_owned()
            }
            Self::Labelled { labelled, enough: true } => {
                format!(
                    "Упоминаний, размеченных людьми вслепую: {labelled}. На них стоят уточнённые значения и интервалы."
                )
            }
            Self::Labelled { labelled, enough: false } => {
                format!("Упоминаний, размеченных людьми вслепую: {labelled} — слишком мало, чтобы что-то уточнять.")
            }
            Self::Copies { share, counted: true } => format!("Точных копий — {}, они учтены.", percent(share)),
            Self::Copies { share, counted: false } => format!("Точных копий — {}, они не учтены.", percent(share)),
        }
    }

    fn ukrainian(self) -> String {
        let percent = |share| percent(share, ',', "\u{a0}%");
        match self {
            Self::Filling { done, total } => format!("Архів ще заповнюється: внесено згадок {done} із {total}."),
            Self::MissingMonths { months, .. } => {
                format!("Місяців, які зараз не читаються й не враховані: {months}. Вони відновлюються.")
            }
            Self::SourcesDown { down, expected } => format!("Джерел не працює: {down} з {expected}."),
            Self::Gaps { share } => format!("Пропущено часу збору: {}; прогалини перелічено.", percent(share)),
            Self::Unwatched { share } => format!(
                "До додавання першого джерела минуло {} періоду: внесене за цей час може бути неповним, і журнал цього не покаже.",
                percent(share)
            ),
            Self::NoSources => {
                "У цьому періоді жодне джерело не збирало: враховано лише імпортоване й передане.".to_owned()
            }
            Self::QuotaCuts { cuts } => format!("Мережа не віддала дописи через свої обмеження, разів: {cuts}."),
            Self::AllCollected => "Усі очікувані джерела збирали без прогалин.".to_owned(),
            Self::NoMentions => "Жодної згадки не вибрано.".to_owned(),
            Self::Judged { share } => {
                format!(
                    "Тональність указали люди для {} згадок; решта не рахується ні доброю, ні поганою.",
                    percent(share)
                )
            }
            Self::NobodyLabelled => {
                "Згадок цієї вибірки ніхто не розмічав: наскільки помиляються тональність, наміри та \
                                     стадії, невідомо."
                    .to_owned()
            }
            Self::Labelled { labelled, enough: true } => {
                format!("Згадок, розмічених людьми наосліп: {labelled}. На них стоять уточнені значення та інтервали.")
            }
            Self::Labelled { labelled, enough: false } => {
                format!("Згадок, розмічених людьми наосліп: {labelled} — замало, щоб щось уточнювати.")
            }
            Self::Copies { share, counted: true } => format!("Точних копій — {}, їх ураховано.", percent(share)),
            Self::Copies { share, counted: false } => format!("Точних копій — {}, їх не враховано.", percent(share)),
        }
    }
}

/// With one digit behind the point below ten; what is there is never shown as nothing, what is not all never as all.
fn percent(share: f64, point: char, sign: &str) -> String {
    let percent = share * 100.0;
    let number = if share > 0.0 && percent < 0.1 {
        "<0.1".to_owned()
    } else if share < 1.0 && percent > 99.0 {
        format!("{:.1}", percent.min(99.9))
    } else if percent < 10.0 && share > 0.0 {
        format!("{percent:.1}")
    } else {
        format!("{percent:.0}")
    };
    format!("{}{sign}", number.replace('.', &point.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_never_rounded_to_nothing_or_all() {
        let shown = [0.0, 0.0001, 0.034, 0.5, 0.9999, 1.0].map(|share| percent(share, ',', " %"));
        assert_eq!(shown, ["0 %", "<0,1 %", "3,4 %", "50 %", "99,9 %", "100 %"]);
    }

    #[test]
    fn a_reason_is_a_sentence_in_the_language_of_the_reader() {
        let reason = Reason::Gaps { share: 0.034 };
        assert_eq!(reason.sentence(Language::ENGLISH), "Of the collection time 3.4% is missing; the gaps are listed.");
        assert_eq!(reason.sentence(Language::RUSSIAN), "Пропущено времени сбора: 3,4\u{a0}%; пробелы перечислены.");
        assert_eq!(reason.sentence(Language::UKRAINIAN), "Пропущено часу збору: 3,4\u{a0}%; прогалини перелічено.");
    }

    #[test]
    fn the_more_is_missing_the_worse_the_score() {
        let scores = [0.0, 0.01, 0.1, 0.5].map(|share| Reason::Gaps { share }.score());
        assert_eq!(scores, [Score::Good, Score::Good, Score::Some, Score::Poor]);
        let down = [(1, 3), (3, 3)].map(|(down, expected)| Reason::SourcesDown { down, expected }.score());
        assert_eq!(down, [Score::Some, Score::Poor]);
    }
}
