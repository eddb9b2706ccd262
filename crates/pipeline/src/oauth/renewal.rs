//! Tokens kept alive ahead of their end.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use molva_connectors::oauth::token::Asking;
use molva_connectors::oauth::{Client, OAuth, Proof, Refresh, TokenError, Tokens, refresh};
use molva_connectors::{ConnectorError, Settings};
use molva_domain::{Secret, Timestamp};
use molva_storage::StorageError;
use molva_storage::oauth::{ClaimedGrant, GrantOwner, GrantSettled};
use molva_storage::source::Problem;

use super::Content;
use crate::deliver::{Guarded, guarded};
use crate::ingest::Pipeline;

/// How often is looked for tokens whose time has come.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Longer than any renewal takes.
const LEASE: Duration = Duration::from_secs(180);
/// Renewed side by side.
const SIDE_BY_SIDE: u32 = 16;
/// Long-lived tokens are renewed this long before their end.
const WEEK: Duration = Duration::from_secs(7 * 86_400);
/// What has a refresh token but no end is renewed so often, lest the refresh token be forgotten for want of use.
const WITHOUT_END: Duration = Duration::from_secs(30 * 86_400);
/// A token that is refused so soon after it was given will not get better by another one.
const TOO_YOUNG: Duration = Duration::from_secs(60);
/// Between tries, the last one from then on.
const WAITS: [u64; 6] = [2, 10, 60, 600, 1_800, 3_600];
/// Of a token that serves once: so many tries with one that may be spent.
const TRIES_WHEN_LOST: u32 = 8;

impl Pipeline {
    /// The network says that a token has ended: it is renewed at once where it can be.
    pub(crate) async fn token_refused(&self, owner: GrantOwner) {
        let workspace = self.inner.options.workspace;
        match self.storage().hasten_grant(workspace, owner, self.scaled(TOO_YOUNG)).await {
            Ok(true) => self.inner.tokened.changed.notify_one(),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "that a token has ended could not be written down"),
        }
    }

    /// Runs until the pipeline stops.
    pub(crate) fn keep_tokens(&self) {
        let pipeline = self.clone();
        tokio::spawn(async move {
            let (workspace, name) = (pipeline.inner.options.workspace, pipeline.storage().process_name());
            while let Err(error) = pipeline.storage().abandon_grants(workspace, &name).await {
                tracing::warn!(%error, "looking for tokens of a process that died failed, trying again");
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => return,
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
            while !pipeline.inner.cancel.is_cancelled() {
                match pipeline.storage().claim_grants(workspace, &name, LEASE, SIDE_BY_SIDE).await {
                    Ok(claimed) => drop(join_all(claimed.into_iter().map(|claimed| pipeline.renew(claimed))).await),
                    Err(error) => tracing::warn!(%error, "looking for tokens to be renewed failed, trying again"),
                }
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => {}
                    () = pipeline.inner.tokened.changed.notified() => {}
                    () = tokio::time::sleep(pipeline.scaled(LOOK_EVERY)) => {}
                }
            }
        });
    }

    /// Never fails: what cannot be settled is left to whoever claims it next.
    async fn renew(&self, claimed: ClaimedGrant) {
        let settled = match guarded(self.renewed(&claimed)).await {
            Guarded::Answer(settled) => settled,
            Guarded::None(_) => self.lost(&claimed, "no answer within its time"),
        };
        let outcome = match &settled {
            GrantSettled::Renewed { .. } => "renewed",
            GrantSettled::Later { .. } => "later",
            GrantSettled::Lost { .. } => "lost",
            GrantSettled::Ended(_) => "ended",
        };
        metrics::counter!("molva_token_renewals_total", "outcome" => outcome).increment(1);
        let renewed = matches!(settled, GrantSettled::Renewed { .. });
        match self.storage().settle_grant(&claimed, settled).await {
            Ok(true) => {
                tracing::info!(owner = ?claimed.owner, connector = claimed.connector, outcome, "a token had its turn");
            }
            Ok(false) => {
                tracing::info!(owner = ?claimed.owner, "a token was given anew or given up while it was renewed");
                return;
            }
            Err(error) => {
                tracing::warn!(owner = ?claimed.owner, %error, "what came of renewing a token could not be written");
                return;
            }
        }
        match claimed.owner {
            GrantOwner::Source(id) if renewed => self.source_changed(claimed.workspace, id),
            GrantOwner::Account(_) => self.replies_changed(),
            GrantOwner::Source(_) => {}
        }
    }

    async fn renewed(&self, claimed: &ClaimedGrant) -> GrantSettled {
        let later = |wait| GrantSettled::Later { until: self.storage().now().plus(self.scaled(wait)) };
        let Some(oauth) = self.oauth_on(&claimed.connector) else { return later(Duration::from_secs(3_600)) };
        let content: Option<Content> = serde_json::from_str(claimed.content.expose()).ok();
        let Some(Content { refresh: Some(token), along }) = content else {
            return ended("consent_ended", "there is no refresh token");
        };
        let (token, along) = (Secret::new(token), along.map(Secret::new));
        let settings = match self.settings_of(claimed).await {
            Ok(Some(settings)) => settings,
            Ok(None) => return ended("consent_ended", "its owner is gone"),
            Err(_) => return later(Duration::from_secs(60)),
        };
        let client = self.storage().oauth_client_by_id(
            claimed.workspace,
            &claimed.connector,
            &claimed.server,
            &claimed.client_id,
        );
        let client = match client.await {
            Ok(Some(client)) => Client { id: client.client_id, secret: client.secret },
            Ok(None) => return ended("client_gone", "the client it was given to was removed here"),
            Err(_) => return later(Duration::from_secs(60)),
        };
        let now = self.storage().now();
        let asking =
            Asking { oauth, http: &self.inner.http, settings: &settings, client: &client, along: along.as_ref(), now };
        // VK ID wants to see a state here, too; nobody comes back with it.
        let state = Proof::new().map_or_else(|_| token.clone(), |proof| proof.verifier);
        match refresh(asking, &token, &state).await {
            Ok(tokens) => renewed_with(oauth, tokens, token, along, now),
            Err(error) => self.not_renewed(oauth, claimed, error),
        }
    }

    fn not_renewed(&self, oauth: &OAuth, claimed: &ClaimedGrant, error: TokenError) -> GrantSettled {
        let once = oauth.refresh == Refresh::Once;
        match error {
            TokenError::Refused(message) if once && claimed.asked_before => ended("renewal_lost", &message),
            TokenError::Refused(message) => ended("consent_ended", &message),
            error @ (TokenError::Narrow(_) | TokenError::Choose(_)) => ended("consent_ended", &error.to_string()),
            TokenError::Lost(_) if once && claimed.failures >= TRIES_WHEN_LOST => {
                ended("renewal_lost", "the network's answer was lost again and again")
            }
            TokenError::Lost(error) => self.lost(claimed, error.code()),
            // The secret may be mended by the owner.
            TokenError::Client(_) => {
                tracing::warn!(
                    connector = claimed.connector,
                    "the network does not accept the client id with its secret"
                );
                GrantSettled::Later { until: self.after(claimed.failures.max(3)) }
            }
            TokenError::NotAsked(ConnectorError::RateLimited { until: Some(until) }) => GrantSettled::Later { until },
            TokenError::NotAsked(_) => GrantSettled::Later { until: self.after(claimed.failures) },
        }
    }

    fn lost(&self, claimed: &ClaimedGrant, code: &str) -> GrantSettled {
        tracing::warn!(owner = ?claimed.owner, code, "what a network answered when a token was renewed is not known");
        GrantSettled::Lost { until: self.after(claimed.failures) }
    }

    fn after(&self, failures: u32) -> Timestamp {
        let wait = WAITS[(failures as usize).min(WAITS.len() - 1)];
        self.storage().now().plus(self.scaled(Duration::from_secs(wait)))
    }

    async fn settings_of(&self, claimed: &ClaimedGrant) -> Result<Option<Settings>, StorageError> {
        let settings = match claimed.owner {
            GrantOwner::Account(id) => {
                self.storage().account(claimed.workspace, id).await?.map(|account| account.settings)
            }
            GrantOwner::Source(id) => self.storage().source(claimed.workspace, id).await?.map(|source| source.settings),
        };
        Ok(settings.map(|settings| self.oauth_settings(&claimed.connector, &settings)))
    }
}

fn renewed_with(oauth: &OAuth, tokens: Tokens, spent: Secret, along: Option<Secret>, now: Timestamp) -> GrantSettled {
    // Networks that bring no other keep the one there is.
    let next = tokens.refresh.unwrap_or(spent);
    let text = |secret: &Secret| secret.expose().to_owned();
    let content = Content { refresh: Some(text(&next)), along: along.as_ref().map(text) };
    GrantSettled::Renewed {
        content: content.sealed(),
        secrets: BTreeMap::from([(oauth.token_key.to_owned(), tokens.access)]),
        ends_at: tokens.ends_at,
        renewable_until: tokens.renewable_until,
        refresh_at: Some(refresh_at(now, tokens.ends_at)),
    }
}

fn ended(code: &str, message: &str) -> GrantSettled {
    GrantSettled::Ended(Problem { code: code.to_owned(), message: message.to_owned() })
}

/// When a third of its life is left, of a long one a week before its end.
pub(super) fn refresh_at(now: Timestamp, ends_at: Option<Timestamp>) -> Timestamp {
    let Some(ends_at) = ends_at else { return now.plus(WITHOUT_END) };
    let life = ends_at.since(now);
    ends_at.minus((life / 3).min(WEEK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_when_a_third_of_its_life_is_left_or_a_week_before_its_end() {
        let now = Timestamp::from_secs(1_800_000_000);
        let after = |life_s: u64| {
            let at = refresh_at(now, Some(now.plus(Duration::from_secs(life_s))));
            at.since(now).as_secs()
        };
        assert_eq!((after(3_600), after(7_200), after(60 * 86_400)), (2_400, 4_800, 53 * 86_400));
        assert_eq!(refresh_at(now, None).since(now), WITHOUT_END);
    }
}
