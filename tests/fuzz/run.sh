#!/usr/bin/env bash
# Each target for so many seconds, 20 minutes if not said, and how often it ran.
set -euo pipefail
cd "$(dirname "$0")/../.."
missing() { echo "run.sh: $1" >&2; exit 2; }
cargo +nightly --version >/dev/null 2>&1 || missing "a nightly toolchain is missing (rustup toolchain install nightly)"
cargo +nightly fuzz --version >/dev/null 2>&1 || missing "cargo-fuzz is missing (cargo install cargo-fuzz)"

fuzz=tests/fuzz
specs=(spec/*.yaml spec/gallery/*.yaml tests/integration/shapes/*.yaml codegen/core/tests/bad/*.yaml)
for target in retry_after engine spec import page; do
    options=("-max_total_time=${1:-1200}" -timeout=10)
    case $target in
        retry_after) options+=("-dict=$fuzz/retry_after.dict") ;;
        import) options+=("-dict=$fuzz/import.dict") ;;
        page) options+=("-dict=$fuzz/page.dict") ;;
        spec) options+=("-dict=$fuzz/spec.dict" "-seed_inputs=$(IFS=,; echo "${specs[*]}")") ;;
    esac
    # What a run adds stays out of the committed corpus.
    found=$fuzz/target/found/$target
    log=$fuzz/target/$target.log
    mkdir -p "$found"
    # There is no unsafe code for a sanitizer to look at.
    cargo +nightly fuzz run --fuzz-dir $fuzz --sanitizer none $target "$found" $fuzz/corpus/$target -- "${options[@]}" >"$log" 2>&1 ||
        { tail -n 30 "$log" >&2; exit 1; }
    ran=$(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) second.*/\1 executions in \2 s/p' "$log")
    reached=$(sed -n 's/.*DONE *cov: \([0-9]*\) .* corp: \([0-9]*\).*/\1 edges, \2 inputs/p' "$log")
    echo "$target: $ran, $reached"
done
