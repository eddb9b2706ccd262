//! What every network does with plain text: links found, NUL removed.

use std::borrow::Cow;

/// Most links kept of one post.
pub(crate) const MAX_LINKS: usize = 32;
/// Longest link kept, in bytes.
pub(crate) const MAX_LINK_BYTES: usize = 2_048;

/// The `http` and `https` addresses written in a text, each once, in order.
pub(crate) fn links_in(text: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("http") {
        let candidate = &rest[start..];
        let scheme = if candidate.starts_with("https://") {
            8
        } else if candidate.starts_with("http://") {
            7
        } else {
            rest = &candidate[4..];
            continue;
        };
        let end = candidate
            .find(|letter: char| letter.is_whitespace() || letter.is_control() || "<>\"`{}|\\^«»…".contains(letter))
            .unwrap_or(candidate.len());
        let link = without_trailing_punctuation(&candidate[..end]);
        if (scheme + 1..=MAX_LINK_BYTES).contains(&link.len()) && !links.iter().any(|known| known == link) {
            links.push(link.to_owned());
            if links.len() == MAX_LINKS {
                break;
            }
        }
        rest = &candidate[end.max(scheme)..];
    }
    links
}

/// A full stop or bracket after an address belongs to the sentence, unless the bracket was opened inside.
fn without_trailing_punctuation(mut link: &str) -> &str {
    let count = |wanted| link.bytes().filter(|&byte| byte == wanted).count();
    let (mut round, mut square) = (count(b')').saturating_sub(count(b'(')), count(b']').saturating_sub(count(b'[')));
    while let Some(last) = link.chars().next_back() {
        match last {
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            last if ".,;:!?'*".contains(last) => {}
            _ => break,
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    link
}

/// The text without NUL, which neither databases nor people can use.
pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_end_where_the_sentence_goes_on() {
        let text = "см. https://a.example/x_(y), http://t.co… (http://b.example/?q=1)! https://a.example/x_(y) http://";
        assert_eq!(links_in(text), ["https://a.example/x_(y)", "http://t.co", "http://b.example/?q=1"]);
    }

    #[test]
    fn brackets_after_a_link_cost_no_time_however_many() {
        assert_eq!(links_in(&format!("http://a.example/{}", ")".repeat(1 << 20))), ["http://a.example/"]);
    }
}
