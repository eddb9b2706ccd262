use axum::body::Bytes;
use axum::extract::{FromRequest as _, RawQuery, Request, State};
use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_connectors::reply::attachment::media_type;
use molva_storage::reply::NewAttachment;

use crate::access::caller::Caller;
use crate::answer::{Created, created};
use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::request::{Parameters, body_problem};
use crate::wire::attachment::Attachment;

/// Characters of a name that are kept.
const LONGEST_NAME: usize = 120;

/// Keeps a file for a reply that is being written. The body is the file; what it is, is seen from what stands in it. A file
/// that no reply has taken after a day is forgotten.
#[utoipa::path(
    post, path = "/api/attachments", operation_id = "createAttachment", tag = "replies",
    params(("name" = Option<String>, Query, description = "What it is called; its addressee may see it.")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "JPEG, PNG, WebP, GIF or PDF, at most 16 MiB."),
    responses(
        (status = 201, body = Attachment),
        (status = 409, description = "`too_many`: 40 files wait for replies that were not written."),
        (status = 413, description = "`too_large`"),
        (status = 422, description = "`unknown_type`, `empty`"),
    ),
)]
pub(crate) async fn create_attachment(
    State(api): State<Api>,
    caller: Caller,
    RawQuery(query): RawQuery,
    request: Request,
) -> Created<Attachment> {
    let parameters = Parameters::parse(query.as_deref(), &["name"])?;
    // A page brings several files at once: they wait for their turn before anything of them is read.
    let _slot = api.upload_slots.acquire().await.map_err(Problem::internal)?;
    let body = Bytes::from_request(request, &()).await.map_err(body_problem)?;
    if body.is_empty() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "empty", EMPTY));
    }
    let media_type = media_type(&body)
        .ok_or_else(|| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_type", UNKNOWN_TYPE))?;
    let name = plain(parameters.one("name").unwrap_or_default(), media_type);
    let new = NewAttachment { name, media_type: media_type.to_owned(), bytes: body.into() };
    let kept = api.storage().create_attachment(api.workspace(), caller.actor(), new).await?;
    created(format!("/api/attachments/{}", kept.id), kept.into())
}

/// A name as file systems and letters take it, with the ending of what it is.
fn plain(name: &str, media_type: &str) -> String {
    let ending = match media_type {
        "image/jpeg" => "jpg",
        "application/pdf" => "pdf",
        other => other.trim_start_matches("image/"),
    };
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let kept = |letter: &char| !letter.is_control() && !":*?\"<>|%".contains(*letter);
    let stem: String = stem.chars().filter(kept).take(LONGEST_NAME).collect();
    let stem = stem.trim().trim_matches('.');
    format!("{}.{ending}", if stem.is_empty() { "file" } else { stem })
}

const EMPTY: Localized = text("the file is empty", "файл пуст", "файл порожній");
const UNKNOWN_TYPE: Localized = text(
    "the file is none of JPEG, PNG, WebP, GIF and PDF; save it as one of these",
    "это не JPEG, PNG, WebP, GIF и не PDF; сохраните файл в одном из этих форматов",
    "це не JPEG, PNG, WebP, GIF і не PDF; збережіть файл в одному з цих форматів",
);

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_says_what_the_file_is_and_where_it_was_stays_a_secret() {
        assert_eq!(plain("C:\\Users\\anna\\снимок экрана.exe", "image/png"), "снимок экрана.png");
        assert_eq!(plain("../../etc/passwd", "image/jpeg"), "passwd.jpg");
        assert_eq!(plain("a\r\nb: <c>.PDF", "application/pdf"), "ab c.pdf");
        assert_eq!((plain("", "image/gif"), plain("..", "image/webp")), ("file.gif".into(), "file.webp".into()));
    }
}
