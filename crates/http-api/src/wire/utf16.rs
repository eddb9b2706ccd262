//! Byte offsets of UTF-8 to UTF-16 code units, which is how JavaScript counts.

/// Bytes between two places whose count is kept.
const STRIDE: usize = 256;

/// A text and how many code units stand before some of its places, so that many offsets of a long text are found quickly.
#[derive(Debug)]
pub struct Utf16<'a> {
    text: &'a str,
    /// Code units before byte `index * STRIDE`, or before the start of the character there.
    before: Vec<u32>,
}

impl<'a> Utf16<'a> {
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let mut before = Vec::with_capacity(text.len() / STRIDE + 1);
        let (mut units, mut from) = (0, 0);
        for place in (0..=text.len()).step_by(STRIDE) {
            let end = text.floor_char_boundary(place);
            units += count(&text[from..end]);
            from = end;
            before.push(units);
        }
        Self { text, before }
    }

    /// The code units before byte `offset`; an offset inside a character counts as its start, one past the end as the end.
    #[must_use]
    pub fn offset(&self, offset: usize) -> u32 {
        let end = self.text.floor_char_boundary(offset.min(self.text.len()));
        let stride = end / STRIDE;
        let start = self.text.floor_char_boundary(stride * STRIDE);
        self.before.get(stride).copied().unwrap_or(0).saturating_add(count(&self.text[start..end]))
    }
}

/// The code units before byte `offset` of a short text.
#[must_use]
pub fn offset(text: &str, offset: usize) -> u32 {
    count(&text[..text.floor_char_boundary(offset.min(text.len()))])
}

fn count(text: &str) -> u32 {
    let units: usize = text.chars().map(char::len_utf16).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_outside_ascii_and_pairs_are_counted_as_a_browser_does() {
        let text = "яб😀c";
        let units: Vec<u32> = [0, 2, 4, 8, 9].into_iter().map(|byte| offset(text, byte)).collect();
        assert_eq!(units, [0, 1, 2, 4, 5]);
    }

    #[test]
    fn an_offset_that_is_no_boundary_never_panics() {
        assert_eq!(offset("я", 1), 0);
        assert_eq!(offset("я", 99), 1);
        assert_eq!(offset("", 5), 0);
    }

    #[test]
    fn a_long_text_is_counted_as_a_short_one() {
        let text = "яб😀c—".repeat(200);
        let offsets = Utf16::of(&text);
        for byte in 0..text.len() + 3 {
            assert_eq!(offsets.offset(byte), offset(&text, byte), "{byte}");
        }
        assert_eq!(Utf16::of("").offset(7), 0);
    }
}
