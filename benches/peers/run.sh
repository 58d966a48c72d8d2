#!/usr/bin/env bash
# Runs each client against Memfault's table, and writes docs/conformance.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --quiet --locked --target-dir "$target" --package retrospec-cli
cargo build --quiet --locked --target-dir "$target" --manifest-path benches/peers/Cargo.toml
exec "$target/debug/retrospec-peers"
