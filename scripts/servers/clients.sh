#!/usr/bin/env bash
# Programs of others that keep the emulators honest, from PyPI: MOLVA_TEST_CLIENTS is a Python that has them.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

packages=(vk_api==11.10.0 python-telegram-bot==22.8 praw==8.0.3 pydiscourse==1.7.0 google-api-python-client==2.202.0 maxapi==1.2.3 ok_api==1.0.1 xdk==0.10.6 tweepy==4.17.0 facebook-business==26.0.3 twitterwebhooks==1.0.0 truewire-bluesky==0.1.0)

start() {
  # Other packages are another folder.
  local venv
  venv="$servers_cache/clients-$(printf '%s\n' "${packages[@]}" | sha256sum | cut -c1-8)"
  if [ ! -f "$venv/.complete" ]; then
    say "clients: installing ${packages[*]} into $venv"
    rm -rf "$venv" && mkdir -p "$servers_cache"
    python3 -m venv "$venv" >/dev/null 2>&1 || { apt_install python3-venv && python3 -m venv "$venv" >/dev/null; } ||
      cannot_install "no python3 with venv"
    quietly "$venv/bin/pip" install --disable-pip-version-check "${packages[@]}" ||
      cannot_install "PyPI packages ${packages[*]}"
    touch "$venv/.complete"
  fi
  echo "export MOLVA_TEST_CLIENTS=$venv/bin/python"
}

run_server_script "$@"
