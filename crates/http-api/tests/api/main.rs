//! The API over a real listener, a real store and a real pipeline.

mod access;
mod actors;
mod attachments;
mod bad_input;
mod editor;
mod events;
mod exports;
mod first_run;
mod idempotency;
mod labelling;
mod listening;
mod lists;
mod model;
mod oauth;
mod openapi;
mod operations;
mod push;
mod questions;
mod replies;
mod search;
mod sign_in;
mod stories;
mod toy;
mod views;
mod webhooks;
