use molva_insights::definitions;

use crate::answer::{Answer, ok};
use crate::locale::Locale;
use crate::wire::FigureList;
use crate::wire::questions::figures::Figure;

/// Every figure of the five questions: how it is worked out, over which rows, and what is left out.
#[utoipa::path(get, path = "/api/figures", operation_id = "listFigures", tag = "questions", responses((status = 200, body = FigureList)))]
pub(crate) async fn list_figures(locale: Locale) -> Answer<FigureList> {
    let language = locale.language();
    ok(definitions::figures().map(|(question, figure)| Figure::of(question, figure, language)).collect())
}
