use std::collections::BTreeMap;

use molva_domain::Tone;

use super::corpora::{self, Corpora, CorpusError, Labelled, Streamed, TowardsBrand, Wanted};
use super::dice::Dice;
use super::metrics::{Confusion, Metric, calibration_error_of};
use super::{Brands, Teacher, folds, smileys, train};
use crate::judgement::{Object, Span};
use crate::slow::{EncodeFailed, Encoder};
use crate::{Enricher, PostSigns};

fn small() -> Corpora {
    let texts = [("связь ужас плохо", 0), ("открыли офис", 1), ("спасибо отлично супер", 2)];
    let towards = |index: usize| {
        let (text, class) = texts[index % 3];
        TowardsBrand {
            id: index.to_string(),
            text: format!("билайн {text} {index}"),
            brand: "beeline".to_owned(),
            published: 1_386_000_000 + index as i64 * 1_000_000,
            class,
        }
    };
    let labelled = |index: usize| {
        let (text, class) = texts[index % 3];
        Labelled { id: index as u64, text: format!("{text} {index}"), class }
    };
    Corpora {
        telecom: (0..60).map(towards).collect(),
        rusentitweet: (0..60).map(labelled).collect(),
        semeval: (0..60).map(labelled).collect(),
        stream: (0..30)
            .map(|index| Streamed {
                id: format!("s{index}"),
                text: if index % 2 == 0 {
                    "всё отлично :)".to_owned()
                } else {
                    "опять плохо :(".to_owned()
                },
                brands: Vec::new(),
            })
            .collect(),
        wanted: (0..40)
            .map(|index| Wanted {
                id: format!("w{index}"),
                text: format!("билайн {} {index}", texts[index % 3].0),
                brand: "beeline".to_owned(),
                intents: u16::from(index % 3 == 0),
                other: index % 3 == 1,
                stage: None,
                spam: false,
                chosen: false,
            })
            .collect(),
        ..Corpora::default()
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let learn = || train(&small(), None, Vec::new(), &mut |_| {}).models.write();
    assert!(learn() == learn(), "the bytes differ");
}

#[test]
fn what_can_be_learnt_is_learnt() {
    let learnt = train(&small(), None, Vec::new(), &mut |_| {});
    let scores: BTreeMap<&str, f64> = learnt
        .scores
        .iter()
        .filter(|score| score.method.contains("fold"))
        .map(|score| (score.set.as_str(), score.value))
        .collect();
    assert!(scores["semeval2017"] > 0.9 && scores["brand tweets, complaint"] > 0.9, "{scores:?}");
}

/// Hears from the number in a text how it feels.
struct Hearing;

impl Encoder for Hearing {
    fn name(&self) -> &str {
        "hearing"
    }

    fn width(&self) -> usize {
        3
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncodeFailed> {
        let class = |text: &str| text.rsplit(' ').next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(1) % 3;
        let vector = |text: &&str| (0..3).map(|place| if place == class(text) { 1.0 } else { 0.05 }).collect();
        Ok(texts.iter().map(vector).collect())
    }
}

#[test]
fn a_teacher_tells_how_words_feel_that_nobody_labelled() {
    // Labels are told apart by nothing but the vector; the words that tell the others apart are not labelled.
    let labelled = |number: usize| TowardsBrand {
        id: number.to_string(),
        text: format!("билайн сказал {}", 300 + number),
        brand: "beeline".to_owned(),
        published: 1_386_000_000 + number as i64 * 100_000,
        class: number % 3,
    };
    let words = ["клеится", "мнётся", "тянется"];
    let streamed = |number: usize| Streamed {
        id: format!("s{number}"),
        text: format!("билайн {} {}", words[number % 3], 300 + number),
        brands: vec!["beeline".to_owned()],
    };
    let corpora = Corpora {
        telecom: (0..240).map(labelled).collect(),
        stream: (0..480).map(streamed).collect(),
        // What no labelled set has is not heard at all; here all three words are neutral.
        rusentitweet: (0..10).map(|id| Labelled { id, text: format!("{} {id}", words.join(" ")), class: 1 }).collect(),
        ..Corpora::default()
    };
    let teacher = Teacher::hear(&corpora, &Hearing).expect("vectors");
    let said = |teacher: Option<&Teacher>| {
        let models = train(&corpora, teacher, Vec::new(), &mut |_| {}).models;
        words.map(|word| {
            let text = format!("билайн {word}");
            let own = [Span { in_title: false, start: 0, end: 12 }];
            let object = Some(Object { own: &own, others: &[] });
            Enricher::default().judge(&models, "", &text, None, &PostSigns::default(), object).tone.said
        })
    };
    let tones = [Tone::Negative, Tone::Neutral, Tone::Positive];
    assert_eq!(said(Some(&teacher)), tones);
    assert_ne!(said(None), tones);
}

#[test]
fn nothing_to_learn_from_gives_models_that_know_nothing() {
    let learnt = train(&Corpora::default(), None, Vec::new(), &mut |_| {});
    assert_eq!(learnt.scores, []);
    assert_eq!(learnt.models.rules, crate::models::Models::silent().rules);
}

#[test]
fn sets_are_read_and_their_mistakes_named_by_line() {
    let set = "{\"text\":\"a\",\"label\":\"yes\"}\n\n{\"text\":\"b\",\"label\":\"what\"}";
    let error = corpora::labelled(set, &["no", "yes"]).expect_err("an unknown label");
    assert_eq!(error.to_string(), "line 2: `what` is none of no, yes");
    let labels = "# id\n1\tbeeline\tch\tv\t0\n2\tbeeline\to\t-\t1\n3\tbeeline\tn\t-\t0";
    let stream = corpora::streamed("{\"id\":\"1\",\"text\":\"x\"}\n{\"id\":\"2\",\"text\":\"y\"}").expect("a stream");
    let wanted = corpora::wanted(labels, &stream).expect("labels");
    let seen: Vec<_> =
        wanted.iter().map(|wanted| (wanted.text.as_str(), wanted.intents, wanted.other, wanted.spam)).collect();
    assert_eq!(seen, [("x", 0b11, false, false), ("y", 1 << 9, true, true)]);
    assert_eq!(
        corpora::wanted("1\tbeeline\tz\tv\t0", &stream).expect_err("an unknown code"),
        CorpusError { line: 1, reason: "`z` is no intent".to_owned() }
    );
}

#[test]
fn our_labels_can_be_read() {
    for (labels, rows) in [(corpora::LABELS, 5_424), (corpora::HELD_OUT_LABELS, 1_000)] {
        let ids = labels.lines().filter(|line| !line.starts_with('#'));
        let stream: Vec<Streamed> = ids
            .filter_map(|line| line.split('\t').next())
            .map(|id| Streamed { id: id.to_owned(), text: String::new(), brands: Vec::new() })
            .collect();
        assert_eq!(corpora::wanted(labels, &stream).expect("labels").len(), rows);
    }
}

#[test]
fn brands_are_found_however_they_are_written() {
    let mut brands = Brands::default();
    let (mut own, mut others) = (Vec::new(), Vec::new());
    let mut found = |text: &str, brand: &str| {
        brands.find(text, brand, &mut own, &mut others);
        let text = |spans: &[Span]| {
            spans
                .iter()
                .map(|span| text[span.start as usize..span.end as usize].to_owned())
                .collect::<Vec<_>>()
                .join(", ")
        };
        (text(&own), text(&others))
    };
    let pair = |own: &str, others: &str| (own.to_owned(), others.to_owned());
    assert_eq!(found("Билайном недоволен, @beeline_rus", "beeline"), pair("Билайном, @beeline_rus", ""));
    assert_eq!(found("МТС хуже Мегафона", "megafon"), pair("Мегафона", "МТС"));
    assert_eq!(found("карта Банка Москвы", "bankmoskvy"), pair("Банка Москвы", ""));
    assert_eq!(found("купил Самсунг", "самсунг"), pair("Самсунг", ""));
    assert_eq!(found("ничего", ""), pair("", ""));
    assert_eq!(found("Альфа Банк и банк Москвы", "alfabank"), pair("Альфа, Альфа Банк", "банк Москвы"));
    assert_eq!(found("@my_sky_link, @alfa_bank_ru", "skylink"), pair("@my_sky_link", "@alfa_bank_ru"));
    assert_eq!(found("Дом Ру подвёл, @DomRu_help, дом", "дом ру"), pair("Дом Ру", ""));
}

#[test]
fn smileys_label_posts_unless_they_contradict_each_other() {
    let seen: Vec<Option<bool>> =
        ["ура)", "беда((", "да :) нет :(", "(в скобках)", "👍", "ничего"].map(smileys::smiley).into();
    assert_eq!(seen, [Some(true), Some(false), None, None, Some(true), None]);
}

#[test]
fn equal_texts_fall_into_one_fold_and_days_into_one_stretch() {
    let texts = ["раз два три четыре", "RT @a: раз два три четыре", "совсем другое слово тут"];
    let dealt = folds::at_random(texts.into_iter(), 1_000);
    assert!(dealt[0] == dealt[1] && dealt[0] != dealt[2], "{dealt:?}");
    assert_eq!(folds::by_time(&[5, 1, 3, 2, 4, 6], 3), [2, 0, 1, 0, 1, 2]);
}

#[test]
fn scores_are_those_of_the_books() {
    let confusion = Confusion::of(3, [(0, 0), (0, 1), (1, 1), (2, 2), (2, 0)]);
    let f1 = [0.5, 2.0 / 3.0, 2.0 / 3.0];
    assert!((Metric::MacroF1.of(&confusion) - f1.iter().sum::<f64>() / 3.0).abs() < 1e-9);
    assert!((Metric::EndsF1.of(&confusion) - (f1[0] + f1[2]) / 2.0).abs() < 1e-9);
    assert!((Metric::MeanRecall.of(&confusion) - (0.5 + 1.0 + 0.5) / 3.0).abs() < 1e-9);
    let sure = [(0.75_f32, true), (0.75, true), (0.75, true), (0.75, false)];
    assert!(calibration_error_of(sure.into_iter()) < 1e-9);
}

#[test]
fn dice_fall_the_same_way_every_time() {
    let mut dice = Dice::new(1);
    let thrown: Vec<usize> = (0..8).map(|_| dice.below(6)).collect();
    let mut again = Dice::new(1);
    assert_eq!(thrown, (0..8).map(|_| again.below(6)).collect::<Vec<_>>());
    assert!(thrown.iter().all(|side| *side < 6));
}
