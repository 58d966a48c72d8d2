#!/usr/bin/env bash
# A request that waits, in a task of tokio: the bytes it takes, one of 100,000.
source "$(dirname "$0")/common.sh"
build --bin waiting

declare -A bytes
for name in sleep ours ours-shared backon tokio-retry; do bytes[$name]=$("$target/release/waiting" "$name"); done
for peer in sleep backon tokio-retry; do
    row 'waiting in retry_async, bytes' "${bytes[ours]}" "$peer" "${bytes[$peer]}" %.0f
    row 'the same, policy by reference, bytes' "${bytes[ours-shared]}" "$peer" "${bytes[$peer]}" %.0f
done
