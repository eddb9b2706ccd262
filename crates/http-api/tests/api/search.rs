//! Search over a real archive that follows a real store.

mod change;
mod facets;
mod refused;
mod results;

use serde_json::{Value, json};

use crate::actors::{Actor, Answer, World, id};

/// Posts pushed: 60 of one topic, every third of them of both, four exact copies.
const POSTS: usize = 60;

struct Bench {
    world: World,
    owner: Actor,
    /// Ids of the topics.
    one: String,
    two: String,
}

fn items(answer: &Value) -> &[Value] {
    answer["items"].as_array().expect("items")
}

fn ids(answer: &Value) -> Vec<String> {
    items(answer).iter().map(id).collect()
}

async fn topic(owner: &Actor, name: &str, query: &str) -> String {
    let topic = json!({"name": name, "level": "brand", "kind": "own", "query": query});
    id(&owner.post("/api/topics", topic).await.expect(201))
}

fn post(number: usize) -> Value {
    let day = 1 + number % 28;
    let third = if number.is_multiple_of(3) { "звенора" } else { "брамтел" };
    let mut post = json!({
        "id": number.to_string(),
        "text": format!("связь {third} пропала, день {number} #обрыв{}", number % 4),
        "published": format!("2026-03-{day:02}T{:02}:15:00Z", number % 24),
        "network": (["vk", "forum", "mastodon"][number % 3]),
        "kind": (["post", "comment"][number % 2]),
        "language": (["ru", "uk"][number % 2]),
        "author": {"handle": format!("anna{}", number % 7), "name": format!("Анна {}", number % 7), "followers": number * 10},
    });
    if !number.is_multiple_of(5) {
        let (city, region, country) = [("Гродно", "Гродненская область", "BY"), ("Київ", "Київ", "UA")][number % 2];
        for (key, value) in [("city", city), ("region", region), ("country", country)] {
            post["author"][key] = json!(value);
        }
        post["community"] = json!({"key": format!("club{}", number % 2), "title": format!("Клуб {}", number % 2)});
        post["url"] = json!(format!("https://www.host{}.example/{number}", number % 3));
    }
    post
}

impl Bench {
    async fn start() -> Self {
        let world = World::start().await;
        let owner = world.owner().await;
        let one = topic(&owner, "Связь", "связь").await;
        let two = topic(&owner, "Звенора", "звенора").await;
        let bench = Self { world, owner, one, two };
        let mut posts: Vec<Value> = (0..POSTS).map(post).collect();
        for number in 0..4 {
            let mut copy = post(number);
            copy["id"] = json!(format!("copy {number}"));
            copy["published"] = json!("2026-03-30T10:00:00Z");
            posts.push(copy);
        }
        bench.push(posts).await;
        bench
    }

    async fn push(&self, posts: Vec<Value>) {
        let name = format!("Отзывы {}", posts.len());
        let source = self.owner.post("/api/sources", json!({"connector": "push", "name": name})).await.expect(201);
        let program = self.world.token(&["push"]).await;
        let sent = program.post(&format!("/api/push/{}", id(&source)), json!(posts)).await.expect(202);
        assert_eq!(sent["stored"], posts.len(), "{sent}");
        self.owner.archive_caught_up().await;
    }

    async fn ask(&self, path: &str, body: Value) -> Value {
        self.owner.post(path, body).await.expect(200)
    }

    async fn count(&self, selection: &Value) -> u64 {
        let counted = self.ask("/api/search/count", json!({"selection": selection})).await;
        assert_eq!((&counted["incomplete"], &counted["missing"]), (&Value::Null, &json!([])));
        counted["count"].as_u64().expect("a count")
    }

    /// Ids of everything that is found, read in pages.
    async fn all(&self, selection: &Value, order: &str, limit: u64) -> Vec<String> {
        let (mut found, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let body = json!({"selection": selection, "order": order, "limit": limit, "cursor": cursor});
            let page = self.ask("/api/search", body).await;
            found.extend(ids(&page));
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                return found;
            }
            assert_eq!(items(&page).len() as u64, limit, "only the last page is short");
        }
    }
}

/// A selection with one more part.
fn with(selection: &Value, part: &str, value: Value) -> Value {
    let mut selection = selection.clone();
    selection[part] = value;
    selection
}

/// Field and code of everything that is wrong.
fn errors(answer: &Answer) -> Vec<(&str, &str)> {
    let errors = answer.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors
        .iter()
        .map(|error| (error["field"].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default()))
        .collect()
}
