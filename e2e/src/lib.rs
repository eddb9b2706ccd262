//! Runs the built binary as a user would: processes, sockets, files, real servers, a browser.
//!
//! It links no crate of the workspace, so that a mistake on both sides of a contract cannot hide here. Start with
//! [`place::Place`], a folder to run Molva in; then [`process::Molva`], the running server; the tests are in `tests/e2e`.

pub mod api;
pub mod emulator;
pub mod environment;
pub mod events;
pub mod import_file;
pub mod place;
pub mod process;
pub mod web_server;
pub mod webhook;
