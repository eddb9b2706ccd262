//! Files of messages: an address with a token for one; of a picture the token comes with the answer to its upload.
//! <https://apiok.ru/en/dev/graph_api/methods/graph.user/graph.user.fileUploadUrl/get>.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::call::{Call, Refusal};
use super::{Answer, Okru};
use crate::faults::Fault;
use crate::multipart;
use crate::sandbox::Inside;
use crate::spoil;
use crate::uploads::Upload;

const FAULTS: &[Fault] = &[Fault::ServerError, Fault::CutJson, Fault::UnknownFields, Fault::SlowBody];
/// Files beside a message.
const MOST: usize = 5;

/// `GET /graph/me/fileUploadUrl`
pub(super) fn address(ok: &Okru, call: &Call) -> Answer {
    let url = |kind: &str, id: usize| format!("http://{}/upload.do?sig=lS8ThopDldI&type={kind}&id={id}", call.host);
    match call.text("type").unwrap_or("FILE") {
        "IMAGE" => Ok(json!({"url": url("IMAGE", 0), "file_id": "1519bf4"})),
        "FILE" => {
            let promise = ok.sandbox.inside().uploads.promise();
            Ok(json!({"url": url("FILE", promise), "token": format!("ftk{promise}")}))
        }
        _ => Err(Refusal::parameter("type")),
    }
}

/// `POST /upload.do`
pub(super) async fn receive(
    State(ok): State<Okru>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let now = ok.sandbox.now();
    let mut inside = ok.sandbox.inside();
    inside.counts.request("upload");
    let fault = inside.draw(FAULTS);
    let slow_ms = inside.faults.slow_ms;
    if fault == Some(Fault::ServerError) {
        return spoil::answer(StatusCode::BAD_GATEWAY, json!({}), None, 0);
    }
    let content_type = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let parts = multipart::parts(content_type, &body).unwrap_or_default();
    let Some((part, name)) = parts.iter().find_map(|part| Some((part, part.file_name.as_deref()?))) else {
        return spoil::answer(StatusCode::OK, json!({"error_code": 500, "error_msg": "no file"}), None, 0);
    };
    let number = inside.uploads.put(name, &part.body, now);
    let picture = inside.uploads.get(number).is_some_and(Upload::is_picture);
    let query = query.unwrap_or_default();
    let as_picture = query.contains("type=IMAGE");
    if let Some(promise) = query.rsplit_once("&id=").and_then(|(_, id)| id.parse().ok()).filter(|_| !as_picture) {
        inside.uploads.came(promise, number);
    }
    let answer = match (as_picture, picture) {
        (true, true) => json!({"photos": {format!("GuL9{number}=="): {"token": token(number)}}}),
        (true, false) => json!({"error_code": 505, "error_msg": "IMAGE_FORMAT : not an image"}),
        _ => json!({"retval": 1}),
    };
    spoil::answer(StatusCode::OK, answer, fault, slow_ms)
}

fn token(number: u64) -> String {
    format!("tkn{number}")
}

/// What a message bears.
pub(super) fn borne(inside: &Inside, body: &Value) -> Result<Vec<Value>, Refusal> {
    let wanted = body.pointer("/message/attachments").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let single = body.pointer("/message/attachment");
    let mut borne = Vec::new();
    for one in wanted.iter().chain(single) {
        let kind = one.get("type").and_then(Value::as_str).unwrap_or_default();
        let token = one.pointer("/payload/token").and_then(Value::as_str).unwrap_or_default();
        let upload = match (token.strip_prefix("tkn"), token.strip_prefix("ftk")) {
            (Some(number), _) => inside.uploads.told(number),
            (None, Some(promise)) => promise.parse().ok().and_then(|promise| inside.uploads.promised(promise)),
            (None, None) => None,
        };
        let upload = upload.ok_or_else(|| Refusal::parameter("attachment"))?;
        borne.push(json!({"type": kind, "payload": {"url": format!("https://fd.mycdn.example/{}", upload.number), "name": upload.name}}));
    }
    if borne.len() > MOST { Err(Refusal::parameter("attachments")) } else { Ok(borne) }
}
