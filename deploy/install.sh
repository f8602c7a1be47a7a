#!/usr/bin/env bash
# The portal on a bare Debian 12 server: PostgreSQL, nginx with TLS, services, nightly encrypted
# backup. As root, from a checkout or an unpacked release; asks nothing; may be run again.
#   deploy/install.sh --domain pug.paserkab.go.id --email it@paserkab.go.id [--regency 64.01]
#     [--officer NAME] [--backup-key age1…] [--release DIR] [--http-port 80] [--https-port 443]
set -euo pipefail
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"

DOMAIN='' EMAIL='' REGENCY=64.01 OFFICER=petugas BACKUP_KEY='' SOURCE=$(dirname "$here") HTTP=80 HTTPS=443
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || stop "$1 needs a value"
  case $1 in
    --domain) DOMAIN=$2 ;; --email) EMAIL=$2 ;; --regency) REGENCY=$2 ;; --officer) OFFICER=$2 ;;
    --backup-key) BACKUP_KEY=$2 ;; --release) SOURCE=$2 ;; --http-port) HTTP=$2 ;; --https-port) HTTPS=$2 ;;
    *) stop "unknown: $1 (see the first lines of $0)" ;;
  esac
  shift 2
done

check() {
  need_root
  [[ $DOMAIN =~ ^[a-z0-9.-]+\.[a-z]+$ ]] || stop "--domain is missing or no name of a host: '$DOMAIN'"
  [[ $EMAIL == *@* ]] || stop "--email is missing: where security reports and certificate letters go"
  grep -q '^VERSION_ID="12"' /etc/os-release || stop "this script knows Debian 12 only"
  [ -d /run/systemd/system ] || stop "systemd does not run here"
}

packages() {
  local missing=() one
  for one in $(grep -v '^#' "$here/packages.txt"); do
    dpkg-query -W -f '${Status}' "$one" 2>/dev/null | grep -q 'ok installed' || missing+=("$one")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Debian packages: ${missing[*]} …"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # Before the cluster is made, so that it keeps checksums and sorts alike everywhere.
  apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null
  put /etc/postgresql-common/createcluster.d/pug.conf 644 root:root \
    <<<"initdb_options = '--data-checksums --locale=C.UTF-8 --encoding=UTF8'" || true
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  changed "packages"
}

people() {
  local one
  getent group pug >/dev/null || { groupadd --system pug; changed "group pug"; }
  for one in pug pug-duty pug-owner pug-backup; do
    id "$one" >/dev/null 2>&1 && continue
    useradd --system --gid pug --home-dir /nonexistent --shell /usr/sbin/nologin "$one"
    changed "user $one"
  done
  getent group pug-backup >/dev/null || groupadd --system pug-backup
  id -nG pug-backup | grep -qw 'pug-backup' || { usermod -aG pug-backup pug-backup; changed "group pug-backup"; }
  id -nG www-data | grep -qw pug || { usermod -aG pug www-data; changed "www-data reads what pug keeps"; }
}

folders() {
  folder /opt/pug 755 root:root
  folder $RELEASES 755 root:root
  folder $ETC 755 root:root
  folder $ETC/secrets 700 root:root
  folder $ETC/tls 700 root:root
  folder $VAR 2770 pug:pug
  folder $VAR/media 2770 pug:pug
  folder $VAR/static 2755 pug-owner:pug
  folder $BACKUPS 2771 pug-backup:pug-backup
  folder $BACKUPS/wal 2770 postgres:pug-backup
  folder /var/www/pug-acme 755 root:root
  folder /etc/nginx/pug.d 755 root:root
  folder $LOG 751 root:adm
}

secrets() {
  if [ ! -s $ETC/secrets/secret_key ]; then
    (umask 377 && openssl rand -base64 60 | tr -d '\n' >$ETC/secrets/secret_key)
    changed "secret key"
  fi
  local one
  for one in secret_key_fallbacks email_url; do
    [ -e $ETC/secrets/$one ] || { install -m 400 /dev/null $ETC/secrets/$one; changed "$ETC/secrets/$one (empty)"; }
  done
  [ -s $ETC/backup-recipients ] && return
  if [ -z "$BACKUP_KEY" ]; then
    (umask 377 && age-keygen -o /root/pug-backup.key 2>/dev/null)
    BACKUP_KEY=$(grep -o 'age1[a-z0-9]*' /root/pug-backup.key)
  fi
  put $ETC/backup-recipients 644 root:root <<<"$BACKUP_KEY"
}

settings() {
  [ -e $ETC/pug.env ] && return
  put $ETC/pug.env 640 root:pug <<TEXT
# Settings: docs/settings.md. After a change: systemctl restart pug.target. No secrets here.
PUG_ALLOWED_HOSTS=$DOMAIN
PUG_ADDRESS=https://$DOMAIN$([ "$HTTPS" = 443 ] || printf ':%s' "$HTTPS")
PUG_REGENCY=$REGENCY
PUG_VAR=$VAR
PUG_TRUSTED_PROXIES=1
PUG_ACCEL=1
PUG_EMAIL_FROM=Portal PUG <$EMAIL>
PUG_SECURITY_CONTACT=mailto:$EMAIL
PUG_BACKUP_DIR=$BACKUPS
PUG_BACKUP_RECIPIENTS=$ETC/backup-recipients
GRANIAN_WORKERS=$(nproc)
TEXT
}

database() {
  local memory conf=/etc/postgresql/15/main before=$changes order=reload
  memory=$(awk '/^MemTotal/ {print int($2/1024)}' /proc/meminfo)
  memory=$((memory > 32768 ? 32768 : memory))
  put $conf/conf.d/pug.conf 644 postgres:postgres \
    < <(sed -e "s/@BUFFERS@/$((memory / 4))/" -e "s/@CACHE@/$((memory / 2))/" "$RELEASE/deploy/database/postgresql.conf") &&
    order=restart
  put $conf/pg_hba.conf 640 postgres:postgres < <(
    printf '# The portal: a system user is its role (deploy/install.sh)\n'
    printf 'local pug %s peer map=pug\n' pug_app,pug_duty,pug_owner,pug_backup
    printf 'local replication pug_backup peer map=pug\n'
    printf 'local all postgres peer map=pug\n\n' # root restores (bin/pug-manage --as root)
    sed -e '/^# The portal: /,/^$/d' $conf/pg_hba.conf
  ) || true
  put $conf/pg_ident.conf 640 postgres:postgres < <(
    sed -e '/^pug /d' $conf/pg_ident.conf
    printf 'pug %s %s\n' pug pug_app pug-duty pug_duty pug-owner pug_owner pug-backup pug_backup
    printf 'pug %s postgres\n' postgres root
  ) || true
  [ "$changes" = "$before" ] || systemctl $order postgresql@15-main
  local said
  said=$(as_postgres -qAt -v ON_ERROR_STOP=1 -v database=pug -f - postgres <"$RELEASE/deploy/database/roles.sql" 2>&1) ||
    stop "roles.sql: $said"
  [ "$(as_postgres -qAt -c 'show data_checksums' postgres)" = on ] ||
    say "  ! this cluster keeps no data checksums: stop it and run pg_checksums --enable once"
}
as_postgres() { (cd / && runuser -u postgres -- psql "$@"); }

# Both logs hold addresses: kept a year, as docs/privacy.md promises, and no longer.
logs() {
  local one
  for one in access error; do
    [ -e $LOG/pug-$one.log ] || install -m 640 -o www-data -g adm /dev/null $LOG/pug-$one.log
  done
  put /etc/logrotate.d/pug 644 root:root <"$RELEASE/deploy/nginx/logrotate.conf" || true
  ! put /etc/systemd/journald.conf.d/pug.conf 644 root:root <"$RELEASE/deploy/systemd/journald.conf" ||
    systemctl restart systemd-journald
}

front() {
  local before=$changes
  if [ ! -e $ETC/tls/certificate.pem ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 \
      -subj "/CN=$DOMAIN" -addext "subjectAltName=DNS:$DOMAIN" \
      -keyout $ETC/tls/key.pem -out $ETC/tls/certificate.pem 2>/dev/null
    chmod 400 $ETC/tls/key.pem
    changed "a certificate signed by nobody, until deploy/certificate.sh brings a real one"
  fi
  [ -e $ETC/upstream.conf ] || put $ETC/upstream.conf 644 root:root <<<"server unix:/run/pug-web/web.sock max_fails=0;"
  put /etc/nginx/sites-available/pug 644 root:root < <(render_site <"$RELEASE/deploy/nginx/pug.conf") || true
  put $UNITS/nginx.service.d/pug.conf 644 root:root <"$RELEASE/deploy/nginx/nginx.service.conf" || true
  [ -L /etc/nginx/sites-enabled/pug ] || { ln -s ../sites-available/pug /etc/nginx/sites-enabled/pug; changed "site switched on"; }
  [ ! -e /etc/nginx/sites-enabled/default ] || { rm /etc/nginx/sites-enabled/default; changed "Debian's sample site switched off"; }
  [ "$changes" = "$before" ] && return
  systemctl daemon-reload
  nginx -t -q || stop "nginx refuses the site"
  systemctl restart nginx
}

services() {
  systemctl daemon-reload
  systemctl -q enable pug.target pug-web pug-worker pug-tend postgresql nginx
  systemctl is-active -q pug-web || changed "services started"
  systemctl start pug.target
}

first_officer() {
  [ "$(as_postgres -qAt -c 'select count(*) from accounts_user' pug)" = 0 ] || return 0
  PASSWORD=$(manage pug-duty "$CODE" add_person "$OFFICER" --name "Petugas PUG" --role officer --area "$REGENCY" | tail -n 1)
  changed "first officer: $OFFICER"
}

# A backup that can be restored to any minute begins with a copy of the whole cluster.
first_backup() {
  compgen -G "$BACKUPS/bases/*" >/dev/null && return
  systemctl start pug-base.service && systemctl start pug-backup.service ||
    { say "  ! the first backup failed: journalctl -u pug-base -u pug-backup -n 20"; return; }
  changed "first encrypted backup in $BACKUPS"
}

farewell() {
  local code
  answers /run/pug-web/web.sock 90 || say "  ! /readyz/ is not green yet: journalctl -u pug-web -n 50"
  code=$(curl -sk -o /dev/null -w '%{http_code}' --resolve "$DOMAIN:$HTTPS:127.0.0.1" "https://$DOMAIN:$HTTPS/readyz/")
  say "" "https://$DOMAIN$([ "$HTTPS" = 443 ] || printf ':%s' "$HTTPS")/   /readyz/ answers $code   ($SECONDS seconds)"
  [ "$changes" = 0 ] && say "Nothing had to be changed." || say "$changes things were changed."
  [ -z "${PASSWORD:-}" ] || say "Sign in as  $OFFICER  with  $PASSWORD  within 72 hours; the portal asks for a new one."
  [ ! -e /root/pug-backup.key ] || say "NOW: take /root/pug-backup.key off this server (stick and paper), then delete it here. No backup can be read without it."
  say "Next: docs/deploy.md, section \"After the installation\"."
  [ "$code" = 200 ]
}

check
packages
people
folders
secrets
unpack "$SOURCE"
settings
database
units "$RELEASE/deploy/systemd" $UNITS && systemctl daemon-reload
[ -L $CODE ] || { ln -s "$RELEASE" $CODE; changed "$CODE"; }
[ "$(readlink $CODE)" = "$RELEASE" ] || stop "another release runs here. Use deploy/upgrade.sh --release $SOURCE"
prepare
logs
front
services
first_officer
first_backup
farewell
