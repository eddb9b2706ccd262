//! Who may call what, tried on every route of the document.

use reqwest::Method;
use serde_json::Value;

use crate::actors::{Actor, World};

/// An operation as the document tells of it.
struct Operation {
    method: Method,
    path: String,
    /// Scopes a token needs; `None` where no token is taken.
    scope: Option<String>,
    /// A session opens it.
    by_session: bool,
    /// It may be called without either.
    open: bool,
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&molva_http_api::openapi_json()).expect("JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let ways = operation["security"].as_array().expect("security is named for every operation");
            let token = ways.iter().find_map(|way| way["token"][0].as_str());
            operations.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.replace("{id}", "1").replace("{source_id}", "1"),
                scope: token.map(ToOwned::to_owned),
                by_session: ways.iter().any(|way| way.get("session").is_some()),
                open: ways.is_empty() || ways.iter().any(|way| way.as_object().is_some_and(serde_json::Map::is_empty)),
            });
        }
    }
    assert!(operations.len() > 40, "only {} operations", operations.len());
    operations
}

/// Status and problem code; an answer that streams on is not read.
async fn call(actor: &Actor, operation: &Operation) -> (u16, String) {
    let response = actor.request(operation.method.clone(), &operation.path).send().await.expect("an answer");
    let status = response.status().as_u16();
    let code = if status < 400 {
        String::new()
    } else {
        response.json::<Value>().await.expect("a problem")["code"].to_string()
    };
    (status, code.trim_matches('"').to_owned())
}

#[tokio::test]
async fn every_route_refuses_strangers_and_tokens_without_its_scope() {
    let world = World::start().await;
    world.make_owner().await;
    let stranger = world.anonymous();
    for operation in operations() {
        let name = format!("{} {}", operation.method, operation.path);
        let (status, code) = call(&stranger, &operation).await;
        if operation.open {
            assert_ne!(code, "sign_in_required", "{name}");
        } else {
            assert_eq!((status, code.as_str()), (401, "sign_in_required"), "{name}");
        }
        let Some(scope) = &operation.scope else {
            if operation.by_session {
                let all = world.token(&["push", "read", "write"]).await;
                assert_eq!(call(&all, &operation).await, (403, "person_required".to_owned()), "{name}");
            }
            continue;
        };
        let others: Vec<&str> = ["push", "read", "write"].into_iter().filter(|other| other != scope).collect();
        let lacking = world.token(&others).await;
        assert_eq!(call(&lacking, &operation).await, (403, "scope_missing".to_owned()), "{name}");
        let having = world.token(&[scope]).await;
        let (status, code) = call(&having, &operation).await;
        assert!(status != 401 && status != 403 && status < 500, "{name}: {status} {code}");
    }
}

#[tokio::test]
async fn the_owner_reaches_every_route_that_a_session_opens() {
    let world = World::start().await;
    let owner = world.owner().await;
    for operation in operations().iter().filter(|operation| operation.by_session) {
        // Signing out is tried elsewhere: after it nothing else would be open.
        if operation.method == Method::DELETE && operation.path == "/api/session" {
            continue;
        }
        let (status, code) = call(&owner, operation).await;
        let name = format!("{} {}", operation.method, operation.path);
        assert!(status != 401 && status != 403 && status < 500, "{name}: {status} {code}");
    }
}
