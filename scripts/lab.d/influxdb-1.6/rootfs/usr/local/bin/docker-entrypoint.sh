#!/bin/bash
# docker-entrypoint.sh - prepares an empty data folder from the variables the official image of the 1.x line
# documents (INFLUXDB_DB, INFLUXDB_ADMIN_USER, INFLUXDB_ADMIN_PASSWORD, INFLUXDB_USER, INFLUXDB_USER_PASSWORD,
# INFLUXDB_READ_USER and INFLUXDB_WRITE_USER with theirs; INFLUXDB_HTTP_AUTH_ENABLED), then becomes the server.
set -euo pipefail

case ${1:-influxd} in -*) set -- influxd "$@" ;; esac
if [ "${1:-influxd}" != influxd ]; then exec "$@"; fi

quoted() { # quoted TEXT: as InfluxQL's string
    local text=${1//\\/\\\\}
    printf "'%s'" "${text//\'/\\\'}"
}
user() { # user NAME PASSWORD RIGHT
    [ -n "$1" ] || return 0
    printf 'CREATE USER "%s" WITH PASSWORD %s;\n' "$1" "$(quoted "$2")"
    [ -z "${INFLUXDB_DB:-}" ] || printf 'GRANT %s ON "%s" TO "%s";\n' "$3" "$INFLUXDB_DB" "$1"
}
statements() {
    [ -z "${INFLUXDB_ADMIN_USER:-}" ] || printf 'CREATE USER "%s" WITH PASSWORD %s WITH ALL PRIVILEGES;\n' \
        "$INFLUXDB_ADMIN_USER" "$(quoted "${INFLUXDB_ADMIN_PASSWORD:-}")"
    [ -z "${INFLUXDB_DB:-}" ] || printf 'CREATE DATABASE "%s";\n' "$INFLUXDB_DB"
    user "${INFLUXDB_USER:-}" "${INFLUXDB_USER_PASSWORD:-}" ALL
    user "${INFLUXDB_READ_USER:-}" "${INFLUXDB_READ_USER_PASSWORD:-}" READ
    user "${INFLUXDB_WRITE_USER:-}" "${INFLUXDB_WRITE_USER_PASSWORD:-}" WRITE
}
initialise() {
    local server
    # On the loopback and without accounts: nobody outside meets the server before it is ready.
    INFLUXDB_HTTP_BIND_ADDRESS=127.0.0.1:8086 INFLUXDB_HTTP_AUTH_ENABLED=false influxd >/dev/null 2>&1 &
    server=$!
    for _ in $(seq 300); do influx -execute 'SHOW DATABASES' >/dev/null 2>&1 && break; sleep 0.1; done
    statements | while IFS= read -r statement; do influx -execute "$statement"; done
    kill "$server"
    wait "$server" || true
}

if [ ! -d /var/lib/influxdb/meta ] && [ -n "${INFLUXDB_DB:-}${INFLUXDB_ADMIN_USER:-}" ]; then initialise; fi
exec "$@"
