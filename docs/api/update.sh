#!/usr/bin/env bash
# Writes the public API of each crate that others depend on, as a list that a review shows changes of.
# Needs a nightly toolchain and cargo-public-api (cargo install --locked cargo-public-api).
set -euo pipefail
cd "$(dirname "$0")/../.."
missing() { echo "update.sh: $1" >&2; exit 2; }
cargo +nightly --version >/dev/null 2>&1 || missing "a nightly toolchain is missing: rustup toolchain install nightly"
command -v cargo-public-api >/dev/null || missing "cargo-public-api is missing: cargo install --locked cargo-public-api"

new=$(mktemp)
trap 'rm -f "$new"' EXIT
for crate in retrospec retrospec-client retrospec-codegen retrospec-macros memfault-status; do
    cargo +nightly public-api --package "$crate" --all-features -sss > "$new"
    cp "$new" "docs/api/$crate.txt"
    echo "$crate: $(wc -l < "$new") items"
done
