//! Named lists that queries use.

use crate::names::named_enum;

named_enum! {
    /// What the entries of a list are.
    pub enum ListKind {
        /// Words, or several words in a row.
        Words = "words",
        /// Handles or names of authors.
        Authors = "authors",
    }
}
