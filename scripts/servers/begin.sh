#!/usr/bin/env bash
# begin.sh SERVER…: starts the servers one after another and leaves in $MOLVA_SERVERS_STATE/begun what each of them said
# (SERVER.words), told for the environment (SERVER.exports), and how it ended after how many seconds (SERVER.status). A file
# $MOLVA_SERVERS_STATE/enough ends it after the server that is being started.
set -euo pipefail
cd "$(dirname "$0")/../.."

begun="$MOLVA_SERVERS_STATE/begun"
mkdir -p "$begun"
for server; do
  [ ! -e "$MOLVA_SERVERS_STATE/enough" ] || break
  since=$SECONDS status=0
  scripts/servers/"$server".sh start >"$begun/$server.exports" 2>"$begun/$server.words" || status=$?
  echo "$status $((SECONDS - since))" >"$begun/$server.status"
done
