#!/usr/bin/env bash
# Which certificate nginx shows, as root:
#   deploy/certificate.sh letsencrypt            asked for, renewed by itself (port 80 must be open)
#   deploy/certificate.sh own CHAIN.pem KEY.pem  the office's own; run again when it is renewed
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
need_root
DOMAIN=$(sed -n 's/^PUG_ALLOWED_HOSTS=\([^,]*\).*/\1/p' $ETC/pug.env)
case ${1:-} in
  letsencrypt)
    command -v certbot >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq certbot >/dev/null
    certbot certonly --webroot -w /var/www/pug-acme -d "$DOMAIN" -n --agree-tos \
      -m "$(sed -n 's/^PUG_SECURITY_CONTACT=mailto://p' $ETC/pug.env)" --deploy-hook 'systemctl reload nginx'
    chain=/etc/letsencrypt/live/$DOMAIN/fullchain.pem key=/etc/letsencrypt/live/$DOMAIN/privkey.pem
    ln -sf "$chain" $ETC/tls/certificate.pem && ln -sf "$key" $ETC/tls/key.pem
    ;;
  own)
    [ "$(openssl x509 -in "$2" -noout -pubkey | sha256sum)" = "$(openssl pkey -in "$3" -pubout | sha256sum)" ] ||
      stop "this key does not belong to this certificate"
    openssl x509 -in "$2" -noout -checkhost "$DOMAIN" | grep -q 'does match' || stop "the certificate is not for $DOMAIN"
    rm -f $ETC/tls/certificate.pem $ETC/tls/key.pem
    install -m 444 "$2" $ETC/tls/certificate.pem && install -m 400 "$3" $ETC/tls/key.pem
    ;;
  *) stop "say: letsencrypt, or: own CHAIN.pem KEY.pem" ;;
esac
nginx -t -q && systemctl reload nginx
say "nginx shows: $(openssl x509 -in $ETC/tls/certificate.pem -noout -subject -enddate | tr '\n' ' ')"
