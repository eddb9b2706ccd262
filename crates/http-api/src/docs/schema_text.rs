//! JSON schemas in a few words, as HTML.

use serde_json::Value;

/// Text made safe for HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// One line of prose: escaped, with `code` marked.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in escape(text).split('`').enumerate() {
        if index % 2 == 1 {
            out.push_str("<code>");
            out.push_str(part);
            out.push_str("</code>");
        } else {
            out.push_str(part);
        }
    }
    out
}

/// `string`, `Topic or null`, `list of Id`, `"new" | "kept"`, with links to the named schemas.
pub(super) fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escape(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> =
            words.iter().map(|word| format!("<code>{}</code>", escape(&word.to_string()))).collect();
        return words.join(" | ");
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[key].as_array() {
            let mut choices: Vec<String> = choices.iter().map(type_of).collect();
            choices.sort_by_key(|choice| choice == "null");
            return choices.join(" or ");
        }
    }
    match &schema["type"] {
        Value::Array(types) => {
            let mut names: Vec<String> = types.iter().map(|kind| named(kind, schema)).collect();
            names.sort_by_key(|name| name == "null");
            names.join(" or ")
        }
        Value::Null => "any JSON".to_owned(),
        kind => named(kind, schema),
    }
}

fn named(kind: &Value, schema: &Value) -> String {
    match kind.as_str().unwrap_or_default() {
        "array" => format!("list of {}", type_of(&schema["items"])),
        "object" if schema["additionalProperties"].is_object() => {
            format!("map to {}", type_of(&schema["additionalProperties"]))
        }
        "object" if schema["properties"].is_object() => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            let fields: Vec<String> =
                fields.map(|(name, schema)| format!("<code>{}</code>: {}", escape(name), type_of(schema))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        "string" => match schema["format"].as_str() {
            Some(format) => format!("string ({})", escape(format)),
            None => "string".to_owned(),
        },
        other => escape(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_read_as_a_person_would_say_them() {
        let cases = [
            (json!({"type": "string", "format": "date-time"}), "string (date-time)"),
            (json!({"type": ["null", "integer"]}), "integer or null"),
            (
                json!({"type": "array", "items": {"$ref": "#/components/schemas/Id"}}),
                "list of <a href=\"#schema-Id\">Id</a>",
            ),
            (json!({"oneOf": [{"type": "null"}, {"type": "string"}]}), "string or null"),
            (
                json!({"type": "string", "enum": ["new", "kept"]}),
                "<code>&quot;new&quot;</code> | <code>&quot;kept&quot;</code>",
            ),
            (json!({"type": "object", "additionalProperties": {"type": "string"}}), "map to string"),
            (json!({}), "any JSON"),
        ];
        for (schema, wanted) in cases {
            assert_eq!(type_of(&schema), wanted);
        }
    }

    #[test]
    fn prose_is_escaped_and_code_marked() {
        assert_eq!(prose("`a<b` & c"), "<code>a&lt;b</code> &amp; c");
    }
}
