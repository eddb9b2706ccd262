//! Calls as the networks publish them, and as somebody else would like them to be.

use http::{HeaderMap, HeaderValue};

use super::*;

fn nothing(_: &Delivered<'_>) -> Vec<Item> {
    Vec::new()
}

fn settings(values: &[(&str, &str)], secrets: &[(&str, &str)]) -> Settings {
    Settings::new(
        values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(*value))).collect(),
    )
}

fn check(
    webhooks: &dyn Webhooks,
    settings: &Settings,
    header: Option<(&'static str, &str)>,
    body: &str,
) -> Result<Verified, WebhookError> {
    let mut headers = HeaderMap::new();
    if let Some((name, value)) = header {
        headers.insert(name, HeaderValue::from_str(value).expect("a header"));
    }
    webhooks.verify(settings, WebhookRequest { headers: &headers, body: body.as_bytes() })
}

const EVENT_OF_HELLO: &str = "sha256:dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f";

#[test]
fn a_signature_in_hexadecimal_is_the_one_the_docs_of_webhooks_publish() {
    // The worked example of GitHub, which signs as Meta and Discourse do.
    const SIGNATURE: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    const SECRET: &str = "It's a Secret to Everybody";
    let cases: [(SignedBody, &'static str, &str); 2] = [
        (SignedBody::meta(nothing), "x-hub-signature-256", "app_secret"),
        (SignedBody::discourse(nothing), "x-discourse-event-signature", "webhook_secret"),
    ];
    for (webhooks, header, setting) in cases {
        let ours = settings(&[], &[(setting, SECRET)]);
        let key = EVENT_OF_HELLO.to_owned();
        assert_eq!(check(&webhooks, &ours, Some((header, SIGNATURE)), "Hello, World!"), Ok(Verified::Event { key }));
        let forged = Err(WebhookError::Forged);
        assert_eq!(check(&webhooks, &ours, Some((header, SIGNATURE)), "Hello, World?"), forged);
        let other = settings(&[], &[(setting, "It's a secret to everybody")]);
        assert_eq!(check(&webhooks, &other, Some((header, SIGNATURE)), "Hello, World!"), forged);
        for broken in [&SIGNATURE[7..], "sha256=", "sha256=zz", &SIGNATURE[..70], "sha1=abc", &format!("{SIGNATURE}00")]
        {
            assert_eq!(check(&webhooks, &ours, Some((header, broken)), "Hello, World!"), forged, "{broken}");
        }
        assert_eq!(check(&webhooks, &ours, None, "Hello, World!"), Err(WebhookError::MissingHeader(header)));
        let none = settings(&[], &[]);
        let answer = check(&webhooks, &none, Some((header, SIGNATURE)), "Hello, World!");
        assert_eq!(answer.map_err(|error| matches!(error, WebhookError::NotSetUp(_))), Err(true));
    }
}

#[test]
fn meta_gets_its_challenge_back_for_the_right_token_only() {
    let webhooks = SignedBody::meta(nothing);
    let ours = settings(&[], &[("app_secret", "x"), ("verify_token", "meat y&hamburger")]);
    let ask = |query: &str| webhooks.question(&ours, query);
    let right = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meat+y%26hamburger";
    assert_eq!(ask(right), Ok(Answer::text("1158201444")));
    assert_eq!(ask("hub.challenge=1158201444&hub.verify_token=guess"), Err(WebhookError::Forged));
    assert!(matches!(ask("hub.challenge=1"), Err(WebhookError::Malformed(_))));
    assert!(matches!(ask(""), Err(WebhookError::Malformed(_))));
}

#[test]
fn x_gets_its_token_signed_and_signs_its_calls_in_base64() {
    // The example published with the Account Activity API: consumer secret and token of its sample programs.
    let ours = settings(&[], &[("consumer_secret", "z3ZX4v7mAAUGykl3EcmkqbartmuW8VFOOzCloLx9Q45P0hLrFu")]);
    let webhooks = SignedBody::x(nothing);
    let answer = webhooks.question(&ours, "crc_token=9b4507b3-9040-4669-9ca3-6b94edb50553").expect("an answer");
    assert_eq!(answer.content_type, "application/json");
    assert_eq!(answer.body, r#"{"response_token":"sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8="}"#);
    let name = "x-twitter-webhooks-signature";
    let signature = "sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8=";
    let token = "9b4507b3-9040-4669-9ca3-6b94edb50553";
    assert!(matches!(check(&webhooks, &ours, Some((name, signature)), token), Ok(Verified::Event { .. })));
    assert_eq!(check(&webhooks, &ours, Some((name, signature)), "{}"), Err(WebhookError::Forged));
}

#[test]
fn a_question_of_x_gets_no_call_signed() {
    let ours = settings(&[], &[("consumer_secret", "secret")]);
    for call in ["%7B%22tweet_delete_events%22:[]%7D", "[]", "%20{}", "%22a%22"] {
        let asked = SignedBody::x(nothing).question(&ours, &format!("crc_token={call}"));
        assert!(matches!(asked, Err(WebhookError::Malformed(_))), "{call}: {asked:?}");
    }
    let usual = SignedBody::x(nothing).question(&ours, "crc_token=MmYzZjVk-LTQ_Yjkt.Nzc%3D");
    assert!(usual.is_ok(), "{usual:?}");
}

#[test]
fn telegram_is_known_by_its_header_and_an_update_by_its_number() {
    let webhooks = SecretHeader::telegram(nothing);
    let ours = settings(&[], &[("webhook_secret", "tg-secret_1")]);
    let name = "x-telegram-bot-api-secret-token";
    let with = |secret: &str, body: &str| check(&webhooks, &ours, Some((name, secret)), body);
    let body =
        r#"{"update_id":841,"message":{"message_id":5,"date":1,"chat":{"id":-100,"type":"supergroup"},"text":"x"}}"#;
    assert_eq!(with("tg-secret_1", body), Ok(Verified::Event { key: "id:841".to_owned() }));
    assert_eq!(with("tg-secret_2", body), Err(WebhookError::Forged));
    assert_eq!(with("tg-secret_1x", body), Err(WebhookError::Forged));
    // A stranger's body is not even looked at.
    assert_eq!(with("guess", "not JSON"), Err(WebhookError::Forged));
    assert!(matches!(with("tg-secret_1", "not JSON"), Err(WebhookError::Malformed(_))));
    assert_eq!(check(&webhooks, &ours, None, body), Err(WebhookError::MissingHeader(name)));
}

#[test]
fn vk_is_known_by_secret_and_group_and_gets_its_confirmation() {
    let webhooks = VkCallback::new(nothing);
    let values = [("group_id", "123456"), ("callback_confirmation", "a1b2c3d4")];
    let ours = settings(&values, &[("callback_secret", "aaQ13axAPQEcczQa")]);
    let with = |body: &str| check(&webhooks, &ours, None, body);
    let event = r#"{"type":"wall_reply_new","event_id":"582d47","v":"5.199","group_id":123456,"object":{"id":7},"secret":"aaQ13axAPQEcczQa"}"#;
    assert_eq!(with(event), Ok(Verified::Event { key: "id:582d47".to_owned() }));
    assert_eq!(webhooks.thanks(), Answer::text("ok"));
    let asked = |secret: &str| format!(r#"{{"type":"confirmation","group_id":123456{secret}}}"#);
    assert_eq!(with(&asked("")), Ok(Verified::Question(Answer::text("a1b2c3d4"))));
    assert_eq!(with(&asked(r#","secret":"aaQ13axAPQEcczQa""#)), Ok(Verified::Question(Answer::text("a1b2c3d4"))));
    for forged in [
        asked(r#","secret":"guess""#),
        event.replace("aaQ13axAPQEcczQa", "aaQ13axAPQEcczQb"),
        event.replace("123456", "123457"),
        event.replace(r#","secret":"aaQ13axAPQEcczQa""#, ""),
    ] {
        assert_eq!(with(&forged), Err(WebhookError::Forged), "{forged}");
    }
    assert!(matches!(with("[]"), Err(WebhookError::Malformed(_))));
}

#[test]
fn a_long_or_odd_id_of_an_event_becomes_a_short_key() {
    assert_eq!(key_of("582d47"), "id:582d47");
    let keys = [key_of(&"x".repeat(200)), key_of("a b"), key_of("a\0b")];
    assert!(keys.iter().all(|key| key.starts_with("sha256:") && key.len() == 71), "{keys:?}");
}
