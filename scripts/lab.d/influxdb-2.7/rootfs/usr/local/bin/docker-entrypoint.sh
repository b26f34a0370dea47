#!/bin/bash
# docker-entrypoint.sh - sets up an empty data folder from the variables the official image of the 2.x line
# documents (DOCKER_INFLUXDB_INIT_MODE=setup, DOCKER_INFLUXDB_INIT_USERNAME, ..._PASSWORD, ..._ORG, ..._BUCKET and
# ..._ADMIN_TOKEN; the first two and the last also with _FILE), then becomes the server.
set -euo pipefail

case ${1:-influxd} in -*) set -- influxd "$@" ;; esac
if [ "$1" != influxd ]; then exec "$@"; fi
if [ "$(id -u)" = 0 ]; then
    chown influxdb: /var/lib/influxdb2
    exec gosu influxdb "$0" "$@"
fi

variable() { # variable NAME: its value, or that of its file
    local name=DOCKER_INFLUXDB_INIT_$1 file=DOCKER_INFLUXDB_INIT_$1_FILE
    if [ -n "${!file:-}" ]; then cat "${!file}"; else printf %s "${!name:-}"; fi
}
quoted() { # quoted TEXT: as JSON's string
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}
request() {
    printf '{"username":%s,"password":%s,"org":%s,"bucket":%s' "$(quoted "$(variable USERNAME)")" \
        "$(quoted "$(variable PASSWORD)")" "$(quoted "$(variable ORG)")" "$(quoted "$(variable BUCKET)")"
    local token
    token=$(variable ADMIN_TOKEN)
    [ -z "$token" ] || printf ',"token":%s' "$(quoted "$token")"
    printf '}'
}
set_up() {
    local server url=http://127.0.0.1:$INFLUXD_INIT_PORT
    # Elsewhere: nobody meets the server before it is ready.
    INFLUXD_HTTP_BIND_ADDRESS=:$INFLUXD_INIT_PORT influxd --log-level=error &
    server=$!
    for _ in $(seq 300); do curl -sf -o /dev/null "$url/health" && break; sleep 0.1; done
    if ! request | curl -sSf -o /dev/null --data-binary @- "$url/api/v2/setup"; then
        kill "$server"
        rm -f "$INFLUXD_BOLT_PATH"
        exit 1
    fi
    kill "$server"
    wait "$server" || true
}

if [ "${DOCKER_INFLUXDB_INIT_MODE:-}" = setup ] && [ ! -e "$INFLUXD_BOLT_PATH" ]; then set_up; fi
exec "$@"
