//! What people teach is learnt when it is true, refused when it is noise, and told as it is.

use std::sync::{Arc, LazyLock};

use molva_domain::{Language, Tone};
use proptest::prelude::*;

use super::{Correction, Example, Origin, Report, Said, Trained, Verdict, Why, is_held_out, train};
use crate::judgement::{Object, PostSigns, Span};
use crate::models::Models;
use crate::{Enricher, Evidence};

const THINGS: [&str; 8] = ["тариф", "роутер", "офис", "чат", "сайт", "телефон", "пакет", "номер"];
const DOINGS: [&str; 6] = ["обновили", "показали", "прислали", "открыли", "поменяли", "привезли"];
const PLACES: [&str; 5] = ["сегодня", "в Казани", "на вокзале", "дома", "вечером"];

/// A sentence that the shipped models find neutral; with a word of the house that people of this workspace mean as blame.
fn sentence(number: usize, blames: bool) -> String {
    let (thing, doing) = (THINGS[number % 8], DOINGS[number / 3 % 6]);
    let place = PLACES[number / 7 % 5];
    let blame = if blames { " и фикус" } else { "" };
    format!("Ромашка {doing} {thing} {place}{blame}, номер {}", number % 90)
}

fn example(number: usize, origin: Origin, said: Said) -> Example {
    let text = sentence(number, number.is_multiple_of(2));
    Example {
        key: number as i64,
        topic: 1 + (number % 2) as i64,
        title: String::new(),
        own: vec![Span { in_title: false, start: 0, end: "Ромашка".len() as u32 }],
        others: Vec::new(),
        text,
        language: Some(Language::RUSSIAN),
        signs: PostSigns::default(),
        origin,
        said,
    }
}

fn tone(tone: Tone) -> Said {
    Said { tone: Some(tone), ..Said::default() }
}

/// People call what has the word negative, and leave alone or confirm the rest.
fn taught(all: usize) -> Vec<Example> {
    let one = |number: usize| match number % 4 {
        0 | 2 => example(number, Origin::Correction, tone(Tone::Negative)),
        1 => example(number, Origin::Left, Said::default()),
        _ => example(number, Origin::Correction, tone(Tone::Neutral)),
    };
    (0..all).map(one).collect()
}

fn learn(examples: &[Example], active: Option<&Models>) -> Trained {
    train(Models::shipped(), active, examples, 1, &mut |_, _| true).expect("nobody stopped it")
}

fn judged(models: &Models, text: &str) -> Tone {
    let own = [Span { in_title: false, start: 0, end: "Ромашка".len() as u32 }];
    let object = Some(Object { own: &own, others: &[] });
    let signs = PostSigns::default();
    Enricher::default().judge(models, "", text, Some(Language::RUSSIAN), &signs, object).tone.said
}

static GOOD: LazyLock<Trained> = LazyLock::new(|| learn(&taught(400), None));

fn corrected() -> Models {
    Models::shipped().corrected(Arc::clone(GOOD.correction.as_ref().expect("a correction")))
}

fn head<'a>(report: &'a Report, name: &str) -> &'a super::HeadReport {
    report.heads.iter().find(|head| head.head == name).expect("a head")
}

#[test]
fn a_word_of_the_house_is_learnt_and_explains_the_judgement() {
    assert_eq!(GOOD.report.verdict, Verdict::Better);
    let tone = head(&GOOD.report, "tone");
    assert!(tone.taken && tone.why == Why::Better && tone.after > tone.before, "{tone:?}");
    assert!(!head(&GOOD.report, "stage").taken && !head(&GOOD.report, "intent:complaint").taken);
    let text = "Ромашка привезла заказ на дачу и фикус";
    let models = corrected();
    assert_eq!((judged(Models::shipped(), text), judged(&models, text)), (Tone::Neutral, Tone::Negative));
    let unseen =
        (1_001..1_101).filter(|number| judged(&models, &sentence(*number, number.is_multiple_of(2))) == Tone::Negative);
    assert!(unseen.eq((1_002..1_101).step_by(2)), "it hears the word, and nothing else");

    let own = [Span { in_title: false, start: 0, end: "Ромашка".len() as u32 }];
    let object = Some(Object { own: &own, others: &[] });
    let signs = PostSigns::default();
    let reasons = Enricher::default().explain(&models, "", text, Some(Language::RUSSIAN), &signs, object).tone;
    let Evidence::Words(spans) = &reasons[0].what else { panic!("{reasons:?}") };
    let word = &text[spans[0].start as usize..spans[0].end as usize];
    assert!(["фикус", "и"].contains(&word), "{reasons:?}");
}

#[test]
fn scores_and_confusion_are_those_of_mentions_held_out() {
    let report = &GOOD.report;
    let held_out = (0..400).filter(|number| number % 4 != 1 && is_held_out(*number)).count();
    assert_eq!((report.counts.held_out, report.counts.audits), (held_out, 0));
    let whole = report.scores.iter().find(|score| score.head == "tone").expect("a score");
    assert_eq!((whole.metric.as_str(), &whole.language, whole.topic), ("macro_f1", &None, None));
    assert_eq!(whole.examples, held_out);
    assert!(whole.after > 0.95 && whole.before < Some(0.8) && whole.low <= whole.after, "{whole:?}");
    assert!(report.scores.iter().any(|score| score.language.as_deref() == Some("ru")));
    assert!(report.scores.iter().any(|score| score.topic == Some(2)));
    assert_eq!(report.confusion.iter().flatten().sum::<u64>(), held_out as u64);
    assert!(report.after > report.before);
}

#[test]
fn noise_is_refused() {
    let tones = [Tone::Negative, Tone::Neutral, Tone::Positive];
    let one = |number: usize| {
        let said = tone(tones[(super::mix(number as i64 + 7_777) % 3) as usize]);
        let left = number % 3 == 1;
        example(number, if left { Origin::Left } else { Origin::Correction }, if left { Said::default() } else { said })
    };
    let trained = learn(&(0..400).map(one).collect::<Vec<_>>(), None);
    assert_eq!((trained.report.verdict, trained.correction.is_none()), (Verdict::NotBetter, true));
    assert_eq!(head(&trained.report, "tone").why, Why::NotBetter);
}

#[test]
fn to_contradict_the_machine_without_a_reason_is_refused_too() {
    // Every label says something else than the machine, as those of people who correct do; there is nothing to learn.
    let one = |number: usize| {
        let said = tone(if super::mix(number as i64 + 9).is_multiple_of(2) { Tone::Negative } else { Tone::Positive });
        let left = super::mix(number as i64 + 77).is_multiple_of(2);
        let example = example(2 * number + 1, Origin::Left, Said::default());
        if left { example } else { Example { origin: Origin::Correction, said, ..example } }
    };
    let trained = learn(&(0..400).map(one).collect::<Vec<_>>(), None);
    assert_eq!((trained.report.verdict, trained.correction.is_none()), (Verdict::NotBetter, true));
}

#[test]
fn with_few_labels_the_shipped_models_stay() {
    let trained = learn(&taught(40), None);
    assert_eq!((trained.report.verdict, trained.correction.is_none()), (Verdict::TooFewLabels, true));
    assert_eq!(learn(&[], None).report.verdict, Verdict::TooFewLabels);
}

#[test]
fn what_is_worse_on_mentions_drawn_at_random_is_refused() {
    let mut examples = taught(400);
    // Those who label blind do not mind the word.
    examples.extend((1_000..1_100).map(|number| example(number, Origin::Audit, tone(Tone::Neutral))));
    let trained = learn(&examples, None);
    let tone = head(&trained.report, "tone");
    assert!(!tone.taken && matches!(tone.why, Why::WorseOnAudits | Why::NotBetter), "{tone:?}");
    assert_eq!(trained.report.counts.audits, 100);
}

#[test]
fn a_correction_in_use_gives_way_only_to_one_as_good() {
    let models = corrected();
    let again = learn(&taught(400), Some(&models));
    assert_eq!(again.report.verdict, Verdict::Better);
    assert_eq!(again.report.version, models.version(), "the same labels make the same model");
    let mut fewer = taught(400);
    // What was taught is forgotten, what measures is not.
    let mut kept = 0;
    fewer.retain(|one| {
        kept += usize::from(!is_held_out(one.key));
        is_held_out(one.key) || kept < 70
    });
    let worse = learn(&fewer, Some(&models));
    assert_ne!(worse.report.verdict, Verdict::TooFewLabels);
}

#[test]
fn the_bin_teaches_what_a_topic_is_not_about() {
    let one = |number: usize| {
        let said = Said { relevant: Some(!number.is_multiple_of(2)), ..Said::default() };
        Example { topic: 9, ..example(number, Origin::Correction, said) }
    };
    let trained = learn(&(0..300).map(one).collect::<Vec<_>>(), None);
    let head = head(&trained.report, "relevance");
    assert!(head.taken && head.topic == Some(9), "{head:?}");
    let models = Models::shipped().corrected(trained.correction.expect("a correction"));
    let mut enricher = Enricher::default();
    let mut relevance = |text: &str, topic: i64| {
        enricher.judge(&models, "", text, Some(Language::RUSSIAN), &PostSigns::default(), Some(Object::default()));
        enricher.relevance(&models, topic)
    };
    let (about, not) = (relevance("Ромашка открыла чат", 9), relevance("Ромашка и фикус", 9));
    assert!(about > Some(0.6) && not < Some(0.4), "{about:?} {not:?}");
    assert_eq!(relevance("Ромашка открыла чат", 1), None);
    assert_eq!(judged(&models, "Ромашка открыла чат"), judged(Models::shipped(), "Ромашка открыла чат"));
}

#[test]
fn a_correction_is_the_same_after_writing_and_reading() {
    let correction = GOOD.correction.as_ref().expect("a correction");
    let bytes = correction.write();
    assert!(bytes.len() < 2_000_000, "{}", bytes.len());
    let read = Correction::read(&bytes).expect("what was written is read");
    assert_eq!((read.version(), read.base()), (correction.version(), Models::shipped().version()));
    assert!(read.write() == bytes, "the bytes differ");
    let mut changed = bytes.clone();
    *changed.last_mut().expect("not empty") ^= 1;
    assert!(Correction::read(&changed).is_err() && Correction::read(&bytes[..40]).is_err());
    let manifest = serde_json::to_string(&GOOD.report).expect("JSON");
    assert_eq!(serde_json::from_str::<Report>(&manifest).expect("a report"), GOOD.report);
}

#[test]
fn where_nothing_was_learnt_nothing_moves() {
    let nothing = Correction::new("x", &[], vec![0.0; super::parts::OUTPUTS], &[], Vec::new());
    let models = Models::shipped().corrected(Arc::new(nothing));
    for text in
        ["Билайн опять не работает, ужасная связь", "Спасибо, отличный тариф", "I love it", "скидки http://t.co/a"]
    {
        let judge = |models: &Models| {
            Enricher::default().judge(models, "", text, None, &PostSigns::default(), Some(Object::default()))
        };
        assert_eq!(judge(&models), judge(Models::shipped()), "{text}");
    }
}

#[test]
fn a_training_can_be_stopped() {
    let mut steps = 0;
    let stopped = train(Models::shipped(), None, &taught(200), 1, &mut |done, all| {
        steps = done;
        assert!(done <= all);
        done < 3
    });
    assert!(stopped.is_none());
    assert_eq!(steps, 3);
}

proptest! {
    #[test]
    fn no_bytes_make_reading_a_correction_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut behind = b"MOLVACOR\x01\0\0\0".to_vec();
        behind.extend_from_slice(&bytes);
        prop_assert!(Correction::read(&bytes).is_err());
        prop_assert!(Correction::read(&behind).is_err());
    }
}
