# What the scripts share: words, the cache, and how a missing tool is installed. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Installed tools and compiled dependencies live outside the checkout, so that a fresh clone starts warm.
cache=${MOLVA_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/molva}

say() { printf '%s\n' "$*" >&2; }

# fail "what went wrong" "the way out"…
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  local line
  for line; do printf '       %s\n' "$line" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least 20.19 20.20.2: is the second version the first or newer?
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# Runs quietly; on failure shows the beginning and the end of what was said: npm names the cause first, compilers last.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  if [ "$status" -ne 0 ]; then
    say "--- $*"
    if [ "$(wc -l <"$log")" -gt 40 ]; then
      head -n 15 "$log" >&2
      say "…"
      tail -n 20 "$log" >&2
    else
      cat "$log" >&2
    fi
    say "---"
  fi
  rm -f "$log"
  return "$status"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

can_be_root() {
  [ "$(id -u)" -eq 0 ] && return 0
  have sudo || return 1
  # Without a terminal nobody can type the password.
  sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }
}

apt_missing() {
  local package
  for package; do
    dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q 'install ok installed' || printf '%s\n' "$package"
  done
}

# Installs Debian or Ubuntu packages that are not there yet. Returns 1 with a message when that is not possible.
apt_install() {
  local missing
  if ! have apt-get || ! have dpkg-query; then
    say "missing: $*; this system has no apt-get: install them with its own package manager and run this again"
    return 1
  fi
  mapfile -t missing < <(apt_missing "$@")
  [ "${#missing[@]}" -eq 0 ] && return 0
  if ! can_be_root; then
    say "missing: ${missing[*]}; as root, run: apt-get install -y --no-install-recommends ${missing[*]}"
    return 1
  fi
  say "installing with apt: ${missing[*]}"
  # Servers are installed beside what compiles, and apt waits for another apt in one of its three locks only.
  (flock -w 600 9 && apt_install_now "${missing[@]}" 9>&-) 9>"${TMPDIR:-/tmp}/molva-apt-$(id -un).lock" && return 0
  say "apt could not install ${missing[*]}; the lines above say why"
  return 1
}

apt_install_now() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq)
  # The lists may be old or absent: look them up anew only when the first try fails.
  as_root "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null 2>&1 && return 0
  quietly as_root "${apt[@]}" update || say "the package lists could not be refreshed; trying with the old ones"
  quietly as_root "${apt[@]}" install -y --no-install-recommends "$@"
}

apt_candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *//p' | grep -v '(none)'; }

ensure_build_tools() {
  have cc && have git && return 0
  apt_install build-essential git ca-certificates || fail "a C compiler and git are needed to build"
}

cargo_version() { (cd "$root" && cargo --version 2>/dev/null) | sed -n 's/^cargo \([0-9.]*\).*/\1/p'; }

# A cargo that is new enough is used as it is; otherwise rustup brings the toolchain that rust-toolchain.toml names.
ensure_rust() {
  local wanted found
  wanted=$(sed -n 's/^channel *= *"\(.*\)"/\1/p' "$root/rust-toolchain.toml")
  [ -d "${HOME:-}/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
  found=$(cargo_version || true)
  [ -n "$found" ] && at_least "$wanted" "$found" && return 0
  if ! have rustup; then
    if [ -n "$(apt_candidate rustup)" ]; then
      apt_install rustup || fail "Rust $wanted is needed" "install it from https://rustup.rs and run this again"
    else
      install_rustup || fail "Rust $wanted is needed and rustup could not be fetched" \
        "install Rust from https://rustup.rs and run this again"
    fi
  fi
  if ! (cd "$root" && rustup run "$wanted" cargo --version >/dev/null 2>&1); then
    say "installing Rust $wanted"
    if ! quietly rustup toolchain install "$wanted" --profile minimal --component clippy --component rustfmt; then
      newest_installed_rust "$wanted" || fail "Rust $wanted could not be installed" \
        "see the lines above; behind a proxy set https_proxy, or install Rust from https://rustup.rs"
    fi
  fi
  found=$(cargo_version || true)
  [ -n "$found" ] || fail "cargo does not start although rustup is installed" "run 'cargo --version' here to see why"
}

install_rustup() {
  local installer
  have curl || apt_install curl ca-certificates || return 1
  say "installing rustup into ~/.cargo (its own installer, no questions, no change to your shell files)"
  installer=$(mktemp)
  curl --proto '=https' --tlsv1.2 -sSf --max-time 120 -o "$installer" https://sh.rustup.rs || return 1
  quietly sh "$installer" -y --profile minimal --default-toolchain none --no-modify-path || return 1
  rm -f "$installer"
  PATH="$HOME/.cargo/bin:$PATH"
}

newest_installed_rust() {
  local name version
  while read -r name _; do
    version=$(rustup run "$name" cargo --version 2>/dev/null | sed -n 's/^cargo \([0-9.]*\).*/\1/p')
    if [ -n "$version" ] && at_least "$1" "$version"; then
      say "using the installed toolchain $name ($version) instead of $1"
      export RUSTUP_TOOLCHAIN="$name"
      return 0
    fi
  done < <(rustup toolchain list | sort -rV)
  return 1
}

node_wanted=20.19

node_is_new_enough() {
  have node && have npm && at_least "$node_wanted" "$(node --version 2>/dev/null | tr -d v)"
}

npm_arch() {
  case "$(uname -m)" in
    x86_64) echo x64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) return 1 ;;
  esac
}

# Node of the system when new enough, else of apt, else the binary of a npm package in our cache.
ensure_node() {
  [ -x "$cache/node/bin/node" ] && PATH="$cache/node/bin:$PATH"
  node_is_new_enough && return 0
  if at_least "$node_wanted" "$(apt_candidate nodejs | sed 's/^[0-9]*://')" && apt_install nodejs npm; then
    hash -r
    node_is_new_enough && return 0
  fi
  have npm || apt_install npm || fail "Node $node_wanted or newer and npm are needed" \
    "install them from https://nodejs.org or your distribution and run this again"
  hash -r
  node_is_new_enough && return 0
  say "the system's Node is older than $node_wanted: putting Node 22 into $cache/node"
  node_from_npm "$cache/node" 22 || fail "Node 22 could not be installed into $cache/node" \
    "install Node $node_wanted or newer and run this again"
  PATH="$cache/node/bin:$PATH"
  hash -r
  node_is_new_enough || fail "the Node in $cache/node does not start" "remove that folder and run this again"
}

# node_from_npm FOLDER MAJOR: a node binary with its headers and an npm that fits, as FOLDER/bin.
node_from_npm() {
  local folder=$1 major=$2 package
  package="node-linux-$(npm_arch)" || return 1
  mkdir -p "$folder" && echo '{"private":true}' >"$folder/package.json"
  quietly npm install --prefix "$folder" --no-audit --no-fund --ignore-scripts "$package@$major" npm@10 || return 1
  mkdir -p "$folder/bin"
  ln -sf "../node_modules/$package/bin/node" "$folder/bin/node"
  ln -sf ../node_modules/npm/bin/npm-cli.js "$folder/bin/npm"
  ln -sf ../node_modules/npm/bin/npx-cli.js "$folder/bin/npx"
}

# Compiled crates are kept in the cache when it can be written, else in the checkout.
use_cargo_cache() {
  if [ -z "${CARGO_TARGET_DIR:-}" ] && mkdir -p "$cache/target" 2>/dev/null; then
    export CARGO_TARGET_DIR="$cache/target"
    forget_other_checkout
  fi
  target_dir=${CARGO_TARGET_DIR:-$root/target}
}

# Cargo tells the crates of two checkouts apart by the age of their files alone, so what another one compiled last would be
# taken for this one's.
forget_other_checkout() {
  local stamp="$CARGO_TARGET_DIR/checkout"
  [ "$(cat "$stamp" 2>/dev/null)" != "$root" ] || return 0
  rm -rf "$CARGO_TARGET_DIR"/*/.fingerprint/{molva,xtask}-*
  printf '%s' "$root" >"$stamp"
}

# npm ci, skipped while the lock file is the one that was installed last.
web_install() {
  local stamp="$root/web/node_modules/.molva-lock" lock="$root/web/package-lock.json"
  [ -f "$lock" ] || fail "web/package-lock.json is missing" "run 'git status' and restore it"
  cmp -s "$lock" "$stamp" 2>/dev/null && return 0
  say "installing the web app's packages"
  (cd "$root/web" && quietly npm ci --no-audit --no-fund) || fail "npm ci failed in web/" \
    "the lines above say why; 'npm cache clean --force' helps when a download was cut off"
  cp "$lock" "$stamp"
}

web_is_built() {
  local built="$root/web/dist/index.html"
  [ -f "$built" ] || return 1
  [ -z "$(find "$root/web" \( -name node_modules -o -name dist -o -name test-results \) -prune \
    -o -type f -newer "$built" -print -quit)" ]
}

web_build() {
  web_is_built && return 0
  web_install
  say "building the web app"
  (cd "$root/web" && quietly npm run build) || fail "the web app does not build" "the lines above say where"
  # The build may keep old times on copied files; the stamp is what web_is_built compares with.
  touch "$root/web/dist/index.html"
}
