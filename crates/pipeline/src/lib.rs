//! Wires the stages: connectors deliver, the matcher decides, storage makes it true. Every item leaves with one outcome.
//!
//! Start with [`ingest`]: the one way in, whoever delivers.

pub mod backfill;
pub mod ingest;
pub mod preview;
pub mod supervisor;
pub mod topics;

pub use ingest::{Incoming, IngestError, Pipeline, PipelineOptions};
pub use preview::Preview;
