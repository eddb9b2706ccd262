#!/usr/bin/env bash
# Dovecot (IMAP with IDLE) and aiosmtpd (SMTP) with certificates of their own: MOLVA_TEST_MAIL is "IMAP IMAPS SMTP LMTP CA":
# four ports of this machine and the file of the authority. Everybody is a user of example.test, with the password "secret" or
# a token of the provider of oauth.py, which both ask whose it is: MOLVA_TEST_OAUTH is its address. The SMTP server has
# faults, see mail.py.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

packages=(aiosmtpd==1.4.6 django==5.2.19 django-oauth-toolkit==3.4.1)

start() {
  local venv imap imaps smtp lmtp oauth
  # Other packages are another folder.
  venv="$servers_cache/mail-$(printf '%s\n' "${packages[@]}" | sha256sum | cut -c1-8)"
  apt_install dovecot-core dovecot-imapd dovecot-lmtpd openssl || cannot_install "packages dovecot-imapd and dovecot-lmtpd"
  PATH="$PATH:/usr/sbin:/sbin"
  case "$(dovecot --version)" in
    2.3.*) ;;
    *) cannot_install "Dovecot $(dovecot --version); the configuration here is for 2.3" ;;
  esac
  [ "$(id -u)" -eq 0 ] || cannot_install "Dovecot starts its processes as other users, which only root may"
  if [ ! -f "$venv/.complete" ]; then
    say "mail: installing ${packages[*]} into $venv"
    rm -rf "$venv" && mkdir -p "$servers_cache"
    python3 -m venv "$venv" >/dev/null 2>&1 || { apt_install python3-venv && python3 -m venv "$venv" >/dev/null; } ||
      cannot_install "no python3 with venv"
    quietly "$venv/bin/pip" install --disable-pip-version-check "${packages[@]}" ||
      cannot_install "PyPI packages ${packages[*]}"
    touch "$venv/.complete"
  fi
  fresh_state
  imap=$(free_port) imaps=$(free_port) smtp=$(free_port) lmtp=$(free_port) oauth=$(free_port)
  make_certificate
  mkdir -p "$state/mail" "$state/run"
  chown mail:mail "$state/mail"
  # Whose a token is, with the name and the secret of the one who asks.
  local whose="http://mail:mail%20secret@127.0.0.1:$oauth/o/introspect/"
  dovecot_configuration "$imap" "$imaps" "$lmtp" >"$state/dovecot.conf"
  token_configuration "$whose" >"$state/tokens.conf"
  start_process oauth "$venv/bin/python" "$(dirname "$0")/oauth.py" "$oauth" "$state"
  start_process dovecot dovecot -F -c "$state/dovecot.conf"
  start_process smtp "$venv/bin/python" "$(dirname "$0")/mail.py" "$smtp" "$lmtp" "$state/mail.crt" "$state/mail.key" "$oauth"
  wait_for 30 "Dovecot" greets "$imap" "* OK"
  wait_for 30 "the SMTP server" greets "$smtp" "220"
  wait_for 30 "the provider of tokens" listens "$oauth"
  echo "export MOLVA_TEST_MAIL='$imap $imaps $smtp $lmtp $state/ca.crt'"
  echo "export MOLVA_TEST_OAUTH=http://127.0.0.1:$oauth"
}

# An authority and a server's certificate for localhost; rustls wants them apart.
make_certificate() {
  local key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2)
  quietly openssl req -x509 "${key[@]}" -subj "/CN=Molva test authority" -keyout "$state/ca.key" -out "$state/ca.crt"
  quietly openssl req "${key[@]:0:5}" -subj "/CN=localhost" -keyout "$state/mail.key" -out "$state/mail.csr"
  printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' >"$state/mail.ext"
  quietly openssl x509 -req -days 2 -in "$state/mail.csr" -CA "$state/ca.crt" -CAkey "$state/ca.key" -CAcreateserial \
    -extfile "$state/mail.ext" -out "$state/mail.crt"
}

dovecot_configuration() {
  cat <<CONFIGURATION
base_dir = $state/run
log_path = $state/dovecot-words.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <$state/mail.crt
ssl_key = <$state/mail.key
disable_plaintext_auth = no
auth_username_format = %Ln
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {
  driver = static
  args = password=secret
  mechanisms = plain login
}
passdb {
  driver = oauth2
  args = $state/tokens.conf
  mechanisms = xoauth2 oauthbearer
}
userdb {
  driver = static
  # Letters come without signing in, so that no password database could vouch for whom they are.
  args = uid=mail gid=mail home=$state/mail/%Ln allow_all_users=yes
}
mail_location = maildir:~/Maildir
first_valid_uid = 1
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
  mailbox Archive {
    auto = create
    special_use = \Archive
  }
}
service imap-login {
  inet_listener imap {
    port = $1
  }
  inet_listener imaps {
    port = $2
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $3
  }
}
CONFIGURATION
}

token_configuration() {
  cat <<CONFIGURATION
introspection_mode = post
introspection_url = $1
username_attribute = username
active_attribute = active
active_value = true
force_introspection = yes
CONFIGURATION
}

listens() { (: <"/dev/tcp/127.0.0.1/$1"); }

# greets PORT BEGINNING: the server's first line.
greets() {
  local line
  exec 9<>"/dev/tcp/127.0.0.1/$1" || return 1
  IFS= read -r -t 2 line <&9 || return 1
  exec 9>&-
  case "$line" in "$2"*) ;; *) return 1 ;; esac
}

run_server_script "$@"
