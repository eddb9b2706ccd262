//! A line of the input.

use std::borrow::Cow;
use std::io::{BufRead, Read as _};

use anyhow::Context as _;
use molva_domain::{Language, Timestamp};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer as _};
use serde_json::error::Category;
use serde_json::value::RawValue;

/// Longest line read, in bytes.
const MAX_LINE: u64 = 4 << 20;
/// Most objects judged in one post.
const MAX_OBJECTS: usize = 64;

/// A post to judge; borrows from the line it stands in.
pub(super) struct Line<'a> {
    /// As it was written.
    pub(super) id: &'a RawValue,
    pub(super) text: Cow<'a, str>,
    pub(super) language: Option<Language>,
    pub(super) objects: Vec<Cow<'a, str>>,
    pub(super) published: Option<Timestamp>,
}

impl<'a> Line<'a> {
    /// Reads a line; `object_field` is the key of the names of objects.
    pub(super) fn read(line: &'a [u8], object_field: &str) -> anyhow::Result<Self> {
        if line.len() as u64 > MAX_LINE {
            anyhow::bail!("longer than {} MB", MAX_LINE >> 20);
        }
        let line = std::str::from_utf8(line).context("no JSON")?;
        let mut reader = serde_json::Deserializer::from_str(line);
        let fields = reader.deserialize_map(Fields { object_field, ..Fields::default() }).map_err(|error| {
            let what = if error.classify() == Category::Data { "no JSON object" } else { "no JSON" };
            anyhow::Error::new(error).context(what)
        })?;
        reader.end().context("no JSON")?;
        let text = fields.text.and_then(string).context("`text` is no text")?;
        let id = fields.id.context("`id` is missing")?;
        let objects = fields.objects.map_or_else(|| Ok(Vec::new()), |raw| names(raw, object_field))?;
        if objects.len() > MAX_OBJECTS {
            anyhow::bail!("`{object_field}` has more than {MAX_OBJECTS} names");
        }
        let language = fields.language.and_then(string).and_then(|code| Language::parse(&code));
        let published = fields.published.and_then(|raw| raw.get().parse().ok()).map(Timestamp::from_secs);
        Ok(Self { id, text, language, objects, published })
    }
}

/// What is looked for in a line, found and not read yet. Of a key that stands there twice the last one counts.
#[derive(Default)]
struct Fields<'a, 'f> {
    object_field: &'f str,
    id: Option<&'a RawValue>,
    text: Option<&'a RawValue>,
    language: Option<&'a RawValue>,
    published: Option<&'a RawValue>,
    objects: Option<&'a RawValue>,
}

impl<'a> Visitor<'a> for Fields<'a, '_> {
    type Value = Self;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(Text(key)) = map.next_key()? {
            let place = match &*key {
                "id" => &mut self.id,
                "text" => &mut self.text,
                key if key == self.object_field => &mut self.objects,
                "lang" => &mut self.language,
                "published" => &mut self.published,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *place = Some(map.next_value()?);
        }
        Ok(self)
    }
}

/// A string of JSON, borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str(raw.get()).ok().map(|Text(text)| text)
}

/// One name, a list of them, or none.
fn names<'a>(raw: &'a RawValue, object_field: &str) -> anyhow::Result<Vec<Cow<'a, str>>> {
    match raw.get().as_bytes().first() {
        Some(b'n') => Ok(Vec::new()),
        Some(b'"') => Ok(string(raw).into_iter().collect()),
        Some(b'[') => {
            let names: Vec<Text<'a>> = serde_json::from_str(raw.get())
                .map_err(|_| anyhow::anyhow!("`{object_field}` holds what is no text"))?;
            Ok(names.into_iter().map(|Text(name)| name).collect())
        }
        _ => anyhow::bail!("`{object_field}` is no list of names"),
    }
}

/// Lines that are judged together.
#[derive(Default)]
pub(super) struct Lines {
    /// Lines read before these.
    before: u64,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Lines {
    /// Lines judged together: an encoder is quicker with several texts, and threads hand each other less.
    const MOST: usize = 256;
    /// Bytes of them, but for the last line.
    const MOST_BYTES: usize = 1 << 20;

    /// The next ones; empty at the end of the input.
    pub(super) fn read(input: &mut dyn BufRead, before: u64) -> std::io::Result<Self> {
        let mut lines = Self { before, ..Self::default() };
        while lines.ends.len() < Self::MOST && lines.bytes.len() < Self::MOST_BYTES {
            if !next_line(input, &mut lines.bytes)? {
                break;
            }
            lines.ends.push(lines.bytes.len());
        }
        Ok(lines)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Those that are not blank, with their numbers from one on.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let lines = starts.zip(&self.ends).map(|(start, end)| &self.bytes[start..*end]);
        (self.before + 1..).zip(lines).filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace))
    }
}

/// Adds a line; of one that is too long, only so much that it shows. False at the end.
fn next_line(input: &mut dyn BufRead, lines: &mut Vec<u8>) -> std::io::Result<bool> {
    let before = lines.len();
    if input.take(MAX_LINE + 1).read_until(b'\n', lines)? == 0 {
        return Ok(false);
    }
    if (lines.len() - before) as u64 > MAX_LINE && lines.last() != Some(&b'\n') {
        let mut rest = Vec::new();
        loop {
            rest.clear();
            let read = input.take(MAX_LINE).read_until(b'\n', &mut rest)?;
            if read == 0 || rest.last() == Some(&b'\n') {
                break;
            }
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<(String, String, Option<String>, Vec<String>), String> {
        let said = |line: Line<'_>| {
            let objects = line.objects.iter().map(|name| name.clone().into_owned()).collect();
            (line.id.get().to_owned(), line.text.into_owned(), line.language.map(|code| code.to_string()), objects)
        };
        Line::read(line.as_bytes(), "brands").map(said).map_err(|error| error.to_string())
    }

    #[test]
    fn a_line_is_read_whatever_else_stands_in_it() {
        let line = r#"{"text":"\u0447то \"это\"", "x": {"id": [1]}, "id": 12345678901234567890123, "lang": "ru", "brands": ["а", "б\n"]}"#;
        let names = vec!["а".to_owned(), "б\n".to_owned()];
        assert_eq!(
            read(line),
            Ok(("12345678901234567890123".to_owned(), "что \"это\"".to_owned(), Some("ru".to_owned()), names))
        );
        let one = r#"{"id":null,"text":"","brands":"а"}"#;
        assert_eq!(read(one), Ok(("null".to_owned(), String::new(), None, vec!["а".to_owned()])));
        let none = r#"{"id":"1","text":"а","brands":null,"lang":7}"#;
        assert_eq!(read(none), Ok(("\"1\"".to_owned(), "а".to_owned(), None, vec![])));
    }

    #[test]
    fn what_is_no_post_is_refused_with_the_reason() {
        for (line, reason) in [
            ("{", "no JSON"),
            ("{\"id\":1,\"text\":\"а\"} {}", "no JSON"),
            ("[1]", "no JSON object"),
            ("7", "no JSON object"),
            (r#"{"id":1}"#, "`text` is no text"),
            (r#"{"id":1,"text":null}"#, "`text` is no text"),
            (r#"{"text":"а"}"#, "`id` is missing"),
            (r#"{"id":1,"text":"а","brands":[1]}"#, "`brands` holds what is no text"),
            (r#"{"id":1,"text":"а","brands":{}}"#, "`brands` is no list of names"),
        ] {
            assert_eq!(read(line), Err(reason.to_owned()), "{line}");
        }
        let many = format!(r#"{{"id":1,"text":"а","brands":[{}"а"]}}"#, "\"а\",".repeat(64));
        assert_eq!(read(&many), Err("`brands` has more than 64 names".to_owned()));
        assert_eq!(read(&" ".repeat(5 << 20)), Err("longer than 4 MB".to_owned()));
        assert!(Line::read(b"{\"id\":1,\"text\":\"\xff\"}", "brands").is_err());
    }

    #[test]
    fn a_line_that_is_too_long_costs_the_others_nothing() {
        let mut input = b"1\n\n".to_vec();
        input.resize(input.len() + (9 << 20), b'x');
        input.extend(b"\n4\n5");
        let mut reader = input.as_slice();
        let first = Lines::read(&mut reader, 0).unwrap();
        let second = Lines::read(&mut reader, first.len() as u64).unwrap();
        let lengths =
            |lines: &Lines| lines.iter().map(|(number, line)| (number, line.len() as u64)).collect::<Vec<_>>();
        assert_eq!(lengths(&first), [(1, 2), (3, MAX_LINE + 1)]);
        assert_eq!(lengths(&second), [(4, 2), (5, 1)]);
        assert_eq!(Lines::read(&mut reader, 5).unwrap().len(), 0);
    }
}
