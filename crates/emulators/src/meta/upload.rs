//! Files: a picture beside a comment, a file that is a message, and files that are kept for one.
//! <https://developers.facebook.com/docs/messenger-platform/send-messages/saving-assets>.

use serde_json::{Value, json};

use super::call::{Answer, Call, Refusal, own};
use super::ids::Node;
use crate::sandbox::Inside;
use crate::uploads::Upload;

/// Bytes of a picture beside a comment, of a picture in a message, of another file.
const LARGEST: usize = 10_000_000;
const LARGEST_PICTURE: usize = 8_000_000;
const LARGEST_FILE: usize = 25_000_000;

/// Takes what came under that name.
fn take<'a>(inside: &'a mut Inside, call: &Call, field: &str) -> Option<&'a Upload> {
    let (name, body) = call.files.get(field)?;
    let number = inside.uploads.put(name, body, call.now);
    inside.uploads.get(number)
}

/// What stands beside a comment: `source`, or what `attachment_id` names.
pub(super) fn picture(inside: &mut Inside, call: &Call) -> Result<Option<Value>, Refusal> {
    let kept = call.text("attachment_id").and_then(|id| inside.uploads.told(id)).cloned();
    let Some(upload) = take(inside, call, "source").cloned().or(kept) else { return Ok(None) };
    if !upload.is_picture() {
        return Err(Refusal::new(324, "(#324) Missing or invalid image file"));
    }
    if upload.bytes > LARGEST {
        return Err(Refusal::new(324, "(#324) The image is too large"));
    }
    let url = format!("https://www.facebook.com/photo.php?fbid={}", upload.number);
    let image = json!({"src": format!("https://scontent.example/{}.jpg", upload.number), "width": 640, "height": 480});
    Ok(Some(
        json!({"type": "photo", "url": url, "media": {"image": image}, "target": {"id": upload.number.to_string(), "url": url}}),
    ))
}

/// A file of a message: one that comes along, or one that is kept.
pub(super) fn borne(inside: &mut Inside, call: &Call, wanted: &Value) -> Result<Value, Refusal> {
    let kind = wanted.get("type").and_then(Value::as_str).unwrap_or_default();
    let kept = wanted.pointer("/payload/attachment_id").and_then(Value::as_str);
    let kept = kept.and_then(|id| inside.uploads.told(id)).cloned();
    let upload = take(inside, call, "filedata").cloned().or(kept);
    let upload =
        upload.ok_or_else(|| Refusal::with_subcode(100, 2_018_008, "(#100) Failed to fetch the file from the url"))?;
    let largest = if kind == "image" { LARGEST_PICTURE } else { LARGEST_FILE };
    if upload.bytes > largest {
        return Err(Refusal::with_subcode(100, 2_018_047, "(#100) Upload attachment failure: the file is too large"));
    }
    if !upload.name.is_ascii() || (kind == "image") != upload.is_picture() || !matches!(kind, "image" | "file") {
        return Err(Refusal::with_subcode(100, 2_018_047, "(#100) Upload attachment failure"));
    }
    Ok(json!({
        "id": upload.number.to_string(), "mime_type": upload.media_type, "name": upload.name, "size": upload.bytes,
    }))
}

/// `POST /PAGE/message_attachments`
pub(super) fn attachment(inside: &mut Inside, call: &Call, node: Node) -> Answer {
    let (Node::Page(place) | Node::Account(place)) = node else { return Err(Refusal::gone("0")) };
    own(call, place)?;
    if call.token()?.reads_only {
        return Err(Refusal::right("pages_messaging"));
    }
    let message: Value = serde_json::from_str(call.required("message")?).unwrap_or_default();
    let file = borne(inside, call, message.get("attachment").unwrap_or(&Value::Null))?;
    Ok(json!({ "attachment_id": file["id"] }))
}
