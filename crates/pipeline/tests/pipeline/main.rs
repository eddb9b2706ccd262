//! The pipeline over a real embedded store, with networks that deliver, fail and panic on purpose.

mod archive;
mod effects;
mod ingest;
mod learning;
mod lists;
mod look_back;
mod network_of_replies;
mod networks;
mod refresh;
mod replies;
mod second;
mod supervise;
mod understanding;
mod world;
