//! What a network remembers of people who let somebody in: codes that serve once, tokens that end, refresh tokens that serve once.
//!
//! As RFC 9700 asks for: who shows a code or a refresh token a second time loses everything that came of it.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

/// How the network behaves; set by `POST /_consent`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Manner {
    /// Life of an access token.
    pub life_s: i64,
    /// So many refresh tokens are taken, and the answer is lost.
    pub lose: u32,
    /// So long before each answer to a refresh token, after it was taken.
    pub slow_ms: u64,
}

impl Default for Manner {
    fn default() -> Self {
        Self { life_s: 3_600, lose: 0, slow_ms: 0 }
    }
}

/// Everything that was given.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    pub manner: Manner,
    codes: BTreeMap<String, Asked>,
    access: BTreeMap<String, Access>,
    refresh: BTreeMap<String, Refresh>,
    /// Grants that were taken back.
    gone: BTreeSet<u64>,
    made: u64,
}

/// What a person agreed to.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub client: String,
    pub redirect: String,
    pub challenge: String,
    pub device: String,
    pub person: u64,
    pub grant: u64,
    pub used: bool,
}

#[derive(Clone, Debug)]
struct Access {
    grant: u64,
    person: u64,
    ends_at: i64,
}

#[derive(Clone, Debug)]
struct Refresh {
    grant: u64,
    person: u64,
    client: String,
    device: String,
    spent: bool,
}

/// What is given.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub access: String,
    pub refresh: String,
    pub life_s: i64,
    pub person: u64,
}

impl Grants {
    /// A code for somebody who agreed.
    pub(crate) fn agree(&mut self, client: &str, redirect: &str, challenge: &str, device: &str, person: u64) -> String {
        let grant = self.number();
        let code = format!("vk2.code.{grant}");
        let asked = Asked {
            client: client.to_owned(),
            redirect: redirect.to_owned(),
            challenge: challenge.to_owned(),
            device: device.to_owned(),
            person,
            grant,
            used: false,
        };
        self.codes.insert(code.clone(), asked);
        code
    }

    /// A code for tokens, once, to whoever can prove that they asked for it.
    pub(crate) fn exchange(&mut self, code: &str, by: &Proof<'_>, now: i64) -> Result<Given, &'static str> {
        let asked = self.codes.get_mut(code).ok_or("invalid_grant")?;
        if asked.used {
            self.gone.insert(asked.grant);
            return Err("invalid_grant");
        }
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, by.verifier.as_bytes()));
        let right = asked.client == by.client
            && asked.redirect == by.redirect
            && asked.device == by.device
            && asked.challenge == challenge;
        if !right {
            return Err("invalid_grant");
        }
        asked.used = true;
        let asked = asked.clone();
        Ok(self.give(asked.grant, asked.person, &asked.client, &asked.device, now))
    }

    /// A refresh token for other tokens, once.
    pub(crate) fn renew(&mut self, token: &str, client: &str, device: &str, now: i64) -> Result<Given, &'static str> {
        let held = self.refresh.get_mut(token).ok_or("invalid_grant")?;
        if held.spent {
            self.gone.insert(held.grant);
        }
        let gone = self.gone.contains(&held.grant);
        if held.spent || gone || held.client != client || held.device != device {
            return Err("invalid_grant");
        }
        held.spent = true;
        let held = held.clone();
        // The token before ends with it.
        self.access.retain(|_, access| access.grant != held.grant);
        Ok(self.give(held.grant, held.person, &held.client, &held.device, now))
    }

    /// Takes back all of the grant a token belongs to; whether there was one.
    pub(crate) fn take_back(&mut self, token: &str) -> bool {
        let access = self.access.get(token).map(|access| access.grant);
        let grant = access.or_else(|| self.refresh.get(token).map(|refresh| refresh.grant));
        grant.is_some_and(|grant| self.gone.insert(grant))
    }

    /// Whose access token it is, as long as it is good; `Some(None)`: it was ours and is not any more.
    pub(crate) fn who(&self, token: &str, now: i64) -> Option<Option<u64>> {
        match self.access.get(token) {
            Some(access) => {
                let good = access.ends_at > now && !self.gone.contains(&access.grant);
                Some(good.then_some(access.person))
            }
            None => token.starts_with("vk2.a.").then_some(None),
        }
    }

    fn give(&mut self, grant: u64, person: u64, client: &str, device: &str, now: i64) -> Given {
        let (access, refresh) = (format!("vk2.a.{}", self.number()), format!("vk2.r.{}", self.number()));
        let life_s = self.manner.life_s;
        self.access.insert(access.clone(), Access { grant, person, ends_at: now + life_s });
        let kept = Refresh { grant, person, client: client.to_owned(), device: device.to_owned(), spent: false };
        self.refresh.insert(refresh.clone(), kept);
        Given { access, refresh, life_s, person }
    }

    fn number(&mut self) -> u64 {
        self.made += 1;
        // No small number: what stands in a message by chance must not look like a token.
        self.made * 1_000_003 + 77_000_000_000
    }
}

/// Who wants to change a code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof<'a> {
    pub client: &'a str,
    pub redirect: &'a str,
    pub verifier: &'a str,
    pub device: &'a str,
}
