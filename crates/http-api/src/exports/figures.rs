//! Figures as tables: the very answers that the page is drawn from, a row each.

mod authors;
mod places;
mod rhythm;
mod volume;
mod words;

use molva_connectors::Localized;
use molva_domain::Timestamp;
use molva_exports::{Block, Cell, Column, Kind};
use molva_insights::definitions;

use crate::api::Api;
use crate::exports::about::about;
use crate::exports::{Prepared, Rows, table_of};
use crate::locale::Locale;
use crate::problem::Problem;
use crate::wire::Time;
use crate::wire::export::{ExportContent, ExportRequest};

/// Rows of a list at most: whoever wants all authors of a million mentions exports the mentions.
const MOST_ROWS: usize = 10_000;

/// What a figure comes to.
struct FigureTable {
    heads: &'static [Head],
    block: Block,
    /// Months that could not be read.
    missing: Vec<String>,
}

/// A column of a figure's table.
#[derive(Clone, Copy)]
struct Head {
    id: &'static str,
    kind: Kind,
    said: Said,
}

#[derive(Clone, Copy)]
enum Said {
    Plain(Localized),
    /// By the table of definitions.
    Figure(&'static str),
}

const fn plain(id: &'static str, kind: Kind, heading: Localized) -> Head {
    Head { id, kind, said: Said::Plain(heading) }
}

const fn figure(id: &'static str, kind: Kind, definition: &'static str) -> Head {
    Head { id, kind, said: Said::Figure(definition) }
}

pub(crate) async fn prepare(api: &Api, request: &ExportRequest, locale: Locale) -> Result<Prepared, Problem> {
    let FigureTable { heads, block, missing } = match request.what {
        ExportContent::Mentions | ExportContent::Rhythm => rhythm::table(api, request, locale).await?,
        ExportContent::Volume => volume::table(api, request, locale).await?,
        ExportContent::Places => places::table(api, request, locale).await?,
        ExportContent::Authors => authors::table(api, request, locale).await?,
        ExportContent::Words => words::table(api, request, locale).await?,
    };
    let figures: Vec<&'static str> = heads.iter().filter_map(Head::definition).collect();
    let columns = heads.iter().map(|head| head.column(locale)).collect();
    let notes = about(api, request, locale, &figures).await?;
    let table = table_of(api, request.what, locale, columns, notes).await?;
    Ok(Prepared { table, rows: Rows::Figures(block, missing) })
}

impl Head {
    fn column(&self, locale: Locale) -> Column {
        let heading = match self.said {
            Said::Plain(heading) => locale.of(heading),
            Said::Figure(id) => definitions::figure(id).map_or(id, |figure| figure.name.in_language(locale.language())),
        };
        Column { id: self.id, heading: heading.to_owned(), kind: self.kind }
    }

    const fn definition(&self) -> Option<&'static str> {
        match self.said {
            Said::Plain(_) => None,
            Said::Figure(id) => Some(id),
        }
    }
}

/// The tones of a row.
const TONES: [Head; 4] = [
    figure("negative", Kind::Integer, "negative"),
    figure("neutral", Kind::Integer, "neutral"),
    figure("positive", Kind::Integer, "positive"),
    figure("unjudged", Kind::Integer, "unjudged"),
];

fn at(time: &Time) -> Cell {
    Timestamp::parse(time.as_str()).into()
}
