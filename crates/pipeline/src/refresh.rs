//! Posts are asked about again while they are young: what they say, and how many like them by now.
//!
//! Off the way in: one call a source and a minute at most, in the order in which posts are due, less often the older they are. What is
//! due stands in the storage, so that it goes on after any end. A source whose quota is nearly used up waits: replies come first.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use molva_connectors::refresh::Refresh;
use molva_connectors::{ConnectorError, Item, Settings};
use molva_domain::{Author, Post, PostId, SourceId, SourceState, Timestamp, Urn};
use molva_storage::StorageError;
use molva_storage::refresh::DueRefresh;
use molva_storage::source::Source;

use crate::ingest::{Incoming, IngestError, Pipeline};

const LOOK_EVERY: Duration = Duration::from_secs(60);
/// A call takes no longer.
const LIMIT: Duration = Duration::from_secs(30);
/// When a post is asked about first.
const FIRST: Duration = Duration::from_secs(20 * 60);
/// Up to which age a post is asked about again after which time; older ones are not.
const SCHEDULE: [(Duration, Duration); 5] = [
    (Duration::from_secs(2 * 3_600), Duration::from_secs(40 * 60)),
    (Duration::from_secs(8 * 3_600), Duration::from_secs(2 * 3_600)),
    (Duration::from_secs(24 * 3_600), Duration::from_secs(6 * 3_600)),
    (Duration::from_secs(3 * 86_400), Duration::from_secs(86_400)),
    (Duration::from_secs(7 * 86_400), Duration::from_secs(2 * 86_400)),
];
/// What is younger may still be on its way into the storage.
const SETTLED: Duration = Duration::from_secs(60);
/// After a start posts of so long are planned that were not.
const LOOK_BACK: Duration = Duration::from_secs(2 * 3_600);
/// This part of a quota is left to listening and replies.
const RESERVE: u64 = 3;
const AFTER_FAILURE: Duration = Duration::from_secs(600);

/// What is known of a source between looks.
struct Place {
    /// Posts up to here are planned.
    planned: PostId,
    /// The network is left alone until then.
    waits: Timestamp,
}

impl Pipeline {
    /// Looks until cancelled.
    pub(crate) fn keep_refreshing(&self) {
        let pipeline = self.clone();
        let cancel = self.inner.cancel.clone();
        tokio::spawn(async move {
            let mut places = HashMap::new();
            loop {
                tokio::select! {
                    () = cancel.cancelled() => return,
                    () = tokio::time::sleep(pipeline.scaled(LOOK_EVERY)) => {}
                }
                tokio::select! {
                    () = cancel.cancelled() => return,
                    looked = pipeline.refresh_all(&mut places) => {
                        if let Err(error) = looked {
                            tracing::warn!(%error, "asking about posts again failed, trying again in a minute");
                        }
                    }
                }
            }
        });
    }

    async fn refresh_all(&self, places: &mut HashMap<SourceId, Place>) -> Result<(), StorageError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        let sources = storage.sources(workspace).await?;
        places.retain(|id, _| sources.iter().any(|source| source.id == *id));
        for source in sources {
            // The process that listens to it asks.
            let is_ours = source.state == SourceState::Running && self.inner.supervisor.is_running(source.id);
            let refresh = self.inner.connector(&source.connector).and_then(|connector| connector.refresh());
            let Some(refresh) = refresh.filter(|_| is_ours) else { continue };
            let now = storage.now();
            let place = places
                .entry(source.id)
                .or_insert_with(|| Place { planned: PostId::first_at(now.minus(self.scaled(LOOK_BACK))), waits: now });
            let until = PostId::first_at(now.minus(self.scaled(SETTLED)));
            if until > place.planned {
                storage.plan_refreshes(workspace, source.id, (place.planned, until), self.scaled(FIRST)).await?;
                place.planned = until;
            }
            if place.waits > now || is_scarce(&source) {
                continue;
            }
            let due = storage.due_refreshes(workspace, source.id, refresh.at_once()).await?;
            if due.is_empty() {
                continue;
            }
            let looked = self.refresh_source(&source, refresh, &due).await;
            if let Err(error) = &looked {
                place.waits = told_wait(error).unwrap_or_else(|| now.plus(self.scaled(AFTER_FAILURE)));
                let code = error.code();
                tracing::debug!(source = %source.id, code, "posts were not looked up again, trying again later");
            }
            // What cannot be read now will not be later either, and must not hold up what is due behind it.
            if matches!(looked, Ok(()) | Err(ConnectorError::Protocol(_))) {
                let now = storage.now();
                let next: Vec<_> = due.iter().map(|due| (due.id, self.next_refresh(&due.post, now))).collect();
                storage.note_refreshes(workspace, &next).await?;
            }
        }
        Ok(())
    }

    /// Asks the network once and takes in what it says.
    async fn refresh_source(
        &self,
        source: &Source,
        refresh: &Refresh,
        due: &[DueRefresh],
    ) -> Result<(), ConnectorError> {
        let not_stored = |error: &dyn std::fmt::Display| ConnectorError::NotStored(error.to_string());
        let secrets = self.inner.storage.source_secrets(source.workspace, source.id).await;
        let secrets = secrets.map_err(|error| not_stored(&error))?;
        let settings = Settings::new(source.settings.clone(), secrets);
        let session = self.passing_session(&source.connector, source.id.to_string(), settings);
        let posts: Vec<Post> = due.iter().map(|due| due.post.clone()).collect();
        let looked = AssertUnwindSafe(refresh.look_up(&session, &posts)).catch_unwind();
        let mut items = match tokio::time::timeout(LIMIT, looked).await {
            Ok(Ok(items)) => items?,
            Ok(Err(_panic)) => {
                tracing::error!(source = %source.id, "looking up posts of a network panicked; the others go on");
                return Err(ConnectorError::Protocol("the connector failed inside; please report it".to_owned()));
            }
            Err(_elapsed) => {
                let message = "no answer within 30 s".to_owned();
                return Err(ConnectorError::Transient { message, retry_after: None });
            }
        };
        let asked: HashMap<&Urn, &Post> = posts.iter().map(|post| (&post.urn, post)).collect();
        // What cannot be read was read before: it is no news for the quarantine.
        items.retain_mut(|item| match item {
            Item::Post(post) => asked.get(&post.urn).is_some_and(|known| {
                **post = renewed(known, std::mem::replace(&mut **post, (*known).clone()));
                true
            }),
            Item::Deleted(urn) => asked.contains_key(&*urn),
            Item::Rejected(_) => false,
        });
        metrics::counter!("molva_posts_refreshed_total", "connector" => source.connector.clone())
            .increment(items.len() as u64);
        let incoming = Incoming {
            workspace: source.workspace,
            source: source.id,
            lease: None,
            items,
            cursor: None,
            delivery: None,
        };
        self.ingest(incoming).await.map(drop).map_err(|error| match error {
            IngestError::Stopping => ConnectorError::Cancelled,
            error => not_stored(&error),
        })
    }

    fn next_refresh(&self, post: &Post, now: Timestamp) -> Option<Timestamp> {
        let age = now.since(post.published_at);
        let step = SCHEDULE.iter().find(|(oldest, _)| age < self.scaled(*oldest));
        step.map(|(_, wait)| now.plus(self.scaled(*wait)))
    }
}

/// A post as it is known, with what its network says of it now. Asked for by its name a network tells less than it did when it told of
/// the post: nothing of where it stands, and often not when it was edited.
fn renewed(known: &Post, now: Post) -> Post {
    let is_edited = (&now.title, &now.text) != (&known.title, &known.text);
    let seen_edited = (is_edited && known.edited_at.is_some()).then_some(now.fetched_at);
    let known = known.clone();
    Post {
        author: Author { followers: now.author.followers.or(known.author.followers), ..known.author },
        title: now.title,
        text: now.text,
        language: if is_edited { now.language } else { known.language },
        visibility: now.visibility,
        url: now.url.or(known.url),
        fetched_at: now.fetched_at,
        edited_at: now.edited_at.or(seen_edited).or(known.edited_at),
        links: now.links,
        media: now.media,
        engagement: now.engagement,
        ..known
    }
}

/// Whether little is left of what the network allows.
fn is_scarce(source: &Source) -> bool {
    source.quota.as_ref().is_some_and(|quota| quota.remaining.saturating_mul(RESERVE) < quota.limit)
}

fn told_wait(error: &ConnectorError) -> Option<Timestamp> {
    match error {
        ConnectorError::RateLimited { until } | ConnectorError::QuotaExhausted { until } => *until,
        _ => None,
    }
}
