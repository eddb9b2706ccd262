//! A line of the output. Keys stand in the order of the alphabet.

use std::borrow::Cow;

use molva_domain::{Intent, Language};
use molva_enrichment::{Judgement, TextTone, ToneScores};

use super::line::Line;

/// The keys of intents in the order of the alphabet, with their place in a judgement; `None` is "other". Spam stands on its
/// own, as `spam_p`.
pub(super) fn intent_keys() -> Vec<(&'static str, Option<usize>)> {
    let places = Intent::ALL.iter().enumerate().filter(|(_, intent)| **intent != Intent::Spam);
    let mut keys: Vec<_> = places.map(|(place, intent)| (intent.as_str(), Some(place))).collect();
    keys.push(("other", None));
    keys.sort_unstable();
    keys
}

/// Writes answers.
pub(super) struct Writer {
    intents: Vec<(&'static str, Option<usize>)>,
    /// Numbers of the objects of a post, by name.
    order: Vec<usize>,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { intents: intent_keys(), order: Vec::new() }
    }

    /// Adds the line up to the name of the story.
    pub(super) fn before_story(
        &self,
        out: &mut Vec<u8>,
        line: &Line<'_>,
        language: Option<Language>,
        said: &Judgement,
    ) {
        out.extend_from_slice(b"{\"id\":");
        out.extend_from_slice(line.id.get().as_bytes());
        out.extend_from_slice(b",\"intent\":");
        let score = |place: Option<usize>| place.map_or(said.other, |place| said.intents[place]);
        object(out, self.intents.iter().map(|(key, place)| (*key, score(*place))));
        out.extend_from_slice(b",\"lang\":");
        match language {
            Some(language) => name(out, language.code()),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"spam_p\":");
        number(out, said.spam);
        out.extend_from_slice(b",\"stage\":");
        name(out, said.stage.said.map_or("none", |stage| stage.as_str()));
        out.extend_from_slice(b",\"story\":\"");
    }

    /// Adds the rest of the line: `said` is one judgement an object, or one of the text.
    pub(super) fn behind_story(&mut self, out: &mut Vec<u8>, objects: &[Cow<'_, str>], said: &[Judgement]) {
        out.extend_from_slice(b"\",\"tone\":");
        if objects.is_empty() {
            if let Some(said) = said.first() {
                of_text(out, said);
            }
        } else {
            self.of_objects(out, objects, said);
        }
        out.extend_from_slice(b"}\n");
    }

    fn of_objects(&mut self, out: &mut Vec<u8>, objects: &[Cow<'_, str>], said: &[Judgement]) {
        self.order.clear();
        // Of a name that was given twice one answer is enough.
        self.order.extend((0..objects.len()).filter(|at| !objects[at + 1..].contains(&objects[*at])));
        self.order.sort_unstable_by_key(|at| &objects[*at]);
        let each = || self.order.iter().filter_map(|at| Some((&*objects[*at], said.get(*at)?)));
        out.push(b'{');
        for (at, (object, said)) in each().enumerate() {
            comma(out, at);
            name(out, object);
            out.push(b':');
            name(out, said.tone.said.as_str());
        }
        out.extend_from_slice(b"},\"tone_p\":{");
        for (at, (object, said)) in each().enumerate() {
            comma(out, at);
            name(out, object);
            out.push(b':');
            three(out, said.tone);
        }
        out.push(b'}');
    }
}

/// The tone of a text without an object: five classes in Russian and Ukrainian, three elsewhere.
fn of_text(out: &mut Vec<u8>, said: &Judgement) {
    let Some(tone) = said.text_tone else {
        name(out, said.tone.said.as_str());
        out.extend_from_slice(b",\"tone_p\":");
        return three(out, said.tone);
    };
    name(out, TextTone::NAMES[tone.said]);
    out.extend_from_slice(b",\"tone_p\":");
    let TextTone { negative, neutral, positive, speech, skip, .. } = tone;
    let scores =
        [("negative", negative), ("neutral", neutral), ("positive", positive), ("skip", skip), ("speech", speech)];
    object(out, scores.into_iter());
}

fn three(out: &mut Vec<u8>, tone: ToneScores) {
    let scores = [("negative", tone.negative), ("neutral", tone.neutral), ("positive", tone.positive)];
    object(out, scores.into_iter());
}

/// An object of numbers; the keys need no escapes.
fn object<'k>(out: &mut Vec<u8>, fields: impl Iterator<Item = (&'k str, f32)>) {
    out.push(b'{');
    for (at, (key, value)) in fields.enumerate() {
        comma(out, at);
        out.push(b'"');
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"\":");
        number(out, value);
    }
    out.push(b'}');
}

fn comma(out: &mut Vec<u8>, at: usize) {
    if at > 0 {
        out.push(b',');
    }
}

fn name(out: &mut Vec<u8>, name: &str) {
    // Memory does not fail.
    let _ = serde_json::to_writer(out, name);
}

/// A probability with four decimals: they say all there is.
fn number(out: &mut Vec<u8>, value: f32) {
    let rounded = (f64::from(value) * 1e4).round();
    if !(0.0..=1e4).contains(&rounded) {
        return out.extend_from_slice(b"null");
    }
    let rounded = rounded as u32;
    let digits = [rounded / 10_000, rounded / 1_000 % 10, rounded / 100 % 10, rounded / 10 % 10, rounded % 10];
    let digits = digits.map(|digit| b'0' + digit as u8);
    let length = digits.iter().rposition(|digit| *digit != b'0').map_or(2, |last| last.max(1) + 1);
    out.push(digits[0]);
    out.push(b'.');
    out.extend_from_slice(&digits[1..length]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_every_other_program_writes_them() {
        for whole in 0..=10_000_u32 {
            let value = f64::from(whole) / 1e4;
            let mut out = Vec::new();
            number(&mut out, value as f32);
            assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&value).unwrap());
        }
        let mut out = Vec::new();
        number(&mut out, f32::NAN);
        assert_eq!(out, b"null");
    }

    #[test]
    fn keys_stand_in_the_order_of_the_alphabet() {
        let keys: Vec<&str> = intent_keys().into_iter().map(|(key, _)| key).collect();
        assert!(keys.is_sorted() && keys.contains(&"other") && !keys.contains(&"spam"), "{keys:?}");
        assert_eq!(keys.len(), Intent::ALL.len());
    }
}
