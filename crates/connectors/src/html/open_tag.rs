//! How many attributes a tag has, counted before the tokenizer reads them: it compares the name of each with all before it, and sets no
//! bound of its own. A letter of a megabyte that is one tag would hold a processor for minutes.
//!
//! The tokenizer is fed in pieces that begin with `<`. While it tells nothing it is inside a tag or a comment, so that the state of a tag
//! (WHATWG HTML, 13.2.5.6 to 13.2.5.40) can be followed from its beginning without knowing anything else of the tokenizer.

/// Attributes of one tag; pages have a few dozen.
const MOST: usize = 1_000;

/// What begins with the last `<` that began something.
#[derive(Debug, Default)]
pub(super) struct OpenTag {
    /// Tokens told when it began.
    began: u64,
    place: Place,
    attributes: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// In no tag.
    #[default]
    Outside,
    /// A comment or a declaration, until a token is told.
    Comment,
    Name,
    Between,
    Attribute,
    BehindAttribute,
    BeforeValue,
    Value,
    Quoted(u8),
    BehindQuoted,
}

impl OpenTag {
    /// Follows the next piece; `false` when it makes the tag one that nobody writes. `told` counts the tokens so far, `only_ends` says
    /// that nothing but an end tag is a tag here.
    pub(super) fn takes(&mut self, piece: &str, told: u64, only_ends: bool) -> bool {
        let mut bytes = piece.as_bytes();
        if self.began != told || self.place == Place::Outside {
            let (place, length) = begun(bytes, only_ends);
            *self = Self { began: told, place, attributes: 0 };
            bytes = &bytes[length..];
        }
        for byte in bytes {
            if matches!(self.place, Place::Outside | Place::Comment) {
                break;
            }
            self.step(*byte);
        }
        self.attributes <= MOST
    }

    fn step(&mut self, byte: u8) {
        let blank = matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
        self.place = match (self.place, byte) {
            (Place::Value, b'/') => Place::Value,
            (Place::Quoted(quote), byte) if byte == quote => Place::BehindQuoted,
            (Place::Quoted(quote), _) => Place::Quoted(quote),
            (_, b'>') => Place::Outside,
            (_, b'/') if self.place != Place::BeforeValue => Place::Between,
            (Place::Name, _) if !blank => Place::Name,
            (Place::Attribute | Place::BehindAttribute, _) if blank => Place::BehindAttribute,
            (Place::Attribute | Place::BehindAttribute, b'=') => Place::BeforeValue,
            (Place::Attribute, _) => Place::Attribute,
            (Place::BeforeValue, _) if blank => Place::BeforeValue,
            (Place::BeforeValue, b'"' | b'\'') => Place::Quoted(byte),
            (Place::BeforeValue, _) => Place::Value,
            (Place::Value, _) if !blank => Place::Value,
            _ if blank => Place::Between,
            _ => {
                self.attributes += 1;
                Place::Attribute
            }
        };
    }
}

/// What a piece that nothing goes before begins, and how many of its bytes say so.
fn begun(piece: &[u8], only_ends: bool) -> (Place, usize) {
    match piece {
        [b'<', b'/', letter, ..] if letter.is_ascii_alphabetic() => (Place::Name, 3),
        [b'<', letter, ..] if letter.is_ascii_alphabetic() && !only_ends => (Place::Name, 2),
        // It ends without a word.
        [b'<', b'/', b'>', ..] => (Place::Outside, 3),
        [b'<', b'!' | b'?' | b'/', ..] if !only_ends => (Place::Comment, 2),
        _ => (Place::Outside, 0),
    }
}

/// Cut before each `<`.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.bytes().skip(1).position(|byte| byte == b'<').map_or(rest.len(), |at| at + 1);
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::super::to_plain;
    use super::*;

    /// So many attributes, none like another.
    fn attributes(count: usize, written: impl Fn(usize) -> String) -> String {
        (0..count).map(written).collect()
    }

    #[test]
    fn a_tag_of_a_million_attributes_costs_no_time_and_ends_the_text() {
        let spaced = attributes(300_000, |number| format!(" x{number:x}"));
        assert_eq!(to_plain(&format!("a<b{spaced}>b</b>"), None).text, "a");
        for (before, written) in [
            ("<b", (|number| format!("/x{number:x}")) as fn(usize) -> String),
            ("<b a=\"<\"", |number| format!(" x{number:x}='<'")),
            ("</><b y", |number| format!(" x{number:x}=\"\"y{number:x}=''")),
            ("<<b", |number| format!("\n=x{number:x} / z{number:x} =1")),
            ("<!-- \" --><b", |number| format!(" x{number:x}=&'")),
            ("<script>'</b'</script", |number| format!(" x{number:x}")),
            ("<title>\"</title><b", |number| format!("\t>{number:x}").replace('>', "x")),
        ] {
            let hostile = format!("{before}{}>b", attributes(60_000, written));
            let text = to_plain(&hostile, None).text;
            assert!(!text.contains('b'), "{before}: {text}");
        }
    }

    #[test]
    fn what_only_looks_like_attributes_is_read() {
        let words = "слово <a href=x>и</a> \"ещё\" = / ".repeat(2_000);
        let quoted = "word < word ".repeat(2_000);
        for html in [
            format!("<p>{words}</p>конец"),
            format!("<img alt=\"{quoted}\" src='{}'>конец", "/a b".repeat(2_000)),
            format!("<!-- {quoted} -->конец"),
            format!("<script>if (a<b) {{ {} }}</script>конец", "c d ".repeat(2_000)),
            format!("<style>a b {{}}</style><p{}>конец", attributes(900, |number| format!(" x{number}"))),
            "<b>я</b>".repeat(2_000) + "конец",
        ] {
            let text = to_plain(&html, None).text;
            assert!(text.ends_with("конец"), "{}", &html[..html.floor_char_boundary(40)]);
        }
    }

    #[test]
    fn a_text_is_cut_before_each_bracket_and_nothing_is_lost() {
        assert_eq!(pieces("я<b>ж</b><<").collect::<Vec<_>>(), ["я", "<b>ж", "</b>", "<", "<"]);
        assert_eq!(pieces("").count(), 0);
    }
}
