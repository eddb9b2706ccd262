//! Whom a post speaks to, as far as its words and links tell: networks that let only those answer need to know.

use molva_domain::Post;
use url::Url;

/// Most names kept.
const MOST: usize = 64;
/// Longest name of a network that has handles without a server.
const LONGEST: usize = 64;

/// The handles a post names with `@`, and those whose posts it links to, each once, in small letters.
#[must_use]
pub fn addressed(post: &Post) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let quoted = post.links.iter().filter_map(|link| owner(link));
    for name in named(&post.text).map(str::to_lowercase).chain(quoted) {
        if names.len() < MOST && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What stands behind an `@` that begins a word.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('@').filter_map(|(at, _)| {
        let begins = text[..at].chars().next_back().is_none_or(|before| !(before.is_alphanumeric() || before == '_'));
        let rest = &text[at + 1..];
        let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(rest.len());
        (begins && (1..=LONGEST).contains(&end)).then(|| &rest[..end])
    })
}

/// Of `https://x.com/anna/status/12`: `anna`.
fn owner(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let host = url.host_str()?.trim_start_matches("www.").trim_start_matches("mobile.");
    let mut path = url.path_segments()?;
    match (host, path.next()?, path.next()?) {
        ("x.com" | "twitter.com", name, "status") if (1..=LONGEST).contains(&name.len()) => Some(name.to_lowercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use molva_domain::{Timestamp, Urn};

    use super::*;

    #[test]
    fn who_is_named_or_quoted_is_addressed_and_an_e_mail_address_names_nobody() {
        let at = Timestamp::from_secs(1_772_366_400);
        let text = "@Molva_Help, a@b.example .@anna и @anna! https://x.com/Boris/status/12";
        let mut post = Post::new(Urn::of("x", None, "post", "1"), "x", text.to_owned(), at, at);
        post.links = ["https://twitter.com/Boris/status/12?s=20", "https://x.com/vera", "https://a.example/b/status/1"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(addressed(&post), ["molva_help", "anna", "boris"]);
    }
}
