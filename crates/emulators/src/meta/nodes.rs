//! One thing, asked for by its name.

use serde_json::{Value, json};

use super::call::{Answer, Call, Refusal, Token, own};
use super::fields::{self, Field};
use super::ids::{self, Node};
use super::{consent, render};
use crate::sandbox::Inside;
use crate::world::{Kind, Said, World, title_of};

/// Things asked for in one call.
const MOST_IDS: usize = 50;

/// `debug_token`: whose a token is, what it may, when it ends.
pub(super) fn debug_token(inside: &Inside, call: &Call) -> Answer {
    let asked = call.required("input_token")?;
    let Some(token) = Token::of(asked).or_else(|| consent::page_token(inside, asked)) else {
        let error = json!({"code": 190, "message": "The access token could not be decrypted"});
        return Ok(json!({"data": {"error": error, "is_valid": false, "scopes": []}}));
    };
    let fixed = || token.scopes().into_iter().map(str::to_owned).collect();
    let scopes: Vec<String> = consent::rights_of(inside, asked).unwrap_or_else(fixed);
    let ends = if token.ended { call.now - 86_400 } else { 0 };
    let mut data = json!({
        "app_id": "1234567890", "type": "PAGE", "application": "Molva emulator", "expires_at": ends, "is_valid": !token.ended,
        "data_access_expires_at": call.now + 60 * 86_400, "issued_at": call.now - 86_400, "profile_id": ids::page(token.place),
        "scopes": scopes, "user_id": ids::person(1_001),
        "granular_scopes": scopes.iter().map(|scope| json!({ "scope": scope })).collect::<Vec<_>>(),
    });
    if token.ended {
        data["error"] =
            json!({"code": 190, "subcode": 463, "message": "Error validating access token: Session has expired"});
    }
    Ok(json!({ "data": data }))
}

/// Many things asked for by their names: all of them, or nothing.
pub(super) fn several(inside: &mut Inside, call: &Call) -> Answer {
    let ids: Vec<&str> = call.required("ids")?.split(',').collect();
    if ids.len() > MOST_IDS {
        return Err(Refusal::new(100, "(#100) Too many IDs"));
    }
    let mut told = serde_json::Map::new();
    for id in ids {
        let node = Node::of(id).ok_or_else(|| Refusal::gone(id))?;
        told.insert(id.to_owned(), get(inside, call, node)?);
    }
    Ok(Value::Object(told))
}

pub(super) fn get(inside: &mut Inside, call: &Call, node: Node) -> Answer {
    let world = &inside.world;
    let wanted = call.text("fields").map(fields::parse);
    let (whole, usual): (Value, &str) = match node {
        Node::Page(place) => (page(place), "id,name"),
        Node::Person(person) => (json!({"id": ids::person(person), "name": render::person_name(person)}), "id,name"),
        Node::Account(place) => {
            own(call, place)?;
            return account(world, place, wanted.unwrap_or_default());
        }
        Node::Thing { place, id } => {
            let said = standing(world, place, id)?;
            match said.kind {
                Kind::Post | Kind::Topic => (render::post(world, said), "id,message,created_time"),
                Kind::Comment => (render::comment(world, said), "id,message,created_time,from"),
                Kind::TopicComment => (render::story(said), "id,message,created_time"),
                Kind::Message => (message(said, false), "id,created_time"),
            }
        }
        Node::Media { place, id } => {
            let said = standing(world, place, id)?;
            match said.kind {
                Kind::Post | Kind::Topic => (render::media(world, said), "id"),
                _ => (render::media_comment(world, said), "id,text,timestamp"),
            }
        }
    };
    Ok(fields::pick(&whole, &wanted.unwrap_or_else(|| fields::parse(usual))))
}

/// A private message, by name.
pub(super) fn message(said: &Said, on_instagram: bool) -> Value {
    let own = if on_instagram { ids::account(said.place) } else { ids::page(said.place) };
    let mut from = render::author(said);
    if matches!(said.who, crate::world::Who::Place) {
        from["id"] = own.clone().into();
    }
    if on_instagram {
        from["username"] = render::username(said).into();
    }
    json!({
        "id": format!("m_{}", ids::thing(said.place, said.id)), "created_time": render::time(said.at), "message": said.text,
        "from": from, "to": {"data": [{"id": own}]},
    })
}

fn page(place: u64) -> Value {
    json!({
        "id": ids::page(place), "name": title_of(place), "username": format!("brand{place}"), "category": "Telecom Company",
        "link": format!("https://www.facebook.com/brand{place}"), "fan_count": 1_000 * place, "followers_count": 1_000 * place,
        "instagram_business_account": {
            "id": ids::account(place), "username": format!("brand{place}"), "name": title_of(place),
        },
    })
}

fn account(world: &World, place: u64, wanted: Vec<Field>) -> Answer {
    let whole = json!({
        "id": ids::account(place), "username": format!("brand{place}"), "name": title_of(place), "followers_count": 2_000 * place,
        "media_count": world.of(place, Kind::Post).count(), "profile_picture_url": "https://scontent.example/brand.jpg",
    });
    let mut picked = fields::pick(&whole, &wanted);
    for field in &wanted {
        let asked = match field.name.as_str() {
            "mentioned_comment" => field.modifier("comment_id"),
            "mentioned_media" => field.modifier("media_id"),
            _ => continue,
        };
        let Some(Node::Media { place: there, id }) = asked.and_then(Node::of) else {
            return Err(Refusal::new(100, "(#100) Param must be a valid ID"));
        };
        if there != place {
            return Err(Refusal::new(10, "(#10) The account is not mentioned there"));
        }
        let said = standing(world, place, id)?;
        let one =
            if said.kind == Kind::Topic { render::media(world, said) } else { render::media_comment(world, said) };
        picked[&field.name] = fields::pick(&one, &field.inner);
    }
    Ok(picked)
}

/// What is still there.
pub(super) fn standing(world: &World, place: u64, id: u64) -> Result<&Said, Refusal> {
    world.find(place, id).filter(|said| !said.deleted).ok_or_else(|| Refusal::gone(&ids::thing(place, id)))
}
