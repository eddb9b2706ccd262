//! The five questions and their trust strip. What is asked of the storage is read first, then the archive answers on a thread of
//! its own; the arithmetic is that of `molva_insights`.

pub(crate) mod authors;
mod collection;
pub(crate) mod figures;
pub(crate) mod places;
pub(crate) mod rhythm;
pub(crate) mod trust;
pub(crate) mod understanding;
pub(crate) mod volume;
pub(crate) mod words;

use std::collections::HashMap;

use molva_connectors::Localized;
use molva_domain::MentionId;
use molva_insights::Stretch;
use molva_insights::calendar::{MAX_BUCKETS, Zone};
use molva_storage::mention::Mention;

use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::request::Checks;
use crate::selection;
use crate::wire::questions::AskedPeriod;
use crate::workspace;

/// Rows of a list at most.
const MAX_ROWS: u32 = 100;

/// The period to compare with.
pub(crate) fn stretch(checks: &mut Checks, field: &str, period: Option<&AskedPeriod>) -> Option<Stretch> {
    let (from, before) = selection::period(checks, field, period?)?;
    Stretch::new(from, before)
}

/// The workspace's time zone.
pub(crate) async fn zone(api: &Api) -> Result<Zone, Problem> {
    Ok(Zone::parse(&workspace::stored(api).await?.time_zone).unwrap_or(Zone::UTC))
}

/// Mentions that show what a value is called, all read at once.
async fn examples(api: &Api, mut ids: Vec<MentionId>) -> Result<HashMap<MentionId, Mention>, Problem> {
    ids.sort_unstable();
    ids.dedup();
    let mentions = api.storage().mentions_by_id(api.workspace(), &ids).await?;
    Ok(mentions.into_iter().map(|mention| (mention.id, mention)).collect())
}

impl From<molva_insights::Error> for Problem {
    fn from(error: molva_insights::Error) -> Self {
        match error {
            molva_insights::Error::Archive(error) => error.into(),
            molva_insights::Error::TooManyBuckets(_) => {
                Self::field("unit", "too_many_buckets", Message::with(TOO_MANY_BUCKETS, [&MAX_BUCKETS.to_string()]))
            }
        }
    }
}

const TOO_MANY_BUCKETS: Localized = text(
    "cuts the period into more than {0} pieces; choose a longer one, or a shorter period",
    "делит период больше чем на {0} частей; выберите единицу крупнее или период короче",
    "ділить період більше ніж на {0} частин; виберіть більшу одиницю або коротший період",
);
