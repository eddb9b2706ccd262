//! Files: an address for each, what came there kept under a name, and the names that comments and messages bear.
//! <https://dev.vk.com/ru/api/upload/overview>.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::method::{Answer, Call, Refusal, Token};
use super::render;
use crate::faults::Fault;
use crate::multipart;
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;
use crate::uploads::Upload;

const FAULTS: &[Fault] = &[Fault::ServerError, Fault::CutJson, Fault::UnknownFields, Fault::SlowBody];
const HASH: &str = "a1b2c3d4e5";

pub(super) fn photo_server(_: &mut Inside, call: &Call, _: Option<Fault>) -> Answer {
    Ok(json!({"upload_url": format!("http://{}/upload/photo?act=do_add", call.host), "album_id": -14, "user_id": 0}))
}

pub(super) fn document_server(_: &mut Inside, call: &Call, _: Option<Fault>) -> Answer {
    Ok(json!({"upload_url": format!("http://{}/upload/doc?act=add_doc", call.host)}))
}

/// `POST /upload/photo` and `/upload/doc`: no token, and the answer is no answer of the API.
pub(super) async fn receive(
    State(sandbox): State<Sandbox>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let now = sandbox.now();
    let mut inside = sandbox.inside();
    inside.counts.request(&format!("upload {kind}"));
    let fault = inside.draw(FAULTS);
    let slow_ms = inside.faults.slow_ms;
    if fault == Some(Fault::ServerError) {
        return spoil::answer(StatusCode::BAD_GATEWAY, json!({}), None, 0);
    }
    let content_type = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let parts = multipart::parts(content_type, &body).unwrap_or_default();
    let Some((part, name)) = parts.iter().find_map(|part| Some((part, part.file_name.as_deref()?))) else {
        return spoil::answer(StatusCode::OK, json!({"error": "ERR_UPLOAD_NO_FILE: no file"}), None, 0);
    };
    let number = inside.uploads.put(name, &part.body, now);
    let picture = inside.uploads.get(number).is_some_and(Upload::is_picture);
    let answer = match (kind.as_str(), picture) {
        ("photo", true) => json!({"server": 857_516, "photo": json!([{"photo": number}]).to_string(), "hash": HASH}),
        ("photo", false) => json!({"server": 857_516, "photo": "[]", "hash": HASH}),
        _ => json!({ "file": format!("{number}|0|-1|{HASH}") }),
    };
    spoil::answer(StatusCode::OK, answer, fault, slow_ms)
}

/// `photos.saveWallPhoto`, `photos.saveMessagesPhoto`.
pub(super) fn save_photo(inside: &mut Inside, call: &Call, _: Option<Fault>) -> Answer {
    let photo = call.text("photo").and_then(|photo| serde_json::from_str::<Value>(photo).ok());
    let number = photo.and_then(|photo| photo.pointer("/0/photo")?.as_u64());
    if call.text("hash") != Some(HASH) {
        return Err(Refusal::new(121, "Invalid hash"));
    }
    let kept = keep(inside, number).ok_or_else(|| Refusal::new(129, "Invalid photo"))?;
    Ok(json!([photo_of(owner(call), &kept)]))
}

/// `docs.save`
pub(super) fn save_document(inside: &mut Inside, call: &Call, _: Option<Fault>) -> Answer {
    let number = call.text("file").and_then(|file| file.split('|').next()?.parse().ok());
    let kept = keep(inside, number).ok_or_else(|| Refusal::new(105, "Couldn't save file"))?;
    Ok(json!({"type": "doc", "doc": document_of(owner(call), &kept)}))
}

fn keep(inside: &mut Inside, number: Option<u64>) -> Option<Upload> {
    let upload = inside.uploads.get_mut(number?)?;
    upload.kept = true;
    Some(upload.clone())
}

fn owner(call: &Call) -> i64 {
    match call.token {
        Some(Token::Community(place)) => render::owner(place),
        Some(Token::User(person)) => i64::try_from(person).unwrap_or(0),
        _ => 0,
    }
}

fn photo_of(owner: i64, upload: &Upload) -> Value {
    json!({
        "album_id": -14, "date": upload.at, "id": upload.number, "owner_id": owner, "access_key": key(upload), "text": "",
        "has_tags": false, "sizes": [{"type": "x", "width": 604, "height": 403, "url": format!("https://sun.example/{}.jpg", upload.number)}],
    })
}

fn document_of(owner: i64, upload: &Upload) -> Value {
    let extension = upload.name.rsplit_once('.').map_or("", |(_, extension)| extension);
    json!({
        "id": upload.number, "owner_id": owner, "title": upload.name, "size": upload.bytes, "ext": extension, "date": upload.at,
        "type": 1, "url": format!("https://vk.com/doc{owner}_{}", upload.number), "access_key": key(upload),
    })
}

fn key(upload: &Upload) -> String {
    format!("k{:x}", upload.number)
}

/// What a comment or message bears: files that were kept, each called `photo1_2` or `doc-1_2`, with its key behind.
pub(super) fn borne(inside: &Inside, call: &Call, name: &str, most: usize) -> Result<Vec<Value>, Refusal> {
    let wrong =
        || Refusal::new(100, &format!("One of the parameters specified was missing or invalid: {name} is invalid"));
    let Some(text) = call.text(name) else { return Ok(Vec::new()) };
    let mut borne = Vec::new();
    for one in text.split(',') {
        let (kind, rest) =
            one.split_at(one.find(|letter: char| letter == '-' || letter.is_ascii_digit()).ok_or_else(wrong)?);
        let mut pieces = rest.split('_');
        let owner = pieces.next().and_then(|owner| owner.parse::<i64>().ok()).ok_or_else(wrong)?;
        let upload =
            pieces.next().and_then(|id| inside.uploads.told(id)).filter(|upload| upload.kept).ok_or_else(wrong)?;
        borne.push(match kind {
            "photo" => json!({"type": "photo", "photo": photo_of(owner, upload)}),
            "doc" => json!({"type": "doc", "doc": document_of(owner, upload)}),
            _ => return Err(wrong()),
        });
    }
    if borne.len() > most { Err(wrong()) } else { Ok(borne) }
}
