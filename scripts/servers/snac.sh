#!/usr/bin/env bash
# A real server of the Fediverse that is not Mastodon: snac, built from Debian's source package. MOLVA_TEST_SNAC is its
# address, MOLVA_TEST_SNAC_TOKENS the access tokens of its two users, alice and shop.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

suite=trixie

install() {
  local folder=$1 apt
  apt="$folder/apt"
  have apt-get && have cc && have dpkg-source || apt_install build-essential dpkg-dev || cannot_install "no Debian"
  apt_install libssl-dev libcurl4-openssl-dev || cannot_install "packages libssl-dev libcurl4-openssl-dev"
  say "snac: building it in $folder"
  rm -rf "$folder" && mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  # The system's own sources stay as they are.
  local mirror
  mirror=$(cat /etc/apt/sources.list.d/* /etc/apt/sources.list 2>/dev/null |
    sed -nE 's/^(URIs:|deb) +(\[[^]]*\] +)?(https?:[^ ]+debian\/?)( .*)?$/\3/p' | head -n 1) || true
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://deb.debian.org/debian} $suite main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$apt/lists";
Dir::Cache::archives "$apt/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
CONF
  (cd "$folder" && APT_CONFIG="$apt/apt.conf" quietly apt-get update &&
    APT_CONFIG="$apt/apt.conf" quietly apt-get source snac2) || cannot_install "Debian source package snac2 of $suite"
  (cd "$folder"/snac2-*/ && quietly make && cp snac "$folder/snac") || cannot_install "snac does not compile"
  rm -rf "$apt" && touch "$folder/.complete"
}

# token_of NAME: adds the user; their access token.
token_of() {
  local password
  password=$("$folder/snac" adduser "$state/data" "$1" </dev/null 2>&1 | sed -n 's/^User password is //p')
  curl -fsS --max-time 10 "$base/oauth/x-snac-get-token" --data-urlencode "login=$1" \
    --data-urlencode "passwd=$password" -d redir= -d cid= -d state=
}

start() {
  local port alice shop
  folder="$servers_cache/snac-$suite"
  [ -f "$folder/.complete" ] || install "$folder"
  fresh_state
  port=$(free_port)
  base="http://localhost:$port"
  printf '127.0.0.1\n%s\nlocalhost:%s\n\n\n' "$port" "$port" | quietly "$folder/snac" init "$state/data"
  sed -i 's/"protocol": "https"/"protocol": "http"/' "$state/data/server.json"
  start_process snac "$folder/snac" httpd "$state/data"
  wait_for 30 "snac" answers "$base/api/v1/instance"
  alice=$(token_of alice)
  shop=$(token_of shop)
  [ "${#alice}" -eq 32 ] && [ "${#shop}" -eq 32 ] || fail "snac: no access token could be made"
  echo "export MOLVA_TEST_SNAC=$base"
  echo "export MOLVA_TEST_SNAC_TOKENS='$alice $shop'"
}

run_server_script "$@"
