//! The built binary from outside. `scripts/test.sh e2e` builds it and starts the real servers; a test whose server is
//! not there says so and passes, except in CI.

mod archive;
mod bad_input;
mod browser;
mod called;
mod consent;
mod consent_rotation;
mod crash;
mod demo_fill;
mod edits;
mod export;
mod feeds;
mod graph;
mod licences;
mod logs;
mod push;
mod query_commands;
mod replies;
mod replies_everywhere;
mod second_opinions;
mod servers;
mod sought;
mod support;
mod training;
mod webhooks;
