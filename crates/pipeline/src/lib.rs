//! Wires the stages: connectors deliver, the matcher decides, storage makes it true. Every item leaves with one outcome.
//!
//! It knows neither SQL nor the wire format of any network. Start with [`ingest`]: the one way in, whoever delivers;
//! then [`supervisor`], which keeps the sources running; `deliver` is the one way out.

pub mod accounts;
pub mod archive;
pub mod backfill;
pub mod effects;
pub mod ingest;
pub mod learning;
pub mod lists;
pub mod oauth;
pub mod preview;
pub mod supervisor;
pub mod topics;
pub mod webhooks;

mod chat_opinion;
mod committer;
mod deliver;
mod found;
mod judged_effects;
mod judging;
mod look_back;
mod newest;
mod refresh;
mod reply_files;
mod run;
mod scratch;
mod second;
mod silence;
mod sought;
mod stories;
mod understanding;

pub use archive::{ArchiveFailure, ArchiveFolder, ArchiveStatus, LiveArchive, Progress};
pub use chat_opinion::ByChat;
pub use effects::{Effect, Effects};
pub use ingest::{Incoming, IngestError, Pipeline, PipelineOptions};
pub use learning::{Activation, Automatic, Learnt, Rest};
pub use lists::WorkspaceLists;
pub use molva_enrichment::workspace::{HeadReport, PartScore, Report, Verdict};
pub use molva_enrichment::{Evidence, Explanation, Reason, Sign, Span as Place};
pub use molva_matcher::{Cost, CostClass};
pub use preview::{Preview, PreviewHit};
pub use second::{SecondOpinions, SecondOptions};
pub use understanding::{ActiveModel, Explained};
