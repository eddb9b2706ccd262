//! What the segmentation promises, over its public face.

use proptest::prelude::*;

use crate::{Analysis, Key, KeySpace, PrefixFilter, TokenKind};

/// Every token as `form@positions`, derived ones in brackets.
fn read(text: &str) -> Vec<String> {
    let mut analysis = Analysis::default();
    analysis.run("", text, &PrefixFilter::default());
    let mut form = String::new();
    analysis
        .tokens()
        .iter()
        .map(|token| {
            token.form_into("", text, &mut form);
            if token.kind == TokenKind::Address {
                form.push_str(token.written("", text));
            }
            let place = if token.position == token.last {
                format!("{form}@{}", token.position)
            } else {
                format!("{form}@{}-{}", token.position, token.last)
            };
            if token.derived { format!("({place})") } else { place }
        })
        .collect()
}

#[test]
fn words_hyphens_and_apostrophes() {
    assert_eq!(
        read("Мой МТС-банк, м’ята и Wi-Fi"),
        ["мой@0", "мтс@1", "банк@2", "(мтсбанк@1-2)", "м'ята@3", "и@4", "wi@5", "fi@6", "(wifi@5-6)"]
    );
    assert_eq!(read("«билайн» 'мегафон' dom.ru"), ["билайн@0", "мегафон@1", "dom@2", "ru@3"]);
}

#[test]
fn stretched_letters_have_two_readings() {
    assert_eq!(read("длиннннный ооочень"), ["длиный@0", "(длинный@0)", "очень@1", "(оочень@1)"]);
}

#[test]
fn hashtags_mentions_and_addresses() {
    assert_eq!(
        read("#ДомРу @Help.Me, почта a@b.ru"),
        ["(дом@0)", "(ру@1)", "(домру@0-1)", "#домру@0-1", "@help.me@2", "почта@3", "a@4", "b@5", "ru@6"]
    );
    assert_eq!(read("HTTPS://T.co/A?b=1. Да www.ya.ru"), ["HTTPS://T.co/A?b=1@0", "да@1", "www.ya.ru@2"]);
    assert_eq!(read("#\u{111b3} да"), ["да@1"], "a hashtag of marks alone");
    assert_eq!(
        read("@user@m.example #1 #теле2"),
        ["(@user@0)", "@user@m.example@0", "1@1", "(теле@2)", "(2@3)", "(теле2@2-3)", "#теле2@2-3"]
    );
}

#[test]
fn emoji_are_read_one_by_one() {
    assert_eq!(read("👍🏽😡😡 👨‍👩‍👧 🇺🇦🇺🇦 ❤️"), ["👍@0", "😡@1", "😡@2", "👨‍👩‍👧@3", "🇺🇦@4", "🇺🇦@5", "❤@6"]);
}

#[test]
fn sentences_end_where_people_end_them() {
    let mut analysis = Analysis::default();
    let sentences = |analysis: &mut Analysis, text: &str| {
        analysis.run("", text, &PrefixFilter::default());
        analysis.tokens().iter().map(|token| analysis.sentence_of(token.position)).collect::<Vec<_>>()
    };
    assert_eq!(sentences(&mut analysis, "Раз два. Три! Четыре"), [0, 0, 1, 2]);
    assert_eq!(sentences(&mut analysis, "В г. Саратов, ул. Мира 5"), [0, 0, 0, 0, 0, 0]);
    assert_eq!(sentences(&mut analysis, "раз\nдва 3.5"), [0, 1, 1, 1]);
    analysis.run("", "почему?", &PrefixFilter::default());
    assert!(analysis.has_question());
    analysis.run("", "http://a.b/?c", &PrefixFilter::default());
    assert!(!analysis.has_question());
}

#[test]
fn a_title_and_a_text_never_touch() {
    let mut analysis = Analysis::default();
    analysis.run("раз", "два", &PrefixFilter::default());
    let places: Vec<_> = analysis.tokens().iter().map(|token| (token.in_title, token.position)).collect();
    assert_eq!(places, [(true, 0), (false, crate::TITLE_GAP + 1)]);
    assert_ne!(analysis.sentence_of(0), analysis.sentence_of(crate::TITLE_GAP + 1));
}

#[test]
fn the_prefix_filter_marks_exactly_the_words_that_begin_so() {
    let mut filter = PrefixFilter::default();
    filter.insert("мега");
    filter.insert("tele");
    let mut analysis = Analysis::default();
    analysis.run("", "Мегафон микро TELEcom мег МEГАФОН", &filter);
    let (mega, tele) = (Key::of_text("мега", KeySpace::Beginning), Key::of_text("tele", KeySpace::Beginning));
    let told: Vec<_> = analysis.probes().iter().map(|probe| (probe.token, probe.key)).collect();
    assert_eq!(told, [(0, mega), (2, tele), (4, mega)]);
}

const PREFIXES: &[&str] = &["а", "бе", "к", "он", "мег", "tele", "ab", "c"];

/// The first letters of a form, when it has so many.
fn beginning(form: &str, count: usize) -> Option<&str> {
    let (last, letter) = form.char_indices().nth(count - 1)?;
    Some(&form[..last + letter.len_utf8()])
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[а-яёіїєґА-ЯЁІa-zA-Z0-9 .,!?#@_'’\\-\\n]{0,60}",
        "([а-яa-zё]{1,5}|[оo]{1,5}|#|@|-|'|’|http://|www\\.|😡|👍🏽|\u{200d}|\u{301}|\u{306}|\u{ad}| |\\.|\\?){0,16}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn offsets_lie_on_characters_and_positions_grow(title in any_text(), text in any_text()) {
        let mut analysis = Analysis::default();
        analysis.run(&title, &text, &PrefixFilter::default());
        let mut position = 0;
        for token in analysis.tokens() {
            let source = if token.in_title { &title } else { &text };
            prop_assert!(source.get(token.start as usize..token.end as usize).is_some_and(|written| !written.is_empty()));
            prop_assert!(token.position <= token.last);
            if !token.derived {
                prop_assert!(token.last >= position);
                position = token.last;
            }
        }
        let _ = (analysis.content_hash(), analysis.language(&title, &text));
    }

    #[test]
    fn the_fast_path_gives_the_key_of_the_normal_form(text in any_text()) {
        let mut analysis = Analysis::default();
        let mut filter = PrefixFilter::default();
        for prefix in PREFIXES {
            filter.insert(prefix);
        }
        analysis.run("", &text, &filter);
        let mut form = String::new();
        for (number, token) in analysis.tokens().iter().enumerate() {
            let space = match token.kind {
                TokenKind::Word | TokenKind::Stretched => KeySpace::Form,
                TokenKind::Hashtag => KeySpace::Hashtag,
                TokenKind::Mention => KeySpace::Mention,
                TokenKind::Emoji => KeySpace::Emoji,
                TokenKind::Address => continue,
            };
            token.form_into("", &text, &mut form);
            prop_assert_eq!(token.key, Key::of_text(&form, space), "{}", form);
            if space == KeySpace::Form {
                let told: Vec<_> =
                    analysis.probes().iter().filter(|probe| probe.token == number as u32).map(|probe| probe.key).collect();
                let beginnings = (1..=PrefixFilter::MAX_LETTERS).filter_map(|count| beginning(&form, count));
                let expected = beginnings.filter(|start| PREFIXES.contains(start));
                let expected: Vec<_> = expected.map(|start| Key::of_text(start, KeySpace::Beginning)).collect();
                prop_assert!(expected.iter().all(|key| told.contains(key)), "{} {:?}", form, told);
            }
        }
    }
}
