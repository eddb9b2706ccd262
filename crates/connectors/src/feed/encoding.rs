//! Bytes of a feed to text, whatever its labels claim.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Decodes a feed. In this order: a byte order mark, UTF-16 without one, text that is valid UTF-8, the character set of the
/// `Content-Type`, the one of the XML declaration, a guess. Valid UTF-8 goes before the labels because no other encoding
/// looks like it by chance, while labels (Latin-1 by default in many servers) are often wrong.
/// Characters that no XML may hold are dropped; bytes that are no text become U+FFFD.
pub(super) fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (Some(encoding), &bytes[length..]),
        None => (without_mark(bytes), bytes),
    };
    if encoding.is_none()
        && let Ok(text) = std::str::from_utf8(bytes)
        && !bytes.contains(&0x1b)
    {
        return clean(text);
    }
    if encoding.is_none()
        && let Some(text) = mostly_utf_8(bytes)
    {
        return clean(&text);
    }
    let label = || charset(content_type?).and_then(|label| Encoding::for_label(label.as_bytes()));
    let declared = || declared(bytes).and_then(|label| Encoding::for_label(label.as_bytes()));
    let fits = |encoding: &&'static Encoding| !encoding.decode_without_bom_handling(bytes).1;
    let encoding = encoding.or_else(|| [label(), declared()].into_iter().flatten().find(fits));
    let encoding = encoding.unwrap_or_else(|| guess(bytes));
    clean(&encoding.decode_without_bom_handling(bytes).0)
}

/// UTF-8 in which a few characters were cut in the middle.
fn mostly_utf_8(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let broken = text.matches('\u{fffd}').count();
    let sound = text.chars().filter(|c| !c.is_ascii()).count() - broken;
    (broken > 0 && sound >= broken * 20).then(|| text.into_owned())
}

fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(64 << 10)], true);
    detector.guess(None, Utf8Detection::Allow)
}

/// `charset` of a `Content-Type`.
fn charset(content_type: &str) -> Option<&str> {
    let parameter = content_type.split(';').skip(1).filter_map(|part| part.split_once('='));
    parameter
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches(['"', '\'']))
        .find(|value| !value.is_empty())
}

/// `encoding` of the XML declaration, which is ASCII in every encoding still in question.
fn declared(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(256)];
    let head = &head[..head.iter().position(|byte| *byte == b'>')?];
    let at = head.windows(9).position(|window| window == b"encoding=")? + 9;
    let value = std::str::from_utf8(&head[at..]).ok()?;
    value.split(['"', '\'']).nth(1)
}

fn clean(text: &str) -> String {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if !text.contains(unwanted) {
        return text.to_owned();
    }
    text.chars().filter(|c| !unwanted(*c)).collect()
}

const fn unwanted(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const CYRILLIC: &[u8] = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><t>\xcf\xf0\xe8\xe2\xe5\xf2</t>";

    #[test]
    fn the_declaration_is_believed_when_it_explains_the_bytes() {
        assert!(decode(CYRILLIC, Some("text/xml")).ends_with("<t>Привет</t>"));
    }

    #[test]
    fn utf_8_is_believed_before_wrong_labels() {
        let text = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><t>Привет</t>";
        assert_eq!(decode(text.as_bytes(), Some("text/xml; charset=iso-8859-1")), text);
    }

    #[test]
    fn a_character_cut_in_two_does_not_change_the_encoding() {
        let mut bytes = "<t>Сегодня оператор объявил о новых тарифах</t>".as_bytes().to_vec();
        bytes.remove(3);
        assert_eq!(decode(&bytes, None), "<t>\u{fffd}егодня оператор объявил о новых тарифах</t>");
    }

    #[test]
    fn the_header_goes_before_the_declaration() {
        let koi8 = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><t>\xf0\xd2\xc9\xd7\xc5\xd4</t>";
        assert!(decode(koi8, Some("text/xml; charset=\"koi8-r\"")).ends_with("<t>Привет</t>"));
    }

    #[test]
    fn without_any_label_the_bytes_are_guessed() {
        let mut bytes = b"<rss><title>".to_vec();
        bytes.extend(
            encoding_rs::WINDOWS_1251.encode("Сегодня оператор объявил о новых тарифах для всех абонентов").0.iter(),
        );
        assert!(decode(&bytes, None).ends_with("для всех абонентов"));
    }

    #[test]
    fn utf_16_is_known_by_its_mark_or_its_first_character() {
        let units: Vec<u8> = "<t>я</t>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&units, None), "<t>я</t>");
        assert_eq!(decode(&[b"\xff\xfe".as_slice(), &units].concat(), None), "<t>я</t>");
    }

    #[test]
    fn nul_and_other_controls_are_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbf \n<t>a\0b\x08\tc</t>", None), "<t>ab\tc</t>");
    }
}
