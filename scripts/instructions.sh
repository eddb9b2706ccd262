#!/usr/bin/env bash
# Counts the processor instructions that reading, matching and judging posts takes and holds them against scripts/instructions.txt.
# Times move with the machine and its load, counts do not. `scripts/instructions.sh --accept` writes the table anew.
# Exit status 3: they cannot be counted here.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

table=scripts/instructions.txt
posts=20000
most_percent=5

[ "$(uname -m)" = x86_64 ] || { say "the table of instructions is for x86_64, not for $(uname -m)"; exit 3; }
have valgrind || apt_install valgrind || exit 3
ensure_build_tools
ensure_rust
use_cargo_cache
# Both in one go: cargo would compile what they share twice, with other features.
built=$(cargo bench --package molva-matcher --bench percolate --package molva-enrichment --bench understand --no-run --locked \
  --message-format=json-render-diagnostics)

# bench NAME: where the built benchmark lies.
bench() {
  local path
  path=$(grep "\"name\":\"$1\"" <<<"$built" | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
  [ -x "$path" ] || fail "the benchmark \`$1\` does not build" "the lines above say why"
  echo "$path"
}

percolate=$(bench percolate)
understand=$(bench understand)

# instructions BINARY WORK… POSTS
instructions() {
  local said
  said=$(valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$1" --instructions "${@:2}" 2>&1) ||
    fail "valgrind could not count '${*:2}'" "$said"
  sed -n 's/.*I *refs: *//p' <<<"$said" | tr -d ,
}

# of_a_post NAME BINARY WORK…: what loading takes is subtracted.
of_a_post() {
  local none all
  none=$(instructions "${@:2}" 0)
  all=$(instructions "${@:2}" "$posts")
  echo "$1 $(((all - none) / posts))"
}

read_and_put() {
  local ten one
  ten=$(instructions "$percolate" exact 10000 0)
  one=$(instructions "$percolate" exact 1000 0)
  echo "read_and_put_in_a_query $(((ten - one) / 9000))"
}

# Counts do not move with the load: as many at once as there are processors, told in the order of the table.
counted() {
  local folder number=100
  folder=$(mktemp -d)
  at_once() {
    [ "$(jobs -rp | wc -l)" -lt "$(nproc)" ] || wait -n || true
    number=$((number + 1))
    "$@" >"$folder/$number" &
  }
  at_once of_a_post cut_a_post_into_words "$percolate" analysis 0
  at_once of_a_post match_a_post_with_1000_queries "$percolate" exact 1000
  at_once of_a_post match_a_post_with_10000_queries "$percolate" exact 10000
  at_once of_a_post match_a_post_with_10000_queries_in_any_form "$percolate" any_form 10000
  at_once read_and_put
  at_once of_a_post language_and_copies_of_a_post "$understand" every_post
  at_once of_a_post language_and_copies_of_an_english_post "$understand" every_english_post
  at_once of_a_post judge_a_mention "$understand" judging
  wait
  cat "$folder"/*
  rm -rf "$folder"
}

counts=$(counted)
[ "$(grep -c '^[a-z_0-9]* [0-9][0-9]*$' <<<"$counts")" -eq "$(grep -vc '^#' "$table")" ] ||
  fail "not everything in $table could be counted" "the lines above say why"
if [ "${1:-}" = --accept ]; then
  {
    echo "# Instructions, made by 'scripts/instructions.sh --accept' with $(rustc --version | cut -d ' ' -f 1,2)."
    echo "$counts"
  } >"$table"
  cat "$table"
  exit 0
fi

more=0
while read -r name now; do
  then=$(sed -n "s/^$name //p" "$table")
  [ -n "$then" ] || fail "$table has no line \`$name\`" "write it with 'scripts/instructions.sh --accept'"
  percent=$(((now - then) * 1000 / then))
  LC_ALL=C printf '  %-45s %7d instructions, %+.1f %% beside the table\n' "$name" "$now" "${percent}e-1"
  if [ "$percent" -gt $((most_percent * 10)) ]; then
    more=$((more + 1))
  elif [ "$percent" -lt -$((most_percent * 10)) ]; then
    say "  $name takes fewer instructions than the table says: keep the gain with 'scripts/instructions.sh --accept'"
  fi
done <<<"$counts"
[ "$more" -eq 0 ] || fail "$more of the counts above are more than $most_percent % over $table" \
  "look at what the change does to the loop over posts; 'make bench ARGS=matcher' shows the time it costs" \
  "if it is worth it, run 'scripts/instructions.sh --accept' and say why in the commit" \
  "another compiler counts otherwise: here $(rustc --version | cut -d ' ' -f 1,2), the table says in its first line"
