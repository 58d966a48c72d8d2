#!/usr/bin/env bash
# The generator by the number of rows, and what a generated crate costs who depends on it.
source "$(dirname "$0")/common.sh"
need valgrind valgrind
need size binutils
cargo build --quiet --release --bin generate
cargo build --quiet --release --manifest-path ../Cargo.toml --package retrospec-cli --target-dir "$target"
runs=${RUNS:-5}
project=$(cd .. && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp ../rust-toolchain.toml "$folder"

# generate ROWS [COMMAND...]: the whole process, into an empty folder.
generate() {
    local rows=$1
    shift
    rm -rf "$folder/$rows"
    # Some of so many rows are warned of.
    "$@" "$target/release/retrospec" generate "$folder/$rows.yaml" --out "$folder/$rows" --runtime-path "$project/runtime/engine" 2>"$folder/said"
}

milliseconds() {
    local start end
    for _ in $(seq 21); do
        start=$(date +%s%N)
        generate "$1" >/dev/null
        end=$(date +%s%N)
        echo $(((end - start) / 1000))
    done | sort -n | awk 'NR == 11 { print $1 / 1000 }'
}

declare -A core
for rows in 13 50 500; do
    "$target/release/generate" "$rows" spec > "$folder/$rows.yaml"
    core[$rows]=$(calc "$(collected "$target/release/generate" "$rows") / 1e6" %.3f)
    whole=$(calc "$(generate "$rows" collected) / 1e6" %.3f)
    row "generating $rows rows, process, M instructions" "$whole" 'its core' "${core[$rows]}" %.1f
    median=$("$target/release/generate" "$rows" time | sed -E 's/.*: ([0-9.]+)ms.*/\1/')
    row "generating $rows rows, process, ms" "$(milliseconds "$rows")" 'its core' "$median" %.1f
done
row 'generating 500 rows, core, M instructions' "${core[500]}" '50 rows' "${core[50]}" %.1f

# What depends on the crate: nothing, its decision, or everything it knows of a code.
uses=(nothing decision all)
decision='many_status::retry_behavior(code)'
all="$decision, many_status::Status::from_code(code).map(|status| (status.name(), status.description()))"
declare -A seconds bytes
for rows in 13 500; do
    for use in "${uses[@]}"; do
        program=$folder/$rows-$use
        mkdir -p "$program/src"
        printf '[package]\nname = "program"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n[dependencies]\nmany-status = { path = "%s" }\n[profile.release]\nlto = true\n' "$folder/$rows" > "$program/Cargo.toml"
        case $use in nothing) used=code ;; decision) used=$decision ;; all) used=$all ;; esac
        echo "use std::hint::black_box; fn main() { let code: u16 = black_box(500); black_box(($used,)); }" > "$program/src/main.rs"
        (cd "$program" && CARGO_TARGET_DIR=$folder/target-$rows cargo build --quiet --offline --release)
        bytes[$rows-$use]=$(size "$folder/target-$rows/release/program" | awk 'NR == 2 { print $1 + $2 }')
    done
    TIMEFORMAT='%U %S'
    seconds[$rows]=$(for _ in $(seq "$runs"); do
        cd "$program"
        export CARGO_TARGET_DIR=$folder/target-$rows
        cargo clean --quiet --offline --release --package many-status
        { time cargo build --quiet --offline --release --package many-status; } 2>&1 | awk '{ print $1 + $2 }'
    done | sort -n | sed -n "$(((runs + 1) / 2))p")
done
row 'compiling a crate of 500 rows, CPU s' "${seconds[500]}" '13 rows' "${seconds[13]}" %.2f
for use in decision all; do
    row "500 rows in a binary, bytes, $use" "$((bytes[500-$use] - bytes[500-nothing]))" '13 rows' "$((bytes[13-$use] - bytes[13-nothing]))" %d
done
