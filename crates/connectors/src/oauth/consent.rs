//! The address a person is sent to, and the proof that who began also ends it (PKCE, RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use molva_domain::Secret;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use url::Url;

use super::{Endpoints, OAuth, Purpose};
use crate::error::ConnectorError;
use crate::settings::Settings;

/// A secret that only we know, and what of it the network is shown first.
#[derive(Clone, Debug)]
pub struct Proof {
    /// 256 random bits, 43 characters.
    pub verifier: Secret,
}

impl Proof {
    /// # Errors
    /// When the system gives no randomness.
    pub fn new() -> Result<Self, ConnectorError> {
        let mut bits = [0; 32];
        SystemRandom::new()
            .fill(&mut bits)
            .map_err(|_| ConnectorError::Protocol("the system gives no random numbers".to_owned()))?;
        Ok(Self { verifier: Secret::new(URL_SAFE_NO_PAD.encode(bits)) })
    }

    /// `S256`.
    #[must_use]
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier.expose().as_bytes()))
    }
}

/// Where a person agrees. Nothing in it is a secret of ours: the state is known to their browser alone anyway.
///
/// # Errors
/// Settings that name no server.
pub fn address(
    oauth: &OAuth,
    settings: &Settings,
    purpose: Purpose,
    client_id: &str,
    redirect: &str,
    state: &Secret,
    proof: &Proof,
) -> Result<Url, ConnectorError> {
    let Endpoints { authorize: mut url, with, rights, .. } = (oauth.endpoints)(settings)?;
    let rights = rights.unwrap_or_else(|| oauth.rights(settings, purpose).asked.join(oauth.separator));
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect)
        .extend_pairs((!rights.is_empty()).then_some(("scope", &rights)))
        .append_pair("state", state.expose())
        .append_pair("code_challenge", &proof.challenge())
        .append_pair("code_challenge_method", "S256")
        .extend_pairs(with);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636() {
        let proof = Proof { verifier: Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") };
        assert_eq!(proof.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let (one, other) = (Proof::new().expect("a proof"), Proof::new().expect("a proof"));
        assert!(one.verifier != other.verifier && one.verifier.expose().len() == 43);
    }
}
