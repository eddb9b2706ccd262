#!/usr/bin/env bash
# The bar of every connector: ten thousand things through its emulator or a real server, of which one answer in twenty is broken in every
# way there is; and hundreds of replies with a file, of which one in five is cut off on its way. Prints a table: what was told, what
# arrived, lost or doubled, and what went wrong. Fails when a row is missing or is not clean.
# scripts/ten_thousand.sh [ITEMS [TEST…]]: only tests whose names contain one of the words.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

# Every network and way there is to hear it, or to answer it with a file.
ways=(
  "appstore:Connect" "appstore:feeds of 25 countries" "bluesky:Jetstream 1" "bluesky:Jetstream 2" "bluesky:firehose"
  "discourse:posts" "facebook:calls" "facebook:looking" "feed:looks" "flarum:posts" "googleplay:reviews" "hackernews:search"
  "instagram:calls" "instagram:looking" "mail:IMAP" "mastodon:stream and pages" "matrix:sync" "max:calls" "max:updates" "nodebb:posts" "ok:calls"
  "ok:groups" "reddit:communities" "telegram:updates" "vk:long poll" "vk:search" "vk:walls, comments, boards"
  "wordpress:comments" "x:calls" "x:search" "x:stream" "youtube:a channel's comments"
  "facebook:messages with a file" "facebook:replies with a file" "instagram:messages with a file"
  "mail:replies over SMTP"
  "max:replies with a file" "ok:replies with a file" "vk:replies with a file" "x:replies with a file"
)
servers=(mastodon bluesky mail matrix)

items=${1:-10000}
shift $(($# > 0 ? 1 : 0))
wanted=("$@")
[ "$#" -gt 0 ] || wanted=(ten_thousand read_whole reply_files:: reply_mail_bar::)

MOLVA_SERVERS_STATE=$(mktemp -d "${TMPDIR:-/tmp}/molva-bar.XXXXXX")
export MOLVA_SERVERS_STATE
told="$MOLVA_SERVERS_STATE/told"
stop() {
  for server in "${servers[@]}"; do scripts/servers/"$server".sh stop || true; done
  rm -rf "$MOLVA_SERVERS_STATE"
}
trap stop EXIT
trap 'exit 130' INT TERM

ensure_build_tools
ensure_rust
use_cargo_cache
# As tests are built: what takes the time is waiting.
quietly cargo test --locked --package molva-connectors --test connectors --no-run
for server in "${servers[@]}"; do
  started=$(scripts/servers/"$server".sh start) || fail "the server $server did not start" "its words are above"
  eval "$started"
done
export MOLVA_TEST_ITEMS=$items MOLVA_TEST_FILES=$((items / 80 > 4 ? items / 80 : 4))
status=0
# Two at a time: most of them wait most of the time, and too many side by side are slower than the networks allow for.
cargo test --locked --package molva-connectors --test connectors -- "${wanted[@]}" --nocapture --test-threads 2 >"$told" 2>&1 || status=$?

echo "| network | way | told | arrived | lost | doubled | again | requests | faults | of these kinds | limits exceeded | seconds |"
echo "|---|---|---|---|---|---|---|---|---|---|---|---|"
# What a test of ours says may stand behind what another says in the same line.
grep -o 'bar | .*' "$told" | sed 's/^bar //' | sort >"$told.rows" || true
cat "$told.rows"
unclean=$(awk -F' *[|] *' '$5 != $4 || $6 != 0 || $7 != 0 || $12 != 0' "$told.rows")
missing=()
if [ "$#" -eq 0 ]; then
  for way in "${ways[@]}"; do
    grep -qF "| ${way%%:*} | ${way#*:} |" "$told.rows" || missing+=("$way")
  done
fi
for way in ${missing[@]+"${missing[@]}"}; do echo "| ${way%%:*} | ${way#*:} | not told |"; done
if [ "$status" -ne 0 ]; then
  grep -A 12 "panicked at" "$told" >&2 || tail -n 40 "$told" >&2
  fail "the bar is not kept" "the lines above say by whom"
fi
[ -z "$unclean" ] || fail "something was lost or doubled, or a limit exceeded" "$unclean"
[ "${#missing[@]}" -eq 0 ] || fail "nothing is known of: ${missing[*]}" "a test that was skipped says why"
