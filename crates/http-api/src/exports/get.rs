use std::io;
use std::time::Instant;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, StreamExt as _, stream};
use molva_connectors::Localized;
use molva_exports::{ChunkReader, ChunkWriter, Failure, Format, chunks, rows, write};
use tokio_util::sync::CancellationToken;

use crate::access::caller::Caller;
use crate::api::Api;
use crate::exports::file_name::attachment;
use crate::exports::line::Turn;
use crate::exports::{Prepared, Rows, prepare};
use crate::locale::text;
use crate::problem::Problem;
use crate::request::PathId;
use crate::wire::export::ExportContent;

/// Fetches a file, written while it is read.
///
/// A connection that is cut before its end (no closing chunk) says that the file is not whole: fetch it again.
#[utoipa::path(
    get, path = "/api/exports/{id}", operation_id = "getExport", tag = "exports",
    params(("id" = String, Path, description = "The ticket.")),
    responses(
        (status = 200, description = "The file, as an attachment.", content(
            (String = "text/csv"), (String = "application/jsonl"), (Vec<u8> = "application/vnd.apache.parquet"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = 404, description = "`not_found`: the ticket has expired, or is somebody else's."),
        (status = 503, description = "`busy`: four files are being written, or two of yours, and none was done within ten seconds."),
    ),
)]
pub(crate) async fn get_export(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId<String>,
) -> Result<Response, Problem> {
    let ticket = api.exports.find(&id, caller.actor(), api.now()).ok_or_else(|| Problem::not_found(EXPIRED))?;
    let turn = api.export_line.turn(caller.actor()).await?;
    let prepared = prepare(&api, &ticket.request, ticket.locale).await?;
    let (writer, reader) = chunks();
    let stop = api.app.stop.clone();
    let (what, format) = (ticket.request.what, Format::from(ticket.request.format));
    tokio::spawn(produce(api, prepared, what, format, writer, turn));
    let fallback = format!("molva-{}.{}", what.as_str(), format.as_str());
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        (CONTENT_DISPOSITION, attachment(&ticket.file_name, &fallback)),
        // Asks a proxy in front not to collect the file first.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::from_stream(until(stop, reader))).into_response())
}

/// The pieces; a server that stops cuts them off, visibly, instead of waiting for slow readers.
fn until(stop: CancellationToken, reader: ChunkReader) -> impl Stream<Item = io::Result<Vec<u8>>> {
    stream::unfold(Some((stop, reader)), async |state| {
        let (stop, mut reader) = state?;
        tokio::select! {
            biased;
            () = stop.cancelled() => Some((Err(io::Error::other("the server stops")), None)),
            piece = reader.next() => piece.map(|piece| (piece, Some((stop, reader)))),
        }
    })
}

/// Writes the file to its end, or until its reader leaves or the server stops.
async fn produce(api: Api, prepared: Prepared, what: ExportContent, format: Format, writer: ChunkWriter, turn: Turn) {
    let started = Instant::now();
    let (ending, stop) = (writer.ending(), api.app.stop.clone());
    let (sender, receiver) = rows();
    let scratch = api.storage().data_dir().to_owned();
    let writing = tokio::spawn(write(format, prepared.table, receiver, writer, scratch));
    let reading = async {
        match prepared.rows {
            Rows::Mentions(selected) => match selected.rows(&api).await {
                Ok(rows) => rows.read(sender).await,
                Err(failure) => sender.end(Err(failure)).await,
            },
            Rows::Figures(block, _) => {
                let put = sender.put(block).await;
                sender.end(put).await;
            }
        }
    };
    // Dropping the reading half-way makes the writing fail: what is not whole never looks whole.
    tokio::select! {
        () = reading => {}
        () = ending.reader_gone() => {}
        () = stop.cancelled() => {}
    }
    let written = writing.await.unwrap_or(Err(Failure::BrokenOff));
    drop(turn);
    let (what, format, seconds) = (what.as_str(), format.as_str(), started.elapsed().as_secs_f64());
    match written {
        Ok(rows) => {
            metrics::counter!("molva_exported_rows_total", "what" => what, "format" => format).increment(rows);
            tracing::info!(what, format, rows, seconds, "an export was written");
            ending.whole().await;
        }
        Err(failure) if failure.is_reader_gone() || ending.is_reader_gone() => {
            tracing::info!(what, format, seconds, "an export was left by its reader");
        }
        Err(failure) => tracing::error!(what, format, seconds, error = %chain(&failure), "an export broke off"),
    }
}

/// A failure and its causes in one line.
fn chain(failure: &Failure) -> String {
    let mut line = failure.to_string();
    let mut cause = std::error::Error::source(failure);
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}

const EXPIRED: Localized = text(
    "there is no such export, or its 15 minutes are over; ask for it again",
    "такой выгрузки нет или её 15 минут истекли; запросите её снова",
    "такого експорту немає або його 15 хвилин минули; запросіть його знову",
);
