//! Posts that matched a topic.

pub(crate) mod change;
pub(crate) mod copies;
pub(crate) mod count;
pub(crate) mod explanation;
pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod list;
mod signs;
pub(crate) mod similar;
pub(crate) mod thread;
pub(crate) mod versions;

use molva_connectors::Localized;

use crate::locale::text;
use crate::problem::Problem;

pub(crate) fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

const UNKNOWN: Localized = text(
    "there is no mention with this id; its topic may have been deleted",
    "упоминания с таким номером нет; возможно, его тему удалили",
    "згадки з таким номером немає; можливо, її тему видалили",
);
