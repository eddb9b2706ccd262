use super::*;

fn words(text: &str, object: Option<Object<'_>>) -> (Vec<u32>, Vec<Sign>) {
    let mut reader = Reader::default();
    reader.read("", text, true, object);
    let rows =
        reader.features.iter().filter(|feature| feature.block == Block::Word).map(|feature| feature.row).collect();
    (rows, signs(&reader))
}

fn signs(reader: &Reader) -> Vec<Sign> {
    reader.seen.iter().filter(|seen| seen.from == NOWHERE).map(|seen| Sign::ALL[usize::from(seen.to)]).collect()
}

fn span(text: &str, word: &str) -> Span {
    let start = text.find(word).expect("the word stands in the text") as u32;
    Span { in_title: false, start, end: start + word.len() as u32 }
}

#[test]
fn every_sign_stands_at_its_number() {
    for (number, sign) in Sign::ALL.iter().enumerate() {
        assert_eq!(*sign as usize, number, "{}", sign.as_str());
    }
}

#[test]
fn one_brand_reads_like_another() {
    let (one, other) = ("билайн опять не работает", "ростелеком опять не работает");
    let own = [span(one, "билайн")];
    let others = [span(other, "ростелеком")];
    let read = |text, own: &[Span]| words(text, Some(Object { own, others: &[] })).0;
    assert_eq!(read(one, &own), read(other, &others));
    assert_ne!(read(one, &[]), read(other, &[]));
}

#[test]
fn a_rival_is_not_the_object() {
    let text = "мегафон лучше билайна";
    let (megafon, beeline) = ([span(text, "мегафон")], [span(text, "билайна")]);
    let for_one = words(text, Some(Object { own: &megafon, others: &beeline })).0;
    let for_other = words(text, Some(Object { own: &beeline, others: &megafon })).0;
    assert_ne!(for_one, for_other);
}

#[test]
fn words_after_a_negation_are_also_read_as_their_opposite() {
    let plain = words("связь хорошая", None).0.len();
    let negated = words("связь не хорошая", None).0.len();
    // The negation itself, its pair, and the opposite of the word behind it.
    assert_eq!(negated, plain + 3);
}

#[test]
fn brackets_smile_unless_they_close_one_that_was_opened() {
    let smiles = |text| words(text, None).1.contains(&Sign::Smile);
    let seen: Vec<bool> =
        ["привет)", "привет :)", "билайн (оператор) работает", "ну и связь (ага))"].map(smiles).into();
    assert_eq!(seen, [true, true, false, true]);
    assert!(words("опять нет сети((", None).1.contains(&Sign::DeepFrown));
}

#[test]
fn what_a_post_shows_becomes_signs() {
    let (_, signs) = words("@support ПОЧЕМУ интернет не работает??? Ужас!! http://t.co/a", None);
    assert_eq!(
        signs,
        [
            Sign::Link,
            Sign::Reply,
            Sign::Exclamation,
            Sign::SeveralExclamations,
            Sign::Question,
            Sign::SeveralQuestions,
            Sign::Capitals,
            Sign::FewWords,
            Sign::NoEndOfSentence,
        ]
    );
}

#[test]
fn a_model_that_learns_from_smileys_does_not_see_them() {
    let mut reader = Reader { blind_to_smileys: true, ..Reader::default() };
    let mut rows = |text| {
        reader.read("", text, true, None);
        reader.features.iter().map(|feature| feature.row).collect::<Vec<_>>()
    };
    assert_eq!(rows("всё работает 😊 :)"), rows("всё работает"));
}

#[test]
fn a_long_post_is_read_around_its_object() {
    let text = format!("{} билайн опять лёг {}", "слово ".repeat(2_000), "конец ".repeat(2_000));
    let mut reader = Reader::default();
    reader.read("", &text, true, Some(Object { own: &[span(&text, "билайн")], others: &[] }));
    let own = reader.masks.iter().position(|mask| *mask == Mask::Own).expect("the object is read");
    let place = reader.places[own];
    assert_eq!(&text[place.start as usize..place.end as usize], "билайн");
    assert!(reader.places.len() < 1_000, "{}", reader.places.len());
}

#[test]
fn words_and_letters_are_of_length_one_each() {
    let mut reader = Reader::default();
    reader.read("", "билайн опять не работает, сколько можно!", true, None);
    let mut weighed = Vec::new();
    reader.weigh(&Idf::flat(), &mut weighed);
    for block in [Block::Word, Block::Letters] {
        let squares: f32 = reader
            .features
            .iter()
            .zip(&weighed)
            .filter(|(feature, _)| feature.block == block)
            .map(|(_, weighed)| weighed.value * weighed.value)
            .sum();
        assert!((squares - 1.0).abs() < 1e-4, "{block:?} {squares}");
    }
}
