//! Byte offsets of UTF-8 to UTF-16 code units, which is how JavaScript counts.

/// The code units before byte `offset`; an offset inside a character counts as its start, one past the end as the end.
#[must_use]
pub fn offset(text: &str, offset: usize) -> u32 {
    let end = text.floor_char_boundary(offset.min(text.len()));
    let units: usize = text[..end].chars().map(char::len_utf16).sum();
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
}
