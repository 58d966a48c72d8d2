#!/usr/bin/env bash
# The scoreboard: prints it, draws docs/scoreboard.svg, and fails if retrospec is not right in every
# scenario or README.md shows something else.
set -euo pipefail
cd "$(dirname "$0")"
cargo run --quiet --locked -- --svg ../../docs/scoreboard.svg --readme README.md
