//! Any bytes as a saved page: read without a panic; and what is read is the same the next time.

use retrospec_codegen::internal::model::Model;
use retrospec_codegen::internal::page::{Fingerprints, read, verify};
use retrospec_codegen::{Source, check};

const SPEC: &str = "
api: Parcels
source: {title: Codes, url: https://example.com, read: 2026-11-22}
max_retries: 3
backoff: {steps: {waits: [8s, 64s, 512s]}}
statuses:
  - {code: 429, name: Slow Down, retry: steps}
  - {code: 5XX, name: Ours, retry: steps}
unlisted: never
transport: never
";

/// Returns the table that pages are compared with.
pub(crate) fn model() -> Model {
    check(&Source::new("spec.yaml", SPEC))
        .model
        .expect("a spec without errors")
}

/// Whether the page has a table.
pub(crate) fn check_page(bytes: &[u8], model: &Model) -> bool {
    let page = match read(bytes) {
        Ok(page) => page,
        Err(fault) => {
            assert!(!fault.to_string().contains('\n'), "{fault}");
            return false;
        }
    };
    let kept = Fingerprints::of(&page, model);
    assert!(kept.rows() > 0);
    let file = kept.to_json();
    assert_eq!(Fingerprints::parse(&file).as_ref(), Ok(&kept));
    for found in verify(model, &page, Some(&kept)) {
        assert!(!found.ends_with_update(), "{found}");
        assert!(!found.to_string().contains('\n'), "{found}");
    }
    let _ = verify(model, &page, None);

    // As another system writes it.
    if !bytes.contains(&b'\r') {
        let text = String::from_utf8_lossy(bytes).replace('\n', "\r\n");
        if let Ok(page) = read(text.as_bytes()) {
            assert_eq!(Fingerprints::of(&page, model), kept);
        }
    }
    true
}
