//! What a file is called, and how HTTP says it.

use axum::http::HeaderValue;
use molva_exports::Format;

/// Characters of a name at most, without its end.
const LONGEST: usize = 120;

/// `Mentions, Coffee, 2026-11-22.csv`: the parts that are there, without what file systems refuse.
pub(crate) fn file_name(parts: &[&str], format: Format) -> String {
    let kept = |part: &&str| {
        let plain = part
            .chars()
            .map(|letter| if letter.is_control() || "/\\:*?\"<>|%".contains(letter) { ' ' } else { letter });
        let plain: String = plain.collect();
        plain.split_whitespace().collect::<Vec<_>>().join(" ").trim_matches('.').to_owned()
    };
    let name: Vec<String> = parts.iter().map(kept).filter(|part| !part.is_empty()).collect();
    let name: String = name.join(", ").chars().take(LONGEST).collect();
    format!("{}.{}", name.trim(), format.as_str())
}

/// RFC 6266: the name for everybody, and once more in ASCII for clients of long ago.
pub(crate) fn attachment(name: &str, fallback: &str) -> HeaderValue {
    let mut value = format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        // `attr-char` of RFC 8187.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            value.push_str(&format!("%{byte:02X}"));
        }
    }
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_in_the_file_and_pleases_file_systems() {
        assert_eq!(
            file_name(&["Упоминания", "Кофе / чай: «всё»?", "2026-11-22"], Format::Csv),
            "Упоминания, Кофе чай «всё», 2026-11-22.csv"
        );
        assert_eq!(file_name(&["Mentions", "", "..\n"], Format::Parquet), "Mentions.parquet");
        assert_eq!(file_name(&[&"я".repeat(500)], Format::Xlsx).chars().count(), LONGEST + 5);
    }

    #[test]
    fn a_header_carries_the_name_in_utf_8() {
        let header = attachment("Кофе (1).csv", "molva-mentions.csv");
        assert_eq!(
            header.to_str().expect("ASCII"),
            "attachment; filename=\"molva-mentions.csv\"; filename*=UTF-8''%D0%9A%D0%BE%D1%84%D0%B5%20%281%29.csv"
        );
    }
}
