#!/usr/bin/env bash
# Measures the release build and prints a table with ratios to a baseline taken in the same run.
# scripts/bench.sh STAGE… runs single stages: import sparse postgres push idle start preview archive matcher
# understanding instructions. MOLVA_BENCH_MENTIONS=1000000,3000000,10000000 says how many mentions `archive` is measured with.
# Real tweets are read from ../shared/data/replay when that folder is there, else from $MOLVA_BENCH_POSTS, else generated.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

ensure_build_tools
ensure_rust
ensure_node
use_cargo_cache
have python3 || apt_install python3 || fail "python3 is needed to run the measurements"
web_build
cargo build --release --locked --package molva || fail "Molva does not build"
export MOLVA_BIN="$target_dir/release/molva"

stages=" ${*:-import sparse postgres push idle start preview matcher understanding instructions} "
case "$stages" in
  *" postgres "*)
    MOLVA_SERVERS_STATE=$(mktemp -d "${TMPDIR:-/tmp}/molva-bench.XXXXXX")
    export MOLVA_SERVERS_STATE
    trap 'scripts/servers/postgres.sh stop; rm -rf "$MOLVA_SERVERS_STATE"' EXIT
    # A figure is worth something only with the disk writes a real server does.
    exports=$(MOLVA_POSTGRES_FSYNC=on scripts/servers/postgres.sh start) || fail "PostgreSQL did not start"
    eval "$exports"
    ;;
esac
# shellcheck disable=SC2086
python3 scripts/bench.py $stages
