//! The labelling game, and what its answers say of every figure.
//!
//! Once a week some mentions are drawn at random ([`round`]) and people say what they read, without being told what the machine
//! says. From their answers come corrected values with intervals ([`audited`]). An answer changes no mention.

pub(crate) mod answer;
pub(crate) mod audited;
pub(crate) mod get;
mod history;
pub(crate) mod more;
pub(crate) mod next;
mod round;
pub(crate) mod undo;

use molva_connectors::Localized;
use molva_domain::UserId;
use molva_storage::audit::{Audit, Round};

use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::wire::labelling::{Blind, LabelledObject, ToLabel};
use crate::wire::{Id, Post, post};

/// Rounds that are looked at: those before them are history.
const ROUNDS: u32 = 12;

/// What somebody labels next, of the newest round that has something for them.
async fn next_of(api: &Api, user: UserId) -> Result<Option<ToLabel>, Problem> {
    for round in rounds(api).await? {
        if let Some(audit) = api.storage().next_audit(api.workspace(), user, round.id).await? {
            return shown(api, &audit).await;
        }
    }
    Ok(None)
}

async fn rounds(api: &Api) -> Result<Vec<Round>, Problem> {
    Ok(api.storage().audit_rounds(api.workspace(), ROUNDS).await?)
}

/// The mention of an audit, without anything that was said of it.
async fn shown(api: &Api, audit: &Audit) -> Result<Option<ToLabel>, Problem> {
    let Some(mention) = api.storage().mention(api.workspace(), audit.mention).await? else { return Ok(None) };
    let topic = api.storage().topic(api.workspace(), mention.topic).await?;
    let spans = post::spans(&mention.spans, &mention.post);
    let post = Post::of(mention.post, None, mention.post_deleted);
    Ok(Some(ToLabel {
        audit_id: Id::of(audit.id),
        mention_id: Id::of(audit.mention),
        mention: Blind {
            title: post.title,
            text: post.text,
            network: post.network,
            published_at: post.published_at,
            language: post.language,
            url: post.url,
        },
        object: LabelledObject {
            topic_id: Id::of(mention.topic),
            name: topic.map(|topic| topic.name).unwrap_or_default(),
        },
        spans,
    }))
}

fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

const UNKNOWN: Localized = text(
    "no mention to label has this id; ask for the next one",
    "упоминания для разметки с таким номером нет; запросите следующее",
    "згадки для розмітки з таким номером немає; запитайте наступну",
);
