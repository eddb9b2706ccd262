//! What a network remembers of people who let somebody in: codes that serve once, tokens that end, refresh tokens that serve once.
//!
//! As RFC 9700 asks for: who shows a code or a refresh token a second time loses everything that came of it.

pub(crate) mod page;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

/// A code serves so long.
const CODE_S: i64 = 600;
/// Life of a token of Meta's that lasts.
const LONG_S: i64 = 60 * 86_400;
/// Such a token is not renewed before this part of its life is over: a day of sixty.
const YOUTH: i64 = 60;

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
    /// Of Meta: life of a token that was changed for one that lasts.
    pub long_s: i64,
    /// Everything that was given so far is taken back.
    pub take_back: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self { life_s: 3_600, lose: 0, slow_ms: 0, long_s: LONG_S, take_back: false }
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
#[derive(Clone, Debug, Default)]
pub(crate) struct Agreed {
    /// Tokens begin with it.
    pub prefix: &'static str,
    pub client: String,
    pub redirect: String,
    /// Empty: nobody asked for a proof.
    pub challenge: String,
    pub device: String,
    pub person: u64,
    /// What they allowed.
    pub scope: String,
    /// Whether it comes with a refresh token.
    pub lasting: bool,
    pub at: i64,
}

#[derive(Clone, Debug)]
struct Asked {
    agreed: Agreed,
    grant: u64,
    used: bool,
}

#[derive(Clone, Debug)]
struct Access {
    grant: u64,
    agreed: Agreed,
    ends_at: i64,
    /// Of one that lasts: from when on it is renewed.
    ripe_at: Option<i64>,
}

#[derive(Clone, Debug)]
struct Refresh {
    grant: u64,
    agreed: Agreed,
    spent: bool,
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum No {
    /// The code or token was never given, or is of somebody else.
    Unknown,
    /// The code was shown before.
    Used,
    TooOld,
    TooYoung,
    /// It was taken back, or its refresh token is spent.
    Gone,
}

/// What is given.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub access: String,
    pub refresh: String,
    pub life_s: i64,
    pub person: u64,
    pub scope: String,
    /// Whether the refresh token is to be handed out.
    pub lasting: bool,
}

impl Grants {
    pub(crate) fn behave(&mut self, manner: Manner) {
        if manner.take_back {
            let given = self.refresh.values().map(|held| held.grant).chain(self.access.values().map(|held| held.grant));
            self.gone.extend(given.collect::<Vec<_>>());
        }
        self.manner = manner;
    }

    /// A code for somebody who agreed.
    pub(crate) fn agree(&mut self, agreed: Agreed) -> String {
        let grant = self.number();
        let code = format!("{}.code.{grant}", agreed.prefix);
        self.codes.insert(code.clone(), Asked { agreed, grant, used: false });
        code
    }

    /// A code for tokens, once, to whoever can prove that they asked for it.
    pub(crate) fn exchange(&mut self, code: &str, by: &Proof<'_>, now: i64) -> Result<Given, No> {
        let asked = self.codes.get_mut(code).ok_or(No::Unknown)?;
        if asked.used {
            self.gone.insert(asked.grant);
            return Err(No::Used);
        }
        let agreed = &asked.agreed;
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, by.verifier.as_bytes()));
        let right = agreed.client == by.client
            && agreed.redirect == by.redirect
            && agreed.device == by.device
            && (agreed.challenge.is_empty() || agreed.challenge == challenge);
        if !right {
            return Err(No::Unknown);
        }
        if now > agreed.at + CODE_S {
            return Err(No::TooOld);
        }
        asked.used = true;
        let (grant, agreed) = (asked.grant, asked.agreed.clone());
        Ok(self.give(grant, &agreed, now))
    }

    /// A refresh token for other tokens, once.
    pub(crate) fn renew(&mut self, token: &str, client: &str, device: &str, now: i64) -> Result<Given, No> {
        let held = self.refresh.get_mut(token).ok_or(No::Unknown)?;
        if held.spent {
            self.gone.insert(held.grant);
        }
        if held.agreed.client != client || held.agreed.device != device {
            return Err(No::Unknown);
        }
        if held.spent || self.gone.contains(&held.grant) {
            return Err(No::Gone);
        }
        held.spent = true;
        let (grant, agreed) = (held.grant, held.agreed.clone());
        // The token before ends with it.
        self.access.retain(|_, access| access.grant != grant);
        Ok(self.give(grant, &agreed, now))
    }

    /// A refresh token that lasts, for another access token.
    pub(crate) fn renew_lasting(&mut self, token: &str, client: &str, now: i64) -> Result<Given, No> {
        let held = self.refresh.get(token).filter(|held| held.agreed.client == client).ok_or(No::Unknown)?;
        if self.gone.contains(&held.grant) {
            return Err(No::Gone);
        }
        let (grant, agreed) = (held.grant, held.agreed.clone());
        let access = self.access_of(grant, &agreed, now + self.manner.life_s);
        Ok(Given {
            access,
            refresh: token.to_owned(),
            life_s: self.manner.life_s,
            person: agreed.person,
            scope: agreed.scope,
            lasting: false,
        })
    }

    /// Of Meta: an access token for one that lasts longer.
    pub(crate) fn lengthen(&mut self, token: &str, now: i64) -> Result<(String, i64), No> {
        let held = self.access.get(token).ok_or(No::Unknown)?;
        if self.gone.contains(&held.grant) {
            return Err(No::Gone);
        }
        if held.ends_at <= now {
            return Err(No::TooOld);
        }
        let (grant, agreed) = (held.grant, held.agreed.clone());
        Ok(self.long(grant, &agreed, now))
    }

    /// Of Instagram: an access token that lasts for another one, once it is ripe.
    pub(crate) fn refresh_long(&mut self, token: &str, now: i64) -> Result<(String, i64), No> {
        let held = self.access.get(token).ok_or(No::Unknown)?;
        let ripe_at = held.ripe_at.ok_or(No::Unknown)?;
        if self.gone.contains(&held.grant) {
            return Err(No::Gone);
        }
        if held.ends_at <= now {
            return Err(No::TooOld);
        }
        if now < ripe_at {
            return Err(No::TooYoung);
        }
        let (grant, agreed) = (held.grant, held.agreed.clone());
        Ok(self.long(grant, &agreed, now))
    }

    fn long(&mut self, grant: u64, agreed: &Agreed, now: i64) -> (String, i64) {
        let long_s = self.manner.long_s;
        let token = self.access_of(grant, agreed, now + long_s);
        if let Some(access) = self.access.get_mut(&token) {
            access.ripe_at = Some(now + long_s / YOUTH);
        }
        (token, long_s)
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
                Some(good.then_some(access.agreed.person))
            }
            None => token.starts_with("vk2.a.").then_some(None),
        }
    }

    /// What was agreed to with a token, however old that is, as long as nobody took it back.
    pub(crate) fn agreed(&self, token: &str) -> Option<&Agreed> {
        let access = self.access.get(token)?;
        (!self.gone.contains(&access.grant)).then_some(&access.agreed)
    }

    /// Ends one access token before its time.
    pub(crate) fn end(&mut self, token: &str) {
        self.access.remove(token);
    }

    fn give(&mut self, grant: u64, agreed: &Agreed, now: i64) -> Given {
        let life_s = self.manner.life_s;
        let access = self.access_of(grant, agreed, now + life_s);
        let refresh = format!("{}.r.{}", agreed.prefix, self.number());
        self.refresh.insert(refresh.clone(), Refresh { grant, agreed: agreed.clone(), spent: false });
        let Agreed { person, scope, lasting, .. } = agreed.clone();
        Given { access, refresh, life_s, person, scope, lasting }
    }

    fn access_of(&mut self, grant: u64, agreed: &Agreed, ends_at: i64) -> String {
        let access = format!("{}.a.{}", agreed.prefix, self.number());
        self.access.insert(access.clone(), Access { grant, agreed: agreed.clone(), ends_at, ripe_at: None });
        access
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
