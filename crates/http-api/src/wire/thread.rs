//! A conversation: what was said, what we answered, what was answered to that.

use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::{Mention, Reply};

/// What stands in a thread.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ThreadEntry {
    /// What somebody said.
    Mention { mention: Box<Mention> },
    /// What we answered, or are about to.
    Reply { reply: Box<Reply> },
}
