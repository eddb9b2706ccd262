//! The effects of the parts of a query that asks for what is known of mentions: counted over stored mentions alone.
//!
//! No index knows judgements; the plain evaluator is slow, and the time limit bounds it.

use std::time::Instant;

use molva_domain::{Post, WorkspaceId};
use molva_query::field::{FieldTest, Judgement};
use molva_query::syntax::Node;
use molva_query::{Clause, Query};
use molva_storage::StorageError;
use molva_storage::mention::Mention;

use crate::effects::{CLAUSES, Effect, Effects, POSTS};
use crate::found::judgement_of;
use crate::ingest::Pipeline;

/// Whether the query asks for anything that a post alone does not tell.
pub(crate) fn asks_for_judgement(query: &Query) -> bool {
    let mut asks = false;
    query.expr().each_part(&mut |part| asks |= matches!(part.node, Node::Field(FieldTest::Judged(_))));
    asks
}

impl Pipeline {
    /// The newest stored mentions with what is known of them, and whether there was no time for all.
    pub(crate) async fn newest_judged(
        &self,
        workspace: WorkspaceId,
        end: Instant,
    ) -> Result<(Vec<(Post, Judgement)>, bool), StorageError> {
        let names = self.topic_names(workspace).await?;
        let mut mentions = Vec::new();
        let take = |mention: Mention| {
            let judgement = judgement_of(&mention, &names);
            mentions.push((mention.post, judgement));
        };
        let late = self.newest_stored(workspace, POSTS, end, take).await?;
        Ok((mentions, late))
    }
}

/// Counts until the time is over; what was counted by then is the answer.
pub(crate) fn count(query: &Query, mentions: &[(Post, Judgement)], late: bool, end: Instant) -> Effects {
    let versions: Vec<(Clause, Query)> = query
        .clauses()
        .into_iter()
        .filter_map(|clause| query.without(&clause).map(|version| (clause, version)))
        .collect();
    let (versions, left_out) = match versions.get(..CLAUSES) {
        Some(first) => (first, versions.len() > CLAUSES),
        None => (versions.as_slice(), false),
    };
    let mut effects = Effects { cut_short: late || left_out, ..Effects::default() };
    let mut without = vec![0_i64; versions.len()];
    for (post, judgement) in mentions {
        if Instant::now() > end {
            effects.cut_short = true;
            break;
        }
        effects.scanned += 1;
        effects.matched += u64::from(query.matches_judged(post, judgement));
        for (count, (_, version)) in without.iter_mut().zip(versions) {
            *count += i64::from(version.matches_judged(post, judgement));
        }
    }
    let whole = i64::try_from(effects.matched).unwrap_or(i64::MAX);
    let told = versions.iter().zip(without);
    effects.clauses =
        told.map(|((clause, _), count)| Effect { clause: clause.clone(), change: whole - count }).collect();
    effects
}
