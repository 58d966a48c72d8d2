#!/usr/bin/env bash
# Builds the crate with no feature, each alone, each pair, and all of them; says which it tried.
set -euo pipefail
cd "$(dirname "$0")"

mapfile -t features < <(sed -n '/^\[features\]/,/^\[dep/s/^\([a-z-]*\) = .*/\1/p' Cargo.toml)
((${#features[@]} > 0)) || { echo "features.sh: no features found in Cargo.toml" >&2; exit 1; }

tried=0
try() {
    echo "features: ${1:-none}"
    cargo clippy --quiet --lib --no-default-features --features "$1" -- -D warnings
    tried=$((tried + 1))
}

try ""
for ((i = 0; i < ${#features[@]}; i++)); do
    try "${features[i]}"
    for ((j = i + 1; j < ${#features[@]}; j++)); do
        try "${features[i]},${features[j]}"
    done
done
all="${features[*]}"
try "${all// /,}"
echo "$tried sets of ${#features[@]} features build without a warning"
