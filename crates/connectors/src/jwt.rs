//! Tokens that we sign ourselves, so that a store knows who asks: JSON Web Tokens, RFC 7519 and RFC 7518, 3.3 and 3.4.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use molva_domain::Secret;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

/// Signed with an elliptic key (ES256), as Apple wants it. `key` is the file that Apple gives, `key_id` its name there.
///
/// # Errors
/// A sentence without the key: it is none of this kind.
pub(crate) fn es256(key: &Secret, key_id: &str, claims: &Value) -> Result<Secret, String> {
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der(key)?, &random)
        .map_err(|error| format!("is no private key for ES256 ({error}); paste the whole .p8 file"))?;
    let said = said(&json!({"alg": "ES256", "kid": key_id, "typ": "JWT"}), claims);
    let signature = pair.sign(&random, said.as_bytes()).map_err(|_| "cannot sign".to_owned())?;
    Ok(Secret::new(format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

/// Signed with an RSA key (RS256), as Google wants it.
///
/// # Errors
/// A sentence without the key: it is none of this kind.
pub(crate) fn rs256(key: &Secret, key_id: &str, claims: &Value) -> Result<Secret, String> {
    let pair = RsaKeyPair::from_pkcs8(&der(key)?)
        .map_err(|error| format!("holds no private key for RS256 ({error}); paste the whole JSON file"))?;
    let said = said(&json!({"alg": "RS256", "kid": key_id, "typ": "JWT"}), claims);
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), said.as_bytes(), &mut signature)
        .map_err(|_| "cannot sign".to_owned())?;
    Ok(Secret::new(format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

fn said(header: &Value, claims: &Value) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// The bytes between the lines of dashes; a key that was pasted without its lines is read too.
fn der(key: &Secret) -> Result<Vec<u8>, String> {
    // People paste what stands in a JSON file, where an end of line is written as two letters.
    let text = key.expose().replace("\\n", "\n");
    let inside = text.split("-----").map(str::trim).filter(|part| !part.contains("PRIVATE KEY"));
    let packed: String = inside.flat_map(str::chars).filter(|letter| !letter.is_whitespace()).collect();
    STANDARD.decode(packed).map_err(|_| "is no key in the form of PEM".to_owned())
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;

    const RSA_KEY: &str = include_str!("../fixtures/rsa-key-for-tests.pem");

    fn parts(token: &Secret) -> (String, Value, Value, Vec<u8>) {
        let (said, signature) = token.expose().rsplit_once('.').expect("a signature");
        let (header, claims) = said.split_once('.').expect("claims");
        let read = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64");
        let json = |text: &str| serde_json::from_slice(&read(text)).expect("JSON");
        (said.to_owned(), json(header), json(claims), read(signature))
    }

    #[test]
    fn a_token_is_signed_with_the_elliptic_key_that_was_pasted() {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).expect("a key");
        let pem =
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(document.as_ref()));
        let token = es256(&Secret::new(pem), "K1", &json!({"iss": "me"})).expect("a token");
        let (said, header, claims, signature) = parts(&token);
        assert_eq!((header, claims), (json!({"alg": "ES256", "kid": "K1", "typ": "JWT"}), json!({"iss": "me"})));
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref());
        public.verify(said.as_bytes(), &signature).expect("our signature");
    }

    #[test]
    fn a_token_is_signed_with_the_rsa_key_of_a_service_account() {
        let escaped = Secret::new(RSA_KEY.replace('\n', "\\n"));
        let token = rs256(&escaped, "K2", &json!({"iss": "robot"})).expect("a token");
        let (said, header, _, signature) = parts(&token);
        assert_eq!(header["alg"], "RS256");
        let pair = RsaKeyPair::from_pkcs8(&der(&escaped).expect("a key")).expect("a key");
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
        public.verify(said.as_bytes(), &signature).expect("our signature");
    }

    #[test]
    fn what_is_no_key_is_told_without_being_repeated() {
        let problem = es256(&Secret::new("hunter2!"), "K1", &json!({})).map(|_| ()).expect_err("no key");
        assert_eq!(problem, "is no key in the form of PEM");
        let wrong = es256(&Secret::new(RSA_KEY), "K1", &json!({})).map(|_| ()).expect_err("another kind of key");
        assert!(wrong.starts_with("is no private key for ES256"), "{wrong}");
    }
}
