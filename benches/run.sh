#!/usr/bin/env bash
# One table: this project against its peers, all in one run. `run.sh PART...` measures only these.
# Needs valgrind, and a few minutes: most of them go into building the peers once.
set -euo pipefail
cd "$(dirname "$0")"
parts=("$@")
[ $# -gt 0 ] || parts=(status schedule success waiting build generator)
for part in "${parts[@]}"; do
    [ -x "measure/$part.sh" ] || { echo "run.sh: no part '$part': there are status, schedule, success, waiting, build, generator" >&2; exit 2; }
done
line='%-47s %12s  %-33s %12s %7s\n'
# shellcheck disable=SC2059
printf "$line" measure 'this project' peer 'its figure' ratio
for part in "${parts[@]}"; do
    "measure/$part.sh" | while IFS=$'\t' read -r measure ours peer figure ratio; do
        # shellcheck disable=SC2059
        printf "$line" "$measure" "$ours" "$peer" "$figure" "$ratio"
    done
done
