//! Dependencies point inward: the edges between the crates, held by `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context as _, ensure};
use molva_e2e::environment::workspace_root;
use serde_json::Value;

/// crate -> what it may use. A new edge is a decision: it is written here and in ARCHITECTURE.md.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("text", &["domain"]),
    ("query", &["domain", "text"]),
    ("matcher", &["domain", "text", "query"]),
    ("demo-stream", &["domain"]),
    ("enrichment", &["domain", "text"]),
    ("encoder", &["enrichment"]),
    ("archive", &["domain", "text", "query"]),
    ("connectors", &["domain", "demo-stream"]),
    // Stand-ins for networks: a sandbox, and the other end of tests.
    ("emulators", &["domain", "demo-stream"]),
    ("storage", &["domain"]),
    ("exports", &["domain", "query", "archive", "storage"]),
    ("pipeline", &["domain", "text", "query", "matcher", "enrichment", "archive", "connectors", "storage"]),
    ("insights", &["domain", "text", "query", "archive"]),
    ("http-api", &["domain", "text", "query", "archive", "connectors", "storage", "pipeline", "insights", "exports"]),
    ("web-ui", &[]),
    (
        "molva",
        &[
            "domain",
            "demo-stream",
            "text",
            "query",
            "matcher",
            "enrichment",
            "encoder",
            "archive",
            "connectors",
            "emulators",
            "storage",
            "pipeline",
            "exports",
            "http-api",
            "web-ui",
        ],
    ),
    ("e2e", &[]),
    // Makes files of the repository; no part of the product.
    ("xtask", &["text"]),
];

/// What the pure crates must never know: runtimes, sockets, databases.
const PURE: &[&str] = &["domain", "text", "query", "matcher", "enrichment", "demo-stream"];
const IMPURE_LIBRARIES: &[&str] = &["tokio", "reqwest", "sqlx", "axum", "futures-util", "hyper", "tracing"];

#[test]
fn crates_use_only_what_lies_inward() -> anyhow::Result<()> {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ALLOWED.iter().map(|(name, uses)| (*name, uses.iter().copied().collect())).collect();
    for (name, uses) in dependencies()? {
        let known = allowed
            .get(name.as_str())
            .with_context(|| format!("the crate `{name}` is not in the table of this test"))?;
        let forbidden: Vec<&String> =
            uses.iter().filter(|used| allowed.contains_key(used.as_str()) && !known.contains(used.as_str())).collect();
        ensure!(forbidden.is_empty(), "`{name}` uses {forbidden:?}, which lie outward of it");
    }
    Ok(())
}

#[test]
fn pure_crates_know_no_runtime_no_socket_and_no_database() -> anyhow::Result<()> {
    for (name, uses) in dependencies()? {
        let impure: Vec<&String> = uses.iter().filter(|used| IMPURE_LIBRARIES.contains(&used.as_str())).collect();
        ensure!(impure.is_empty() || !PURE.contains(&name.as_str()), "`{name}` does no I/O but uses {impure:?}");
        let holds_sql = uses.contains("sqlx");
        ensure!(!holds_sql || name == "storage", "SQL lives in `storage`, but `{name}` uses sqlx");
    }
    Ok(())
}

/// Normal dependencies of each crate of the workspace, without the `molva-` in front.
fn dependencies() -> anyhow::Result<BTreeMap<String, BTreeSet<String>>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(workspace_root())
        .output()?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let short = |name: &Value| name.as_str().map(|name| name.strip_prefix("molva-").unwrap_or(name).to_owned());
    let mut found = BTreeMap::new();
    for package in metadata["packages"].as_array().context("no packages")? {
        let uses = package["dependencies"].as_array().into_iter().flatten();
        let uses =
            uses.filter(|dependency| dependency["kind"].is_null()).filter_map(|dependency| short(&dependency["name"]));
        found.insert(short(&package["name"]).context("a package without a name")?, uses.collect());
    }
    ensure!(
        found.len() == ALLOWED.len(),
        "the table of this test has {} crates, the workspace {}",
        ALLOWED.len(),
        found.len()
    );
    Ok(found)
}
