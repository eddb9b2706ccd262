#!/usr/bin/env bash
# A private PostgreSQL: MOLVA_TEST_POSTGRES is the address of its superuser's database.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# Newest version whose server is there; Debian keeps servers out of the path.
find_bin() {
  local folder
  folder=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$folder" ] || ! have initdb || folder=$(dirname "$(command -v initdb)")
  [ -n "$folder" ] && [ -x "$folder/initdb" ] && echo "$folder"
}

start() {
  local bin port user
  bin=$(find_bin) || { apt_install postgresql || cannot_install "package postgresql"; bin=$(find_bin); } ||
    cannot_install "no initdb after installing postgresql"
  fresh_state
  user=postgres
  [ "$(id -u)" -ne 0 ] || id "$user" >/dev/null 2>&1 || user=nobody
  mkdir "$state/data" && chmod 700 "$state/data"
  [ "$(id -u)" -ne 0 ] || chown "$user" "$state/data"
  cd / # a folder that every user may stand in
  command_as_user "$user" "$bin/initdb" -D "$state/data" -U molva -A trust -E UTF8 --locale=C --no-sync
  quietly "${command_line[@]}" || fail "postgres: initdb failed"
  port=$(free_port)
  # Tests kill Molva, not the database: losing this data folder in a power cut costs nothing. Measurements switch it on.
  command_as_user "$user" "$bin/postgres" -D "$state/data" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c "fsync=${MOLVA_POSTGRES_FSYNC:-off}" -c max_connections=200 -c shared_buffers=128MB
  start_process postgres "${command_line[@]}"
  wait_for 60 "PostgreSQL" "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" -U molva -d postgres
  echo "export MOLVA_TEST_POSTGRES=postgres://molva@127.0.0.1:$port/postgres"
}

run_server_script "$@"
