#!/usr/bin/env bash
# The bar of every connector: ten thousand things through its emulator, which breaks one answer in twenty in every way there is. Prints
# a table: what was told, what arrived, lost or doubled, and what went wrong on the way. scripts/ten_thousand.sh [ITEMS]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

ensure_build_tools
ensure_rust
use_cargo_cache
export MOLVA_TEST_ITEMS=${1:-10000}
told=$(mktemp)
trap 'rm -f "$told"' EXIT
status=0
# Two at a time: most of them wait most of the time, and too many side by side are slower than the networks allow for.
cargo test --release --locked --package molva-connectors --test connectors -- ten_thousand read_whole \
  --nocapture --test-threads 2 >"$told" 2>&1 || status=$?
echo "| network | way | told | arrived | lost | doubled | again | requests | faults | of these kinds | limits exceeded |"
echo "|---|---|---|---|---|---|---|---|---|---|---|"
grep -o 'bar | .*' "$told" | sed 's/^bar //' | sort || true
if [ "$status" -ne 0 ]; then
  grep -A 12 "panicked at" "$told" >&2 || tail -n 40 "$told" >&2
  fail "the bar is not kept" "the lines above say by whom"
fi
