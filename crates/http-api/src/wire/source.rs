//! Sources: settings, state, what is wrong and what to do.

use std::collections::BTreeMap;

use molva_connectors::SearchPlan;
use molva_connectors::webhook::address::ADDRESS_KEY;
use molva_domain::SourceState;
use molva_storage::source as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::locale::Locale;
use crate::sources::{advice, said};
use crate::wire::words::{SourceStateWord, UntoldWord, Word};
use crate::wire::{Id, Tally, Time};

/// A place posts are collected from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Source {
    pub id: Id,
    pub connector: String,
    pub name: String,
    pub settings: BTreeMap<String, String>,
    /// Secrets that are set; their values are never shown.
    pub secret_keys: Vec<String>,
    pub state: SourceStateWord,
    pub created_at: Time,
    /// When it last answered well, with or without items.
    #[schema(required)]
    pub last_success_at: Option<Time>,
    /// Arrival of the last item.
    #[schema(required)]
    pub last_item_at: Option<Time>,
    /// Published time of the newest item seen.
    #[schema(required)]
    pub newest_published_at: Option<Time>,
    /// How far behind the network it is.
    #[schema(required)]
    pub lag_seconds: Option<f64>,
    #[schema(required)]
    pub quota: Option<Quota>,
    #[schema(required)]
    pub problem: Option<SourceProblem>,
    #[schema(required)]
    pub next_attempt_at: Option<Time>,
    /// Of all time.
    pub tally: Tally,
    /// In the answer that made a `push` source, this once: what its sender signs with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub push_secret: Option<String>,
}

/// What the network still allows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Quota {
    pub limit: u64,
    pub remaining: u64,
    #[schema(required)]
    pub resets_at: Option<Time>,
}

/// What keeps a source from collecting.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceProblem {
    /// Stable word for machines: `auth_revoked`, `gone`, …
    pub code: String,
    /// What failed.
    pub message: String,
    /// The way out.
    pub advice: String,
    #[schema(required)]
    pub since: Option<Time>,
}

impl Source {
    pub(crate) fn of(source: stored::Source, tally: molva_domain::Tally, locale: Locale) -> Self {
        let silent = (source.state == SourceState::Silent).then(|| advice::SILENT.to_owned());
        let declared = molva_connectors::find(&source.connector).map_or(&[][..], |row| row.descriptor().settings);
        let problem = source.problem_code.or(silent).map(|code| SourceProblem {
            message: source.problem.map_or_else(
                || locale.of(advice::NOTHING_NEW).to_owned(),
                |written| said::said(&code, &written, declared, locale),
            ),
            advice: locale.of(advice::for_code(&code)).to_owned(),
            since: source.problem_since.or(source.last_item_at).map(Into::into),
            code,
        });
        Self {
            id: Id::of(source.id),
            connector: source.connector,
            name: source.name,
            settings: source.settings,
            secret_keys: source.secret_keys.into_iter().filter(|key| key != ADDRESS_KEY).collect(),
            state: Word(source.state),
            created_at: source.created_at.into(),
            last_success_at: source.last_success_at.map(Into::into),
            last_item_at: source.last_item_at.map(Into::into),
            newest_published_at: source.newest_published_at.map(Into::into),
            lag_seconds: source.lag.map(|lag| lag.as_secs_f64()),
            quota: source.quota.map(|quota| Quota {
                limit: quota.limit,
                remaining: quota.remaining,
                resets_at: quota.resets_at.map(Into::into),
            }),
            problem,
            next_attempt_at: source.next_attempt_at.map(Into::into),
            tally: tally.into(),
            push_secret: None,
        }
    }
}

/// A source as it should be.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceDraft {
    pub connector: String,
    /// At most 120 characters, unique.
    pub name: String,
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Sealed at rest; in an update those not given stay.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
}

/// Where the network of a source calls, and how that goes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceWebhook {
    /// Where the network calls; null: Molva does not know its public address (`public_origin`).
    #[schema(required)]
    pub address: Option<String>,
    /// The same without the origin.
    pub path: String,
    /// Whether the source wants to be called; some can be called or ask.
    pub wanted: bool,
    /// What to do on the network, where the connector does not do it itself.
    #[schema(required)]
    pub guide: Option<String>,
    /// The setting that holds the secret both sides know.
    #[schema(required)]
    pub secret_setting: Option<String>,
    /// That secret, in the answer that made it, this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub secret: Option<String>,
    /// Calls that were taken and are not read yet.
    pub waiting: u64,
    /// Calls are counted since then: since this server started, at the earliest.
    pub counted_since: Time,
    /// Calls that were taken.
    pub taken: u64,
    /// Calls that had come before.
    pub repeated: u64,
    /// Calls that were refused.
    pub refused: u64,
    #[schema(required)]
    pub last_call_at: Option<Time>,
    #[schema(required)]
    pub last_refused_at: Option<Time>,
    /// Why: `forged`, `malformed`, `wrong_address`, `not_set_up`, `too_large`, `busy`.
    #[schema(required)]
    pub last_refusal: Option<String>,
}

/// What a network is asked for of what the topics look for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceSearch {
    /// Whether this source asks for what the topics look for.
    pub by_topics: bool,
    /// Rules or searches that makes, those written by hand among them.
    pub count: usize,
    /// Most that it may make; 0 where that does not matter.
    pub most: usize,
    /// The oldest topic first.
    pub topics: Vec<TopicSearch>,
}

/// What is asked for one topic.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TopicSearch {
    pub topic_id: Id,
    pub topic: String,
    /// In the network's own words; empty where nothing is asked for, because nothing can be or because the topic is about others.
    pub queries: Vec<String>,
    /// Parts that the network is not told: it brings more, and Molva leaves out what does not match.
    pub widened: Vec<Untold>,
    /// Parts that are not asked for: what only they would find does not come.
    pub missing: Vec<Untold>,
}

/// A part of a query that a network is not asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Untold {
    pub why: UntoldWord,
    /// As it stands in the query, its beginning.
    pub written: String,
}

impl SourceSearch {
    pub(crate) fn of(plan: Option<SearchPlan>) -> Self {
        let by_topics = plan.is_some();
        let SearchPlan { asks, count, most } = plan.unwrap_or_default();
        let untold = |parts: Vec<molva_domain::Untold>| -> Vec<Untold> {
            let parts = parts.into_iter().take(MAX_UNTOLD);
            parts.map(|part| Untold { why: Word(part.why), written: part.written }).collect()
        };
        let topics = asks.into_iter().map(|ask| TopicSearch {
            topic_id: Id::of(ask.topic),
            topic: ask.name,
            queries: ask.queries.into_iter().take(MAX_QUERIES).collect(),
            widened: untold(ask.widened),
            missing: untold(ask.missing),
        });
        Self { by_topics, count, most, topics: topics.collect() }
    }
}

/// Most parts that are told of one topic.
const MAX_UNTOLD: usize = 20;
/// Most queries that are shown of one topic.
const MAX_QUERIES: usize = 20;

/// How a try of settings went.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceTest {
    pub ok: bool,
    /// What was found, or what failed.
    pub message: String,
    /// Stable word of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub code: Option<String>,
    /// The key of the setting that is to blame, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub setting: Option<String>,
    /// The way out of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub advice: Option<String>,
}
