//! Files: pictures at once, others in pieces, with a description of each. <https://docs.x.com/x-api/media/quickstart/media-upload-chunked>.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::problem::Problem;
use super::{Call, X};
use crate::faults::Fault;
use crate::uploads::Upload;

/// Bytes of a picture and of one that moves.
const LARGEST: usize = 5 << 20;
const LARGEST_MOVING: usize = 15 << 20;
const LONGEST_ALT: usize = 1_000;
/// X works on what moves for so long.
const WORK_S: i64 = 1;

type Answer = Result<(StatusCode, Value), Problem>;

/// A file that comes in pieces.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    total: usize,
    pieces: BTreeMap<u64, Vec<u8>>,
}

/// What came as a file, or as text in JSON.
fn body(call: &Call) -> Result<Vec<u8>, Problem> {
    let text = || call.body["media"].as_str().and_then(|text| STANDARD.decode(text).ok());
    let body = call.files.get("media").cloned().or_else(text).filter(|body| !body.is_empty());
    body.ok_or_else(|| Problem::invalid("$.media: is missing but it is required"))
}

/// A field of the form, or of the JSON.
fn field(call: &Call, name: &str) -> String {
    let of_json = || match &call.body[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    call.text(name).map_or_else(of_json, str::to_owned)
}

fn user(call: &Call) -> Result<(), Problem> {
    if call.caller.is_app() {
        return Err(Problem::wrong_token("OAuth 1.0a User Context, OAuth 2.0 User Context"));
    }
    Ok(())
}

fn told(upload: &Upload, call: &Call) -> Value {
    let moving = upload.media_type == "image/gif";
    let kind = if moving { 16 } else { 3 };
    let mut data = json!({
        "id": upload.number.to_string(), "media_key": format!("{kind}_{}", upload.number), "size": upload.bytes,
        "expires_after_secs": 86_400,
    });
    if moving {
        let ready = call.now > upload.at + WORK_S;
        data["processing_info"] = if ready {
            json!({"state": "succeeded", "progress_percent": 100})
        } else {
            json!({"state": "pending", "check_after_secs": 1})
        };
    }
    json!({ "data": data })
}

/// `POST /2/media/upload`
pub(super) fn at_once(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    user(call)?;
    let body = body(call)?;
    if field(call, "media_category") != "tweet_image" || body.len() > LARGEST {
        return Err(Problem::invalid("$.media: the file is too large or of another category"));
    }
    let mut inside = x.sandbox.inside();
    let number = inside.uploads.put("media", &body, call.now);
    let upload = inside.uploads.get(number).filter(|upload| upload.media_type.starts_with("image/"));
    let upload = upload.ok_or_else(|| Problem::invalid("$.media: media type unrecognized."))?;
    Ok((StatusCode::OK, told(upload, call)))
}

/// `POST /2/media/upload/initialize`
pub(super) fn begin(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    user(call)?;
    let total = field(call, "total_bytes").parse().unwrap_or(0);
    if !(1..=LARGEST_MOVING).contains(&total) {
        return Err(Problem::invalid("$.total_bytes: File size exceeds the limit"));
    }
    let number = x.sandbox.inside().uploads.put("media", &[], call.now);
    x.own().pieces.insert(number, Pieces { total, pieces: BTreeMap::new() });
    let data = json!({"id": number.to_string(), "media_key": format!("16_{number}"), "expires_after_secs": 86_400});
    Ok((StatusCode::OK, json!({ "data": data })))
}

/// `POST /2/media/upload/:id/append`
pub(super) fn append(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    user(call)?;
    let body = body(call)?;
    let index = field(call, "segment_index").parse().map_err(|_| Problem::invalid("$.segment_index: is required"))?;
    let mut own = x.own();
    let pieces = own.pieces.get_mut(&call.name.parse().unwrap_or(0)).ok_or_else(Problem::not_found)?;
    pieces.pieces.insert(index, body);
    Ok((StatusCode::OK, json!({"data": {"expires_at": call.now + 86_400}})))
}

/// `POST /2/media/upload/:id/finalize`
pub(super) fn end(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    user(call)?;
    let number: u64 = call.name.parse().unwrap_or(0);
    let whole = {
        let own = x.own();
        let pieces = own.pieces.get(&number).ok_or_else(Problem::not_found)?;
        let whole: Vec<u8> = pieces.pieces.values().flatten().copied().collect();
        if whole.len() != pieces.total {
            return Err(Problem::invalid("Segments do not add up to provided total file size."));
        }
        whole
    };
    let mut inside = x.sandbox.inside();
    inside.uploads.fill(number, &whole, call.now);
    let upload = inside.uploads.get(number).ok_or_else(Problem::not_found)?;
    Ok((StatusCode::OK, told(upload, call)))
}

/// `GET /2/media/upload?command=STATUS`
pub(super) fn status(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    user(call)?;
    let inside = x.sandbox.inside();
    let upload = call.text("media_id").and_then(|id| inside.uploads.told(id)).ok_or_else(Problem::not_found)?;
    Ok((StatusCode::OK, told(upload, call)))
}

/// `POST /2/media/metadata`
pub(super) fn describe(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    user(call)?;
    let alt = call.body.pointer("/metadata/alt_text/text").and_then(Value::as_str).unwrap_or_default().to_owned();
    if alt.is_empty() || alt.chars().count() > LONGEST_ALT {
        return Err(Problem::invalid("$.metadata.alt_text.text: must be at most 1000 characters long"));
    }
    let id = field(call, "id");
    let mut inside = x.sandbox.inside();
    let upload = inside.uploads.get_mut(id.parse().unwrap_or(0)).ok_or_else(Problem::not_found)?;
    upload.alt = Some(alt.clone());
    Ok((StatusCode::OK, json!({"data": {"id": id, "associated_metadata": {"alt_text": {"text": alt}}}})))
}

/// What a post bears: four pictures, or one that moves; each is gone by then or ready.
pub(super) fn borne(x: &X, call: &Call) -> Result<Vec<Value>, Problem> {
    let wanted = call.body.pointer("/media/media_ids").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let wrong = || Problem::invalid("Your media IDs are invalid.");
    let inside = x.sandbox.inside();
    let mut borne = Vec::new();
    for id in wanted {
        let upload = id.as_str().and_then(|id| inside.uploads.told(id)).filter(|upload| upload.bytes > 0);
        let upload = upload.ok_or_else(wrong)?;
        let moving = upload.media_type == "image/gif";
        if moving && (wanted.len() > 1 || call.now <= upload.at + WORK_S) {
            return Err(wrong());
        }
        let (kind, number) = if moving { ("animated_gif", 16) } else { ("photo", 3) };
        let mut media = json!({"media_key": format!("{number}_{}", upload.number), "type": kind});
        let address = if moving { "preview_image_url" } else { "url" };
        media[address] = format!("https://pbs.example/media/{}.jpg", upload.number).into();
        if let Some(alt) = &upload.alt {
            media["alt_text"] = alt.clone().into();
        }
        borne.push(media);
    }
    if borne.len() > 4 { Err(wrong()) } else { Ok(borne) }
}
