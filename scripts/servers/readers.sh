#!/usr/bin/env bash
# Programs of others that read exports back: LibreOffice (MOLVA_TEST_SOFFICE), Python with DuckDB (MOLVA_TEST_DUCKDB).
# Nothing runs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

version=2.0.0

start() {
  local folder="$servers_cache/duckdb-$version"
  have soffice || apt_install libreoffice-calc-nogui || cannot_install "package libreoffice-calc-nogui"
  if [ ! -f "$folder/.complete" ]; then
    say "readers: fetching DuckDB $version, which reads Parquet"
    rm -rf "$folder"
    python3 -m venv "$folder" >/dev/null 2>&1 ||
      { rm -rf "$folder"; apt_install python3-venv && python3 -m venv "$folder"; } || cannot_install "package python3-venv"
    quietly "$folder/bin/pip" install --disable-pip-version-check --only-binary :all: "duckdb==$version" ||
      cannot_install "PyPI package duckdb $version"
    touch "$folder/.complete"
  fi
  echo "export MOLVA_TEST_SOFFICE=$(command -v soffice)"
  echo "export MOLVA_TEST_DUCKDB=$folder/bin/python"
}

run_server_script "$@"
