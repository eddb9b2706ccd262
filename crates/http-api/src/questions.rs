//! The five questions and their trust strip.

pub(crate) mod authors;
pub(crate) mod figures;
pub(crate) mod places;
pub(crate) mod rhythm;
pub(crate) mod trust;
pub(crate) mod volume;
pub(crate) mod words;
