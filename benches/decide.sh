#!/usr/bin/env bash
# Instructions per decision by status, generated against written by hand. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")"
target=${CARGO_TARGET_DIR:-target}
command -v valgrind >/dev/null || { echo "decide.sh: valgrind is missing (Debian: apt-get install valgrind)" >&2; exit 2; }
cargo build --quiet --release --bin decide

count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$target/release/decide" "$1" 2>&1 |
        sed -n 's/.*Collected : //p'
}

loop=$(count loop)
by_hand=$(count by-hand)
generated=$(count generated)
awk -v loop="$loop" -v hand="$by_hand" -v gen="$generated" 'BEGIN {
    decisions = 100 * 65536
    printf "by hand    %6.3f instructions per decision\n", (hand - loop) / decisions
    printf "generated  %6.3f instructions per decision\n", (gen - loop) / decisions
    printf "ratio      %6.3f (without the loop), %.3f (whole program)\n", (gen - loop) / (hand - loop), gen / hand
}'
