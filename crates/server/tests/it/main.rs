//! The description of the API, as it is kept beside the source.

use std::path::Path;

/// `PROVOST_UPDATE=1 cargo test -p provost-server openapi` writes it anew.
#[test]
fn the_openapi_document_is_the_one_that_is_kept() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/openapi.json");
    let served = provost_server::openapi();
    if std::env::var_os("PROVOST_UPDATE").is_some() {
        std::fs::write(&file, &served).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == served, "`schema/openapi.json` is not what is served; see this test's comment");
}
