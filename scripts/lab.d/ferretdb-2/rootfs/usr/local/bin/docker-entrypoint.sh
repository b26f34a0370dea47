#!/bin/bash
# FerretDB in front of a PostgreSQL of its own. MONGO_INITDB_ROOT_USERNAME and _PASSWORD (or both with _FILE)
# make the first user and turn logins on, as the official 'mongo' image does.
set -eu

from_file() { # from_file VARIABLE: its value, or that of the file VARIABLE_FILE names
    local file=${1}_FILE
    if [ -n "${!file:-}" ]; then cat "${!file}"; else printf %s "${!1:-}"; fi
}

if [ "$(id -u)" = 0 ]; then
    chown -R postgres: /data/db
    exec gosu postgres "$0" "$@"
fi
[ "${1:-}" = ferretdb ] || exec "$@"
shift

state=/data/db/ferretdb
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb -N -E UTF8 --locale=C.UTF-8 -U postgres -A trust -D "$PGDATA" >/dev/null
    cat >>"$PGDATA/postgresql.conf" <<'C'
listen_addresses = '127.0.0.1'
jit = off
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
C
    pg_ctl -s -w -l "$PGDATA/log" start
    psql -Xq -U postgres -d postgres -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION documentdb CASCADE'
    mkdir -p "$state"
    user=$(from_file MONGO_INITDB_ROOT_USERNAME) password=$(from_file MONGO_INITDB_ROOT_PASSWORD)
    if [ -n "$user" ]; then
        psql -Xq -U postgres -d postgres -v u="$user" -v p="$password" <<<"CREATE ROLE :\"u\" SUPERUSER LOGIN PASSWORD :'p'"
        touch "$state/logins"
    fi
else
    pg_ctl -s -w -l "$PGDATA/log" start
fi
unset MONGO_INITDB_ROOT_PASSWORD

logins=--no-auth
[ ! -e "$state/logins" ] || logins=--auth
ferretdb $logins --postgresql-url=postgres://postgres@127.0.0.1:5432/postgres --listen-addr=:27017 \
    --telemetry=disable --debug-addr= --state-dir="$state" --log-level=warn "$@" &
server=$!
trap 'kill -TERM "$server"' TERM INT
ended=0
wait "$server" || ended=$?
if kill -0 "$server" 2>/dev/null; then ended=0; wait "$server" || ended=$?; fi # the trap woke us first
pg_ctl -s -m fast -w stop
[ "$ended" != 143 ] || ended=0
exit "$ended"
