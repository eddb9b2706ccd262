//! The mentions of a selection, as the archive finds them.

use std::sync::Arc;

use molva_archive::{Counted, Filter, Order};
use molva_exports::{Failure, MentionRows, Names, Table, mention_columns};
use molva_query::Query;

use crate::api::Api;
use crate::exports::about::about;
use crate::exports::{Prepared, Rows, table_of};
use crate::locale::Locale;
use crate::problem::Problem;
use crate::selection;
use crate::wire::export::ExportRequest;

/// A selection that was read.
#[derive(Clone)]
pub(crate) struct Selected {
    query: Option<Arc<Query>>,
    filter: Filter,
}

pub(crate) async fn prepare(api: &Api, request: &ExportRequest, locale: Locale) -> Result<Prepared, Problem> {
    let read = selection::read(api, &request.selection, locale).await?;
    let columns = mention_columns(locale.language());
    let notes = about(api, request, locale, &[]).await?;
    let table: Table = table_of(api, request.what, locale, columns, notes).await?;
    let selected = Selected { query: read.query.map(Arc::new), filter: read.filter };
    Ok(Prepared { table, rows: Rows::Mentions(selected) })
}

impl Selected {
    /// How many there are now.
    pub(crate) async fn count(&self, api: &Api) -> Result<Counted, Problem> {
        let selected = self.clone();
        api.ask_archive(move |archive| archive.count(selected.query.as_deref(), &selected.filter)).await
    }

    /// Where their rows come from.
    pub(crate) async fn rows(self, api: &Api) -> Result<MentionRows, Failure> {
        Ok(MentionRows {
            archive: api.pipeline().archive(),
            names: Names::load(api.storage(), api.workspace()).await?,
            storage: api.storage().clone(),
            workspace: api.workspace(),
            query: self.query,
            filter: self.filter,
            order: Order::Newest,
        })
    }
}
