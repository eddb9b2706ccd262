use molva_domain::Tone;

use super::*;
use crate::training::corpora::{Corpora, Labelled};
use crate::training::{Alphabets, train_heads};
use crate::{Enricher, ModelError, Models, PostSigns};

/// Knows whether a text is glad, which its letters do not say.
struct Knowing;

impl Encoder for Knowing {
    fn name(&self) -> &str {
        "knowing"
    }

    fn width(&self) -> usize {
        3
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncodeFailed> {
        let one = |text: &&str| {
            let number: u32 = text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or_default();
            let mut vector = vec![0.05; 3];
            vector[(number % 3) as usize] = 1.0;
            vector
        };
        Ok(texts.iter().map(one).collect())
    }
}

const LATIN: Alphabets = Alphabets { cyrillic: false, latin: true };

fn set(classes: usize) -> Vec<Labelled> {
    (0..240).map(|id| Labelled { id, text: format!("the ticket number {id}"), class: id as usize % classes }).collect()
}

fn learnt() -> Heads {
    let corpora = Corpora { semeval: set(3), complaints: set(3).into_iter().map(two).collect(), ..Corpora::default() };
    let learnt = train_heads(&corpora, Models::shipped(), &Knowing, LATIN, Vec::new(), &mut |_| {}).expect("learnt");
    let values: Vec<(String, bool)> =
        learnt.scores.iter().map(|score| (score.set.clone(), score.value > 0.95)).collect();
    assert_eq!(values, [("semeval2017".to_owned(), true), ("complaints".to_owned(), true)]);
    learnt.heads
}

/// Complaint or not, of three classes.
fn two(mut example: Labelled) -> Labelled {
    example.class = usize::from(example.class == 0);
    example
}

fn asked(text: &str) -> Asked<'_> {
    Asked { title: "", text, language: None, signs: PostSigns::default(), object: None }
}

#[test]
fn heads_hear_what_only_the_encoder_knows_and_keep_the_rest() {
    let opinion = ByEncoder::new(Knowing, learnt()).expect("an opinion");
    let texts = ["the ticket number 900", "the ticket number 901", "the ticket number 902", "билет номер 900"];
    let judged = opinion.judge(Models::shipped(), &texts.map(asked)).expect("judged");
    let tones: Vec<Tone> = judged.iter().flatten().take(3).map(|judged| judged.tone.said).collect();
    assert_eq!(tones, [Tone::Negative, Tone::Neutral, Tone::Positive]);
    let complaints: Vec<bool> = judged
        .iter()
        .flatten()
        .take(3)
        .map(|judged| judged.said().any(|intent| intent == molva_domain::Intent::Complaint))
        .collect();
    assert_eq!(complaints, [true, false, false]);
    // No head was learnt for Cyrillic posts.
    let first = Enricher::default().judge(Models::shipped(), "", texts[3], None, &PostSigns::default(), None);
    assert_eq!(judged[3], Some(first));
    assert_eq!(texts.map(|text| opinion.knows(&asked(text))), [true, true, true, false]);
}

#[test]
fn heads_judge_alike_after_they_were_written_and_read() {
    let heads = learnt();
    let read = Heads::read(&heads.write()).expect("heads");
    assert_eq!(read.version(), heads.version());
    let judge = |heads| {
        let opinion = ByEncoder::new(Knowing, heads).expect("an opinion");
        opinion.judge(Models::shipped(), &[asked("the ticket number 77")]).expect("judged")
    };
    assert_eq!(judge(read), judge(heads));
}

#[test]
fn damaged_heads_are_refused() {
    let bytes = learnt().write();
    for at in (0..bytes.len()).step_by(bytes.len() / 50) {
        assert!(Heads::read(&bytes[..at]).is_err(), "cut at {at}");
    }
    let mut turned = bytes.clone();
    *turned.last_mut().expect("a byte") ^= 1;
    assert_eq!(Heads::read(&turned).err(), Some(ModelError::Damaged("the checksum is wrong")));
}

#[test]
fn heads_are_refused_beside_another_encoder_or_other_models() {
    let mut heads = learnt();
    heads.encoder = "another".to_owned();
    assert!(ByEncoder::new(Knowing, heads.clone()).is_err());
    heads.encoder = "knowing".to_owned();
    let opinion = ByEncoder::new(Knowing, heads).expect("an opinion");
    assert!(matches!(opinion.judge(&Models::silent(), &[asked("a")]), Err(OpinionError::Broken(_))));
}

#[test]
fn of_a_long_post_what_stands_around_the_object_is_read() {
    let text = format!("{} Билайн {}", "я".repeat(5_000), "ё".repeat(5_000));
    let start = text.find("Билайн").expect("there") as u32;
    let own = [crate::Span { in_title: false, start, end: start + 12 }];
    let object = crate::Object { own: &own, others: &[] };
    let around = Asked { object: Some(object), ..asked(&text) }.passage();
    assert!(around.contains("Билайн") && around.len() <= 1_000, "{} bytes", around.len());
    assert!(text.starts_with(asked(&text).passage()));
}
