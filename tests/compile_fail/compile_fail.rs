//! Each file in `fail/` is one misuse, with the message it gets beside it; each in `pass/` compiles
//! and runs.

use std::fs;

#[test]
fn misuse_is_refused_and_use_accepted() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("fail/*.rs");
    cases.pass("pass/*.rs");
}

/// Such a path is only shown if the standard library's source is installed.
#[test]
fn no_message_shows_the_standard_library() {
    let mut messages = 0;
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fail")).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "stderr")
        {
            let message = fs::read_to_string(&path).unwrap();
            for part in ["$RUST", "/rustc/", "library/core", "library/std", "rustlib"] {
                assert!(!message.contains(part), "{}: {part}", path.display());
            }
            messages += 1;
        }
    }
    assert!(messages > 0);
}
