#!/usr/bin/env bash
# The feed files of feedparser's own tests (2,000 and more): MOLVA_FEED_CORPUS is their folder. Nothing runs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

version=6.0.14

start() {
  local folder="$servers_cache/feedparser-$version"
  if [ ! -f "$folder/.complete" ]; then
    say "feeds: fetching feedparser $version for its test files"
    have pip3 || apt_install python3-pip || cannot_install "package python3-pip"
    rm -rf "$folder" && mkdir -p "$folder"
    # The wheel has no tests; the source archive is unpacked, never built or run.
    quietly pip3 download --disable-pip-version-check --no-deps --no-binary :all: -d "$folder" "feedparser==$version" ||
      cannot_install "PyPI package feedparser $version"
    tar -xzf "$folder"/feedparser-*.tar.gz -C "$folder" --strip-components 1
    rm -f "$folder"/feedparser-*.tar.gz
    touch "$folder/.complete"
  fi
  echo "export MOLVA_FEED_CORPUS=$folder/tests"
}

run_server_script "$@"
