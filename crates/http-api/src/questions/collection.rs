//! The collection ledger, as far as trust is concerned.

use molva_connectors::Mode;
use molva_domain::Timestamp;
use molva_insights::collection::{Collection, SourceGap, SourceSeen};
use molva_storage::source::Source;

use crate::api::Api;
use crate::problem::Problem;
use crate::wire;
use crate::wire::Id;
use crate::wire::words::Word;

/// Gaps told at once.
const MAX_GAPS: usize = 1_000;
/// Codes of problems that say that the network's patience is at its end.
const CUT: [&str; 2] = ["quota_exhausted", "rate_limited"];

/// Sources, and their gaps between two times; open ends are the edges of time.
pub(super) async fn read(
    api: &Api,
    since: Option<Timestamp>,
    before: Option<Timestamp>,
) -> Result<Collection, Problem> {
    let now = api.now();
    let sources = api.storage().sources(api.workspace()).await?;
    let since = since.unwrap_or(Timestamp::EARLIEST);
    let gaps = api.storage().gaps_of_sources(api.workspace(), since, before.unwrap_or(now).min(now)).await?;
    Ok(Collection { sources: sources.into_iter().map(|source| seen(source, now)).collect(), gaps })
}

fn seen(source: Source, now: Timestamp) -> SourceSeen {
    let mode = molva_connectors::find(&source.connector).map(|connector| connector.descriptor().mode);
    let spent = source.quota.is_some_and(|quota| quota.remaining == 0 && quota.resets_at.is_some_and(|at| at > now));
    let refused = source.problem_code.as_deref().is_some_and(|code| CUT.contains(&code));
    let cut_since = if refused {
        Some(source.problem_since.unwrap_or(now))
    } else if spent {
        Some(source.last_success_at.unwrap_or(now))
    } else {
        None
    };
    SourceSeen {
        network: network(&source),
        id: source.id,
        name: source.name,
        connector: source.connector,
        state: source.state,
        created_at: source.created_at,
        last_success_at: source.last_success_at,
        collects: mode != Some(Mode::File),
        cut_since,
    }
}

/// The one network whose posts a source brings.
fn network(source: &Source) -> Option<String> {
    match source.connector.as_str() {
        "mail" | "mastodon" | "bluesky" | "vk" | "telegram" | "wordpress" | "discourse" | "hackernews" | "nodebb"
        | "flarum" | "reddit" | "youtube" | "appstore" | "googleplay" | "x" => Some(source.connector.clone()),
        "feed" => {
            Some(source.settings.get("network").map_or("rss".to_owned(), |network| network.trim().to_lowercase()))
        }
        _ => None,
    }
}

/// The newest of the gaps.
pub(super) fn gaps(gaps: Vec<SourceGap>) -> Vec<wire::questions::rhythm::SourceGap> {
    let gap = |gap: SourceGap| wire::questions::rhythm::SourceGap {
        source_id: Id::of(gap.source),
        source: gap.name,
        from: gap.gap.from.into(),
        to: gap.gap.to.map(Into::into),
        cause: Word(gap.gap.cause),
    };
    gaps.into_iter().take(MAX_GAPS).map(gap).collect()
}
