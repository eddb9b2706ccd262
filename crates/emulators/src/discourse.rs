//! A Discourse forum: <https://docs.discourse.org>. Anybody may read; a key of all users writes in the name of whom it names.

mod render;

use std::collections::HashSet;
use std::time::Duration;

use axum::Router;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::forum;
use crate::rest::{self, Call, Play, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;
use crate::world::{FIRST_PERSON, Kind, PEOPLE, Saying, Who};

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "api_key: discourse-key, api_username: person1001 to person1064 (60 requests a minute)",
    "without a key: read only (200 a minute)",
];

const KEY: &str = "discourse-key";
/// Posts of one page.
const PAGE: usize = 50;
/// What one has done, a page.
const ACTIONS: usize = 30;
const SHORTEST: usize = 2;
const LONGEST: usize = 32_000;
const MINUTE: Duration = Duration::from_secs(60);
/// Bytes of a picture.
const LARGEST_FILE: usize = 4_096 << 10;
const FAULT_WAIT: Duration = Duration::from_secs(2);

/// What only a forum of this kind has.
#[derive(Default)]
struct Discourse {
    closed: HashSet<u64>,
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    rest::router::<Discourse>(sandbox)
}

fn no(status: StatusCode, kind: &str, words: &str) -> Told {
    Told::new(status, json!({"errors": [words], "error_type": kind}))
}

fn missing() -> Told {
    no(StatusCode::NOT_FOUND, "not_found", "The requested URL or resource could not be found.")
}

fn slower(sandbox: &Sandbox, wait: Duration) -> Told {
    let seconds = rest::seconds(sandbox, wait);
    let words = "You've performed this action too many times, please try again later.";
    let body = json!({"errors": [words], "error_type": "rate_limit", "extras": {"wait_seconds": seconds, "time_left": format!("{seconds} seconds")}});
    Told::new(StatusCode::TOO_MANY_REQUESTS, body).with("retry-after", seconds)
}

fn not_permitted() -> Told {
    let words = "You are not permitted to view the requested resource. The API username or key is invalid.";
    no(StatusCode::FORBIDDEN, "invalid_access", words)
}

/// The number of a person, whatever the case of the letters.
fn person(name: &str) -> Option<u64> {
    let number: u64 = name.to_lowercase().strip_prefix("person")?.parse().ok()?;
    (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(&number).then_some(number)
}

fn caller(call: &Call) -> Option<u64> {
    person(call.header("api-username"))
}

impl Play for Discourse {
    fn admit(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Result<(), Told> {
        let key = call.header("api-key");
        if !key.is_empty() && (key != KEY || caller(call).is_none()) {
            return Err(not_permitted());
        }
        let most = if key.is_empty() { 200 } else { 60 };
        inside.limits.come(key, most, sandbox.scaled(MINUTE)).map_err(|wait| {
            inside.counts.limits_exceeded += 1;
            slower(sandbox, wait)
        })
    }

    fn refuse(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call, fault: Fault) -> Option<Told> {
        match fault {
            Fault::RateLimit => {
                let wait = sandbox.scaled(FAULT_WAIT);
                inside.limits.stay_away(call.header("api-key"), wait);
                Some(slower(sandbox, wait))
            }
            Fault::ExpiredToken => Some(not_permitted()),
            // A file stands below nothing yet.
            Fault::DeletedParent if call.parts() == ["uploads"] => None,
            Fault::DeletedParent => Some(no(StatusCode::UNPROCESSABLE_ENTITY, "action", "The topic has been deleted.")),
            Fault::ServerError => Some(no(StatusCode::BAD_GATEWAY, "", "")),
            _ => None,
        }
    }

    fn answer(&mut self, _sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        match (call.writes(), &call.parts()[..]) {
            (false, ["session", "current"]) => match caller(call).filter(|_| !call.header("api-key").is_empty()) {
                Some(person) => Told::ok(json!({"current_user": render::user(person)})),
                None => missing(),
            },
            (false, ["users" | "u", name]) => {
                person(name).map_or_else(missing, |person| Told::ok(json!({"user": render::user(person)})))
            }
            (false, ["user_actions"]) => actions(inside, call),
            (false, ["posts"]) => latest(inside, call),
            (false, ["posts", name, "pending"]) if person(name).is_some() => Told::ok(json!({"pending_posts": []})),
            (false, ["posts", "by_number", topic, place]) => {
                let found = render::in_topic(&inside.world, number(topic), number(place));
                found.map_or_else(missing, |said| Told::ok(render::post(&inside.world, said, true)))
            }
            (false, ["posts", id]) => match forum::find(&inside.world, number(id)).filter(|said| !said.deleted) {
                Some(said) => Told::ok(render::post(&inside.world, said, true)),
                None => missing(),
            },
            (false, ["t", id, "posts"]) => self.some(inside, call, number(id)),
            (false, ["t", id] | ["t", _, id]) => self.topic(inside, call, number(id)),
            (false, ["search"]) => search(inside, call),
            (false, ["latest"]) => render::topics(&inside.world),
            (true, ["uploads"]) => upload(inside, call),
            (true, ["posts"]) => self.create(inside, call),
            (true, ["posts", id]) => change(inside, call, number(id)),
            (true, ["t", id, "status"]) => {
                if call.text("enabled") == "true" {
                    self.closed.insert(number(id));
                } else {
                    self.closed.remove(&number(id));
                }
                Told::ok(json!({"success": "OK", "result": null}))
            }
            _ => missing(),
        }
    }
}

fn latest(inside: &mut Inside, call: &Call) -> Told {
    let before = call.number("before").filter(|before| *before > 0).unwrap_or(u64::MAX);
    let world = &inside.world;
    let page = forum::newest(world).filter(|said| said.number < before).take(PAGE.min(inside.faults.page));
    let mut posts: Vec<Value> = page.map(|said| render::post(world, said, true)).collect();
    spoil::list(&mut posts, call.fault);
    inside.counts.items_served += posts.len() as u64;
    Told::ok(json!({"latest_posts": posts}))
}

/// What somebody wrote, the newest first: topics are of the kind 4, answers of the kind 5.
fn actions(inside: &mut Inside, call: &Call) -> Told {
    let Some(person) = person(call.text("username")) else { return missing() };
    let wanted: Vec<u64> = call.text("filter").split(',').filter_map(|kind| kind.parse().ok()).collect();
    let skip = call.number("offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
    let world = &inside.world;
    let own = forum::newest(world).filter(|said| said.who == Who::Person(person));
    let kind = |kind: Kind| if kind == Kind::Post { 4 } else { 5 };
    let own = own.filter(|said| wanted.is_empty() || wanted.contains(&kind(said.kind)));
    let page = own.skip(skip).take(ACTIONS.min(inside.faults.page));
    let mut told: Vec<Value> = page.map(|said| render::action(world, said, kind(said.kind))).collect();
    spoil::list(&mut told, call.fault);
    Told::ok(json!({"user_actions": told}))
}

fn search(inside: &mut Inside, call: &Call) -> Told {
    let words: Vec<String> = call.text("q").to_lowercase().split_whitespace().map(str::to_owned).collect();
    let fits = |text: &str| words.iter().filter(|word| !word.contains(':')).all(|word| text.contains(word.as_str()));
    let found = forum::newest(&inside.world).filter(|said| fits(&said.folded)).take(PAGE);
    let posts: Vec<Value> = found.map(|said| render::post(&inside.world, said, false)).collect();
    Told::ok(json!({"posts": posts, "topics": [], "users": [], "categories": [], "tags": []}))
}

/// `POST /uploads.json`: pictures of four megabytes, as a forum has it whose owner changed nothing.
fn upload(inside: &mut Inside, call: &Call) -> Told {
    if caller(call).is_none() || call.header("api-key").is_empty() {
        return not_permitted();
    }
    let refused = |words: &str| Told::new(StatusCode::UNPROCESSABLE_ENTITY, json!({ "errors": [words] }));
    let Some((_, name, body)) = call.files.iter().find(|(field, ..)| matches!(field.as_str(), "file" | "files[]"))
    else {
        return refused("param is missing or the value is empty: file");
    };
    if call.text("type") != "composer" && call.text("upload_type") != "composer" {
        return refused("You must provide a valid type.");
    }
    if body.len() > LARGEST_FILE {
        return refused("Sorry, the image you are trying to upload is too big (maximum size is 4096KB).");
    }
    let number = inside.uploads.put(name, body, call.now);
    let Some(upload) = inside.uploads.get(number).filter(|upload| upload.media_type.starts_with("image/")) else {
        return refused(
            "Sorry, the file you are trying to upload is not authorized (authorized extensions: jpg, jpeg, png, gif, webp).",
        );
    };
    let extension = upload.media_type.trim_start_matches("image/");
    let path = format!("/uploads/default/original/1X/{number}.{extension}");
    Told::ok(json!({
        "id": number, "url": path, "original_filename": upload.name, "filesize": upload.bytes, "width": 640, "height": 480,
        "thumbnail_width": 640, "thumbnail_height": 480, "extension": extension, "short_url": format!("upload://{number}.{extension}"),
        "short_path": format!("/uploads/short-url/{number}.{extension}"), "retain_hours": null, "human_filesize": format!("{} Bytes", upload.bytes),
    }))
}

fn change(inside: &mut Inside, call: &Call, id: u64) -> Told {
    let own =
        forum::find(&inside.world, id).filter(|said| caller(call).is_some_and(|one| said.who == Who::Person(one)));
    let Some((place, number)) = own.map(|said| (said.place, said.id)) else { return not_permitted() };
    if call.method == Method::DELETE {
        inside.world.delete(place, number);
        return Told::ok(json!({}));
    }
    inside.world.edit(place, number, call.text("post[raw]"), call.now);
    let said = inside.world.find(place, number).map(|said| render::post(&inside.world, said, true));
    Told::ok(json!({"post": said}))
}

impl Discourse {
    fn topic(&self, inside: &Inside, call: &Call, id: u64) -> Told {
        let first = forum::find(&inside.world, id).filter(|said| said.kind == Kind::Post);
        match first {
            Some(first) if !first.deleted => {
                let raw = call.text("include_raw") == "true";
                Told::ok(render::topic(&inside.world, first, self.closed.contains(&id), raw))
            }
            _ => missing(),
        }
    }

    /// Named posts of a topic.
    fn some(&self, inside: &mut Inside, call: &Call, topic: u64) -> Told {
        let wanted: Vec<u64> = call.all("post_ids[]").filter_map(|id| id.parse().ok()).collect();
        let raw = call.text("include_raw") == "true";
        let world = &inside.world;
        let found = wanted.iter().filter_map(|id| forum::find(world, *id));
        let found = found.filter(|said| !said.deleted && forum::first(world, said).number == topic);
        let mut posts: Vec<Value> = found.map(|said| render::post(world, said, raw)).collect();
        spoil::list(&mut posts, call.fault);
        Told::ok(json!({"post_stream": {"posts": posts}, "id": topic}))
    }

    fn create(&self, inside: &mut Inside, call: &Call) -> Told {
        let Some(person) = caller(call).filter(|_| !call.header("api-key").is_empty()) else { return not_permitted() };
        let refused = |words: &str| {
            let body = json!({"action": "create_post", "errors": [words]});
            Told::new(StatusCode::UNPROCESSABLE_ENTITY, body)
        };
        let text = call.text("raw").trim();
        match text.chars().count() {
            0..SHORTEST => return refused("Body is too short (minimum is 2 characters)"),
            SHORTEST..=LONGEST => {}
            _ => return refused("Body is limited to 32000 characters; you entered more."),
        }
        let id = call.number("topic_id").unwrap_or(0);
        let topic = forum::find(&inside.world, id).filter(|said| said.kind == Kind::Post && !said.deleted);
        let Some((place, under)) = topic.map(|said| (said.place, said.id)) else {
            return refused("The topic you replied to is gone.");
        };
        if self.closed.contains(&id) {
            return no(
                StatusCode::FORBIDDEN,
                "invalid_access",
                "You are not permitted to view the requested resource.",
            );
        }
        let recent =
            forum::newest(&inside.world).filter(|said| said.who == Who::Person(person) && said.at > call.now - 300);
        if recent.take(20).any(|said| said.text == text) {
            return refused("Body is too similar to what you recently posted");
        }
        let answered = call.number("reply_to_post_number").filter(|number| *number > 1);
        let answers = answered.and_then(|number| render::in_topic(&inside.world, id, number)).map(|said| said.id);
        let saying = Saying {
            place,
            kind: Kind::Comment,
            who: Who::Person(person),
            text: text.to_owned(),
            under: Some(under),
            answers,
        };
        let made = inside.world.say(saying, call.now);
        inside.counts.reply(text, true);
        let said = inside.world.find(place, made).map(|said| render::post(&inside.world, said, true));
        Told::ok(said.unwrap_or_default())
    }
}
