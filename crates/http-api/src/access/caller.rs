//! Who is calling, as the gate found out.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use molva_domain::{Actor, UserId};
use molva_storage::token::Token;
use molva_storage::user::{Digest, User};

use crate::access::gate::sign_in_required;
use crate::problem::Problem;

/// Set by the gate on every request.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    Anonymous,
    Person(Person),
    Token(Token),
}

/// A signed-in person and the session they came with.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) user: User,
    pub(crate) session: Digest,
}

impl Caller {
    /// The person who is signed in.
    pub(crate) const fn user(&self) -> Option<UserId> {
        match self {
            Self::Person(person) => Some(person.user.id),
            Self::Anonymous | Self::Token(_) => None,
        }
    }

    /// What they are called.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Anonymous => "",
            Self::Person(person) => &person.user.name,
            Self::Token(token) => &token.name,
        }
    }

    /// Who is named in the event log.
    pub(crate) const fn actor(&self) -> Actor {
        match self {
            Self::Anonymous => Actor::System,
            Self::Person(person) => Actor::User(person.user.id),
            Self::Token(token) => Actor::Token(token.id),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().cloned().unwrap_or(Self::Anonymous))
    }
}

impl<S: Sync> FromRequestParts<S> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        match parts.extensions.get() {
            Some(Caller::Person(person)) => Ok(person.clone()),
            _ => Err(sign_in_required()),
        }
    }
}
