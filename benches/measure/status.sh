#!/usr/bin/env bash
# Deciding by status, over the codes 100 to 999. One decision is counted without the loop around it, and
# timed with it, for a processor does both at once.
source "$(dirname "$0")/common.sh"
need valgrind valgrind
build --bin status

declare -A count time
while read -r name nanoseconds; do time[$name]=$nanoseconds; done < <("$target/release/status" time 20)
for name in "${!time[@]}"; do count[$name]=$(counted 10 110 "$target/release/status" "$name"); done

# rows TITLE OURS LOOP PEER LOOP, names of cases; 900 codes each.
rows() {
    row "status, instructions" "$(calc "(${count[$2]} - ${count[$3]}) / 900" %.6f)" \
        "$1" "$(calc "(${count[$4]} - ${count[$5]}) / 900" %.6f)" %.2f
    row "status, ns" "$(calc "${time[$2]} / 900" %.6f)" "$1" "$(calc "${time[$4]} / 900" %.6f)" %.2f
}
rows 'match by hand' ours loop by-hand loop
rows 'list scan' ours loop list loop
rows 'HashMap' ours loop hash-map loop
rows "reqwest-retry's strategy" response-ours response-loop reqwest-retry reqwest-retry-loop
