#!/usr/bin/env bash
# Writes the public API of each crate that others depend on, as a list that a review shows changes of.
# Needs a nightly toolchain and cargo-public-api (cargo install --locked cargo-public-api).
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v cargo-public-api >/dev/null || { echo "update.sh: cargo-public-api is missing: cargo install --locked cargo-public-api" >&2; exit 2; }

for crate in retrospec retrospec-client retrospec-codegen memfault-status; do
    cargo +nightly public-api --package "$crate" --all-features -sss > "docs/api/$crate.txt"
    echo "$crate: $(wc -l < "docs/api/$crate.txt") items"
done
