//! Only tests; see `compile_fail.rs`.
