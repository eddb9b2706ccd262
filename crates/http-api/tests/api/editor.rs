//! What an editor of queries asks.

use serde_json::{Value, json};

use crate::actors::{Actor, World};

async fn ask(actor: &Actor, what: &str, body: Value) -> Value {
    actor.post(&format!("/api/queries/{what}"), body).await.expect(200)
}

/// The part of a text that an answer points at.
fn pointed(units: &[u16], place: &Value) -> String {
    let number = |key: &str| usize::try_from(place[key].as_u64().expect("a number")).expect("small");
    String::from_utf16(&units[number("start")..number("end")]).expect("whole characters")
}

#[tokio::test]
async fn a_check_tells_the_forms_of_words_and_the_parts_of_the_query() {
    let world = World::start().await;
    let owner = world.owner().await;
    owner.post("/api/lists", json!({"name": "бренды", "kind": "words", "entries": ["мегафон"]})).await.expect(201);
    let query = "😀 (кредит OR =вклад OR list:бренды) NOT вакансия";
    let units: Vec<u16> = query.encode_utf16().collect();
    let checked = ask(&owner, "check", json!({"query": query})).await;
    assert_eq!(checked["valid"], true, "{checked}");
    // How rare the words are was not counted yet, but that some are demanded is known.
    assert!(checked["cost"]["looks_per_million"].is_u64(), "{}", checked["cost"]);
    let words = checked["words"].as_array().expect("words");
    let written: Vec<_> = words.iter().map(|word| (pointed(&units, word), word["written"].clone())).collect();
    let expected = [("кредит".to_owned(), json!("кредит")), ("вакансия".to_owned(), json!("вакансия"))];
    assert_eq!(written, expected, "neither exact words nor the entries of lists");
    let lexeme = &words[0]["lexemes"][0];
    assert_eq!((&lexeme["lemma"], &lexeme["language"]), (&json!("кредит"), &json!("ru")), "{lexeme}");
    let forms = lexeme["forms"].as_array().expect("forms");
    assert!(forms.contains(&json!("кредитами")), "{lexeme}");
    assert!(lexeme["forms_total"].as_u64() >= Some(forms.len() as u64), "{lexeme}");
    let clauses = checked["clauses"].as_array().expect("clauses");
    let clauses: Vec<_> = clauses.iter().map(|clause| (pointed(&units, clause), clause["role"].clone())).collect();
    assert!(clauses.contains(&("NOT вакансия".to_owned(), json!("excluded"))), "{clauses:?}");
    assert!(clauses.contains(&("=вклад".to_owned(), json!("any"))), "{clauses:?}");

    let fields = ask(&owner, "check", json!({"query": "lang:ru"})).await;
    assert_eq!(fields["cost"], json!({"class": "every_post", "looks_per_million": null}));
    let blank = ask(&owner, "check", json!({"query": " "})).await;
    let nothing = json!({
        "valid": false, "diagnostics": [], "explanation": "", "words": [], "clauses": [], "cost": null,
    });
    assert_eq!(blank, nothing);
}

#[tokio::test]
async fn fields_that_are_known_later_are_read_for_mentions_only() {
    let world = World::start().await;
    let owner = world.owner().await;
    let query = "билайн tone:negative";
    assert_eq!(ask(&owner, "check", json!({"query": query})).await["valid"], false);
    assert_eq!(ask(&owner, "check", json!({"query": query, "scope": "topic"})).await["valid"], false);
    assert_eq!(ask(&owner, "check", json!({"query": query, "scope": "mentions"})).await["valid"], true);
    let unknown = owner.post("/api/queries/check", json!({"query": query, "scope": "world"})).await;
    assert_eq!(unknown.problem(), (422, "invalid_fields"));
}

#[tokio::test]
async fn effects_tell_what_each_part_brings_and_takes() {
    let world = World::start().await;
    let owner = world.owner().await;
    let program = world.token(&["push"]).await;
    let source = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
    let push = format!("/api/push/{}", source["id"].as_str().expect("an id"));
    let texts = ["Билайн лежит", "Билайн ищет: вакансия", "МТС и Билайн", "МТС", "погода"];
    let posts: Vec<_> = texts.iter().enumerate().map(|(id, text)| json!({"id": id, "text": text})).collect();
    program.post(&push, json!(posts)).await.expect(202);
    let query = "(билайн OR мтс) NOT вакансия";
    let units: Vec<u16> = query.encode_utf16().collect();
    let effects = ask(&owner, "effects", json!({"query": query})).await;
    assert_eq!(
        (&effects["scanned"], &effects["matched"], &effects["cut_short"]),
        (&json!(5), &json!(3), &json!(false))
    );
    let told: Vec<_> = effects["clauses"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|clause| (pointed(&units, clause), clause["role"].clone(), clause["change"].clone()))
        .collect();
    let expected = [
        ("билайн".to_owned(), json!("any"), json!(1)),
        ("мтс".to_owned(), json!("any"), json!(1)),
        ("NOT вакансия".to_owned(), json!("excluded"), json!(-1)),
    ];
    assert_eq!(told, expected);
    let broken = owner.post("/api/queries/effects", json!({"query": "билайн AND (тариф"})).await;
    assert_eq!(broken.problem(), (422, "query_has_errors"));
}

#[tokio::test]
async fn a_formatted_query_means_what_it_meant() {
    let world = World::start().await;
    let owner = world.owner().await;
    let query = "( билайн   OR beeline )   NOT вакансия";
    let formatted = ask(&owner, "format", json!({"query": query})).await["query"].as_str().expect("a query").to_owned();
    let (before, after) = (molva_query::parse(query), molva_query::parse(&formatted));
    let canonical = |parsed: molva_query::Parsed| parsed.query.expect("sound").canonical();
    assert_eq!(canonical(after), canonical(before));
    let broken = owner.post("/api/queries/format", json!({"query": "билайн AND ("})).await;
    assert_eq!(broken.problem(), (422, "query_has_errors"));
    assert!(broken.body["diagnostics"].as_array().is_some_and(|diagnostics| !diagnostics.is_empty()));
}

#[tokio::test]
async fn a_query_of_another_product_comes_back_in_ours() {
    let world = World::start().await;
    let owner = world.owner().await;
    for dialect in ["brandwatch", "youscan", "talkwalker", "meltwater"] {
        let imported = ask(&owner, "import", json!({"query": "билайн AND тариф", "dialect": dialect})).await;
        assert!(imported["query"].as_str().is_some_and(|query| query.contains("билайн")), "{dialect}: {imported}");
        assert!(imported["notes"].is_array() && imported["diagnostics"].is_array(), "{dialect}: {imported}");
    }
    let unknown = owner.post("/api/queries/import", json!({"query": "билайн", "dialect": "latin"})).await;
    assert_eq!(unknown.problem(), (422, "invalid_fields"));
}

#[tokio::test]
async fn the_words_of_the_language_are_told_in_the_readers_language() {
    let world = World::start().await;
    let reader = world.token(&["read"]).await;
    let owner = world.owner().await;
    let authors = json!({"name": "Блогеры", "kind": "authors", "entries": ["@anna", "@oleh"]});
    owner.post("/api/lists", authors).await.expect(201);
    let english = reader.get("/api/queries/language").await.expect(200);
    let russian = reader.with("accept-language", "ru").get("/api/queries/language").await.expect(200);
    assert_eq!(english["lists"], json!([{"name": "Блогеры", "kind": "authors", "size": 2}]));
    let field = |language: &Value, name: &str| {
        let fields = language["fields"].as_array().into_iter().flatten();
        fields.clone().find(|field| field["name"] == name).cloned().expect("the field")
    };
    assert_eq!(field(&english, "tone")["stage"], "judged");
    assert_eq!(field(&english, "tone")["values"], json!(["negative", "neutral", "positive"]));
    assert_ne!(field(&english, "network")["about"], field(&russian, "network")["about"]);
    assert!(english["operators"].as_array().is_some_and(|operators| operators.len() > 5));
}

#[tokio::test]
async fn a_query_may_have_a_hundred_thousand_characters_and_no_more() {
    let world = World::start().await;
    let owner = world.owner().await;
    let comment = |characters: usize| format!("билайн <<<{}>>>", "я".repeat(characters - 13));
    let longest = ask(&owner, "check", json!({"query": comment(100_000)})).await;
    assert_eq!(longest["valid"], true, "{}", longest["diagnostics"]);
    for what in ["check", "effects", "format", "preview"] {
        let refused = owner.post(&format!("/api/queries/{what}"), json!({"query": comment(100_001)})).await;
        assert_eq!(
            (refused.problem(), &refused.body["errors"][0]["code"]),
            ((422, "invalid_fields"), &json!("too_long"))
        );
    }
}
