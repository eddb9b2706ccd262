//! What the shipped models say of plain sentences, and that nothing makes them stumble.

use molva_domain::{Intent, Language, Tone};
use proptest::prelude::*;

use crate::{Enricher, Evidence, Judgement, Models, Object, PostSigns, Span};

fn judge(text: &str, object: Option<&str>) -> Judgement {
    let spans: Vec<Span> = object.into_iter().map(|word| span(text, word)).collect();
    let object = object.map(|_| Object { own: &spans, others: &[] });
    Enricher::default().judge(Models::shipped(), "", text, None, &PostSigns::default(), object)
}

fn span(text: &str, word: &str) -> Span {
    let start = text.find(word).expect("the word stands in the text") as u32;
    Span { in_title: false, start, end: start + word.len() as u32 }
}

#[test]
fn models_judge_alike_to_the_last_bit_whether_their_tables_are_packed_or_not() {
    let packed = Models::shipped();
    let plain = Models { packed: None, ..packed.clone() };
    assert!(packed.packed.is_some());
    let (mut one, mut other) = (Enricher::default(), Enricher::default());
    for text in [
        "RT @bank_care: Билайн опять не работает, ужасная связь, достали!!! @beeline_help почините http://t.co/a",
        "Спасибо Мегафону, не подвёл :)) а вот Билайн — нет…",
        "Київстар знову не працює, жахливий зв'язок, хочу піти до іншого",
        "@att worst service ever, I hate it, why is my phone not working? I want to leave",
        "",
    ] {
        let spans: Vec<Span> =
            text.find(' ').map(|end| Span { in_title: false, start: 0, end: end as u32 }).into_iter().collect();
        for object in [None, Some(Object { own: &spans, others: &[] })] {
            let signs = PostSigns::default();
            let judge = |enricher: &mut Enricher, models| {
                let said = enricher.judge(models, "", text, None, &signs, object);
                (said, enricher.explain(models, "", text, None, &signs, object))
            };
            assert_eq!(judge(&mut one, packed), judge(&mut other, &plain), "{text}");
        }
    }
}

#[test]
fn plain_sentences_have_their_tone_in_three_languages() {
    for (text, object, tone) in [
        ("Билайн опять не работает, ужасная связь, достали", Some("Билайн"), Tone::Negative),
        ("Спасибо Мегафону, отличная связь, очень доволен!", Some("Мегафону"), Tone::Positive),
        ("Потребительский кредит в Сбербанке, проценты на сегодня http://t.co/a", Some("Сбербанке"), Tone::Neutral),
        ("Ненавижу понедельники, всё ужасно", None, Tone::Negative),
        ("Люблю тебя, ты самая лучшая, спасибо ❤", None, Tone::Positive),
        ("Київстар знову не працює, жахливий зв'язок", Some("Київстар"), Tone::Negative),
        ("Worst service ever, I hate this airline", None, Tone::Negative),
        ("I love it, best day ever, thank you!", None, Tone::Positive),
        ("The meeting starts on Tuesday at the library", None, Tone::Neutral),
    ] {
        assert_eq!(judge(text, object).tone.said, tone, "{text}: {:?}", judge(text, object).tone);
    }
}

#[test]
fn plain_sentences_say_what_their_authors_want() {
    for (text, object, intent) in [
        ("Билайн, третий день не работает интернет, сколько можно! Ужасный оператор", "Билайн", Intent::Complaint),
        ("Взять кредит онлайн без справок Сбербанк http://t.co/a", "Сбербанк", Intent::Spam),
        ("ВТБ увеличил чистую прибыль на 20% по итогам года http://t.co/a", "ВТБ", Intent::News),
        ("Подскажите, какой тариф МТС лучше для интернета?", "МТС", Intent::Question),
    ] {
        let judgement = judge(text, Some(object));
        assert!(judgement.said().any(|said| said == intent), "{text}: {:?}", judgement.intents);
    }
}

#[test]
fn the_same_post_is_judged_for_each_object() {
    let text = "Ушёл с ужасного Билайна на Мегафон";
    let (beeline, megafon) = ([span(text, "Билайна")], [span(text, "Мегафон")]);
    let mut enricher = Enricher::default();
    let mut negative = |own: &[Span], others: &[Span]| {
        let object = Some(Object { own, others });
        enricher.judge(Models::shipped(), "", text, None, &PostSigns::default(), object).tone.negative
    };
    assert!(negative(&beeline, &megafon) > negative(&megafon, &beeline));
}

#[test]
fn a_ukrainian_post_is_judged_by_the_model_that_learnt_ukrainian_unless_a_rival_is_named() {
    let judged = |text: &str, own: &[Span], others: &[Span], language| {
        let object = Some(Object { own, others });
        Enricher::default().judge(Models::shipped(), "", text, language, &PostSigns::default(), object)
    };
    let text = "Купив телевізор Самсунг, якість зображення чудова, раджу всім";
    let own = [span(text, "Самсунг")];
    let ukrainian = judged(text, &own, &[], Some(Language::UKRAINIAN));
    let of_text = ukrainian.text_tone.as_ref().expect("a tone of the text");
    assert_eq!((ukrainian.tone.said, ukrainian.tone.positive), (Tone::Positive, of_text.positive));
    let text = "Купив Самсунг, а Ксіомі повернув у магазин";
    let (own, others) = ([span(text, "Самсунг")], [span(text, "Ксіомі")]);
    assert_ne!(
        judged(text, &own, &others, Some(Language::UKRAINIAN)).tone,
        judged(text, &others, &own, Some(Language::UKRAINIAN)).tone
    );
}

#[test]
fn a_complaint_is_explained_by_its_words() {
    let text = "Билайн опять не работает, ужасная связь";
    let own = [span(text, "Билайн")];
    let object = Some(Object { own: &own, others: &[] });
    let signs = PostSigns::default();
    let explanation = Enricher::default().explain(Models::shipped(), "", text, Some(Language::RUSSIAN), &signs, object);
    let toward: Vec<&str> = explanation
        .tone
        .iter()
        .filter(|reason| reason.weight > 0.0)
        .filter_map(|reason| match &reason.what {
            Evidence::Words(spans) => Some(&text[spans[0].start as usize..spans[0].end as usize]),
            _ => None,
        })
        .collect();
    assert!(toward.contains(&"ужасная"), "{explanation:?}");
    let motive = judge(text, Some("Билайн")).motive.expect("a motive");
    assert!(text[motive.start as usize..motive.end as usize].contains("ужасная"), "{motive:?}");
}

#[test]
fn stars_of_a_review_outweigh_a_dull_text() {
    let judged = |rating| {
        let signs = PostSigns { rating, ..PostSigns::default() };
        Enricher::default().judge(Models::shipped(), "", "Пользуюсь год", None, &signs, None).tone
    };
    assert!(judged(Some(1)).negative > judged(None).negative);
    assert_eq!(judged(Some(5)).said, Tone::Positive);
}

#[test]
fn models_that_know_nothing_call_everything_neutral_to_the_same_degree() {
    let silent = Models::silent();
    let judgement = Enricher::default().judge(&silent, "", "ужас", None, &PostSigns::default(), None);
    assert_eq!((judgement.intents_said, judgement.motive), (0, None));
    assert!((judgement.tone.negative - 0.2).abs() < 1e-6, "{:?}", judgement.tone);
}

#[test]
fn a_motive_ends_behind_a_mark_of_several_bytes() {
    let text = "ૐa0🌀0«B{Br";
    let judgement = Enricher::default().judge(Models::shipped(), "", text, None, &PostSigns::default(), None);
    let cut = |span: Span| text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize);
    assert!(judgement.motive.is_none_or(cut), "{:?}", judgement.motive);
}

fn sums_to_one(judgement: &Judgement) -> bool {
    let tone = judgement.tone.negative + judgement.tone.neutral + judgement.tone.positive;
    let stage = judgement.stage.none + judgement.stage.scores.iter().sum::<f32>();
    (tone - 1.0).abs() < 1e-3 && (stage - 1.0).abs() < 1e-3
}

proptest! {
    #[test]
    fn any_text_and_any_spans_are_judged(
        title in "\\PC{0,20}",
        text in "\\PC{0,300}",
        spans in proptest::collection::vec((any::<bool>(), 0_u32..400, 0_u32..400), 0..4),
    ) {
        let spans: Vec<Span> = spans.into_iter().map(|(in_title, start, end)| Span { in_title, start, end }).collect();
        let object = Some(Object { own: &spans, others: &spans[..spans.len() / 2] });
        let mut enricher = Enricher::default();
        let signs = PostSigns { rating: Some(9), ..PostSigns::default() };
        let judgement = enricher.judge(Models::shipped(), &title, &text, None, &signs, object);
        prop_assert!(sums_to_one(&judgement));
        prop_assert!(judgement.intents.iter().all(|score| (0.0..=1.0).contains(score)));
        if let Some(motive) = judgement.motive {
            let source = if motive.in_title { &title } else { &text };
            prop_assert!(source.get(motive.start as usize..motive.end as usize).is_some());
        }
        let explained = enricher.explain(Models::shipped(), &title, &text, None, &signs, object);
        prop_assert!(explained.tone.iter().all(|reason| reason.weight.is_finite()));
        // A scratch used before answers as a fresh one.
        let fresh = Enricher::default().judge(Models::shipped(), &title, &text, None, &signs, object);
        prop_assert_eq!(judgement, fresh);
    }
}
