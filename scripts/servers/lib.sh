# What the server scripts share: where state lies, free ports, waiting, stopping. Sourced, never run.
# shellcheck shell=bash
#
# Every server script takes `start` or `stop`. `start` installs what is missing, starts the server on this machine's
# loopback with its data in a temporary folder, waits until it answers, and prints `export MOLVA_TEST_…=…` lines on
# standard output; everything else goes to standard error. It exits with 3 when the server cannot be installed here.

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

servers_cache="$cache/servers"
servers_state=${MOLVA_SERVERS_STATE:-${TMPDIR:-/tmp}/molva-servers-$(id -un)}
name=$(basename "$0" .sh)
state="$servers_state/$name"

# Some programs ask for Node 22, whatever the system has.
node22="$servers_cache/node22"

ensure_node22() {
  ensure_node
  [ ! -x "$node22/bin/node" ] || return 0
  say "$name: putting Node 22 into $node22"
  node_from_npm "$node22" 22 || cannot_install "npm packages node-linux-$(npm_arch)@22 and npm@10"
}

cannot_install() {
  say "$name: cannot be installed here: $*"
  exit 3
}

# A port nobody listens on, below the range the kernel gives to outgoing connections.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 12000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return 0; }
  done
  fail "$name: no free port between 20000 and 32000"
}

fresh_state() {
  stop_server
  mkdir -p "$state"
  # A database server runs as a user of its own and must reach its folder below this one.
  chmod 755 "$servers_state" "$state"
}

# start_process LABEL COMMAND…: in the background, apart from this shell, its words in LABEL.log.
start_process() {
  local label=$1
  shift
  setsid "$@" </dev/null >"$state/$label.log" 2>&1 &
  echo $! >>"$state/pids"
}

# wait_for SECONDS WHAT COMMAND…: until the command succeeds; shows the logs when it never does.
wait_for() {
  local seconds=$1 what=$2 until_s=$((SECONDS + $1))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$until_s" ]; then
      tail -n 20 "$state"/*.log >&2 2>/dev/null || true
      stop_server
      fail "$name: $what did not answer within $seconds s" "its last words are above"
    fi
    sleep 0.2
  done
}

answers() { curl -fsS --max-time 5 -o /dev/null "$1"; }

stop_server() {
  local pid
  [ -d "$state" ] || return 0
  if [ -f "$state/pids" ]; then
    # Each was started as the leader of its own group: the whole group goes.
    while read -r pid; do kill -TERM -- "-$pid" 2>/dev/null || true; done <"$state/pids"
    for _ in $(seq 50); do
      any_alive || break
      sleep 0.1
    done
    while read -r pid; do kill -KILL -- "-$pid" 2>/dev/null || true; done <"$state/pids"
  fi
  rm -rf "$state"
}

any_alive() {
  local pid
  while read -r pid; do kill -0 -- "-$pid" 2>/dev/null && return 0; done <"$state/pids"
  return 1
}

# command_as_user USER COMMAND…: fills `command_line`, because databases refuse to run as root.
command_as_user() {
  local user=$1
  shift
  command_line=("$@")
  [ "$(id -u)" -ne 0 ] || command_line=(setpriv "--reuid=$user" "--regid=$(id -gn "$user")" --init-groups -- "$@")
}

run_server_script() {
  case "${1:-}" in
    start) start ;;
    stop) stop_server ;;
    *) fail "usage: $0 start|stop" ;;
  esac
}
