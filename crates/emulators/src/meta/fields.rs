//! `fields=id,from{id,name},comments.limit(0).summary(true)`: what of a thing is wanted.

use serde_json::{Map, Value};

/// One wanted field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub name: String,
    /// What stands in brackets behind points, by name: `limit`, `comment_id`.
    pub modifiers: Vec<(String, String)>,
    pub inner: Vec<Field>,
}

impl Field {
    pub(super) fn modifier(&self, name: &str) -> Option<&str> {
        self.modifiers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Nested no deeper than this, as a guard.
const DEEPEST: usize = 5;

pub(super) fn parse(text: &str) -> Vec<Field> {
    list(text, 0)
}

fn list(text: &str, depth: usize) -> Vec<Field> {
    if depth > DEEPEST {
        return Vec::new();
    }
    let mut fields = Vec::new();
    let (mut open, mut start) = (0_usize, 0);
    for (at, sign) in text.char_indices().chain([(text.len(), ',')]) {
        match sign {
            '{' | '(' => open += 1,
            '}' | ')' => open = open.saturating_sub(1),
            ',' if open == 0 => {
                let one = text[start..at].trim();
                if !one.is_empty() {
                    fields.push(field(one, depth));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    fields
}

fn field(text: &str, depth: usize) -> Field {
    let (head, inner) = match text.split_once('{') {
        Some((head, rest)) => (head, list(rest.trim_end().strip_suffix('}').unwrap_or(rest), depth + 1)),
        None => (text, Vec::new()),
    };
    let mut parts = head.split('.');
    let name = parts.next().unwrap_or_default().trim().to_owned();
    let modifiers = parts.filter_map(|part| {
        let (key, value) = part.split_once('(')?;
        Some((key.to_owned(), value.trim_end_matches(')').to_owned()))
    });
    Field { name, modifiers: modifiers.collect(), inner }
}

/// Of a thing what is wanted, and its id; of a list of each of its things.
pub(super) fn pick(whole: &Value, wanted: &[Field]) -> Value {
    let Value::Object(all) = whole else { return whole.clone() };
    if let Some(Value::Array(things)) = all.get("data") {
        let mut list = all.clone();
        list.insert("data".to_owned(), things.iter().map(|thing| pick(thing, wanted)).collect());
        return Value::Object(list);
    }
    let mut picked = Map::new();
    for field in wanted {
        if let Some(value) = all.get(&field.name) {
            let value = if field.inner.is_empty() { value.clone() } else { pick(value, &field.inner) };
            picked.insert(field.name.clone(), value);
        }
    }
    if let Some(id) = all.get("id") {
        picked.insert("id".to_owned(), id.clone());
    }
    Value::Object(picked)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wanted_is_picked_however_deep() {
        let wanted =
            parse("message, from{name},comments.limit(0).summary(true){id,x},mentioned_comment.comment_id(7){text}");
        let names: Vec<&str> = wanted.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["message", "from", "comments", "mentioned_comment"]);
        assert_eq!((wanted[2].modifier("limit"), wanted[3].modifier("comment_id")), (Some("0"), Some("7")));
        let whole = json!({"id": "1", "message": "m", "story": "s", "from": {"id": "2", "name": "n", "x": 1},
            "comments": {"data": [{"id": "3", "message": "c"}], "summary": {"total_count": 4}}});
        let picked = json!({"id": "1", "message": "m", "from": {"id": "2", "name": "n"},
            "comments": {"data": [{"id": "3"}], "summary": {"total_count": 4}}});
        assert_eq!(pick(&whole, &wanted), picked);
    }
}
