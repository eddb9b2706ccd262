//! Why a model was taken or refused, in words.

use molva_connectors::Localized;
use molva_domain::Language;
use molva_pipeline::{Report, Verdict};

use crate::locale::{Locale, Message, text};

/// Names listed at most.
const MOST_NAMED: usize = 6;

pub(super) fn sentence(report: &Report) -> Message {
    let counts = report.counts;
    let held_out = (counts.held_out + counts.audits).to_string();
    match report.verdict {
        Verdict::Better => {
            let named = |language: Language| {
                let names = heads(report, Locale::of_language(language));
                Message::with(BETTER, [&held_out, &names]).in_locale(Locale::of_language(language))
            };
            Message::said(named)
        }
        Verdict::TooFewLabels => Message::with(TOO_FEW, [&counts.corrections.to_string(), &held_out]),
        Verdict::NotBetter => Message::with(NOT_BETTER, [&held_out]),
        Verdict::WorseThanActive => Message::with(WORSE, [&held_out]),
    }
}

/// The heads that were taken, each named once.
fn heads(report: &Report, locale: Locale) -> String {
    let mut names: Vec<&'static str> = Vec::new();
    for head in report.heads.iter().filter(|head| head.taken) {
        if let Some(name) = name(&head.head).map(|name| locale.of(name)).filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    let more = if names.len() > MOST_NAMED { ", …" } else { "" };
    names.truncate(MOST_NAMED);
    format!("{}{more}", names.join(", "))
}

fn name(head: &str) -> Option<Localized> {
    NAMES.iter().find(|(known, _)| *known == head).map(|(_, name)| *name)
}

const NAMES: &[(&str, Localized)] = &[
    ("tone", text("tone", "тональность", "тональність")),
    ("stage", text("stage", "этап", "етап")),
    ("spam", text("spam", "спам", "спам")),
    ("relevance", text("relevance", "релевантность", "релевантність")),
    ("intent:complaint", text("complaint", "жалоба", "скарга")),
    ("intent:help", text("request for help", "просьба о помощи", "прохання про допомогу")),
    ("intent:question", text("question", "вопрос", "запитання")),
    ("intent:idea", text("idea", "идея", "ідея")),
    ("intent:praise", text("praise", "похвала", "похвала")),
    ("intent:purchase", text("wish to buy", "желание купить", "бажання купити")),
    ("intent:churn", text("threat to leave", "угроза уйти", "погроза піти")),
    ("intent:news", text("news", "новость", "новина")),
    ("intent:advert", text("advert", "реклама", "реклама")),
];

const BETTER: Localized = text(
    "taken: on {0} labelled mentions that it did not learn from it is better in: {1}",
    "принята: на {0} размеченных упоминаниях, на которых она не училась, лучше определяет: {1}",
    "прийнята: на {0} розмічених згадках, на яких вона не вчилася, краще визначає: {1}",
);
const TOO_FEW: Localized = text(
    "refused: {0} corrected mentions to learn from and {1} to be measured on are too few, or nearly all of one answer; a judgement \
     takes some 40 and 12, with eight each of two answers",
    "отклонена: {0} исправленных упоминаний для обучения и {1} для проверки мало, или почти у всех один и тот же ответ; на вид оценки \
     нужно около 40 и 12, и хотя бы по восемь двух разных ответов",
    "відхилена: {0} виправлених згадок для навчання і {1} для перевірки замало, або майже всі з однією відповіддю; на вид оцінки \
     треба близько 40 і 12, і хоча б по вісім двох різних відповідей",
);
const NOT_BETTER: Localized = text(
    "refused: on {0} labelled mentions that it did not learn from, and as many that nobody corrected, together it is not better than the \
     shipped one by more than chance",
    "отклонена: на {0} размеченных упоминаниях, на которых она не училась, вместе со столькими же, которых никто не исправлял, она не лучше \
     встроенной больше, чем случайно",
    "відхилена: на {0} розмічених згадках, на яких вона не вчилася, разом зі стількома ж, яких ніхто не виправляв, вона не краща за \
     вбудовану більше, ніж випадково",
);
const WORSE: Localized = text(
    "refused: on {0} labelled mentions that it did not learn from it is right less often than the one in use",
    "отклонена: на {0} размеченных упоминаниях, на которых она не училась, она права реже, чем действующая",
    "відхилена: на {0} розмічених згадках, на яких вона не вчилася, вона має рацію рідше, ніж чинна",
);

#[cfg(test)]
mod tests {
    use molva_domain::Intent;

    use super::*;

    #[test]
    fn every_intent_has_a_name_but_spam_which_is_a_head_of_its_own() {
        for intent in Intent::ALL.iter().filter(|intent| **intent != Intent::Spam) {
            assert!(name(&format!("intent:{intent}")).is_some(), "{intent}");
        }
    }
}
