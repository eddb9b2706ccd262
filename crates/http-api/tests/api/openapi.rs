//! The document that the web app's client is generated from.

use std::path::Path;

#[test]
fn openapi_document_in_the_repository_is_the_one_the_code_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api/openapi.json");
    let made = molva_http_api::openapi_json();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &made).expect("the document is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "`docs/api/openapi.json` is not what the code makes; run `UPDATE_OPENAPI=1 cargo test -p molva-http-api openapi`"
    );
}
