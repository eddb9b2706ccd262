#!/usr/bin/env bash
# Installs what is missing, builds Molva and starts it with the live demo stream. Data goes to ./molva-data.
# Arguments go to `molva serve`: scripts/run.sh --listen 127.0.0.1:9000
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

ensure_build_tools
ensure_rust
ensure_node
use_cargo_cache
web_build
[ -x "$target_dir/release/molva" ] || say "building Molva; the first time takes some minutes, later ones seconds"
cargo build --release --locked --package molva || fail "Molva does not build" \
  "the lines above say where; after a pull, 'git status' tells whether a file differs from the repository"

data=(--data molva-data)
for argument; do
  case "$argument" in --data | --data=*) data=() ;; esac
done
exec "$target_dir/release/molva" serve --demo ${data[@]+"${data[@]}"} "$@"
