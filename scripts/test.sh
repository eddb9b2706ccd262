#!/usr/bin/env bash
# Everything CI checks: scripts/test.sh runs all stages, scripts/test.sh STAGE… only those (`scripts/test.sh help` lists
# them). Needs package registries and nothing else from outside; what it installs it keeps in the user's cache.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

stages=(format web lint units instructions e2e browser)
declare -A about=(
  [format]="cargo fmt --check"
  [web]="web app: packages, style, types, unit tests, build, weight of the first page"
  [lint]="clippy, warnings are errors"
  [units]="cargo test of every crate, storage on SQLite and a real PostgreSQL, connectors against real servers,
    exports read by LibreOffice and DuckDB"
  [instructions]="matching and judging take no more processor instructions than scripts/instructions.txt allows"
  [e2e]="the built binary against crashes, bad input, real servers"
  [browser]="a real browser against the built binary"
)
servers=(postgres feeds wordpress mastodon snac bluesky mail matrix reddit readers clients)

stage_format() { cargo fmt --all --check || fail "the code is not formatted" "run 'cargo fmt --all'"; }

stage_web() {
  web_install
  at_once "web_script check" "web_script test" web_build
  (cd web && npm run --silent weigh) || fail "the first page weighs more than \`weigh\` in web/package.json allows" "the lines above say what"
}

# Runs its arguments side by side; what each of them said is shown in their order.
at_once() {
  local command index status=0 runs=() logs=()
  for command; do
    logs+=("$(mktemp)")
    $command >"${logs[-1]}" 2>&1 &
    runs+=($!)
  done
  for index in "${!runs[@]}"; do
    wait "${runs[index]}" || status=1
    cat "${logs[index]}" >&2
    rm -f "${logs[index]}"
  done
  return "$status"
}

web_script() {
  say "  npm run $1"
  (cd web && npm run --silent "$1") || fail "npm run $1 failed in web/" "the lines above say where"
}

stage_lint() { cargo clippy --workspace --all-targets --locked --quiet -- -D warnings; }

stage_units() {
  start_servers
  cargo_test --exclude molva-e2e --lib --bins --tests --no-fail-fast
  examples_of_comments
}

# The whole workspace, or what is said of it; see test_program.sh.
cargo_test() { cargo test --config "target.'cfg(all())'.runner = '$root/scripts/test_program.sh'" --workspace --locked "$@"; }

# rustdoc looks through a crate for seconds even when there is no example in it, and there are many crates.
examples_of_comments() {
  local folder packages=()
  for folder in crates/*; do
    # A fence that opens without a word, or with one of rustdoc's.
    ! find "$folder/src" -name '*.rs' -exec awk '
      /^ *\/\/[\/!] *```/ { if (!open && /```((rust|no_run|should_panic|compile_fail)[a-z_0-9,]*)?$/) found = 1; open = !open }
      END { exit !found }' {} + || packages+=(--package "molva-${folder##*/}")
  done
  [ "${#packages[@]}" -eq 0 ] || cargo test --doc "${packages[@]}" --locked --no-fail-fast
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

# Its tests mostly wait for Molva, so there are more of them at once than processors; those that say how soon something
# happens run after them, alone.
stage_e2e() {
  start_servers
  build_binary
  e2e_tests --skip browser:: --skip soon --test-threads "${MOLVA_E2E_THREADS:-4}"
  e2e_tests soon --test-threads 1
}

e2e_tests() { cargo_test --test e2e -- "$@"; }

stage_browser() {
  local chromium
  chromium=$(browser) || { skip "browser: no Chromium"; return 0; }
  start_servers
  web_build
  build_binary
  CHROMIUM="$chromium" web_script e2e
  MOLVA_TEST_BROWSER="$chromium" e2e_tests browser:: --nocapture
}

# Without windows the same browser takes half of the processor.
browser() {
  command -v chromium-headless-shell && return 0
  [ -z "$(apt_candidate chromium-headless-shell)" ] || ! apt_install chromium-headless-shell ||
    { command -v chromium-headless-shell && return 0; }
  command -v chromium || command -v chromium-browser || command -v google-chrome && return 0
  apt_install chromium && command -v chromium
}

# Cargo chooses the features of libraries by what is built together: always the whole workspace with its tests, or hundreds of
# libraries are compiled again for the binary and once more for its tests.
build_binary() {
  web_build
  cargo build --workspace --bin molva --test e2e --locked --quiet
  export MOLVA_BIN="$target_dir/debug/molva"
}

skipped=()

# In CI nothing is skipped: what cannot be checked is a failure.
skip() {
  [ "${CI:-}" != true ] || fail "$1" "in CI every stage must run"
  say "  skipped: $1"
  skipped+=("$1")
}

# Real servers for the tests, each started once, all stopped when this script ends. They are installed and started in the
# background, one after another, while the first stages compile: what they do is mostly waiting.
begin_servers() {
  [ -z "${beginning:-}" ] || return 0
  MOLVA_SERVERS_STATE=$(mktemp -d "${TMPDIR:-/tmp}/molva-test.XXXXXX")
  export MOLVA_SERVERS_STATE
  setsid scripts/servers/begin.sh "${servers[@]}" </dev/null &
  beginning=$!
}

start_servers() {
  local server told status seconds
  [ -z "${servers_are_up:-}" ] || return 0
  servers_are_up=yes
  begin_servers
  wait "$beginning" || true
  for server in "${servers[@]}"; do
    told="$MOLVA_SERVERS_STATE/begun/$server"
    cat "$told.words" >&2
    read -r status seconds <"$told.status" || fail "server $server was not begun" "scripts/servers/begin.sh ended early"
    case "$status" in
      0) eval "$(cat "$told.exports")" && say "  server $server: ready after $seconds s" ;;
      3) skip "server $server cannot be installed here" ;;
      *) fail "server $server did not start" "its words are above" ;;
    esac
  done
}

stop_servers() {
  local server
  [ -n "${beginning:-}" ] || return 0
  # The one that is being installed comes to its end: half a package is worse than none.
  touch "$MOLVA_SERVERS_STATE/enough"
  wait "$beginning" || true
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
# A password can be asked for at a terminal only, and in the background there is none.
if [ "$(id -u)" -eq 0 ]; then
  case " ${stages[*]} " in *" units "* | *" e2e "*) begin_servers ;; esac
fi

for stage in "${stages[@]}"; do
  say "" && say "== $stage: ${about[$stage]}"
  current=$stage current_since=$SECONDS
  "stage_$stage"
  summary+=("passed  $stage in $((SECONDS - current_since)) s")
  say "== $stage passed in $((SECONDS - current_since)) s"
  current=
done
