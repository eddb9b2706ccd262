//! Looking posts up again: what they say and how many like them by now.

use molva_domain::Urn;

use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::session::{Item, Session};

/// How a network is asked about posts that it told before. For networks where one cheap call answers for many.
pub trait Refresh: Send + Sync {
    /// Posts of one call.
    fn at_once(&self) -> u32;

    /// What the network says of posts now, in one call: those that it can look up among them, in any order. A post that is gone is
    /// [`Item::Deleted`]; of a post that it says nothing of nothing is known. Keeps what its limits reserve for replies.
    fn look_up<'a>(
        &'a self,
        session: &'a Session,
        posts: &'a [Urn],
    ) -> BoxFuture<'a, Result<Vec<Item>, ConnectorError>>;
}
