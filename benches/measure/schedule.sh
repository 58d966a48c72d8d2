#!/usr/bin/env bash
# A request in trouble, without a network; see src/bin/schedule.rs. Whoever hands out sleeps of tokio is
# measured against sleeps.
source "$(dirname "$0")/common.sh"
need valgrind valgrind
build --bin schedule

declare -A count time
while read -r name nanoseconds; do time[$name]=$nanoseconds; done < <("$target/release/schedule" time 500)
for name in "${!time[@]}"; do count[$name]=$(counted 100 1100 "$target/release/schedule" "$name"); done

# rows MEASURE OURS PEER CASE PEER'S CASE
rows() {
    row "$1, instructions" "${count[$2]}" "$3" "${count[$4]}" %.0f
    row "$1, ns" "${time[$2]}" "$3" "${time[$4]}" %.1f
}
peers=(backon retry-policies tokio-retry exponential-backoff)
for peer in "${peers[@]}"; do rows 'five waits' ours-waits "$peer" "$peer-waits"; done
rows 'five waits, as sleeps' sleep-waits tower tower-waits
for peer in "${peers[@]}"; do rows '503 until it stops' ours-503 "$peer, match" "$peer-503"; done
for peer in "${peers[@]}"; do rows '503 until it stops, not inlined' call-503 "$peer, match" "$peer-503"; done
rows '503 until it stops, as sleeps' sleep-503 'tower, match' tower-503
for peer in "${peers[@]}"; do rows '429, Retry-After: 120' ours-429 "$peer, match, parse" "$peer-429"; done
for peer in "${peers[@]}"; do
    rows '429, Retry-After: 120, not inlined' call-429 "$peer, match, parse" "$peer-429"
done
rows '429, Retry-After: 120, as a sleep' sleep-429 'tower, match, parse' tower-429
rows '429, Retry-After a date' ours-date 'tokio-retry, httpdate' httpdate-date
