//! Enough of JSON Schema, as VK writes it, and of the description of Telegram's types: whether an answer is what it promises.

use std::collections::BTreeMap;

use serde_json::Value;

/// VK's files by their path below the schema: `wall/objects.json`.
pub(crate) struct VkSchema(pub(crate) BTreeMap<String, Value>);

impl VkSchema {
    /// What is wrong with a value that `wall/objects.json#/definitions/wall_wall_item` describes; one line a fault.
    pub(crate) fn check(&self, reference: &str, value: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.reference(reference, value, "", &mut wrong);
        wrong
    }

    fn reference(&self, reference: &str, value: &Value, at: &str, wrong: &mut Vec<String>) {
        let (file, name) = reference.trim_start_matches("../").split_once("#/definitions/").expect("a reference");
        let schema = self.0.get(file).and_then(|file| file["definitions"].get(name));
        match schema {
            Some(schema) => self.value(schema, value, at, wrong),
            None => wrong.push(format!("{at}: there is no {reference}")),
        }
    }

    fn value(&self, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            self.reference(reference, value, at, wrong);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.value(part, value, at, wrong);
        }
        let one = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        if let Some(one) = one {
            let fits = |part: &Value| {
                let mut wrong = Vec::new();
                self.value(part, value, at, &mut wrong);
                wrong.is_empty()
            };
            if !one.iter().any(fits) {
                wrong.push(format!("{at}: {value} is none of what it may be"));
            }
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if !types.is_empty() && !types.iter().any(|one| is_of(one, value)) {
            wrong.push(format!("{at}: {value} is no {}", types.join(" or ")));
            return;
        }
        if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
            wrong.push(format!("{at}: {value} is not allowed"));
        }
        if schema["minimum"].as_f64().zip(value.as_f64()).is_some_and(|(least, value)| value < least) {
            wrong.push(format!("{at}: {value} is too small"));
        }
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}/{name}");
            match value.get(name) {
                Some(value) => self.value(schema, value, &at, wrong),
                None if schema["required"] == true => wrong.push(format!("{at}: is missing")),
                None => {}
            }
        }
        for (index, value) in value.as_array().into_iter().flatten().enumerate() {
            if schema["items"].is_object() {
                self.value(&schema["items"], value, &format!("{at}/{index}"), wrong);
            }
        }
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

/// The description of the Bot API.
pub(crate) struct TelegramTypes(pub(crate) Value);

impl TelegramTypes {
    /// What is wrong with a value of that type: a field that is missing, unknown, or of another type.
    pub(crate) fn check(&self, kind: &str, value: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.value(kind, value, kind, &mut wrong);
        wrong
    }

    fn value(&self, kind: &str, value: &Value, at: &str, wrong: &mut Vec<String>) {
        if let Some(inner) = kind.strip_prefix("Array of ") {
            match value.as_array() {
                Some(items) => items.iter().for_each(|item| self.value(inner, item, at, wrong)),
                None => wrong.push(format!("{at}: is no list")),
            }
            return;
        }
        let fits = match kind {
            "Integer" => value.is_i64() || value.is_u64(),
            "String" => value.is_string(),
            "Boolean" | "True" => value.is_boolean(),
            "Float" => value.is_number(),
            _ => value.is_object(),
        };
        if !fits {
            wrong.push(format!("{at}: {value} is no {kind}"));
            return;
        }
        let subtypes = self.0["types"][kind]["subtypes"].as_array();
        if let Some(subtypes) = subtypes {
            let fitting = subtypes.iter().filter_map(Value::as_str).any(|kind| self.check(kind, value).is_empty());
            if !fitting {
                wrong.push(format!("{at}: {value} is none of {subtypes:?}"));
            }
            return;
        }
        let Some(fields) = self.0["types"][kind]["fields"].as_array() else { return };
        for field in fields {
            let name = field["name"].as_str().unwrap_or_default();
            let at = format!("{at}.{name}");
            match value.get(name) {
                Some(value) => {
                    let types: Vec<&str> =
                        field["types"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                    let fitting = types.iter().any(|kind| self.check(kind, value).is_empty());
                    if !fitting {
                        wrong.extend(
                            types.iter().flat_map(|kind| self.check(kind, value)).map(|fault| format!("{at}: {fault}")),
                        );
                    }
                }
                None if field["required"] == true => wrong.push(format!("{at}: is missing")),
                None => {}
            }
        }
        for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
            if !fields.iter().any(|field| field["name"] == name.as_str()) {
                wrong.push(format!("{at}.{name}: is not known"));
            }
        }
    }
}

#[test]
fn a_schema_finds_what_is_wrong() {
    let wall = serde_json::json!({"definitions": {
        "post": {"type": "object", "properties": {"id": {"type": "integer", "required": true, "minimum": 1}, "kind": {"$ref": "../wall.json#/definitions/kind"}}},
        "kind": {"type": "string", "enum": ["post", "reply"]},
    }});
    let schema = VkSchema(BTreeMap::from([("wall.json".to_owned(), wall)]));
    let check = |value: Value| schema.check("../wall.json#/definitions/post", &value);
    assert_eq!(check(serde_json::json!({"id": 1, "kind": "post", "later": []})), [""; 0]);
    assert_eq!(check(serde_json::json!({"id": 0, "kind": "x"})).len(), 2);
    assert_eq!(check(serde_json::json!({"kind": 5})).len(), 2);
}
