//! Values of foreign fields in ours.

use super::grammar::To;

/// A field of ours.
pub(super) struct Own {
    pub(super) text: String,
    /// It does not ask quite the same.
    pub(super) changed: bool,
}

/// The field with its value; `None` when the value means nothing here. Where posts are excluded, nothing is widened.
pub(super) fn own(to: To, value: &str, wanted: bool) -> Option<Own> {
    let value = value.trim();
    let same = |text: String| Some(Own { text, changed: false });
    match to {
        To::Field(name) => {
            let value = value.trim_matches('"');
            same(format!("{name}:{}", quoted(value)?))
        }
        To::Named(_, names) => {
            let (_, own) = names.iter().find(|(known, _)| known.eq_ignore_ascii_case(value))?;
            let changed = own.starts_with('~');
            if changed && !wanted {
                return None;
            }
            Some(Own { text: own.trim_start_matches('~').to_owned(), changed })
        }
        To::Range(name) => same(format!("{name}:{}", range(value)?)),
        To::Minutes => {
            let (from, to) = bounds(value)?;
            let (from, to) = (from.parse::<u32>().ok()?, to.parse::<u32>().ok()?);
            let whole_hours = from % 60 == 0 && (to % 60 == 59 || from == to);
            if from >= 1440 || to >= 1440 || (!whole_hours && !wanted) {
                return None;
            }
            Some(Own { text: format!("hour:{}..{}", from / 60, to / 60), changed: true })
        }
        To::Hashtag => same(format!("#{}", value.trim_start_matches('#'))),
        To::Mention => same(format!("@{}", value.trim_start_matches('@'))),
        To::Community(network) => {
            let name = value.trim_start_matches("r/");
            Some(Own { text: format!("community:{}", quoted(&format!("{network}/{name}"))?), changed: true })
        }
        To::Title | To::Text | To::Cased | To::Nothing => None,
    }
}

fn quoted(value: &str) -> Option<String> {
    let plain = !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || "./_-@".contains(c));
    if plain {
        return Some(value.to_owned());
    }
    (!value.is_empty() && !value.contains(['"', '“', '”', '„', '«', '»'])).then(|| format!("\"{value}\""))
}

/// `[10 TO 50]`, `>10`, `10`, `10-50`, `[10 TO *]`.
fn range(value: &str) -> Option<String> {
    if let Some((from, to)) = bounds(value) {
        return match (from.as_str(), to.as_str()) {
            ("*", "*") => None,
            (from, "*") => Some(format!(">={from}")),
            ("*", to) => Some(format!("<={to}")),
            (from, to) if from == to => Some(from.to_owned()),
            (from, to) => Some(format!("{from}..{to}")),
        };
    }
    let digits = value.trim_start_matches(['>', '<', '=']);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.to_owned())
}

fn bounds(value: &str) -> Option<(String, String)> {
    let inner = value.strip_prefix('[').map_or(value, |inner| inner.trim_end_matches(']'));
    let (from, to) = inner.split_once(" TO ").or_else(|| inner.split_once(" to ")).or_else(|| inner.split_once('-'))?;
    Some((from.trim().to_owned(), to.trim().to_owned()))
}
