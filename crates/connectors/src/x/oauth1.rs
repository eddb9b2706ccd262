//! Requests in the name of a person, signed as OAuth 1.0a wants it: RFC 5849, 3.4, with HMAC-SHA1.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use molva_domain::{Secret, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;
use url::Url;

/// Everything but letters, digits and `-._~` (RFC 5849, 3.6).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The four keys of an application and a person.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub consumer_key: Secret,
    pub consumer_secret: Secret,
    pub token: Secret,
    pub token_secret: Secret,
}

impl Keys {
    /// The value of `Authorization`. A JSON body is not signed, the query is.
    pub(super) fn authorization(&self, method: &str, url: &Url, now: Timestamp, nonce: u128) -> String {
        self.sign(method, url, &[], &now.as_secs().to_string(), &format!("{nonce:032x}"))
    }

    fn sign(&self, method: &str, url: &Url, form: &[(&str, &str)], timestamp: &str, nonce: &str) -> String {
        let own: BTreeMap<&str, &str> = [
            ("oauth_consumer_key", self.consumer_key.expose()),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", timestamp),
            ("oauth_token", self.token.expose()),
            ("oauth_version", "1.0"),
        ]
        .into();
        let pair = |(key, value): (&str, &str)| (encoded(key), encoded(value));
        let mut parameters: Vec<(String, String)> =
            url.query_pairs().map(|(key, value)| pair((key.as_ref(), value.as_ref()))).collect();
        parameters.extend(form.iter().copied().map(pair));
        parameters.extend(own.iter().map(|(key, value)| pair((*key, *value))));
        parameters.sort();
        let parameters: Vec<String> = parameters.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        let mut bare = url.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        let base = [method, bare.as_str(), &parameters.join("&")].map(encoded).join("&");
        let key = format!("{}&{}", encoded(self.consumer_secret.expose()), encoded(self.token_secret.expose()));
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
        let signature = STANDARD.encode(hmac::sign(&key, base.as_bytes()));
        let told = own.into_iter().chain([("oauth_signature", signature.as_str())]);
        let told: Vec<String> = told.map(|(key, value)| format!("{key}=\"{}\"", encoded(value))).collect();
        format!("OAuth {}", told.join(", "))
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of <https://docs.x.com/resources/fundamentals/authentication/oauth-1-0a/creating-a-signature>.
    #[test]
    fn a_request_is_signed_as_in_the_published_example() {
        let keys = Keys {
            consumer_key: Secret::new("xvz1evFS4wEEPTGEFPHBog"),
            consumer_secret: Secret::new("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"),
            token: Secret::new("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"),
            token_secret: Secret::new("LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"),
        };
        let url = Url::parse("https://api.twitter.com/1.1/statuses/update.json?include_entities=true").expect("a url");
        let form = [("status", "Hello Ladies + Gentlemen, a signed OAuth request!")];
        let header = keys.sign("POST", &url, &form, "1318622958", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg");
        assert!(header.contains("oauth_signature=\"hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D\""), "{header}");
        assert!(!header.contains("Lsww") && !header.contains("kAcS"), "{header}");
    }
}
