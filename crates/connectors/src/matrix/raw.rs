//! Events as servers hand them on. Whoever speaks in a room writes their content: one that is nested deeper than can be read must not
//! hide the others, nor hold up the source.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// What can be read of any event, however its content is nested.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Outline {
    event_id: String,
    origin_server_ts: i64,
}

/// Each by itself; of one that cannot be read whole its id and time are left, which is no event and is told as such.
pub(super) fn events<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
    let raws: Vec<Box<RawValue>> = Vec::deserialize(deserializer)?;
    Ok(raws.iter().map(|raw| event(raw)).collect())
}

pub(super) fn event(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| {
        let Outline { event_id, origin_server_ts } = serde_json::from_str(raw.get()).unwrap_or_default();
        json!({"event_id": event_id, "origin_server_ts": origin_server_ts})
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Page {
        #[serde(deserialize_with = "events")]
        chunk: Vec<Value>,
    }

    #[test]
    fn an_event_nested_too_deep_hides_no_other() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let page = format!(
            r#"{{"chunk": [{{"event_id": "$a"}}, {{"event_id": "$b", "origin_server_ts": 7, "content": {deep}}}, {deep}, 5]}}"#
        );
        let page: Page = serde_json::from_str(&page).expect("a page");
        let expected = [
            json!({"event_id": "$a"}),
            json!({"event_id": "$b", "origin_server_ts": 7}),
            json!({"event_id": "", "origin_server_ts": 0}),
            json!(5),
        ];
        assert_eq!(page.chunk, expected);
    }
}
