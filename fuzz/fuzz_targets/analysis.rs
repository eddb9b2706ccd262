//! Any text as a post: the fast path and the normal form give the same keys, and every place lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use molva_text::{Analysis, Key, KeySpace, PrefixFilter, TITLE_GAP, TokenKind, normalise};

/// Beginnings that are looked for, as those of `нача*` in queries.
const BEGINNINGS: &[&str] = &["а", "бе", "мег", "tele", "c", "東", "σ"];

fuzz_target!(|texts: (&str, &str)| {
    let (title, text) = texts;
    let mut filter = PrefixFilter::default();
    for beginning in BEGINNINGS {
        filter.insert(beginning);
    }
    let (mut plain, mut probed) = (Analysis::default(), Analysis::default());
    plain.run(title, text, &PrefixFilter::default());
    probed.run(title, text, &filter);
    assert_eq!(plain.tokens(), probed.tokens(), "looking for beginnings changes the words");
    assert_eq!(plain.content_hash(), probed.content_hash());
    assert_eq!(plain.language(title, text), probed.language(title, text));
    let (mut form, mut position, mut sentence) = (String::new(), 0, 0);
    for (number, token) in (0..).zip(probed.tokens()) {
        let source = if token.in_title { title } else { text };
        let written = source.get(token.start as usize..token.end as usize);
        assert!(written.is_some_and(|written| !written.is_empty()), "{token:?} is no part of the text");
        assert!(token.position <= token.last && (token.in_title || title.is_empty() || token.position >= TITLE_GAP));
        assert!(probed.sentence_of(token.position) <= probed.sentence_of(token.last));
        if !token.derived {
            assert!(token.last >= position && probed.sentence_of(token.position) >= sentence, "{token:?} goes back");
            (position, sentence) = (token.last, probed.sentence_of(token.position));
        }
        let space = match token.kind {
            TokenKind::Word | TokenKind::Stretched => KeySpace::Form,
            TokenKind::Hashtag => KeySpace::Hashtag,
            TokenKind::Mention => KeySpace::Mention,
            TokenKind::Emoji => KeySpace::Emoji,
            TokenKind::Address => continue,
        };
        token.form_into(title, text, &mut form);
        assert_eq!(token.key, Key::of_text(&form, space), "`{form}` of {token:?}");
        if token.kind == TokenKind::Word {
            assert_eq!(normalise(&form), form, "normalising twice changes it");
        }
        if space == KeySpace::Form {
            let told = |key| probed.probes().iter().any(|probe| probe.token == number && probe.key == key);
            for beginning in BEGINNINGS.iter().filter(|beginning| form.starts_with(**beginning)) {
                assert!(told(Key::of_text(beginning, KeySpace::Beginning)), "`{form}` begins with `{beginning}`");
            }
        }
    }
});
