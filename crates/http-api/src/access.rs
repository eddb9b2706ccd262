//! Who may call what: the table of routes, who is calling, and the gate between them. What is not in the table is refused.

pub(crate) mod attempts;
pub(crate) mod caller;
pub(crate) mod gate;
pub(crate) mod idempotency;
pub(crate) mod origin;
pub(crate) mod password;
pub(crate) mod peer;
pub(crate) mod session_cookie;
pub(crate) mod table;
