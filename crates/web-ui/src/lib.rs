//! The built web app, embedded. A leaf: depends on no other crate of the workspace.
//!
//! The build script lists `web/dist`; files that were compressed ahead lie beside their originals as `name.br`.

mod files {
    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

use std::borrow::Cow;

/// What the page may load: itself, and nothing from any other host. No inline script and no inline style: the app's own
/// style sheets hold the theme's variables, and styles set from scripts go through the CSSOM, which a policy does not touch.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A file of the web app as it goes over the wire.
#[derive(Debug, PartialEq, Eq)]
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
pub fn asset(path: &str, accepts_brotli: bool) -> Option<Asset> {
    find(files::FILES, path, accepts_brotli)
}

type Files = &'static [(&'static str, &'static [u8])];

/// The folder whose files carry a hash of their content in their names.
const HASHED: &str = "assets/";
const PAGE: &str = "index.html";

fn find(files: Files, path: &str, accepts_brotli: bool) -> Option<Asset> {
    let name = path.trim_start_matches('/');
    if let Some(found) = read(files, name, accepts_brotli) {
        return Some(found);
    }
    // Addresses of the app have no extension; what has one is a file that is not there.
    let of_the_app = !name.starts_with(HASHED) && !name.starts_with("api/") && !last_segment(name).contains('.');
    if of_the_app { read(files, PAGE, accepts_brotli) } else { None }
}

fn read(files: Files, name: &str, accepts_brotli: bool) -> Option<Asset> {
    let plain = bytes(files, name)?;
    let packed = if accepts_brotli { bytes(files, &format!("{name}.br")) } else { None };
    Some(Asset {
        bytes: Cow::Borrowed(packed.unwrap_or(plain)),
        content_type: content_type(name),
        encoding: packed.map(|_| "br"),
        immutable: name.starts_with(HASHED),
    })
}

/// The table is sorted by name.
fn bytes(files: Files, name: &str) -> Option<&'static [u8]> {
    files.binary_search_by_key(&name, |(known, _)| known).ok().map(|at| files[at].1)
}

fn last_segment(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: Files = &[
        ("assets/app-1a2b.js", b"let a = 1"),
        ("assets/app-1a2b.js.br", b"packed"),
        ("index.html", b"<html>"),
        ("mark.svg", b"<svg>"),
    ];

    fn check(
        path: &str,
        accepts_brotli: bool,
        expected: Option<(&'static [u8], &'static str, Option<&'static str>, bool)>,
    ) {
        let expected = expected.map(|(bytes, content_type, encoding, immutable)| Asset {
            bytes: Cow::Borrowed(bytes),
            content_type,
            encoding,
            immutable,
        });
        assert_eq!(find(FILES, path, accepts_brotli), expected, "{path}");
    }

    #[test]
    fn a_hashed_file_is_sent_compressed_to_who_accepts_it_and_kept_for_ever() {
        let kind = "text/javascript; charset=utf-8";
        check("/assets/app-1a2b.js", true, Some((b"packed", kind, Some("br"), true)));
        check("/assets/app-1a2b.js", false, Some((b"let a = 1", kind, None, true)));
        check("/mark.svg", true, Some((b"<svg>", "image/svg+xml", None, false)));
    }

    #[test]
    fn every_address_of_the_app_is_its_one_page() {
        let page: (&[u8], _, _, _) = (b"<html>", "text/html; charset=utf-8", None, false);
        for path in ["/", "", "/index.html", "/stream", "/sources/12/edit", "/setup"] {
            check(path, true, Some(page));
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_not_the_page() {
        for path in ["/assets/old-9f.js", "/assets/x", "/robots.txt", "/api/none", "/../Cargo.toml", "/.env"] {
            check(path, true, None);
        }
    }

    #[test]
    fn the_embedded_app_has_a_page() {
        let page = asset("/", false).expect("a page or its stub is always embedded");
        assert!(page.bytes.starts_with(b"<!doctype html>"));
        assert!(files::FILES.is_sorted_by_key(|(name, _)| *name));
    }
}
