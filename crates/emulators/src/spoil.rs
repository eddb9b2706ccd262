//! Answers, whole and spoilt.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Value, json};

use crate::faults::Fault;

/// A list as it is told when this goes wrong.
pub(crate) fn list(items: &mut Vec<Value>, fault: Option<Fault>) {
    match fault {
        Some(Fault::Duplicate) => {
            let again: Vec<Value> = items.iter().take(2).cloned().collect();
            items.extend(again);
        }
        Some(Fault::OutOfOrder) => {
            let third = items.len() / 3;
            items.rotate_left(third);
        }
        _ => {}
    }
}

/// The answer itself.
pub(crate) fn answer(status: StatusCode, mut body: Value, fault: Option<Fault>, slow_ms: u64) -> Response {
    if fault == Some(Fault::UnknownFields) {
        with_unknown_fields(&mut body);
    }
    let mut text = body.to_string();
    let half = text.floor_char_boundary(text.len() / 2);
    let body = match fault {
        Some(Fault::CutJson) => {
            text.truncate(half);
            Body::from(text)
        }
        Some(Fault::SlowBody) => {
            let late = Bytes::from(text.split_off(half));
            let early = stream::iter([Ok::<_, std::convert::Infallible>(Bytes::from(text))]);
            let late = stream::once(async move {
                tokio::time::sleep(Duration::from_millis(slow_ms)).await;
                Ok(late)
            });
            Body::from_stream(early.chain(late))
        }
        _ => Body::from(text),
    };
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

/// Fields that no contract names, wherever one fits.
pub(crate) fn with_unknown_fields(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(with_unknown_fields);
            fields.insert("new_in_2027".to_owned(), json!({"x": [1, null]}));
        }
        Value::Array(items) => items.iter_mut().for_each(with_unknown_fields),
        _ => {}
    }
}
