//! Files of mentions and figures, of any length: a request makes a ticket, the ticket fetches the file.

pub(crate) mod about;
pub(crate) mod create;
pub(crate) mod figures;
pub(crate) mod file_name;
pub(crate) mod get;
pub(crate) mod line;
pub(crate) mod mentions;
pub(crate) mod tickets;

use molva_connectors::Localized;
use molva_domain::WorkspaceId;
use molva_exports::{Block, Column, Note, Table};
use molva_storage::workspace::Workspace;

use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::wire::export::{ExportContent, ExportRequest};

/// What a request comes to, read and found good.
pub(crate) struct Prepared {
    pub(crate) table: Table,
    pub(crate) rows: Rows,
}

/// Where the rows come from.
pub(crate) enum Rows {
    /// Found and read while the file is written.
    Mentions(mentions::Selected),
    /// Worked out already, and the months that could not be read.
    Figures(Block, Vec<String>),
}

/// Reads a request and works out all of it but the rows of mentions.
pub(crate) async fn prepare(api: &Api, request: &ExportRequest, locale: Locale) -> Result<Prepared, Problem> {
    match request.what {
        ExportContent::Mentions => mentions::prepare(api, request, locale).await,
        _ => figures::prepare(api, request, locale).await,
    }
}

/// The workspace, for its name and its time zone.
pub(crate) async fn workspace(api: &Api) -> Result<Workspace, Problem> {
    let workspace = api.storage().workspace(api.workspace()).await?;
    workspace.ok_or_else(|| no_workspace(api.workspace()))
}

/// A table and what is said about it.
pub(crate) async fn table_of(
    api: &Api,
    content: ExportContent,
    locale: Locale,
    columns: Vec<Column>,
    notes: Vec<Note>,
) -> Result<Table, Problem> {
    Ok(Table {
        id: content.as_str(),
        name: locale.of(title(content)).to_owned(),
        about_name: locale.of(ABOUT).to_owned(),
        columns,
        notes,
        zone: molva_exports::zone(&workspace(api).await?.time_zone),
    })
}

fn no_workspace(id: WorkspaceId) -> Problem {
    Problem::internal(format!("workspace `{id}` is not in the store"))
}

/// What a file is called, on its sheet and in its name.
pub(crate) const fn title(content: ExportContent) -> Localized {
    match content {
        ExportContent::Mentions => text("Mentions", "Упоминания", "Згадки"),
        ExportContent::Rhythm => text("Rhythm", "Ритм", "Ритм"),
        ExportContent::Places => text("Places", "Места", "Місця"),
        ExportContent::Authors => text("Authors", "Авторы", "Автори"),
        ExportContent::Words => text("Words", "Слова", "Слова"),
        ExportContent::Volume => text("Volume", "Объём", "Обсяг"),
    }
}

const ABOUT: Localized = text("About", "О выгрузке", "Про експорт");
