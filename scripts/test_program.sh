#!/usr/bin/env bash
# How cargo starts each program of tests here: says at its end what it took, and gives those that mostly wait for others more
# tests at once. Programs that hold how soon something happens keep to one test for each processor.
set -euo pipefail
case "${1##*/}" in
  connectors-* | emulators-*) export RUST_TEST_THREADS=$((2 * $(nproc))) ;;
esac
TIMEFORMAT='  took %0R s, of processors %0U s'
time "$@"
