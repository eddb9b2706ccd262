//! Access by consent: codes changed for tokens, and tokens kept alive ahead of their end.
//!
//! A token is renewed when a third of its life is left, of a long one a week before its end. Of all processes one renews a
//! grant, and it is written down before the network is asked ([`molva_storage::oauth`]); the account's replies wait meanwhile.

mod renewal;

use std::collections::BTreeMap;

use molva_connectors::oauth::token::Asking;
use molva_connectors::oauth::{Client, ClientBy, OAuth, Purpose, Refresh, TokenError, exchange, register, revoke};
use molva_connectors::{ConnectorError, Replies, SettingKind, Settings};
use molva_domain::{Actor, Secret};
use molva_storage::StorageError;
use molva_storage::oauth::{GrantOwner, NewGrant, NewOAuthClient, OAuthClient};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::deliver::{Guarded, guarded};
use crate::ingest::Pipeline;
use renewal::refresh_at;

/// Wakes the renewal.
#[derive(Debug, Default)]
pub(crate) struct Tokened {
    changed: Notify,
}

/// What a consent brought: the secrets of the account or source, and what keeps them alive.
#[derive(Clone, Debug)]
pub struct Consent {
    /// An empty one is to be taken away: the consent stands for it.
    pub secrets: BTreeMap<String, Secret>,
    pub grant: NewGrant,
    /// What was allowed; empty: the network does not say.
    pub scopes: Vec<String>,
}

/// Who came back from a network, and with what.
#[derive(Clone, Debug)]
pub struct Returned<'a> {
    pub connector: &'a str,
    pub purpose: Purpose,
    /// Of the account or source, with or without defaults.
    pub settings: &'a BTreeMap<String, String>,
    pub server: &'a str,
    pub client_id: &'a str,
    pub redirect: &'a str,
    pub code: Secret,
    pub verifier: Secret,
    pub state: Secret,
    /// See [`OAuth::comes_along`].
    pub along: Option<Secret>,
}

/// What a token is renewed with; sealed as it is.
#[derive(Serialize, Deserialize)]
struct Content {
    refresh: Option<String>,
    along: Option<String>,
}

impl Content {
    fn sealed(&self) -> Secret {
        // Plain texts; they can always be written.
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }
}

impl Pipeline {
    /// How a network lets us in by consent; `None` where it does not.
    #[must_use]
    pub fn oauth_on(&self, connector: &str) -> Option<&'static OAuth> {
        self.inner.connector(connector)?.oauth()
    }

    /// Settings as the network's row reads them, for accounts and sources alike.
    #[must_use]
    pub fn oauth_settings(&self, connector: &str, settings: &BTreeMap<String, String>) -> Settings {
        let settings = Settings::new(settings.clone(), BTreeMap::new());
        let Some(row) = self.inner.connector(connector) else { return settings };
        let declared = settings.with_defaults(row.descriptor().settings);
        match row.replies() {
            Some(replies) => declared.with_defaults(replies.account_settings()),
            None => declared,
        }
    }

    /// The client to send a person with. Where the network registers clients itself and there is none for this redirect address,
    /// it is asked for one. `Ok(None)`: the owner has to register one first.
    pub async fn oauth_client(
        &self,
        connector: &str,
        settings: &Settings,
        redirect: &str,
        actor: Actor,
    ) -> Result<Option<OAuthClient>, NoClient> {
        let Some(oauth) = self.oauth_on(connector) else { return Ok(None) };
        let (storage, workspace) = (self.storage(), self.inner.options.workspace);
        let server = oauth.server(settings)?;
        let known = storage.oauth_client(workspace, connector, &server).await?;
        if !matches!(oauth.client, ClientBy::Network)
            || known.as_ref().is_some_and(|known| known.redirect.as_deref() == Some(redirect))
        {
            return Ok(known);
        }
        let made = register(oauth, &self.inner.http, settings, redirect, storage.now()).await?;
        let client = NewOAuthClient {
            connector: connector.to_owned(),
            server: server.clone(),
            client_id: made.id,
            secret: made.secret,
            redirect: Some(redirect.to_owned()),
        };
        storage.keep_oauth_client(workspace, actor, client).await?;
        Ok(storage.oauth_client(workspace, connector, &server).await?)
    }

    /// Changes the code for tokens. Nothing of them is kept yet.
    pub async fn exchange_code(&self, returned: Returned<'_>) -> Result<Consent, TokenError> {
        let connector = returned.connector;
        let lost = |error: StorageError| TokenError::NotAsked(ConnectorError::NotStored(error.to_string()));
        let Some(oauth) = self.oauth_on(connector) else {
            return Err(TokenError::Client(format!("this version knows no consent of `{connector}`")));
        };
        let client = self.storage().oauth_client_by_id(
            self.inner.options.workspace,
            connector,
            returned.server,
            returned.client_id,
        );
        let Some(client) = client.await.map_err(lost)? else {
            return Err(TokenError::Client("the client was removed meanwhile".to_owned()));
        };
        let settings = self.oauth_settings(connector, returned.settings);
        let client = Client { id: client.client_id, secret: client.secret };
        let now = self.storage().now();
        let asking = Asking {
            oauth,
            http: &self.inner.http,
            settings: &settings,
            client: &client,
            along: returned.along.as_ref(),
            now,
        };
        let tokens = exchange(asking, &returned.code, &returned.verifier, returned.redirect, &returned.state).await?;
        let needed = oauth.rights(&settings, returned.purpose).needed;
        let lacking: Vec<&str> = needed.iter().copied().filter(|right| !tokens.allows(right)).collect();
        if !lacking.is_empty() {
            return Err(TokenError::Narrow(lacking.join("`, `")));
        }
        let text = |secret: &Secret| secret.expose().to_owned();
        let content = Content { refresh: tokens.refresh.as_ref().map(text), along: returned.along.as_ref().map(text) };
        let renews = content.refresh.is_some() && oauth.refresh != Refresh::Never;
        let mut secrets: BTreeMap<String, Secret> = self
            .secret_settings(connector, returned.purpose)
            .filter(|key| oauth.instead.contains(key))
            .map(|key| (key.to_owned(), Secret::new("")))
            .collect();
        secrets.extend(oauth.client_secret_key.map(str::to_owned).zip(client.secret.clone()));
        secrets.insert(oauth.token_key.to_owned(), tokens.access);
        Ok(Consent {
            secrets,
            grant: NewGrant {
                connector: connector.to_owned(),
                server: returned.server.to_owned(),
                client_id: client.id,
                content: content.sealed(),
                ends_at: tokens.ends_at,
                renewable_until: tokens.renewable_until,
                refresh_at: renews.then(|| refresh_at(now, tokens.ends_at)),
            },
            scopes: tokens.scopes,
        })
    }

    /// Keys of the secrets that a source or an account of the network may have.
    fn secret_settings(&self, connector: &str, purpose: Purpose) -> impl Iterator<Item = &'static str> {
        let row = self.inner.connector(connector);
        let declared = row.and_then(|row| match purpose {
            Purpose::Listen => Some(row.descriptor().settings),
            Purpose::Reply => row.replies().map(Replies::account_settings),
        });
        let declared = declared.unwrap_or_default().iter();
        declared.filter(|setting| setting.kind == SettingKind::Secret).map(|setting| setting.key)
    }

    /// What was given to somebody who had consented before. Not every network gives another refresh token then; the one there is
    /// stays good.
    pub async fn with_former_refresh(&self, owner: GrantOwner, new: NewGrant) -> Result<NewGrant, StorageError> {
        let content = |grant: &NewGrant| serde_json::from_str::<Content>(grant.content.expose()).ok();
        let renews = self.oauth_on(&new.connector).is_some_and(|oauth| oauth.refresh != Refresh::Never);
        let Some(mut now) = content(&new).filter(|now| renews && now.refresh.is_none()) else { return Ok(new) };
        let same = |former: &NewGrant| {
            (&former.connector, &former.server, &former.client_id) == (&new.connector, &new.server, &new.client_id)
        };
        let former = self.storage().grant(self.inner.options.workspace, owner).await?.filter(same);
        let refresh = former.as_ref().and_then(content).and_then(|former| former.refresh);
        if refresh.is_none() {
            return Ok(new);
        }
        now.refresh = refresh;
        let refresh_at = Some(refresh_at(self.storage().now(), new.ends_at));
        Ok(NewGrant { content: now.sealed(), refresh_at, ..new })
    }

    /// Tells the network that what it gave is given up; what it answers changes nothing here.
    pub fn give_up(&self, settings: BTreeMap<String, String>, secrets: BTreeMap<String, Secret>, grant: NewGrant) {
        let pipeline = self.clone();
        tokio::spawn(async move {
            let Some(oauth) = pipeline.oauth_on(&grant.connector) else { return };
            let workspace = pipeline.inner.options.workspace;
            let client =
                pipeline.storage().oauth_client_by_id(workspace, &grant.connector, &grant.server, &grant.client_id);
            let Ok(Some(client)) = client.await else { return };
            let settings = pipeline.oauth_settings(&grant.connector, &settings);
            let client = Client { id: client.client_id, secret: client.secret };
            let content: Option<Content> = serde_json::from_str(grant.content.expose()).ok();
            let refresh = content.and_then(|content| content.refresh).map(Secret::new);
            let access = secrets.get(oauth.token_key).cloned();
            let now = pipeline.storage().now();
            let asking =
                Asking { oauth, http: &pipeline.inner.http, settings: &settings, client: &client, along: None, now };
            // The refresh token last: with it some networks drop the access token, too, and know that one no longer.
            for token in [access, refresh].into_iter().flatten() {
                if let Guarded::Answer(Err(error)) = guarded(revoke(asking, &token)).await {
                    tracing::info!(
                        connector = grant.connector,
                        code = error.code(),
                        "a network did not take back a token"
                    );
                }
            }
        });
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum NoClient {
    #[error(transparent)]
    Network(#[from] ConnectorError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}
