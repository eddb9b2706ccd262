//! Saved views.

use crate::names::named_enum;

named_enum! {
    /// The page a saved view opens.
    pub enum ViewPage {
        Search = "search",
        Questions = "questions",
    }
}
