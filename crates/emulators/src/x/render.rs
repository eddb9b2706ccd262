//! Posts and people as X tells them, in old names and in the new ones of 2026.

use molva_domain::Timestamp;
use serde_json::{Map, Value, json};

use super::Call;
use super::tweets::{Tweet, Tweets, made_ms, username};
use crate::world::{FIRST_PERSON, PEOPLE, PLACES, name_of, title_of};

/// Old and new names of fields.
const RENAMED: [(&str, &str); 3] = [
    ("referenced_tweets", "referenced_posts"),
    ("edit_history_tweet_ids", "edit_history_post_ids"),
    ("note_tweet", "note_post"),
];

/// What of posts and people is wanted.
pub(super) struct Wanted {
    new_names: bool,
    fields: Vec<String>,
    user_fields: Vec<String>,
    users: bool,
    references: bool,
    media: bool,
}

impl Wanted {
    pub(super) fn of(call: &Call) -> Self {
        let list = |name: &str| -> Vec<String> {
            call.text(name)
                .unwrap_or_default()
                .split(',')
                .filter(|field| !field.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let new_names = call.text("post.fields").is_some();
        let fields = if new_names { list("post.fields") } else { list("tweet.fields") };
        let old = |field: String| {
            let known = RENAMED.iter().find(|(_, new)| *new == field);
            known.map_or(field, |(old, _)| (*old).to_owned())
        };
        let expansions = list("expansions");
        let has = |name: &str| expansions.iter().any(|one| one == name);
        Self {
            new_names,
            fields: fields.into_iter().map(old).collect(),
            user_fields: list("user.fields"),
            users: has("author_id"),
            references: has("referenced_tweets.id") || has("referenced_posts.id"),
            media: has("attachments.media_keys"),
        }
    }

    /// All there is, in old names: events tell it unasked.
    pub(super) fn everything() -> Self {
        let list = |text: &str| text.split(',').map(str::to_owned).collect();
        Self {
            new_names: false,
            fields: list(
                "author_id,created_at,entities,lang,public_metrics,referenced_tweets,conversation_id,in_reply_to_user_id",
            ),
            user_fields: list("public_metrics,verified,verified_type"),
            media: true,
            users: true,
            references: true,
        }
    }

    /// A post with the fields that were asked for.
    pub(super) fn post(&self, tweets: &Tweets, tweet: &Tweet) -> Value {
        let whole = whole(tweets, tweet);
        let always = ["id", "text", "edit_history_tweet_ids"];
        let mut told = Map::new();
        for (name, mut value) in whole {
            if !always.contains(&name.as_str()) && !self.fields.contains(&name) {
                continue;
            }
            if self.new_names && name == "public_metrics" {
                value["repost_count"] = value["retweet_count"].take();
                value.as_object_mut().map(|fields| fields.remove("retweet_count"));
            }
            let renamed = RENAMED.iter().find(|(old, _)| self.new_names && *old == name);
            told.insert(renamed.map_or(name, |(_, new)| (*new).to_owned()), value);
        }
        told.into()
    }

    /// What comes along with posts.
    pub(super) fn includes(&self, tweets: &Tweets, posts: &[&Tweet]) -> Value {
        let mut along = json!({});
        let above: Vec<&Tweet> =
            posts.iter().filter_map(|tweet| tweets.find(tweet.above?)).filter(|tweet| !tweet.deleted).collect();
        if self.users {
            let mut ids: Vec<u64> = posts.iter().map(|tweet| tweet.author).collect();
            ids.sort_unstable();
            ids.dedup();
            along["users"] = ids.into_iter().filter_map(|id| self.user(id)).collect();
        }
        let media: Vec<Value> = posts.iter().flat_map(|tweet| tweet.media.iter().cloned()).collect();
        if self.media && !media.is_empty() {
            along["media"] = media.into();
        }
        if self.references && !above.is_empty() {
            let mut seen = std::collections::BTreeSet::new();
            let above = above.into_iter().filter(|tweet| seen.insert(tweet.id()));
            let name = if self.new_names { "posts" } else { "tweets" };
            along[name] = above.map(|tweet| self.post(tweets, tweet)).collect();
        }
        along
    }

    /// Somebody; `None` when there is no such account.
    pub(super) fn user(&self, id: u64) -> Option<Value> {
        let name = match id {
            1..=PLACES => title_of(id).to_owned(),
            FIRST_PERSON.. if id < FIRST_PERSON + PEOPLE => {
                let (first, last) = name_of(id);
                format!("{first} {last}")
            }
            _ => return None,
        };
        let brand = id <= PLACES;
        let counts = if self.new_names { "post_count" } else { "tweet_count" };
        let whole = json!({
            "id": id.to_string(), "username": username(id), "name": name, "verified": brand, "protected": false,
            "verified_type": if brand { "business" } else { "none" }, "subscription_type": "None",
            "created_at": "2013-12-14T04:35:55.000Z", "description": "", "location": "Минск",
            "public_metrics": {"followers_count": id * 7, "following_count": 3, counts: 10, "listed_count": 0, "like_count": 1},
        });
        let wanted =
            |name: &String| ["id", "username", "name"].contains(&name.as_str()) || self.user_fields.contains(name);
        let fields = whole.as_object()?.iter().filter(|(name, _)| wanted(name));
        Some(fields.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into())
    }
}

/// The account of that name.
pub(super) fn account(name: &str) -> Option<u64> {
    let name = name.to_lowercase();
    let number = |rest: &str| rest.parse::<u64>().ok();
    let brand = name.strip_prefix("brand").and_then(number).filter(|id| (1..=PLACES).contains(id));
    brand.or_else(|| {
        name.strip_prefix("person").and_then(number).filter(|id| (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(id))
    })
}

fn whole(tweets: &Tweets, tweet: &Tweet) -> Map<String, Value> {
    let (mut text, mut entities) = shown(&tweet.text);
    let id = tweet.id();
    if !tweet.media.is_empty() {
        // What a post shows stands at its end as an address.
        let (short, start) = ("https://t.co/pictures01", text.chars().count() + 1);
        text = format!("{text} {short}");
        let mut links = entities["urls"].as_array().cloned().unwrap_or_default();
        links.extend(tweet.media.iter().map(|media| {
            let page = format!("https://x.com/{}/status/{id}/photo/1", username(tweet.author));
            json!({"start": start, "end": start + short.len(), "url": short, "expanded_url": page,
                "display_url": "pic.x.com/pictures01", "media_key": media["media_key"]})
        }));
        entities["urls"] = links.into();
    }
    let made = Timestamp::from_millis(made_ms(id)).to_rfc3339();
    let made = made.trim_end_matches('Z').split('.').next().unwrap_or_default().to_owned();
    let mut value = json!({
        "id": id.to_string(), "text": text, "author_id": tweet.author.to_string(), "lang": "ru",
        "created_at": format!("{made}.{:03}Z", made_ms(id).rem_euclid(1_000)),
        "conversation_id": tweet.root.to_string(), "possibly_sensitive": false, "reply_settings": "everyone",
        "edit_history_tweet_ids": tweet.versions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "public_metrics": {
            "retweet_count": 1, "reply_count": tweets.answers(tweet.versions[0]), "like_count": tweet.said % 50,
            "quote_count": 0, "bookmark_count": 0, "impression_count": 100 + tweet.said % 900,
        },
    });
    if let Some(above) = tweet.above.and_then(|above| tweets.find(above)) {
        value["referenced_tweets"] = json!([{"type": "replied_to", "id": above.id().to_string()}]);
        value["in_reply_to_user_id"] = json!(above.author.to_string());
    }
    if !tweet.media.is_empty() {
        let keys: Vec<&Value> = tweet.media.iter().map(|media| &media["media_key"]).collect();
        value["attachments"] = json!({ "media_keys": keys });
    }
    if entities.as_object().is_some_and(|entities| !entities.is_empty()) {
        value["entities"] = entities;
    }
    value.as_object().cloned().unwrap_or_default()
}

/// The text as X writes it: three signs escaped, addresses shortened; and where names, tags and addresses stand, in characters.
fn shown(text: &str) -> (String, Value) {
    let (mut out, mut at) = (String::new(), 0);
    let (mut mentions, mut tags, mut urls) = (Vec::new(), Vec::new(), Vec::new());
    for (number, piece) in text.split_inclusive(char::is_whitespace).enumerate() {
        let word = piece.trim_end();
        let blank = &piece[word.len()..];
        let link = word.starts_with("https://") || word.starts_with("http://");
        let name_end =
            |word: &str| word[1..].find(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(word.len(), |end| end + 1);
        let written = if link {
            let short = format!("https://t.co/{number:010}");
            urls.push(
                json!({"start": at, "end": at + short.len(), "url": short, "expanded_url": word, "display_url": word}),
            );
            short
        } else {
            if word.starts_with('@') && name_end(word) > 1 {
                let end = name_end(word);
                let id = account(&word[1..end]).map(|id| id.to_string());
                mentions.push(
                    json!({"start": at, "end": at + word[..end].chars().count(), "username": &word[1..end], "id": id}),
                );
            } else if word.starts_with('#') && name_end(word) > 1 {
                let end = name_end(word);
                tags.push(json!({"start": at, "end": at + word[..end].chars().count(), "tag": &word[1..end]}));
            }
            word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
        };
        at += written.chars().count() + blank.chars().count();
        out.push_str(&written);
        out.push_str(blank);
    }
    let mut entities = json!({});
    for (name, found) in [("mentions", mentions), ("hashtags", tags), ("urls", urls)] {
        if !found.is_empty() {
            entities[name] = found.into();
        }
    }
    (out, entities)
}
