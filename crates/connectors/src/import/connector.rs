//! The row of the table: sources that are files. They are read by `molva import`, not listened to.

use crate::connector::{BoxFuture, Capabilities, Connector, Descriptor, Mode};
use crate::error::ConnectorError;
use crate::session::Session;
use crate::settings::Localized;

/// The row of the table.
#[derive(Debug)]
pub struct FileImport;

static DESCRIPTOR: Descriptor = Descriptor {
    name: "import",
    title: Localized { en: "File", ru: "Файл", uk: "Файл" },
    summary: Localized {
        en: "Posts from a JSONL, CSV or XLSX file, read with `molva import FILE`. Their own times are kept.",
        ru: "Сообщения из файла JSONL, CSV или XLSX, прочитанного командой `molva import ФАЙЛ`. Их собственное время сохраняется.",
        uk: "Дописи з файлу JSONL, CSV чи XLSX, прочитаного командою `molva import ФАЙЛ`. Їхній власний час зберігається.",
    },
    mode: Mode::File,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: false,
        backfill: true,
        delete_events: false,
        metrics: true,
    },
    settings: &[],
    silent_after_s: None,
    add_by_hand: false,
};

impl Connector for FileImport {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async { Ok("read with `molva import FILE`".to_owned()) })
    }

    /// There is nothing to wait for.
    fn listen<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async { Ok(()) })
    }
}
