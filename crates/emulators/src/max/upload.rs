//! Files: an address for one, and a token for what came there, which a message may bear a second later.
//! <https://dev.max.ru/docs-api/methods/POST/uploads>.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::call::{Call, Refusal};
use super::{Answer, Max};
use crate::faults::Fault;
use crate::multipart;
use crate::sandbox::Inside;
use crate::spoil;
use crate::uploads::Upload;

const FAULTS: &[Fault] = &[Fault::ServerError, Fault::CutJson, Fault::UnknownFields, Fault::SlowBody];
/// Files beside a message.
const MOST: usize = 12;

/// `POST /uploads?type=`
pub(super) fn address(call: &Call) -> Answer {
    match call.text("type") {
        Some(kind @ ("image" | "video" | "audio" | "file")) => {
            Ok(json!({ "url": format!("http://{}/upload/{kind}?sig=a1b2", call.host) }))
        }
        _ => Err(Refusal::new(400, "proto.payload", "type: unknown upload type")),
    }
}

/// `POST /upload/image`: of pictures every size has a token.
pub(super) async fn receive(
    State(max): State<Max>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let now = max.sandbox.now();
    let mut inside = max.sandbox.inside();
    inside.counts.request("upload");
    let fault = inside.draw(FAULTS);
    let slow_ms = inside.faults.slow_ms;
    if fault == Some(Fault::ServerError) {
        return spoil::answer(StatusCode::SERVICE_UNAVAILABLE, json!({}), None, 0);
    }
    let content_type = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let parts = multipart::parts(content_type, &body).unwrap_or_default();
    let Some((part, name)) = parts.iter().find_map(|part| Some((part, part.file_name.as_deref()?))) else {
        return spoil::answer(StatusCode::BAD_REQUEST, json!({"error_code": "7", "error_msg": "No file"}), None, 0);
    };
    let number = inside.uploads.put(name, &part.body, now);
    let picture = inside.uploads.get(number).is_some_and(Upload::is_picture);
    let answer = match (kind.as_str(), picture) {
        ("image", true) => json!({"photos": {format!("p{number}=="): {"token": token(number)}}}),
        ("image", false) => json!({"error_code": "4", "error_msg": "UPLOAD_ERROR: not an image"}),
        _ => json!({"fileId": number, "token": token(number)}),
    };
    spoil::answer(StatusCode::OK, answer, fault, slow_ms)
}

fn token(number: u64) -> String {
    format!("f9LHodD0cOIa{number}")
}

/// What a message bears. A file is worked on for a second, and goes by itself unless it is a picture.
pub(super) fn borne(inside: &Inside, call: &Call, now: i64) -> Result<Vec<Value>, Refusal> {
    let wanted = call.body.get("attachments").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let wrong = |message: &str| Refusal::new(400, "proto.payload", message);
    if wanted.len() > MOST {
        return Err(wrong("attachments: too many"));
    }
    let mut borne = Vec::new();
    for one in wanted {
        let kind = one.get("type").and_then(Value::as_str).unwrap_or_default();
        let token = one.pointer("/payload/token").and_then(Value::as_str).unwrap_or_default();
        let number = token.strip_prefix("f9LHodD0cOIa").unwrap_or_default();
        let upload = inside.uploads.told(number).ok_or_else(|| wrong("attachments: unknown token"))?;
        if upload.at >= now {
            let message = "Key: errors.process.attachment.file.not.processed";
            return Err(Refusal::new(400, "attachment.not.ready", message));
        }
        borne.push(match kind {
            "image" => json!({"type": "image", "payload": {"photo_id": upload.number, "token": token,
                "url": format!("https://i.oneme.example/{number}")}}),
            "file" if wanted.len() > 1 => {
                return Err(wrong("attachments: file must be the only attachment in message"));
            }
            "file" => json!({"type": "file", "filename": upload.name, "size": upload.bytes,
                "payload": {"token": token, "url": format!("https://fd.oneme.example/{number}")}}),
            _ => return Err(wrong("attachments: unknown type")),
        });
    }
    Ok(borne)
}
