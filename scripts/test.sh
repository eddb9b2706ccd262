#!/usr/bin/env bash
# Everything CI checks.
set -euo pipefail
cd "$(dirname "$0")/.."
cache="${XDG_CACHE_HOME:-$HOME/.cache}/molva"
[ -n "${CARGO_TARGET_DIR:-}" ] || { mkdir -p "$cache/target" && export CARGO_TARGET_DIR="$cache/target"; }
cargo fmt --all --check
cargo test --workspace
