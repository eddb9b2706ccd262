//! The shapes of the wire. Domain types become these at the edge and never leave it otherwise: ids are strings, times RFC 3339,
//! offsets UTF-16 code units.

pub mod account;
pub mod annotation;
pub mod archive;
pub mod connector;
pub mod editor;
pub mod estimate;
pub mod event;
pub mod explanation;
pub mod export;
pub mod judgement;
pub mod labelling;
pub mod language;
pub mod ledger;
pub mod list;
pub mod mention;
pub mod model;
pub mod post;
pub mod primitives;
pub mod problem;
pub mod query;
pub mod questions;
pub mod reply;
pub mod search;
pub mod selection;
pub mod session;
pub mod source;
pub mod story;
pub mod token;
pub mod topic;
pub mod utf16;
pub mod view;
pub mod words;
pub mod workspace;

pub use account::Account;
pub use annotation::Annotation;
pub use connector::Connector;
pub use event::Event;
pub use ledger::Tally;
pub use list::List;
pub use mention::Mention;
pub use post::{Post, Span};
pub use primitives::{Id, Items, Time};
pub use problem::{FieldProblem, Problem};
pub use query::Diagnostic;
pub use reply::Reply;
pub use session::Me;
pub use source::Source;
pub use token::Token;
pub use topic::Topic;
pub use view::View;
pub use workspace::Workspace;

// The macros that write the document read names, not types: an alias without parameters is what they understand.
pub type FigureList = Items<questions::figures::Figure>;
pub type AccountList = Items<Account>;
pub type AnnotationList = Items<Annotation>;
pub type ConnectorList = Items<Connector>;
pub type ListList = Items<List>;
pub type MentionList = Items<Mention>;
pub type ReplyList = Items<Reply>;
pub type SourceList = Items<Source>;
pub type TagList = Items<mention::TagCount>;
pub type TokenList = Items<Token>;
pub type TopicList = Items<Topic>;
pub type ViewList = Items<View>;
