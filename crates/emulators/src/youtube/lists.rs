//! What is read: channels, videos, threads, replies.

use std::collections::HashSet;

use axum::http::StatusCode;
use molva_domain::Timestamp;
use serde_json::{Value, json};

use super::no;
use crate::counts::Counts;
use crate::forum;
use crate::rest::{Call, Told, title};
use crate::sandbox::Inside;
use crate::searching::Search;
use crate::spoil;
use crate::world::{Kind, PLACES, Said, World, title_of};

/// Replies that come with a thread.
const INLINE: usize = 5;

/// Numbers of the comments that wait for the channel's review.
pub(super) type Held = HashSet<u64>;

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
fn below<'a>(world: &'a World, first: &'a Said) -> impl Iterator<Item = &'a Said> {
    let fellows = world.under(first.place, first.under.unwrap_or(0));
    fellows.filter(|said| said.answers.is_some() && top(world, said).number == first.number)
}

/// With the replies that are held, or with the others.
fn thread(world: &World, said: &Said, held: impl Fn(&Said) -> bool) -> Value {
    let replies: Vec<&Said> = below(world, said).filter(|said| held(said)).collect();
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
    Told::ok(inside.world.find(place, id).map(|said| thread(&inside.world, said, |_| true)).unwrap_or_default())
}

/// A page of things; a token is how many came before.
fn page<'a>(
    (counts, most): (&mut Counts, usize),
    call: &Call,
    kind: &str,
    mut found: impl Iterator<Item = &'a Said>,
    tell: impl Fn(&'a Said) -> Value,
) -> Told {
    let skip: usize = call.text("pageToken").strip_prefix("after").and_then(|skip| skip.parse().ok()).unwrap_or(0);
    let usual = if kind == "youtube#searchListResponse" { 5 } else { 20 };
    let size = call.number("maxResults").and_then(|size| usize::try_from(size).ok()).unwrap_or(usual).clamp(1, 100);
    let size = size.min(most);
    let mut items: Vec<Value> = found.by_ref().skip(skip).take(size).map(tell).collect();
    let more = found.next().is_some();
    let count = items.len();
    spoil::list(&mut items, call.fault);
    counts.items_served += items.len() as u64;
    let mut answer =
        json!({"kind": kind, "etag": "e", "pageInfo": {"totalResults": count, "resultsPerPage": size}, "items": items});
    if more {
        answer["nextPageToken"] = format!("after{}", skip + size).into();
    }
    Told::ok(answer)
}

/// `caller` is whose token it is; only the owner of a channel is shown what waits for review there.
pub(super) fn threads(inside: &mut Inside, held: &Held, call: &Call, caller: Option<u64>) -> Told {
    let Inside { world, faults, counts, .. } = inside;
    let world = &*world;
    let (video, of, named) = (call.text("videoId"), call.text("allThreadsRelatedToChannelId"), call.text("id"));
    let filmed = video_of(world, video);
    if !video.is_empty() && filmed.is_none() {
        return no(StatusCode::NOT_FOUND, "videoNotFound", "The video could not be found.");
    }
    let place = (1..=PLACES).find(|place| channel(*place) == of);
    if !of.is_empty() && place.is_none() {
        return no(StatusCode::NOT_FOUND, "channelNotFound", "The channel could not be found.");
    }
    let status = call.text("moderationStatus");
    let of_held = !matches!(status, "" | "published");
    if of_held && (caller.is_none() || place.or(filmed.map(|video| video.place)) != caller) {
        let words = "One or more of the comment threads cannot be retrieved due to insufficient permissions.";
        return no(StatusCode::FORBIDDEN, "forbidden", words);
    }
    // Nothing here is taken for spam.
    let is_held = |said: &Said| of_held && status == "heldForReview" && held.contains(&said.number);
    let fits = |said: &Said| {
        if of_held { is_held(said) || below(world, said).any(is_held) } else { !held.contains(&said.number) }
    };
    let tops = forum::newest(world).filter(|said| said.kind == Kind::Comment && said.answers.is_none());
    let found = tops
        .filter(|said| filmed.is_none_or(|video| (said.place, said.under) == (video.place, Some(video.id))))
        .filter(|said| place.is_none_or(|place| said.place == place))
        .filter(|said| named.is_empty() || named.split(',').any(|id| comment_id(world, said) == id))
        .filter(|said| fits(said));
    let tell = |said| thread(world, said, |reply: &Said| held.contains(&reply.number) == of_held);
    page((counts, faults.page), call, "youtube#commentThreadListResponse", found, tell)
}

pub(super) fn comments(inside: &mut Inside, held: &Held, call: &Call) -> Told {
    let Inside { world, faults, counts, .. } = inside;
    let (world, kind, room) = (&*world, "youtube#commentListResponse", (counts, faults.page));
    let shown = |said: &&Said| !held.contains(&said.number);
    let tell = |said| comment(world, said);
    if call.text("parentId").is_empty() {
        let named = || call.text("id").split(',').filter_map(|id| comment_of(world, id)).filter(shown);
        if named().next().is_none() {
            return no(StatusCode::NOT_FOUND, "commentNotFound", "One or more of the comments could not be found.");
        }
        return page(room, call, kind, named(), tell);
    }
    match comment_of(world, call.text("parentId")) {
        Some(first) => page(room, call, kind, below(world, first).filter(shown), tell),
        None => no(StatusCode::NOT_FOUND, "commentNotFound", "The comment could not be found."),
    }
}

fn snippet(said: &Said) -> Value {
    json!({"publishedAt": time(said.at), "channelId": channel(said.place), "title": title(&said.text), "description": said.text,
        "channelTitle": title_of(said.place)})
}

pub(super) fn search(inside: &mut Inside, call: &Call) -> Told {
    let Inside { world, faults, counts, .. } = inside;
    let asked_for = Search::read(call.text("q"), true);
    let after = Timestamp::parse(call.text("publishedAfter")).map_or(0, Timestamp::as_secs);
    let found = forum::newest(world)
        .filter(|said| said.kind == Kind::Post && said.at >= after)
        .filter(|said| asked_for.finds(&said.folded));
    let tell = |said: &Said| {
        let id = json!({"kind": "youtube#video", "videoId": video_id(said)});
        json!({"kind": "youtube#searchResult", "etag": "e", "id": id, "snippet": snippet(said)})
    };
    page((counts, faults.page), call, "youtube#searchListResponse", found, tell)
}

pub(super) fn videos(inside: &mut Inside, call: &Call) -> Told {
    let Inside { world, faults, counts, .. } = inside;
    let world = &*world;
    let found = || call.text("id").split(',').filter_map(|id| video_of(world, id));
    if found().next().is_none() {
        return no(StatusCode::NOT_FOUND, "videoNotFound", "The video could not be found.");
    }
    let comments = |said: &Said| world.under(said.place, said.id).count().to_string();
    let tell = |said: &Said| {
        json!({"kind": "youtube#video", "etag": "e", "id": video_id(said), "snippet": snippet(said),
            "statistics": {"viewCount": (10 * said.number).to_string(), "likeCount": "0", "commentCount": comments(said)}})
    };
    page((counts, faults.page), call, "youtube#videoListResponse", found(), tell)
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
