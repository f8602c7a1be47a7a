#!/usr/bin/env bash
# What the containers need of the host, as root: settings, secrets, a certificate signed by nobody,
# the backups' folder and key. Asks nothing; may be run again: what stands is left as it is.
#   deploy/compose/setup.sh --domain pug.paserkab.go.id --email it@paserkab.go.id [--regency 64.01]
#     [--backup-key age1…] [--http-port 80] [--https-port 443]
set -euo pipefail
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib.sh
. "$here/../lib.sh"

DOMAIN='' EMAIL='' REGENCY=64.01 BACKUP_KEY='' HTTP=80 HTTPS=443
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || stop "$1 needs a value"
  case $1 in
    --domain) DOMAIN=$2 ;; --email) EMAIL=$2 ;; --regency) REGENCY=$2 ;;
    --backup-key) BACKUP_KEY=$2 ;; --http-port) HTTP=$2 ;; --https-port) HTTPS=$2 ;;
    *) stop "unknown: $1 (see the first lines of $0)" ;;
  esac
  shift 2
done
need_root
[[ $DOMAIN =~ ^[a-z0-9.-]+\.[a-z]+$ ]] || stop "--domain is missing or no name of a host: '$DOMAIN'"
[[ $EMAIL == *@* ]] || stop "--email is missing: where security reports and certificate letters go"

# Numbers of the image's users (Dockerfile); on the host they belong to nobody.
PUG=6400 BACKUP=6403 POSTGRES=6405
# hidden FILE <content: written once, for root and for group pug of the image.
hidden() {
  [ ! -e "$1" ] || return 0
  (umask 377 && cat >"$1.new")
  chgrp $PUG "$1.new" && chmod 440 "$1.new" && mv "$1.new" "$1"
  changed "$1"
}

install -d -m 755 $ETC /var/www/pug-acme
install -d -m 700 $ETC/secrets
install -d -m 750 -g $PUG $ETC/tls
install -d -m 2771 -o $BACKUP -g $BACKUP $BACKUPS
install -d -m 2770 -o $POSTGRES -g $BACKUP $BACKUPS/wal
hidden $ETC/secrets/secret_key < <(openssl rand -base64 60 | tr -d '\n')
hidden $ETC/secrets/secret_key_fallbacks </dev/null
hidden $ETC/secrets/email_url </dev/null
[ -e $ETC/pug.env ] || put $ETC/pug.env 640 root:root <<TEXT
# Settings: docs/settings.md. After a change: docker-compose up -d. No secrets here.
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
if [ ! -s $ETC/backup-recipients ]; then
  if [ -z "$BACKUP_KEY" ]; then
    (umask 377 && age-keygen -o /root/pug-backup.key 2>/dev/null)
    BACKUP_KEY=$(grep -o 'age1[a-z0-9]*' /root/pug-backup.key)
  fi
  put $ETC/backup-recipients 644 root:root <<<"$BACKUP_KEY"
fi
if [ ! -e $ETC/tls/certificate.pem ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 \
    -subj "/CN=$DOMAIN" -addext "subjectAltName=DNS:$DOMAIN" -keyout $ETC/tls/key.pem.made \
    -out $ETC/tls/certificate.pem 2>/dev/null
  hidden $ETC/tls/key.pem <$ETC/tls/key.pem.made
  rm $ETC/tls/key.pem.made
  changed "a certificate signed by nobody, until a real one comes (docs/compose.md)"
fi

# What compose.yaml itself asks for. Memory in MB: half of it is the database's.
[ -e "$here/.env" ] || put "$here/.env" 644 root:root <<TEXT
COMPOSE_PROJECT_NAME=pug
HTTP_PORT=$HTTP
HTTPS_PORT=$HTTPS
DATABASE_MEMORY=$(awk '/^MemTotal/ {print int($2 / 2048)}' /proc/meminfo)
WEB_MEMORY=$((512 + 256 * $(nproc)))
TEXT

[ "$changes" = 0 ] && say "Nothing had to be changed." || say "$changes things were changed."
[ ! -e /root/pug-backup.key ] || say "NOW: take /root/pug-backup.key off this server (stick and paper), then delete it here. No backup can be read without it."
say "Next: docs/compose.md, section \"Start\"."
