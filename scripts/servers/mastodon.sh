#!/usr/bin/env bash
# A stateful Mastodon stand-in from PyPI: MOLVA_TEST_MASTODON is its address. Tokens: ada_token, grace_token, alan_token.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

version=0.6.1

start() {
  local venv="$servers_cache/mastodon-mock-$version" port
  if [ ! -f "$venv/.complete" ]; then
    say "mastodon: installing mastodon_mock $version into $venv"
    rm -rf "$venv" && mkdir -p "$servers_cache"
    python3 -m venv "$venv" >/dev/null 2>&1 || { apt_install python3-venv && python3 -m venv "$venv" >/dev/null; } ||
      cannot_install "no python3 with venv"
    quietly "$venv/bin/pip" install --disable-pip-version-check "mastodon_mock==$version" ||
      cannot_install "PyPI package mastodon_mock $version"
    touch "$venv/.complete"
  fi
  fresh_state
  port=$(free_port)
  start_process mastodon "$venv/bin/mastodon_mock" serve --in-memory --demo --port "$port"
  wait_for 60 "the Mastodon stand-in" answers "http://127.0.0.1:$port/api/v1/instance"
  echo "export MOLVA_TEST_MASTODON=http://127.0.0.1:$port"
}

run_server_script "$@"
