//! Posts that tell the same.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod split;

use molva_connectors::Localized;

use crate::locale::text;
use crate::problem::Problem;

fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

const UNKNOWN: Localized = text(
    "there is no story with this id; a story begins with its second post",
    "сюжета с таким номером нет; сюжет появляется со второй записи",
    "сюжету з таким номером немає; сюжет з'являється з другого допису",
);
