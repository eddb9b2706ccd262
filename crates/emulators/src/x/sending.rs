//! `POST` and `DELETE /2/tweets`. X has no key against saying a thing twice but refuses the same words; what arrives is counted by
//! its text.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::auth::Caller;
use super::problem::Problem;
use super::tweets::username;
use super::{Call, X, media};
use crate::faults::Fault;
use crate::searching::named;
use crate::world::{Kind, Saying, Who};

/// An account that pays for no more. Addresses count 23; what weighs two is left to programs that know.
const LONGEST: usize = 280;
const ADDRESS: usize = 23;
const CREATE: u64 = 15_000;
const CREATE_WITH_ADDRESS: u64 = 200_000;
const SUMMONED: u64 = 10_000;

type Answer = Result<(StatusCode, Value), Problem>;

fn user(call: &Call) -> Result<(u64, bool), Problem> {
    match call.caller {
        Caller::User { id, enterprise } => Ok((id, enterprise)),
        Caller::App => Err(Problem::wrong_token("OAuth 1.0a User Context, OAuth 2.0 User Context")),
    }
}

pub(super) fn send(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    let (account, enterprise) = user(call)?;
    let text = call.body["text"].as_str().unwrap_or_default().trim().to_owned();
    if text.is_empty() {
        return Err(Problem::invalid("$.text: string found, but it is required to be not empty"));
    }
    let has_address = text.contains("http://") || text.contains("https://");
    if length(&text) > LONGEST {
        return Err(Problem::forbidden("Your post is too long: Text must be 280 characters or fewer."));
    }
    let borne = media::borne(x, call)?;
    let wanted = call.body.pointer("/reply/in_reply_to_tweet_id").and_then(Value::as_str);
    let mut own = x.own();
    let own_name = username(account);
    let above = match wanted {
        None => None,
        Some(id) => {
            let found = id.parse().ok().and_then(|id| own.tweets.find(id)).filter(|tweet| !tweet.deleted);
            let found = found.ok_or_else(|| {
                Problem::forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
            })?;
            let quoted = format!("/{own_name}/status/");
            let lower = found.text.to_lowercase();
            let summoned = found.author == account || named(&lower, '@', &own_name) || lower.contains(&quoted);
            if !summoned && !enterprise {
                return Err(Problem::forbidden(
                    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.",
                ));
            }
            Some(found.clone())
        }
    };
    // The same words to somebody else are other words: their name comes first.
    let words = format!("{} {text}", above.as_ref().map(|above| username(above.author)).unwrap_or_default());
    if !own.said.entry(account).or_default().insert(words) {
        return Err(Problem::forbidden("You are not allowed to create a Tweet with duplicate content."));
    }
    let place = above.as_ref().map_or(account, |above| above.place);
    own.money.pay(match (has_address, &above) {
        (true, _) => CREATE_WITH_ADDRESS,
        (false, Some(_)) => SUMMONED,
        (false, None) => CREATE,
    });
    let saying = Saying {
        place,
        kind: if above.is_some() { Kind::Comment } else { Kind::Post },
        who: Who::Person(account),
        text: text.clone(),
        under: None,
        answers: above.map(|above| above.said),
    };
    let id = {
        let mut inside = x.sandbox.inside();
        let said = inside.world.say(saying, call.now);
        inside.world.attach(place, said, borne);
        inside.counts.reply(&text, true);
        own.tweets.catch_up(&inside.world);
        inside.world.find(place, said).map(super::native_id).unwrap_or_default()
    };
    drop(own);
    x.sandbox.changed();
    let data = json!({"id": id.to_string(), "text": text, "edit_history_tweet_ids": [id.to_string()]});
    Ok((StatusCode::CREATED, json!({ "data": data })))
}

fn length(text: &str) -> usize {
    let word = |word: &str| if word.starts_with("http") { ADDRESS } else { word.chars().count() };
    text.split(' ').map(|piece| word(piece) + 1).sum::<usize>().saturating_sub(1)
}

pub(super) fn delete(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    let (account, _) = user(call)?;
    let found = {
        let own = x.own();
        let found = call.name.parse().ok().and_then(|id| own.tweets.find(id)).filter(|tweet| !tweet.deleted);
        found.map(|tweet| (tweet.author, tweet.place, tweet.said))
    };
    let deleted = match found {
        Some((author, place, said)) if author == account => x.sandbox.inside().world.delete(place, said),
        Some(_) => return Err(Problem::forbidden("You are not authorized to delete this Tweet.")),
        None => false,
    };
    x.sandbox.changed();
    Ok((StatusCode::OK, json!({"data": {"deleted": deleted}})))
}
