# Sourced by what is beside it. Figures are counted over and above N to 2N or so, so that what a program
# does once drops out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-target}

need() {
    command -v "$1" >/dev/null || { echo "$(basename "$0"): $1 is missing (Debian: apt-get install $2)" >&2; exit 2; }
}

build() {
    cargo build --quiet --release --features peers "$@"
}

# collected COMMAND...: the instructions of a whole process.
collected() {
    local log
    log=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null) || { echo "$log" >&2; return 1; }
    sed -n 's/.*Collected : //p' <<<"$log"
}

# counted FEW MANY COMMAND...: the instructions of one time; the last argument is the number of times.
counted() {
    local few=$1 many=$2 a b
    shift 2
    a=$(collected "$@" "$few")
    b=$(collected "$@" "$many")
    awk -v a="$a" -v b="$b" -v n=$((many - few)) 'BEGIN { printf "%.3f\n", (b - a) / n }'
}

# calc EXPRESSION FORMAT
calc() {
    awk "BEGIN { printf \"$2\\n\", $1 }"
}

# row MEASURE OURS PEER FIGURE FORMAT: one line of the table.
row() {
    awk -v measure="$1" -v ours="$2" -v peer="$3" -v figure="$4" -v format="$5" 'BEGIN {
        ratio = figure > 0 ? sprintf("%.3f", ours / figure) : "-"
        printf "%s\t" format "\t%s\t" format "\t%s\n", measure, ours, peer, figure, ratio
    }'
}
