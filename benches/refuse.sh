#!/usr/bin/env bash
# How long `retrospec check` takes, the median of five runs: the slowest of all wrong specs, and of some made to be
# slow, one of which only gets warnings.
set -euo pipefail
cd "$(dirname "$0")"
target=${CARGO_TARGET_DIR:-target}
cargo build --quiet --release --manifest-path ../Cargo.toml --package retrospec-cli --target-dir "$target"
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cp ../codegen/core/tests/bad/*.yaml "$folder"

{ cat ../spec/memfault.yaml; for n in $(seq 20000); do echo "unknown_$n: x"; done; } > "$folder/20000-unknown-keys.yaml"
{
    sed '/^statuses:/,$d' ../spec/memfault.yaml
    for n in $(seq 15000); do printf '  s%s:\n    waits: [1s, 2s, 3s, 4s, 5s]\n' "$n"; done
    sed -n '/^statuses:/,$p' ../spec/memfault.yaml
} > "$folder/15000-unused-schedules.yaml"
head -c 20000 /dev/zero | tr '\0' '[' > "$folder/20000-brackets.yaml"
head -c 1048577 /dev/zero | tr '\0' '#' > "$folder/too-large.yaml"

for spec in "$folder"/*.yaml; do
    middle=$(for _ in 1 2 3 4 5; do
        start=$(date +%s%N)
        "$target/release/retrospec" check "$spec" > /dev/null 2>&1 || true
        echo $(($(date +%s%N) - start))
    done | sort -n | sed -n 3p)
    printf '%6d ms  %s\n' $((middle / 1000000)) "$(basename "$spec")"
done | sort -rn | head -5
