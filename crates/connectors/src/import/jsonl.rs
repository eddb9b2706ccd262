//! A line of JSON into a row, without building a tree of what is not asked for.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::cell::{Cell, Row};
use super::field::Field;

/// The keys a plan asks for, as a tree: `author.name` is `name` under `author`.
#[derive(Debug, Default)]
pub(crate) struct KeyTree {
    field: Option<Field>,
    children: Vec<(Box<str>, Self)>,
}

impl KeyTree {
    pub(crate) fn add(&mut self, key: &str, field: Field) {
        if let Some((first, rest)) = key.split_once('.') {
            // A flat key may hold dots too.
            self.child(key).field = Some(field);
            self.child(first).add(rest, field);
        } else {
            self.child(key).field = Some(field);
        }
    }

    fn child(&mut self, key: &str) -> &mut Self {
        let at = self.children.iter().position(|(name, _)| &**name == key).unwrap_or_else(|| {
            self.children.push((key.into(), Self::default()));
            self.children.len() - 1
        });
        &mut self.children[at].1
    }
}

/// Reads one line, which must be one object; what the tree does not name is passed over.
pub(crate) fn read_line<'a>(line: &'a str, keys: &KeyTree) -> Result<Row<'a>, serde_json::Error> {
    let mut row = Row::default();
    let mut deserializer = serde_json::Deserializer::from_str(line);
    if !line.trim_start().starts_with('{') {
        // Let the parser speak first: what is no JSON at all is said so.
        IgnoredAny::deserialize_line(&mut deserializer)?;
        return Err(serde_json::Error::custom("the line is JSON but not an object `{…}`"));
    }
    Value { keys, row: &mut row }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(row)
}

trait DeserializeLine<'de>: Sized {
    fn deserialize_line<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<'de> DeserializeLine<'de> for IgnoredAny {
    fn deserialize_line<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(Self)
    }
}

/// A value that belongs to a node of the tree.
struct Value<'tree, 'row, 'de> {
    keys: &'tree KeyTree,
    row: &'row mut Row<'de>,
}

impl<'de> Value<'_, '_, 'de> {
    fn set(self, cell: Cell<'de>) {
        if let Some(field) = self.keys.field {
            self.row.set(field, cell);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.set(Cell::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.set(Cell::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.set(Cell::Integer(number));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.set(i64::try_from(number).map_or_else(|_| Cell::Text(number.to_string().into()), Cell::Integer));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.set(Cell::Number(number));
        Ok(())
    }

    fn visit_bool<E>(self, flag: bool) -> Result<(), E> {
        self.set(Cell::Flag(flag));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.set(Cell::Empty);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.set(Cell::Nested);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(child) = map.next_key_seed(Key(&self.keys.children))? {
            match child {
                Some(keys) => map.next_value_seed(Value { keys, row: &mut *self.row })?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if self.keys.children.is_empty() {
            self.set(Cell::Nested);
        }
        Ok(())
    }
}

/// Looks a key up without keeping it.
struct Key<'tree>(&'tree [(Box<str>, KeyTree)]);

impl<'de, 'tree> DeserializeSeed<'de> for Key<'tree> {
    type Value = Option<&'tree KeyTree>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'tree> Visitor<'_> for Key<'tree> {
    type Value = Option<&'tree KeyTree>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|(name, _)| &**name == key).map(|(_, node)| node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_and_flat_keys_are_found_and_the_rest_is_passed_over() {
        let mut keys = KeyTree::default();
        keys.add("text", Field::Text);
        keys.add("author.name", Field::Author);
        keys.add("id", Field::Id);
        let line = r#"{"x":[1,{"id":2}],"text":"a\u0041","author":{"id":7,"name":"Анна"},"id":18446744073709551615}"#;
        let mut row = read_line(line, &keys).expect("valid");
        assert_eq!(row.take_text(Field::Text).as_deref(), Some("aA"));
        assert_eq!(row.take_text(Field::Author).as_deref(), Some("Анна"));
        assert_eq!(row.take_text(Field::Id).as_deref(), Some("18446744073709551615"));
        let mut flat = read_line(r#"{"author.name":"Olena"}"#, &keys).expect("valid");
        assert_eq!(flat.take_text(Field::Author).as_deref(), Some("Olena"));
    }

    #[test]
    fn what_is_not_one_object_is_an_error_that_says_so() {
        let check = |line: &str| read_line(line, &KeyTree::default()).expect_err(line).to_string();
        assert!(check("[1]").contains("not an object"));
        assert!(check("{\"a\":1").contains("EOF"));
        assert!(check("{} {}").contains("trailing"));
        assert!(check("nonsense").contains("expected"));
    }
}
