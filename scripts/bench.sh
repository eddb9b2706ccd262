#!/usr/bin/env bash
# Measures the release build and the inner loops, and prints one table with ratios to a baseline of the same run or to the bar.
# Small sizes by default, done in minutes; `--full` takes those that figures are told of. scripts/bench.sh STAGE… runs single
# stages: import sparse postgres push idle start preview archive matcher understanding firehose instructions; all but `archive`
# without one. MOLVA_BENCH_MENTIONS=1000000,3000000 says how many mentions `archive` is measured with. MOLVA_BIN measures another
# binary. MOLVA_BENCH_POSTS names the posts that are read (a push file, packed by gzip); without it they are generated, which is said.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

ensure_build_tools
ensure_rust
ensure_node
use_cargo_cache
have python3 || apt_install python3 || fail "python3 is needed to run the measurements"
if [ "${1:-}" = --full ]; then
  export MOLVA_BENCH_FULL=yes
  shift
fi
if [ -z "${MOLVA_BIN:-}" ]; then
  web_build
  cargo build --release --locked --package molva || fail "Molva does not build"
  export MOLVA_BIN="$target_dir/release/molva"
fi

stages=" ${*:-import sparse postgres push idle start preview matcher understanding firehose instructions} "
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
PYTHONDONTWRITEBYTECODE=1 python3 scripts/bench.py $stages
