#!/usr/bin/env bash
# A real Bluesky PDS with its own directory of accounts: MOLVA_TEST_PDS is its address. Handles end in .test.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

version=0.6.7
folder="$servers_cache/atproto-dev-env-$version"

install() {
  have cc && have make && have python3 || apt_install build-essential python3 || cannot_install "no C compiler"
  ensure_node22
  say "bluesky: installing the PDS into $folder (some minutes)"
  rm -rf "$folder" && mkdir -p "$folder" && echo '{"private":true,"type":"module"}' >"$folder/package.json"
  export PATH="$node22/bin:$PATH"
  # Install scripts would fetch prebuilt binaries from elsewhere; the one native part that is needed is built below.
  quietly npm install --prefix "$folder" --no-audit --no-fund --ignore-scripts "@atproto/dev-env@$version" ||
    cannot_install "npm package @atproto/dev-env $version"
  (cd "$folder/node_modules/better-sqlite3" &&
    quietly node "$node22/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js" rebuild --release \
      "--nodedir=$node22/node_modules/node-linux-$(npm_arch)") || cannot_install "better-sqlite3 does not compile"
  touch "$folder/.complete"
}

start() {
  local pds_port plc_port
  [ -f "$folder/.complete" ] || install
  fresh_state
  pds_port=$(free_port)
  plc_port=$(free_port)
  cp "$root/scripts/servers/pds.mjs" "$folder/pds.mjs"
  NODE_ENV=test LOG_ENABLED=false TMPDIR="$state" \
    start_process pds "$node22/bin/node" "$folder/pds.mjs" "$pds_port" "$plc_port"
  wait_for 120 "the PDS" answers "http://localhost:$pds_port/xrpc/com.atproto.server.describeServer"
  echo "export MOLVA_TEST_PDS=http://localhost:$pds_port"
}

run_server_script "$@"
