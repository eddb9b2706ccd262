//! VK's own markup inside a text: `[id1|Anna]`, `[club1|The shop]`, `[https://vk.com/page|here]`.

/// The text as a person reads it, and the addresses that stood behind words.
pub(super) fn plain(text: &str) -> (String, Vec<String>) {
    let mut out = String::with_capacity(text.len());
    let mut links = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        out.push_str(&rest[..start]);
        let inside = &rest[start + 1..];
        match inside.find([']', '[', '\n']).filter(|end| inside[*end..].starts_with(']')) {
            Some(end) => match inside[..end].split_once('|').filter(|(target, _)| is_target(target)) {
                Some((target, words)) => {
                    out.push_str(words);
                    if target.starts_with("http") {
                        links.push(target.to_owned());
                    }
                    rest = &inside[end + 1..];
                }
                None => {
                    out.push_str(&rest[start..=start]);
                    rest = inside;
                }
            },
            None => {
                out.push('[');
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    (out, links)
}

/// `id1`, `club1`, `public1`, `event1`, `id1:bp-1_2`, or an address.
fn is_target(target: &str) -> bool {
    if target.starts_with("https://") || target.starts_with("http://") {
        return !target.contains(char::is_whitespace);
    }
    let who = target.split_once(':').map_or(target, |(who, _)| who);
    let number = ["id", "club", "public", "event"].iter().find_map(|word| who.strip_prefix(word));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_words_take_the_place_of_their_markup() {
        let check = |text: &str, plain_text: &str, links: &[&str]| {
            assert_eq!(plain(text), (plain_text.to_owned(), links.iter().map(ToString::to_string).collect()), "{text}");
        };
        check("[id12|Анна], добрый день", "Анна, добрый день", &[]);
        check("[club3:bp-3_7|Магазин] и [https://vk.com/page-1|тут].", "Магазин и тут.", &["https://vk.com/page-1"]);
        check("список [1|2], [а] и [не закрыто", "список [1|2], [а] и [не закрыто", &[]);
        check("[[id1|x]]", "[x]", &[]);
        check("[id|x] [idx|y]", "[id|x] [idx|y]", &[]);
    }
}
