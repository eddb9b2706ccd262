#!/usr/bin/env bash
# What Reddit answered to PRAW's own tests (640 recordings): MOLVA_REDDIT_CORPUS is their folder. Nothing runs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

version=8.0.3

start() {
  local folder="$servers_cache/praw-$version"
  if [ ! -f "$folder/.complete" ]; then
    say "reddit: fetching praw $version for its recordings"
    have pip3 || apt_install python3-pip || cannot_install "package python3-pip"
    rm -rf "$folder" && mkdir -p "$folder"
    # The wheel has no tests; the source archive is unpacked, never built or run.
    quietly pip3 download --disable-pip-version-check --no-deps --no-binary :all: -d "$folder" "praw==$version" ||
      cannot_install "PyPI package praw $version"
    tar -xzf "$folder"/praw-*.tar.gz -C "$folder" --strip-components 1
    rm -f "$folder"/praw-*.tar.gz
    touch "$folder/.complete"
  fi
  echo "export MOLVA_REDDIT_CORPUS=$folder/tests/integration/cassettes"
}

run_server_script "$@"
