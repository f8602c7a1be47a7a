# shellcheck shell=bash
# Shared by install.sh, upgrade.sh and rollback.sh. Plain functions; each says what it changed.

CODE=/opt/pug/current RELEASES=/opt/pug/releases ETC=/etc/pug VAR=/var/lib/pug
BACKUPS=/var/backups/pug LOG=/var/log/pug UNITS=/etc/systemd/system
changes=0
say() { printf '%s\n' "$*"; }
changed() { changes=$((changes + 1)); printf '  + %s\n' "$*"; }
stop() { printf 'STOPPED: %s\n' "$*" >&2; exit 1; }
need_root() { [ "$(id -u)" = 0 ] || stop "run this as root"; }

# put FILE MODE OWNER:GROUP <content: written when it differs; true when it was. Never behind a
# pipe, where its count of changes would be lost: put … < <(command).
put() {
  local new
  new=$(mktemp)
  cat >"$new"
  if cmp -s "$new" "$1"; then
    rm -f "$new"
    return 1
  fi
  install -D -m "$2" -o "${3%:*}" -g "${3#*:}" "$new" "$1"
  rm -f "$new"
  changed "$1"
}

# folder PATH MODE OWNER:GROUP
folder() {
  if [ "$(stat -c '%a %U:%G' "$1" 2>/dev/null)" != "$2 $3" ]; then
    install -d -m "$2" -o "${3%:*}" -g "${3#*:}" "$1"
    chmod "$2" "$1"
    changed "$1"
  fi
}

# The nginx site: DOMAIN, HTTP and HTTPS (ports) are set; the template comes by standard input.
render_site() {
  local authority='$host'
  [ "$HTTPS" = 443 ] || authority="\$host:$HTTPS"
  sed -e "s#@DOMAIN@#$DOMAIN#g" -e "s#@HTTPS@#$HTTPS#g" -e "s#@HTTP@#$HTTP#g" \
    -e "s#@AUTHORITY@#$authority#g" -e "s#@ETC@#$ETC#g" -e "s#@VAR@#$VAR#g" \
    -e "s#@CODE@#$CODE#g" -e "s#@LOG@#$LOG#g"
}

# render_task TEMPLATE WHEN USER ROLE COMMAND
render_task() {
  sed -e "s#@WHEN@#$2#g" -e "s#@USER@#$3#g" -e "s#@ROLE@#$4#g" -e "s#@COMMAND@#$5#g" "$1"
}

# The web server once more, at a socket of its own, for as long as a release changes.
spare() {
  sed -e 's/, web server$/, second web server while a release changes/' -e '/^PartOf/d' \
    -e 's#pug-web#pug-spare#g' -e 's/^Restart=always/Restart=no/' -e '/^\[Install\]/,$d' "$1"
}

# units SOURCE TARGET: every unit of the portal; true when one changed.
units() {
  local from=$1 to=$2 before=$changes name when user role command unit timers
  put "$to/pug-.service.d/common.conf" 644 root:root <"$from/pug-.service.d.conf" || true
  put "$to/pug-backup.service.d/log.conf" 644 root:root <"$from/pug-backup.service.d.conf" || true
  for unit in pug-web pug-worker pug-tend; do
    put "$to/$unit.service" 644 root:root <"$from/$unit.service" || true
  done
  timers=$(task_names "$from/tasks.table" | sed 's/.*/pug-&.timer/' | tr '\n' ' ')
  put "$to/pug.target" 644 root:root < <(sed "s#@TIMERS@#${timers% }#" "$from/pug.target") || true
  put "$to/pug-spare.service" 644 root:root < <(spare "$from/pug-web.service") || true
  while IFS='|' read -r name when user role command; do
    read -r name <<<"$name"; read -r when <<<"$when"; read -r user <<<"$user"
    read -r role <<<"$role"; read -r command <<<"$command"
    case $name in '#'* | '') continue ;; esac
    for unit in service timer; do
      put "$to/pug-$name.$unit" 644 root:root \
        < <(render_task "$from/task.$unit" "$when" "$user" "$role" "$command") || true
    done
  done <"$from/tasks.table"
  [ "$changes" != "$before" ]
}

task_names() { sed -e '/^#/d' -e 's/ *|.*//' -e '/^$/d' "$1"; }

# manage USER RELEASE COMMAND …: manage.py as the service would run it, with that release's code. By
# its whole path: what all units share (pug-.service.d) leads into the release that runs now.
manage() {
  local user=$1 release=$2
  shift 2
  systemd-run --quiet --wait --pipe --collect --unit="pug-manage-$$-$RANDOM" \
    -p User="$user" -p ReadWritePaths="-$BACKUPS" \
    -E DATABASE_URL="postgresql://${user/-/_}@/pug?host=/run/postgresql" \
    "$release/.venv/bin/python" "$release/manage.py" "$@" </dev/null
}

# unpack SOURCE: the code and its packages under $RELEASES/<version>-<digest>; sets RELEASE.
unpack() {
  local source=$1 version digest
  [ -f "$source/manage.py" ] || stop "$source holds no release of the portal"
  version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$source/pyproject.toml" | head -n 1)
  digest=$(cd "$source" && code | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-10)
  RELEASE=$RELEASES/$version-$digest
  [ -f "$RELEASE/.whole" ] && return
  say "Release ${RELEASE##*/}: code and packages …"
  rm -rf "$RELEASE"
  install -d -m 755 "$RELEASE"
  (cd "$source" && code | tar -c --null -T -) | tar -x -C "$RELEASE" --no-same-owner
  chmod -R u=rwX,go=rX "$RELEASE"
  python3 -m venv "$RELEASE/.venv"
  "$RELEASE/.venv/bin/pip" install -q --disable-pip-version-check --no-cache-dir \
    -c "$RELEASE/constraints.txt" -r "$RELEASE/requirements.txt" || stop "pip could not install the packages"
  "$RELEASE/.venv/bin/python" -m compileall -q -j 0 "$RELEASE" >/dev/null || true
  chmod -R go=rX "$RELEASE"
  touch "$RELEASE/.whole"
  changed "$RELEASE"
}

# let_go RELEASE …: of all that was ever unpacked these stay, so that the disk does not fill up.
let_go() {
  local one
  for one in "$RELEASES"/*; do
    case " $* " in
      *" $one "*) ;;
      *) rm -rf "$one" && changed "${one##*/} taken away" ;;
    esac
  done
}

# What belongs to a release, each name ended by a NUL: these, and in them nothing that a developer's
# tools leave behind. One that is missing ends the installation.
code() {
  find manage.py pyproject.toml requirements.txt constraints.txt LICENSE README.md CHANGELOG.md SECURITY.md \
    accounts core dashboards data deploy docs examples indicators locale mou planning programs pug_portal \
    static templates villages \
    \( -name '.*' -o -name __pycache__ -o -name node_modules -o -name htmlcov -o -name '*.pyc' \) -prune \
    -o -type f -print0
}

# Tables, rights, packed pages and reference data of RELEASE. What is done is not done again.
prepare() {
  if ! manage pug-owner "$RELEASE" migrate --check >/dev/null 2>&1; then
    manage pug-owner "$RELEASE" migrate --no-input -v 1 | tail -n 3 || stop "migrate failed"
    changed "tables of the database"
  fi
  [ -f "$RELEASE/.prepared" ] && return
  manage pug-owner "$RELEASE" secure_database || stop "secure_database failed"
  manage pug-owner "$RELEASE" collectstatic --no-input -v 0 || stop "collectstatic failed"
  local command
  for command in import_wilayah import_activity_codes "build_schematic_map --regency $REGENCY" import_indicators; do
    # shellcheck disable=SC2086 # a command and its words
    manage pug-duty "$RELEASE" $command | tail -n 1 || stop "$command failed"
  done
  touch "$RELEASE/.prepared"
  changed "rights, pages and reference data of ${RELEASE##*/}"
}

# answers SOCKET SECONDS: /readyz/ says 200 behind this socket within so many seconds.
answers() {
  local until=$((SECONDS + $2))
  while [ "$SECONDS" -lt "$until" ]; do
    [ "$(asked "$1" /readyz/)" = 200 ] && return
    sleep 1
  done
  return 1
}
asked() {
  curl -s -o /dev/null -m 20 -w '%{http_code}' --unix-socket "$1" -H "Host: $DOMAIN" \
    -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-For: 127.0.0.1' "http://portal$2"
}

# lead_to web|spare: nginx sends requests there from now on; those under way end where they are.
lead_to() {
  put "$ETC/upstream.conf" 644 root:root <<<"server unix:/run/pug-$1/web.sock max_fails=0;" &&
    nginx -t -q && systemctl reload nginx && sleep 2
  return 0
}

# switch_to RELEASE_DIR: the portal runs that code, and no request is dropped. False, with
# everything as it was, when the new code is not ready within a minute.
switch_to() {
  local target=$1 old
  old=$(readlink "$CODE" || true)
  say "Starting ${target##*/} beside the running one …"
  ln -sfn "$target" "$CODE.new" && mv -T "$CODE.new" "$CODE"
  if ! systemctl start pug-spare || ! answers /run/pug-spare/web.sock 60; then
    say "It is not ready: $(curl -s -m 20 --unix-socket /run/pug-spare/web.sock -H "Host: $DOMAIN" \
      -H 'X-Forwarded-Proto: https' http://portal/readyz/ || true)"
    systemctl stop pug-spare || true
    ln -sfn "$old" "$CODE.new" && mv -T "$CODE.new" "$CODE"
    return 1
  fi
  lead_to spare
  systemctl restart pug-web pug-worker pug-tend
  if answers /run/pug-web/web.sock 60; then
    lead_to web
    systemctl stop pug-spare
    changed "$CODE -> $target"
    return 0
  fi
  ln -sfn "$old" "$CODE.new" && mv -T "$CODE.new" "$CODE"
  systemctl restart pug-web pug-worker pug-tend
  answers /run/pug-web/web.sock 60 && lead_to web
  systemctl stop pug-spare
  return 1
}
