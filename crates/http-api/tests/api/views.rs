//! Saved views, annotations and the workspace, between people and programs.

use serde_json::{Value, json};

use crate::actors::{Actor, Answer, World};

fn view(name: &str, shared: bool) -> Value {
    json!({"name": name, "page": "search", "address": "?tone=negative&from=7d", "shared": shared})
}

fn address(made: &Value, folder: &str) -> String {
    format!("/api/{folder}/{}", made["id"].as_str().expect("an id"))
}

/// Names of what somebody sees.
async fn names(actor: &Actor) -> Vec<String> {
    let seen = actor.get("/api/views").await.expect(200);
    let items = seen["items"].as_array().expect("items");
    items.iter().map(|view| view["name"].as_str().expect("a name").to_owned()).collect()
}

/// Field and code of everything that is wrong.
fn errors(answer: &Answer) -> Vec<(&str, &str)> {
    let errors = answer.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors
        .iter()
        .map(|error| (error["field"].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default()))
        .collect()
}

#[tokio::test]
async fn a_view_is_saved_changed_and_deleted() {
    let world = World::start().await;
    let owner = world.owner().await;
    let me = owner.get("/api/session").await.expect(200);
    let made = owner.post("/api/views", view(" Жалобы ", false)).await;
    let location = made.header("location").to_owned();
    let made = made.expect(201);
    let expected = json!({
        "id": made["id"], "name": "Жалобы", "page": "search", "address": "tone=negative&from=7d", "shared": false,
        "owner": {"id": me["user"]["id"], "name": "Анна"}, "mine": true,
        "created_at": made["created_at"], "updated_at": made["created_at"],
    });
    assert_eq!((&made, location), (&expected, address(&made, "views")));
    assert_eq!(owner.get("/api/views").await.expect(200), json!({"items": [made]}));
    assert_eq!(owner.post("/api/views", view("жалобы", false)).await.problem(), (409, "name_taken"));

    let mut change = view("Жалобы", true);
    change["page"] = json!("questions");
    let changed = owner.put(&address(&made, "views"), change).await.expect(200);
    assert_eq!((&changed["page"], &changed["shared"]), (&json!("questions"), &json!(true)));
    owner.delete(&address(&made, "views")).await.expect(204);
    assert_eq!(owner.delete(&address(&made, "views")).await.problem(), (404, "not_found"));
    assert_eq!(names(&owner).await, [""; 0]);
}

#[tokio::test]
async fn views_of_others_are_seen_when_shared_and_changed_by_admins_alone() {
    let world = World::start().await;
    let (owner, boris) = (world.owner().await, world.person("boris", "Борис", "analyst").await);
    let own = boris.post("/api/views", view("Моя", false)).await.expect(201);
    let shared = boris.post("/api/views", view("Общая", true)).await.expect(201);
    let of_owner = owner.post("/api/views", view("Всем", true)).await.expect(201);
    assert_eq!(names(&boris).await, ["Всем", "Моя", "Общая"]);
    assert_eq!(names(&owner).await, ["Всем", "Общая"]);
    let seen = owner.get("/api/views").await.expect(200);
    assert_eq!((&seen["items"][1]["mine"], &seen["items"][1]["owner"]["name"]), (&json!(false), &json!("Борис")));

    let (own, shared, of_owner) = (address(&own, "views"), address(&shared, "views"), address(&of_owner, "views"));
    assert_eq!(boris.put(&of_owner, view("Взломана", true)).await.problem(), (403, "not_yours"));
    assert_eq!(boris.delete(&of_owner).await.problem(), (403, "not_yours"));
    assert_eq!(owner.put(&own, view("Взломана", true)).await.problem(), (404, "not_found"));
    assert_eq!(owner.delete(&own).await.problem(), (404, "not_found"));
    // An owner of the workspace tidies up what is shared; it stays its maker's.
    let changed = owner.put(&shared, view("Общая 2", true)).await.expect(200);
    assert_eq!((&changed["mine"], &changed["owner"]["name"]), (&json!(false), &json!("Борис")));
    owner.delete(&shared).await.expect(204);

    let (reader, writer) = (world.token(&["read"]).await, world.token(&["write"]).await);
    assert_eq!(names(&reader).await, ["Всем"]);
    assert_eq!(writer.post("/api/views", view("x", true)).await.status.as_u16(), 403, "a view belongs to a person");
    assert_eq!(world.anonymous().get("/api/views").await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_view_that_is_no_view_is_refused() {
    let world = World::start().await;
    let owner = world.owner().await;
    assert_eq!(errors(&owner.post("/api/views", view(" ", false)).await), [("name", "required")]);
    let mut long = view("Длинная", false);
    long["address"] = json!("x".repeat((16 << 10) + 1));
    assert_eq!(errors(&owner.post("/api/views", long).await), [("address", "too_long")]);
    let mut lines = view("Строки", false);
    lines["address"] = json!("a=b\nc=d");
    assert_eq!(errors(&owner.post("/api/views", lines).await), [("address", "control_characters")]);
    let mut page = view("Страница", false);
    page["page"] = json!("javascript:alert(1)");
    assert_eq!(errors(&owner.post("/api/views", page).await), [("page", "invalid_value")]);
    let mut more = view("Больше", false);
    more["owner"] = json!("1");
    assert_eq!(owner.post("/api/views", more).await.problem(), (422, "invalid_fields"));
    assert_eq!(names(&owner).await, [""; 0]);
}

#[tokio::test]
async fn a_view_saved_twice_under_one_key_is_saved_once() {
    let world = World::start().await;
    let owner = world.owner().await.with("idempotency-key", "view");
    let first = owner.post("/api/views", view("Жалобы", false)).await.expect(201);
    let again = owner.post("/api/views", view("Жалобы", false)).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(201), first);
}

#[tokio::test]
async fn an_annotation_is_written_by_a_program_and_changed_by_a_person() {
    let world = World::start().await;
    let (owner, program) = (world.owner().await, world.token(&["write"]).await);
    let topic = json!({"name": "Связь", "level": "brand", "kind": "own", "query": "связь"});
    let topic = owner.post("/api/topics", topic).await.expect(201);
    let note = json!({"at": "2026-03-01T12:00:00+03:00", "text": "Выпуск 4.2"});
    let made = program.post("/api/annotations", note).await.expect(201);
    let expected = json!({
        "id": made["id"], "at": "2026-03-01T09:00:00.000Z", "until": null, "text": "Выпуск 4.2", "topic_id": null,
        "author": made["author"], "created_at": made["created_at"],
    });
    assert_eq!(made, expected);
    assert!(made["author"]["name"].as_str().is_some_and(|name| name.starts_with("molva_")), "{made}");

    let change = json!({
        "at": "2026-03-01T09:00:00Z", "until": "2026-03-02T09:00:00Z", "text": "Авария", "topic_id": topic["id"],
    });
    let changed = owner.put(&address(&made, "annotations"), change.clone()).await.expect(200);
    assert_eq!((&changed["until"], &changed["topic_id"]), (&json!("2026-03-02T09:00:00.000Z"), &topic["id"]));
    assert_eq!(changed["author"], made["author"], "who changes it does not become its author");
    let topic_id = topic["id"].as_str().expect("an id");
    let found = |query: String| {
        let owner = owner.clone();
        async move {
            let found = owner.get(&format!("/api/annotations{query}")).await.expect(200);
            found["items"].as_array().map_or(0, Vec::len)
        }
    };
    assert_eq!(found(String::new()).await, 1);
    assert_eq!(found(format!("?topic={topic_id}&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z")).await, 1);
    assert_eq!(found("?from=2026-03-02T10:00:00Z".to_owned()).await, 0);
    assert_eq!(found("?topic=1".to_owned()).await, 0);

    for (field, code, mut body) in [
        ("topic_id", "unknown_topic", json!({"topic_id": "1"})),
        ("until", "before_at", json!({"until": "2026-03-01T09:00:00Z"})),
        ("text", "too_long", json!({"text": "я".repeat(501)})),
        ("at", "invalid_value", json!({"at": "вчера"})),
    ] {
        for (key, value) in change.as_object().expect("an object") {
            body.as_object_mut().expect("an object").entry(key).or_insert(value.clone());
        }
        let refused = owner.put(&address(&made, "annotations"), body).await;
        assert_eq!((refused.problem().0, errors(&refused)), (422, vec![(field, code)]));
    }
    assert_eq!(owner.get("/api/annotations?since=1").await.problem(), (422, "invalid_fields"));
    let reader = world.token(&["read"]).await;
    assert_eq!(reader.delete(&address(&made, "annotations")).await.status.as_u16(), 403);
    program.delete(&address(&made, "annotations")).await.expect(204);
    assert_eq!(owner.delete(&address(&made, "annotations")).await.problem(), (404, "not_found"));
}

#[tokio::test]
async fn the_workspace_counts_its_days_in_a_zone_of_its_own() {
    let world = World::start().await;
    let owner = world.owner().await;
    let workspace = owner.get("/api/workspace").await.expect(200);
    assert_eq!(workspace, json!({"id": world.workspace.to_string(), "name": "Отдел", "time_zone": "UTC"}));
    let changed = owner.patch("/api/workspace", json!({"time_zone": "Europe/Kyiv"})).await.expect(200);
    assert_eq!((&changed["name"], &changed["time_zone"]), (&json!("Отдел"), &json!("Europe/Kyiv")));
    assert_eq!(owner.get("/api/session").await.expect(200)["workspace"], changed);
    let wrong = owner.patch("/api/workspace", json!({"time_zone": "Europe/Nowhere", "name": ""})).await;
    assert_eq!(
        (wrong.problem().0, errors(&wrong)),
        (422, vec![("name", "required"), ("time_zone", "unknown_time_zone")])
    );
    assert_eq!(owner.get("/api/workspace").await.expect(200), changed);
    assert_eq!(world.token(&["read"]).await.patch("/api/workspace", json!({})).await.status.as_u16(), 403);
}
