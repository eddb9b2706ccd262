//! The built web app, embedded. A leaf: depends on no other crate of the workspace.

use std::borrow::Cow;

/// What the page may load: itself, and nothing from any other host.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'";

/// A file of the web app as it goes over the wire.
#[derive(Debug)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: &'static str,
    /// `br` when the bytes are compressed.
    pub encoding: Option<&'static str>,
    /// Its name changes with its content: it may be cached for ever.
    pub immutable: bool,
}

/// The file at `path`, or the one page of the app for an address that names no file; `None` when there is neither.
#[must_use]
pub fn asset(_path: &str, _accepts_brotli: bool) -> Option<Asset> {
    None
}
