#!/usr/bin/env bash
# Everything CI checks: scripts/test.sh runs all stages, scripts/test.sh STAGE… only those (`scripts/test.sh help` lists
# them). Needs package registries and nothing else from outside; what it installs it keeps in the user's cache.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

stages=(format web lint units instructions e2e browser)
declare -A about=(
  [format]="cargo fmt --check"
  [web]="web app: packages, style, types, unit tests, build"
  [lint]="clippy, warnings are errors"
  [units]="cargo test of every crate, storage on SQLite and a real PostgreSQL, connectors against real servers,
    exports read by LibreOffice and DuckDB"
  [instructions]="matching and judging take no more processor instructions than scripts/instructions.txt allows"
  [e2e]="the built binary against crashes, bad input, real servers"
  [browser]="a real browser against the built binary"
)
servers=(postgres feeds wordpress mastodon snac bluesky mail reddit readers clients)

stage_format() { cargo fmt --all --check || fail "the code is not formatted" "run 'cargo fmt --all'"; }

stage_web() {
  web_install
  web_script check
  web_script test
  web_build
}

web_script() {
  say "  npm run $1"
  (cd web && npm run --silent "$1") || fail "npm run $1 failed in web/" "the lines above say where"
}

stage_lint() { cargo clippy --workspace --all-targets --locked --quiet -- -D warnings; }

stage_units() {
  start_servers
  cargo test --workspace --exclude molva-e2e --locked --no-fail-fast
}

stage_instructions() {
  local status=0
  scripts/instructions.sh || status=$?
  case "$status" in
    0) ;;
    3) skip "instructions: they cannot be counted here" ;;
    *) exit "$status" ;;
  esac
}

stage_e2e() {
  start_servers
  build_binary
  cargo test --package molva-e2e --tests --locked --no-fail-fast -- --skip browser:: --test-threads "${MOLVA_E2E_THREADS:-2}"
}

stage_browser() {
  local chromium
  have chromium || have chromium-browser || have google-chrome || apt_install chromium ||
    { skip "browser: no Chromium"; return 0; }
  chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
  web_build
  build_binary
  CHROMIUM="$chromium" web_script e2e
  MOLVA_TEST_BROWSER="$chromium" cargo test --package molva-e2e --test e2e --locked -- browser:: --nocapture
}

build_binary() {
  web_build
  cargo build --package molva --locked --quiet
  export MOLVA_BIN="$target_dir/debug/molva"
}

skipped=()

# In CI nothing is skipped: what cannot be checked is a failure.
skip() {
  [ "${CI:-}" != true ] || fail "$1" "in CI every stage must run"
  say "  skipped: $1"
  skipped+=("$1")
}

# Real servers for the tests, each started once, all stopped when this script ends.
start_servers() {
  local server exports status
  [ -z "${servers_are_up:-}" ] || return 0
  servers_are_up=yes
  MOLVA_SERVERS_STATE=$(mktemp -d "${TMPDIR:-/tmp}/molva-test.XXXXXX")
  export MOLVA_SERVERS_STATE
  for server in "${servers[@]}"; do
    local since=$SECONDS
    status=0
    exports=$(scripts/servers/"$server".sh start) || status=$?
    case "$status" in
      0) eval "$exports" && say "  server $server: ready after $((SECONDS - since)) s" ;;
      3) skip "server $server cannot be installed here" ;;
      *) fail "server $server did not start" "its words are above" ;;
    esac
  done
}

stop_servers() {
  local server
  [ -n "${MOLVA_SERVERS_STATE:-}" ] || return 0
  for server in "${servers[@]}"; do scripts/servers/"$server".sh stop || true; done
  rm -rf "$MOLVA_SERVERS_STATE"
  unset MOLVA_SERVERS_STATE
}

summary=()
current=
finish() {
  local status=$?
  stop_servers
  [ -z "$current" ] || summary+=("FAILED  $current after $((SECONDS - current_since)) s")
  say "" && say "summary ($SECONDS s):"
  local line
  for line in ${summary[@]+"${summary[@]}"}; do say "  $line"; done
  for line in ${skipped[@]+"${skipped[@]}"}; do say "  SKIPPED $line"; done
  # One line for whoever reads only the end.
  [ "$status" -ne 0 ] || echo "stages: ${#summary[@]} passed, 0 failed"
  exit "$status"
}

list_stages() {
  local stage
  for stage in "${stages[@]}"; do say "$stage: ${about[$stage]}"; done
}

if [ "${1:-}" = help ]; then
  list_stages
  exit 0
fi
for stage; do
  [ -n "${about[$stage]:-}" ] || { list_stages; fail "there is no stage \`$stage\`" "the stages are listed above"; }
done
[ $# -eq 0 ] || stages=("$@")

trap finish EXIT
trap 'exit 130' INT TERM
ensure_build_tools
ensure_rust
ensure_node
use_cargo_cache
# A clean clone gains nothing from incremental builds but a larger cache.
[ "${CI:-}" != true ] || export CARGO_INCREMENTAL=0
have curl || apt_install curl || fail "curl is needed"

for stage in "${stages[@]}"; do
  say "" && say "== $stage: ${about[$stage]}"
  current=$stage current_since=$SECONDS
  "stage_$stage"
  summary+=("passed  $stage in $((SECONDS - current_since)) s")
  say "== $stage passed in $((SECONDS - current_since)) s"
  current=
done
