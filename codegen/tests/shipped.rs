//! The shipped specs generate what is committed and reviewed in `generated/`, byte by byte.

use std::fs;
use std::path::Path;

use retrospec_codegen::{Source, Target, check, crate_files};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn the_shipped_specs_generate_what_is_committed() {
    for name in ["memfault", "otlp", "prometheus-remote-write"] {
        let spec = format!("spec/{name}.yaml");
        let text = fs::read_to_string(Path::new(ROOT).join(&spec)).unwrap();
        let model = check(&Source::new(&spec, text)).model.expect(name);
        let target = Target {
            spec,
            command: "`cargo xtask codegen`".to_owned(),
            runtime_path: Some("../../runtime".to_owned()),
        };
        let files = crate_files(&model, &target).unwrap();
        assert!(!files.is_empty());
        for (path, text) in &files {
            let committed = Path::new(ROOT).join(format!("generated/{name}-status/{path}"));
            let committed = fs::read_to_string(&committed).unwrap();
            assert!(*text == committed, "{name}-status/{path}");
        }
    }
}
