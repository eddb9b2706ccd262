//! What Facebook and Instagram share: Graph API 26.0, <https://developers.facebook.com/docs/graph-api>.
//!
//! Start with [`graph`], how it is asked, and [`login`], by which of two ways; [`usage`] keeps the share of the limits that is left to replies, [`refusal`] says what its
//! errors mean, [`token`] whom a token belongs to, [`oauth`] how people let us in, [`calls`] opens what it sends by itself.

pub(crate) mod calls;
pub(crate) mod conversation;
pub(crate) mod form;
pub(crate) mod graph;
pub(crate) mod known;
pub(crate) mod login;
pub(crate) mod look;
pub(crate) mod oauth;
pub(crate) mod private;
pub(crate) mod refresh;
pub(crate) mod refusal;
pub(crate) mod replies;
pub(crate) mod token;
pub(crate) mod usage;

use molva_domain::Timestamp;
use serde_json::Value;

/// `2026-03-01T12:00:00+0000`, which is nearly RFC 3339; or Unix seconds, as calls have them.
pub(crate) fn time(value: &Value) -> Option<Timestamp> {
    let at = match value {
        Value::Number(number) => Timestamp::from_secs(number.as_i64()?),
        Value::String(text) => {
            let zone = text.len().checked_sub(5).filter(|zone| text.is_char_boundary(*zone));
            let (time, zone) = zone.map_or((&**text, ""), |zone| text.split_at(zone));
            match zone.as_bytes() {
                [b'+' | b'-', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => {
                    Timestamp::parse(&format!("{time}{}:{}", &zone[..3], &zone[3..]))?
                }
                _ => Timestamp::parse(text)?,
            }
        }
        _ => return None,
    };
    (at >= Timestamp::EARLIEST).then_some(at)
}

/// An id, also where it is written as a number.
pub(crate) fn id(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_u64()?.to_string(),
        _ => return None,
    };
    is_id(&id).then_some(id)
}

/// Digits, of a post and a comment two numbers joined.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_as_the_graph_and_its_calls_write_them() {
        let at = Some(Timestamp::from_secs(1_628_621_103));
        assert_eq!(time(&json!("2021-08-10T18:45:03+0000")), at);
        assert_eq!(time(&json!("2021-08-10T20:45:03+0200")), at);
        assert_eq!(time(&json!("2021-08-10T18:45:03Z")), at);
        assert_eq!(time(&json!(1_628_621_103)), at);
        for nonsense in [json!(null), json!(0), json!(""), json!("вчера"), json!("+0000"), json!([])] {
            assert_eq!(time(&nonsense), None, "{nonsense}");
        }
        assert_eq!(
            (id(&json!(12)), id(&json!("1_2")), id(&json!("a/b"))),
            (Some("12".into()), Some("1_2".into()), None)
        );
    }
}
