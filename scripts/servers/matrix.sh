#!/usr/bin/env bash
# A real Matrix homeserver, Synapse from PyPI over SQLite: MOLVA_TEST_MATRIX is its address, MOLVA_TEST_MATRIX_SECRET makes
# accounts there (`/_synapse/admin/v1/register`). Limits are Synapse's own; tests lift them for those who only write.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

version=1.163.2

start() {
  local venv="$servers_cache/synapse-$version" port secret
  if [ ! -f "$venv/.complete" ]; then
    say "matrix: installing matrix-synapse $version into $venv"
    rm -rf "$venv" && mkdir -p "$servers_cache"
    python3 -m venv "$venv" >/dev/null 2>&1 || { apt_install python3-venv && python3 -m venv "$venv" >/dev/null; } ||
      cannot_install "no python3 with venv"
    quietly "$venv/bin/pip" install --disable-pip-version-check --only-binary matrix-synapse "matrix-synapse==$version" ||
      cannot_install "PyPI package matrix-synapse $version"
    touch "$venv/.complete"
  fi
  fresh_state
  port=$(free_port)
  secret=$(random)
  configure "$port" "$secret"
  start_process synapse "$venv/bin/python" -m synapse.app.homeserver --config-path "$state/homeserver.yaml"
  wait_for 60 "Synapse" answers "http://127.0.0.1:$port/_matrix/client/versions"
  echo "export MOLVA_TEST_MATRIX=http://127.0.0.1:$port"
  echo "export MOLVA_TEST_MATRIX_SECRET=$secret"
}

random() { od -An -N 16 -tx1 /dev/urandom | tr -d ' \n'; }

# No word to other servers, nothing that a test does not need.
configure() {
  printf 'ed25519 a_test %s\n' "$(head -c 32 /dev/urandom | base64 | tr -d '=\n')" >"$state/signing.key"
  cat >"$state/log.yaml" <<'YAML'
version: 1
handlers: {console: {class: logging.StreamHandler}}
root: {level: WARNING, handlers: [console]}
YAML
  cat >"$state/homeserver.yaml" <<YAML
server_name: localhost
pid_file: $state/homeserver.pid
listeners:
  - {port: $1, tls: false, type: http, bind_addresses: ["127.0.0.1"], resources: [{names: [client], compress: false}]}
database: {name: sqlite3, args: {database: "$state/homeserver.db"}}
media_store_path: $state/media
signing_key_path: $state/signing.key
log_config: $state/log.yaml
registration_shared_secret: $2
macaroon_secret_key: $(random)
form_secret: $(random)
report_stats: false
bcrypt_rounds: 4
trusted_key_servers: []
federation_domain_whitelist: []
presence: {enabled: false}
YAML
}

run_server_script "$@"
