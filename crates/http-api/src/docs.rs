//! The OpenAPI document and the page people read it on.

pub(crate) mod document;
pub(crate) mod openapi;
pub(crate) mod page;
pub(crate) mod schema_text;
