#!/usr/bin/env bash
# A real WordPress on a private MariaDB: MOLVA_TEST_WORDPRESS is its address, MOLVA_TEST_WORDPRESS_USER and
# MOLVA_TEST_WORDPRESS_PASSWORD an administrator and an application password for its REST API.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

packages=(wordpress php-cli php-mysql php-xml php-mbstring mariadb-server curl)

start() {
  local web_port base password
  apt_install "${packages[@]}" || cannot_install "packages ${packages[*]}"
  fresh_state
  start_database
  web_port=$(free_port)
  base="http://127.0.0.1:$web_port"
  lay_out_site "$base"
  PHP_CLI_SERVER_WORKERS=4 start_process php php -d display_errors=0 -S "127.0.0.1:$web_port" -t "$state/site"
  wait_for 30 "PHP" answers "$base/readme.html"
  password=$(random)
  curl -fsS --max-time 120 -o "$state/install.html" "$base/wp-admin/install.php?step=2" -d weblog_title=Molva \
    -d user_name=admin -d "admin_password=$password" -d "admin_password2=$password" -d pw_weak=on \
    -d admin_email=admin@example.com -d blog_public=1 -d Submit=Install || fail "wordpress: the installer failed"
  wait_for 30 "the REST API" lists_posts "$base"
  password=$(application_password)
  [ -n "$password" ] || fail "wordpress: no application password could be made"
  echo "export MOLVA_TEST_WORDPRESS=$base"
  echo "export MOLVA_TEST_WORDPRESS_USER=admin"
  echo "export MOLVA_TEST_WORDPRESS_PASSWORD='$password'"
}

# Before it is installed, WordPress answers every address with a redirect to its installer.
lists_posts() { curl -fsS --max-time 20 "$1/?rest_route=/wp/v2/posts" | grep -q '^\[{'; }

random() { od -An -N 16 -tx1 /dev/urandom | tr -d ' \n'; }

# The system's own MariaDB, if any, is left alone: own folder, own socket, no port.
start_database() {
  local user
  user=$(id -un)
  [ "$user" != root ] || user=mysql
  mkdir "$state/db"
  [ "$(id -u)" -ne 0 ] || chown "$user" "$state/db"
  quietly mariadb-install-db --no-defaults --user="$user" --datadir="$state/db" --skip-test-db \
    --auth-root-authentication-method=normal || fail "wordpress: mariadb-install-db failed"
  start_process mariadb "$(command -v mariadbd || echo /usr/sbin/mariadbd)" --no-defaults --user="$user" --datadir="$state/db" --socket="$state/db/socket" \
    --pid-file="$state/db/pid" --skip-networking --innodb-buffer-pool-size=32M --innodb-flush-log-at-trx-commit=0
  wait_for 60 "MariaDB" sql 'select 1'
  sql 'create database wordpress character set utf8mb4'
}

sql() { mariadb --no-defaults --socket="$state/db/socket" --user=root --execute "$1"; }

# The package brings no theme: this one shows the articles and announces the feeds, as every theme does.
write_theme() {
  mkdir -p "$1"
  printf '/* Theme Name: Plain */\n' >"$1/style.css"
  echo "<?php add_theme_support('automatic-feed-links'); add_theme_support('title-tag');" >"$1/functions.php"
  cat >"$1/index.php" <<'PHP'
<!DOCTYPE html><html><head><?php wp_head(); ?></head><body>
<?php while (have_posts()) { the_post(); the_title('<h2>', '</h2>'); the_content(); } wp_footer(); ?>
</body></html>
PHP
}

# A copy, because WordPress looks for its configuration beside the real path of its files.
lay_out_site() {
  cp -rL /usr/share/wordpress "$state/site" 2>/dev/null || [ -f "$state/site/wp-load.php" ] ||
    fail "wordpress: could not copy its files"
  rm -f "$state/site/wp-config.php"
  cat >"$state/site/wp-config.php" <<PHP
<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:$state/db/socket');
define('DB_CHARSET', 'utf8mb4');
define('WP_HOME', '$1');
define('WP_SITEURL', '$1');
define('AUTH_KEY', '$(random)');
define('SECURE_AUTH_KEY', '$(random)');
// Application passwords without HTTPS, and no word to the outside.
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_DEFAULT_THEME', 'plain');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
\$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
PHP
  write_theme "$state/site/wp-content/themes/plain"
  # Tests write many comments from one address; WordPress would call that a flood.
  mkdir -p "$state/site/wp-content/mu-plugins"
  cat >"$state/site/wp-content/mu-plugins/molva-test.php" <<'PHP'
<?php
add_filter('comment_flood_filter', '__return_false', 100);
// Nor may it find comments to be told twice, but those that ask for it.
add_filter('duplicate_comment_id', fn ($id, $data) => str_contains($data['comment_content'], 'said once') ? $id : 0, 10, 2);
add_filter('rest_allow_anonymous_comments', '__return_true');
add_filter('pre_comment_approved', fn () => 1, 100);
add_filter('pre_wp_mail', '__return_true');
PHP
}

application_password() {
  php -d display_errors=0 -r '
    $_SERVER["HTTP_HOST"] = "127.0.0.1";
    require $argv[1] . "/wp-load.php";
    [$password] = WP_Application_Passwords::create_new_application_password(1, ["name" => "molva"]);
    echo WP_Application_Passwords::chunk_password($password);
  ' "$state/site"
}

run_server_script "$@"
