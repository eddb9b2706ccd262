//! Connectors against servers: what is asked, what is delivered, what is refused.

#![allow(clippy::unwrap_used)]

mod corpus;
mod feed;
mod http;
mod polite;
mod wordpress;
mod world;
