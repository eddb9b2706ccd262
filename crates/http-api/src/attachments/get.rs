use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use molva_connectors::Localized;
use molva_domain::AttachmentId;

use crate::api::Api;
use crate::exports::file_name;
use crate::locale::text;
use crate::problem::Problem;
use crate::request::PathId;

/// A file that goes with a reply. Pictures are shown, all else is offered to be saved.
#[utoipa::path(
    get, path = "/api/attachments/{id}", operation_id = "getAttachment", tag = "replies", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The file.", content(
            (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/gif"), (Vec<u8> = "application/pdf"),
        )),
        (status = 404, description = "`not_found`"),
    ),
)]
pub(crate) async fn get_attachment(
    State(api): State<Api>,
    PathId(id): PathId<AttachmentId>,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found(UNKNOWN);
    let attachment = api.storage().attachment(api.workspace(), id).await?.ok_or_else(unknown)?;
    let bytes = api.storage().attachment_bytes(api.workspace(), id).await?.ok_or_else(unknown)?;
    let disposition = if attachment.media_type.starts_with("image/") {
        HeaderValue::from_static("inline")
    } else {
        file_name::attachment(&attachment.name, "file")
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_str(&attachment.media_type).map_err(Problem::internal)?),
        (CONTENT_DISPOSITION, disposition),
        // What an id names never changes.
        (CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400, immutable")),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

pub(super) const UNKNOWN: Localized = text(
    "there is no such file; one that no reply took is forgotten after a day, one that was sent after the time the operator set",
    "такого файла нет; файл, который не взял ни один ответ, забывается через день, отправленный — через срок, заданный администратором",
    "такого файлу немає; файл, якого не взяла жодна відповідь, забувається за день, надісланий — за час, який задав адміністратор",
);
