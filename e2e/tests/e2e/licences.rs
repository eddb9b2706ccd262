//! What is built in: only under licences that `deny.toml` allows, and nothing that it bans. Known faults of libraries are not looked
//! up here, because their list lies outside the registries: `cargo deny check` does that before a release.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context as _, ensure};
use molva_e2e::environment::workspace_root;
use serde::Deserialize;

#[derive(Deserialize)]
struct Rules {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: BTreeSet<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    allow: BTreeSet<String>,
    #[serde(rename = "crate")]
    name: String,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
}

#[test]
fn every_library_comes_under_an_allowed_licence_and_none_is_banned() -> anyhow::Result<()> {
    let rules: Rules = toml::from_str(&std::fs::read_to_string(workspace_root().join("deny.toml"))?)?;
    let packages = packages()?;
    let mut wrong = Vec::new();
    for Package { name, version, license } in &packages {
        let exceptions = || rules.licenses.exceptions.iter().filter(|exception| exception.name == *name);
        let allowed = |licence: &str| {
            rules.licenses.allow.contains(licence) || exceptions().any(|exception| exception.allow.contains(licence))
        };
        match license {
            Some(terms) if holds(terms, &allowed) => {}
            terms => wrong.push(format!("`{name}` {version} is under {terms:?}, which `deny.toml` does not allow")),
        }
        wrong.extend(
            rules.bans.deny.iter().filter(|ban| ban.name == *name).map(|ban| format!("`{name}`: {}", ban.reason)),
        );
    }
    for exception in &rules.licenses.exceptions {
        let used = packages.iter().any(|package| package.name == exception.name);
        ensure!(used, "`deny.toml` makes an exception for `{}`, which nobody uses: take it out", exception.name);
    }
    assert!(packages.len() > 300, "the libraries were found: {}", packages.len());
    assert_eq!(wrong, Vec::<String>::new());
    Ok(())
}

/// Everything that a build for this machine's kind needs, and nothing that it has not fetched.
fn packages() -> anyhow::Result<Vec<Package>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(cargo)
        .args(["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", &platform])
        .current_dir(workspace_root())
        .output()?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("what `cargo metadata` said")?;
    Ok(metadata.packages)
}

/// Whether an expression of SPDX can be met with what is allowed: `OR` binds weaker than `AND`, `/` is its older spelling.
fn holds(terms: &str, allowed: &impl Fn(&str) -> bool) -> bool {
    let spaced = terms.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let held = either(&mut words, allowed);
    held && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>, allowed: &impl Fn(&str) -> bool) -> bool {
    let mut held = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        held |= both(words, allowed);
    }
    held
}

fn both(words: &mut Words<'_>, allowed: &impl Fn(&str) -> bool) -> bool {
    let mut held = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        held &= one(words, allowed);
    }
    held
}

fn one(words: &mut Words<'_>, allowed: &impl Fn(&str) -> bool) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let held = either(words, allowed);
        return words.next() == Some(")") && held;
    }
    let Some(name) = words.next() else { return false };
    let whole = match words.next_if_eq(&"WITH").and_then(|_| words.next()) {
        Some(exception) => format!("{name} WITH {exception}"),
        None => name.to_owned(),
    };
    allowed(&whole)
}

#[test]
fn an_expression_of_licences_holds_when_it_can_be_met() {
    let allowed = |licence: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&licence);
    for held in ["MIT", "GPL-3.0 OR MIT", "GPL-3.0/MIT", "(GPL-3.0 OR MIT) AND ISC", "Apache-2.0 WITH LLVM-exception"] {
        assert!(holds(held, &allowed), "{held}");
    }
    for broken in ["", "GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "(MIT", "MIT MIT", "GPL-3.0 OR (MIT AND GPL-3.0)"] {
        assert!(!holds(broken, &allowed), "{broken}");
    }
}
