//! API tokens.

use molva_storage::token as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::{Id, Time};

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    Read,
    Write,
    Push,
}

impl Scope {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Push => "push",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Push].into_iter().find(|scope| scope.as_str() == word)
    }
}

/// An API token, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Token {
    pub id: Id,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: Time,
    /// To the minute.
    #[schema(required)]
    pub last_used_at: Option<Time>,
}

impl From<stored::Token> for Token {
    fn from(token: stored::Token) -> Self {
        Self {
            id: Id::of(token.id),
            name: token.name,
            scopes: token.scopes.iter().filter_map(|scope| Scope::parse(scope)).collect(),
            created_at: token.created_at.into(),
            last_used_at: token.last_used_at.map(Into::into),
        }
    }
}

/// A token to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    #[schema(min_items = 1)]
    pub scopes: Vec<Scope>,
}

/// A token that was just made.
#[derive(Clone, Serialize, ToSchema)]
pub struct CreatedToken {
    pub token: Token,
    /// Shown this once.
    pub secret: String,
}
