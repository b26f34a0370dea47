#!/bin/bash
# docker-entrypoint.sh - initialises an empty PGDATA from the variables the official image documents
# (POSTGRES_USER, _PASSWORD, _DB, each also as ..._FILE; POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD,
# /docker-entrypoint-initdb.d), then becomes the server.
set -euo pipefail
shopt -s nullglob

if [ "${1:-postgres}" != postgres ] && [ "${1:0:1}" != - ]; then exec "$@"; fi
[ "${1:-}" = postgres ] || set -- postgres "$@"

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /var/run/postgresql
    chown postgres:postgres "$PGDATA" /var/run/postgresql
    chmod 700 "$PGDATA"
    exec gosu postgres "$0" "$@"
fi

from_file() { # from_file VARIABLE: its value, or the content of the file VARIABLE_FILE names
    local file=${1}_FILE
    if [ -n "${!1:-}" ] && [ -n "${!file:-}" ]; then
        echo "error: both $1 and $file are set" >&2
        exit 1
    fi
    if [ -n "${!file:-}" ]; then cat "${!file}"; else printf %s "${!1:-}"; fi
}

initialise() {
    local user=$1 password=$2 database=$3 file arguments=()
    if [ -z "$password" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
        echo "Error: Database is uninitialized and superuser password is not specified." >&2
        exit 1
    fi
    read -ra arguments <<<"${POSTGRES_INITDB_ARGS:-}"
    initdb --username "$user" --pwfile <(printf '%s\n' "${password:-unused}") --auth trust \
        --encoding UTF8 --no-sync "${arguments[@]}" >/dev/null
    printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
    printf "\nlisten_addresses = '*'\n" >>"$PGDATA/postgresql.conf"

    # On the socket only: whoever waits for the TCP port waits for the finished server.
    pg_ctl --silent --wait --options "-c listen_addresses=''" start >/dev/null
    if [ "$database" != postgres ]; then
        psql -v ON_ERROR_STOP=1 -qX -U "$user" -d postgres -v name="$database" <<<'CREATE DATABASE :"name";'
    fi
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
            *.sh)
                # shellcheck source=/dev/null
                if [ -x "$file" ]; then "$file"; else . "$file"; fi
                ;;
            *.sql) psql -v ON_ERROR_STOP=1 -qX -U "$user" -d "$database" -f "$file" ;;
            *.sql.gz) gunzip -c "$file" | psql -v ON_ERROR_STOP=1 -qX -U "$user" -d "$database" ;;
        esac
    done
    pg_ctl --silent --wait --mode fast stop
    echo "PostgreSQL init process complete; ready for start up."
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    user=$(from_file POSTGRES_USER)
    database=$(from_file POSTGRES_DB)
    initialise "${user:-postgres}" "$(from_file POSTGRES_PASSWORD)" "${database:-${user:-postgres}}"
fi
exec "$@"
