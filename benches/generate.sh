#!/usr/bin/env bash
# What the generator costs by the number of rows, from text to files in memory. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")"
target=${CARGO_TARGET_DIR:-target}
command -v valgrind >/dev/null || { echo "generate.sh: valgrind is missing (Debian: apt-get install valgrind)" >&2; exit 2; }
cargo build --quiet --release --bin generate

count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$target/release/generate" "$1" 2>&1 |
        sed -n 's/.*Collected : //p'
}

for rows in 13 50 500; do
    "$target/release/generate" "$rows" time
done
few=$(count 50)
many=$(count 500)
awk -v few="$few" -v many="$many" 'BEGIN { printf "500 rows cost %.2f times the instructions of 50\n", many / few }'
