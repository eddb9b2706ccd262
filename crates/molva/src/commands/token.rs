//! `molva token`

use std::process::ExitCode;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use clap::{Subcommand, ValueEnum};
use molva_domain::Actor;
use rand::Rng as _;
use ring::digest;
use serde_json::json;

use crate::options::StoreOptions;
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Makes a token and prints its secret, once
    Create {
        /// What it is for
        name: String,

        /// What it may do; may be given several times
        #[arg(long, value_enum, required = true)]
        scope: Vec<Scope>,

        #[command(flatten)]
        store: StoreOptions,

        /// For machines
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Scope {
    /// Look at everything
    Read,
    /// Change mentions, topics and sources
    Write,
    /// Send posts
    Push,
}

impl Scope {
    const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Push => "push",
        }
    }
}

impl TokenCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Create { name, scope, store, json } = self;
        let (storage, workspace) = store.open().await?;
        let mut bytes = [0_u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        let secret = format!("molva_{}", BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let mut sha256 = [0_u8; 32];
        sha256.copy_from_slice(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref());
        let mut scopes: Vec<String> = scope.into_iter().map(|scope| scope.name().to_owned()).collect();
        scopes.sort();
        scopes.dedup();
        let token = storage.create_token(workspace, Actor::System, &name, &scopes, sha256).await?;
        if json {
            output::json(&json!({"id": token.id, "name": token.name, "scopes": token.scopes, "secret": secret}));
        } else {
            output::line(&secret);
            output::note("This is the only time the token is shown; send it as `Authorization: Bearer …`.");
        }
        Ok(ExitCode::SUCCESS)
    }
}
