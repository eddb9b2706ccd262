//! What is read: channels, videos, threads, replies.

use axum::http::StatusCode;
use molva_domain::Timestamp;
use serde_json::{Value, json};

use super::no;
use crate::forum;
use crate::rest::{Call, Told, title};
use crate::sandbox::Inside;
use crate::spoil;
use crate::world::{Kind, PLACES, Said, World, title_of};

/// Replies that come with a thread.
const INLINE: usize = 5;

fn time(seconds: i64) -> String {
    Timestamp::from_secs(seconds).to_rfc3339()
}

fn channel(author: u64) -> String {
    if author <= PLACES { format!("UCplace{author}{author:016}") } else { format!("UCperson{author:016}") }
}

fn video_id(said: &Said) -> String {
    format!("v{:010}", said.number)
}

pub(super) fn video_of<'a>(world: &'a World, id: &str) -> Option<&'a Said> {
    let said = world.numbered(id.strip_prefix('v')?.parse().ok()?)?;
    (said.kind == Kind::Post && !said.deleted).then_some(said)
}

/// The comment at the top of the thread it stands in.
fn top<'a>(world: &'a World, said: &'a Said) -> &'a Said {
    let mut top = said;
    // People answer answers; all of them stand below the first.
    for _ in 0..64 {
        match forum::answered(world, top) {
            Some(above) => top = above,
            None => break,
        }
    }
    top
}

fn comment_id(world: &World, said: &Said) -> String {
    let first = top(world, said);
    if first.number == said.number {
        format!("Ug{:09}", said.number)
    } else {
        format!("Ug{:09}.r{}", first.number, said.number)
    }
}

/// A comment that is still there, of either kind.
pub(super) fn comment_of<'a>(world: &'a World, id: &str) -> Option<&'a Said> {
    let own = id.split_once(".r").map_or_else(|| id.strip_prefix("Ug"), |(_, own)| Some(own))?;
    let said = world.numbered(own.parse().ok()?)?;
    (said.kind == Kind::Comment && !said.deleted && comment_id(world, said) == id).then_some(said)
}

fn comment(world: &World, said: &Said) -> Value {
    let author = forum::author(said);
    let first = top(world, said);
    let mut snippet = json!({"textDisplay": said.text, "textOriginal": said.text, "authorDisplayName": format!("@{}", forum::name(author)),
        "authorChannelId": {"value": channel(author)}, "authorChannelUrl": format!("http://www.youtube.com/channel/{}", channel(author)),
        "canRate": true, "viewerRating": "none", "likeCount": 0, "channelId": channel(said.place), "publishedAt": time(said.at),
        "updatedAt": time(said.edited_at.unwrap_or(said.at))});
    if first.number == said.number {
        snippet["videoId"] = video_id(forum::first(world, said)).into();
    } else {
        snippet["parentId"] = comment_id(world, first).into();
    }
    json!({"kind": "youtube#comment", "etag": "e", "id": comment_id(world, said), "snippet": snippet})
}

/// What stands below the comment at the top of a thread, in order.
fn below<'a>(world: &'a World, first: &'a Said) -> Vec<&'a Said> {
    let fellow = |said: &&Said| said.under == first.under && said.answers.is_some();
    world.of(first.place, Kind::Comment).filter(fellow).filter(|said| top(world, said).number == first.number).collect()
}

fn thread(world: &World, said: &Said) -> Value {
    let replies = below(world, said);
    let mut told = json!({"kind": "youtube#commentThread", "etag": "e", "id": comment_id(world, said), "snippet": {"channelId": channel(said.place),
        "videoId": video_id(forum::first(world, said)), "topLevelComment": comment(world, said), "canReply": true,
        "totalReplyCount": replies.len(), "isPublic": true}});
    if !replies.is_empty() {
        let shown: Vec<Value> = replies.iter().take(INLINE).map(|said| comment(world, said)).collect();
        told["replies"] = json!({"comments": shown});
    }
    told
}

pub(super) fn one(inside: &Inside, place: u64, id: u64) -> Told {
    Told::ok(inside.world.find(place, id).map(|said| comment(&inside.world, said)).unwrap_or_default())
}

pub(super) fn one_thread(inside: &Inside, place: u64, id: u64) -> Told {
    Told::ok(inside.world.find(place, id).map(|said| thread(&inside.world, said)).unwrap_or_default())
}

/// A page of things; a token is how many came before.
fn page(inside: &mut Inside, call: &Call, kind: &str, told: Vec<Value>) -> Told {
    let skip: usize = call.text("pageToken").strip_prefix("after").and_then(|skip| skip.parse().ok()).unwrap_or(0);
    let usual = if kind == "youtube#searchListResponse" { 5 } else { 20 };
    let size = call.number("maxResults").and_then(|size| usize::try_from(size).ok()).unwrap_or(usual).clamp(1, 100);
    let size = size.min(inside.faults.page);
    let more = told.len() > skip + size;
    let mut items: Vec<Value> = told.into_iter().skip(skip).take(size).collect();
    let count = items.len();
    spoil::list(&mut items, call.fault);
    inside.counts.items_served += items.len() as u64;
    let mut answer =
        json!({"kind": kind, "etag": "e", "pageInfo": {"totalResults": count, "resultsPerPage": size}, "items": items});
    if more {
        answer["nextPageToken"] = format!("after{}", skip + size).into();
    }
    Told::ok(answer)
}

pub(super) fn threads(inside: &mut Inside, call: &Call) -> Told {
    let world = &inside.world;
    let tops = forum::newest(world).filter(|said| said.kind == Kind::Comment && said.answers.is_none());
    let (video, of, named) = (call.text("videoId"), call.text("allThreadsRelatedToChannelId"), call.text("id"));
    if !video.is_empty() && video_of(world, video).is_none() {
        return no(StatusCode::NOT_FOUND, "videoNotFound", "The video could not be found.");
    }
    let place = (1..=PLACES).find(|place| channel(*place) == of);
    if !of.is_empty() && place.is_none() {
        return no(StatusCode::NOT_FOUND, "channelNotFound", "The channel could not be found.");
    }
    let told: Vec<Value> = tops
        .filter(|said| video.is_empty() || video_id(forum::first(world, said)) == video)
        .filter(|said| place.is_none_or(|place| said.place == place))
        .filter(|said| named.is_empty() || named.split(',').any(|id| comment_id(world, said) == id))
        .map(|said| thread(world, said))
        .collect();
    page(inside, call, "youtube#commentThreadListResponse", told)
}

pub(super) fn comments(inside: &mut Inside, call: &Call) -> Told {
    let world = &inside.world;
    let told: Vec<Value> = if call.text("parentId").is_empty() {
        let named = call.text("id").split(',').filter_map(|id| comment_of(world, id));
        named.map(|said| comment(world, said)).collect()
    } else {
        match comment_of(world, call.text("parentId")) {
            Some(first) => below(world, first).into_iter().map(|said| comment(world, said)).collect(),
            None => return no(StatusCode::NOT_FOUND, "commentNotFound", "The comment could not be found."),
        }
    };
    page(inside, call, "youtube#commentListResponse", told)
}

fn snippet(said: &Said) -> Value {
    json!({"publishedAt": time(said.at), "channelId": channel(said.place), "title": title(&said.text), "description": said.text,
        "channelTitle": title_of(said.place)})
}

pub(super) fn search(inside: &mut Inside, call: &Call) -> Told {
    let words: Vec<String> = call.text("q").to_lowercase().split_whitespace().map(str::to_owned).collect();
    let after = Timestamp::parse(call.text("publishedAfter")).map_or(0, Timestamp::as_secs);
    let found = forum::newest(&inside.world).filter(|said| said.kind == Kind::Post && said.at >= after);
    let told: Vec<Value> = found
        .filter(|said| words.iter().all(|word| said.folded.contains(word.as_str())))
        .map(|said| json!({"kind": "youtube#searchResult", "etag": "e", "id": {"kind": "youtube#video", "videoId": video_id(said)}, "snippet": snippet(said)}))
        .collect();
    page(inside, call, "youtube#searchListResponse", told)
}

pub(super) fn videos(inside: &mut Inside, call: &Call) -> Told {
    let found = call.text("id").split(',').filter_map(|id| video_of(&inside.world, id));
    let told: Vec<Value> = found
        .map(|said| json!({"kind": "youtube#video", "etag": "e", "id": video_id(said), "snippet": snippet(said)}))
        .collect();
    page(inside, call, "youtube#videoListResponse", told)
}

/// One's own, or named ones.
pub(super) fn channels(call: &Call, own: Option<u64>) -> Told {
    let shown: Vec<u64> = if call.text("mine") == "true" {
        match own {
            Some(person) => vec![person],
            None => return no(StatusCode::UNAUTHORIZED, "authorizationRequired", "Login required."),
        }
    } else {
        (1..=PLACES).filter(|place| call.text("id").split(',').any(|id| id == channel(*place))).collect()
    };
    let told = |author: u64| {
        let name = forum::name(author);
        json!({"kind": "youtube#channel", "etag": "e", "id": channel(author), "snippet": {"title": name, "customUrl": format!("@{name}"),
            "publishedAt": time(1_400_000_000)}})
    };
    let items: Vec<Value> = shown.into_iter().map(told).collect();
    Told::ok(
        json!({"kind": "youtube#channelListResponse", "etag": "e", "pageInfo": {"totalResults": items.len(), "resultsPerPage": 5}, "items": items}),
    )
}
