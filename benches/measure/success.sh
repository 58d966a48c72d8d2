#!/usr/bin/env bash
# An upload that succeeds at once, over loopback: what it costs in the client's process, and what is added
# to the bare client. Of three counts the least counts: more means that the client had to wait twice.
source "$(dirname "$0")/common.sh"
need valgrind valgrind
build --bin success --bin answer

coproc server { exec "$target/release/answer"; }
trap 'kill "$server_PID"' EXIT
read -r url <&"${server[0]}"

declare -A count time
while read -r name nanoseconds; do time[$name]=$nanoseconds; done < <("$target/release/success" "$url" time 20)
for name in "${!time[@]}"; do
    count[$name]=$(for _ in 1 2 3; do counted 100 600 "$target/release/success" "$url" "$name"; done | sort -n | head -1)
done

# bare TITLE CASE BARE: the whole request against the bare client's.
bare() {
    row "$1, instructions" "${count[$2]}" 'the bare client' "${count[$3]}" %.0f
    row "$1, µs" "$(calc "${time[$2]} / 1000" %.6f)" 'the bare client' "$(calc "${time[$3]} / 1000" %.6f)" %.1f
}
# added TITLE CASE BARE PEER CASE BARE: what each adds to its bare client.
added() {
    row "$1" "$(calc "${count[$2]} - ${count[$3]}" %.3f)" "$4" "$(calc "${count[$5]} - ${count[$6]}" %.3f)" %.0f
}
bare 'reqwest, send_with' reqwest-ours reqwest
bare 'reqwest, retry_async' reqwest-ours-driver reqwest
bare 'RetryMiddleware' middleware-ours middleware
bare 'tower, TowerPolicy' tower-ours tower
bare 'reqwest blocking, send_with' blocking-ours blocking
bare 'ureq, run_with' ureq-ours ureq
for peer in backon tokio-retry exponential-backoff; do
    added 'send_with adds, instructions' reqwest-ours reqwest "$peer" "reqwest-$peer" reqwest
    added 'retry_async adds, instructions' reqwest-ours-driver reqwest "$peer" "reqwest-$peer" reqwest
done
row 'send_with adds, instructions' "$(calc "${count[reqwest-ours]} - ${count[reqwest]}" %.3f)" 'retry_async and one copy' \
    "$(calc "${count[reqwest-ours-driver]} + ${count[reqwest-copied]} - 2 * ${count[reqwest]}" %.3f)" %.0f
added 'RetryMiddleware adds, instructions' middleware-ours middleware reqwest-retry middleware-reqwest-retry middleware
added 'RetryMiddleware and its client add, instr.' middleware-ours reqwest reqwest-retry middleware-reqwest-retry reqwest
added 'TowerPolicy adds, instructions' tower-ours tower 'tower by hand, same features' tower-by-hand tower
