//! Posts and comments as Reddit tells them: `t3` and `t1`.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::world::{Kind, PLACES, Said, Who, World};

/// Letters of a title, taken from the text.
const TITLE: usize = 60;

/// `t3_…` of a post, `t1_…` of a comment.
pub(super) fn name(said: &Said) -> String {
    full(said.kind, said.place, said.id)
}

pub(super) fn full(kind: Kind, place: u64, id: u64) -> String {
    let word = if kind == Kind::Post { "t3" } else { "t1" };
    format!("{word}_{}", base36(id * (PLACES + 1) + place))
}

/// What a full name stands for, also when it was removed.
pub(super) fn find<'a>(world: &'a World, name: &str) -> Option<&'a Said> {
    let (word, digits) = name.split_once('_')?;
    let number = u64::from_str_radix(digits, 36).ok()?;
    let said = world.find(number % (PLACES + 1), number / (PLACES + 1))?;
    let wanted = match word {
        "t3" => Kind::Post,
        "t1" => Kind::Comment,
        _ => return None,
    };
    (said.kind == wanted).then_some(said)
}

pub(super) fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
    }
    digits.iter().rev().collect()
}

pub(super) fn author(said: &Said) -> String {
    match said.who {
        Who::Person(person) => format!("person{person}"),
        Who::Place => format!("place{}_team", said.place),
    }
}

fn id(name: &str) -> &str {
    name.split_once('_').map_or(name, |(_, id)| id)
}

pub(super) fn title(said: &Said) -> String {
    said.text.lines().next().unwrap_or_default().chars().take(TITLE).collect()
}

fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let paragraphs: String = escaped.split("\n\n").map(|part| format!("<p>{part}</p>\n")).collect();
    format!("<div class=\"md\">{paragraphs}</div>")
}

/// A post or a comment, without what stands below it.
pub(super) fn thing(world: &World, said: &Said, locked: bool) -> Value {
    let name = name(said);
    let gone = |text: &str| if said.deleted { "[deleted]".to_owned() } else { text.to_owned() };
    let place = format!("place{}", said.place);
    let edited = said.edited_at.map_or(json!(false), |at| json!(at as f64));
    let mut data = json!({"id": id(&name), "name": name, "author": gone(&author(said)), "created_utc": said.at as f64, "created": said.at as f64,
        "edited": edited, "subreddit": place, "subreddit_id": format!("t5_{}", said.place), "subreddit_type": "public", "score": 1, "ups": 1,
        "downs": 0, "likes": null, "saved": false, "locked": locked, "stickied": false, "archived": false, "distinguished": null});
    let own = if said.kind == Kind::Post {
        let permalink = format!("/r/{place}/comments/{}/_/", id(&name));
        let comments = world.under(said.place, said.id).count();
        let url = format!("https://www.reddit.com{permalink}");
        json!({"title": title(said), "selftext": gone(&said.text), "selftext_html": html(&gone(&said.text)), "is_self": true,
            "permalink": permalink, "url": url, "num_comments": comments, "domain": format!("self.{place}"), "over_18": false})
    } else {
        let link = full(Kind::Post, said.place, said.under.unwrap_or(0));
        let parent = said.answers.map_or_else(|| link.clone(), |id| full(Kind::Comment, said.place, id));
        let above = said.under.and_then(|post| world.find(said.place, post));
        json!({"body": gone(&said.text), "body_html": html(&gone(&said.text)), "link_id": link, "parent_id": parent, "replies": "", "depth": 0,
            "link_title": above.map(title), "permalink": format!("/r/{place}/comments/{}/_/{}/", id(&link), id(&name)), "controversiality": 0})
    };
    if let (Some(data), Value::Object(own)) = (data.as_object_mut(), own) {
        data.extend(own);
    }
    json!({"kind": if said.kind == Kind::Post { "t3" } else { "t1" }, "data": data})
}

/// A list of things.
pub(super) fn list(children: Vec<Value>, after: Option<String>) -> Value {
    json!({"kind": "Listing", "data": {"modhash": null, "dist": children.len(), "children": children, "after": after, "before": null}})
}

/// What was said under a post, each comment with those below it.
pub(super) fn tree(world: &World, post: &Said, top: Option<u64>) -> Value {
    let mut below: HashMap<Option<u64>, Vec<&Said>> = HashMap::new();
    for said in world.under(post.place, post.id).filter(|said| said.kind == Kind::Comment) {
        below.entry(said.answers).or_default().push(said);
    }
    let first: Vec<&Said> = match top {
        Some(id) => world.find(post.place, id).into_iter().collect(),
        None => below.get(&None).cloned().unwrap_or_default(),
    };
    list(first.into_iter().map(|said| branch(world, said, &below, 0)).collect(), None)
}

fn branch(world: &World, said: &Said, below: &HashMap<Option<u64>, Vec<&Said>>, depth: u64) -> Value {
    let mut told = thing(world, said, false);
    told["data"]["depth"] = depth.into();
    if let Some(answers) = below.get(&Some(said.id)).filter(|_| depth < 60) {
        let answers = answers.iter().map(|said| branch(world, said, below, depth + 1)).collect();
        told["data"]["replies"] = list(answers, None);
    }
    told
}
