#!/bin/bash
# docker-entrypoint.sh - fills an empty data folder from the variables the official image documents
# (MYSQL_ROOT_PASSWORD, MYSQL_ROOT_HOST, MYSQL_ALLOW_EMPTY_PASSWORD, MYSQL_DATABASE, MYSQL_USER, MYSQL_PASSWORD,
# those that hold a secret also as ..._FILE), then becomes the server. As there, the filling is done by a temporary
# server that answers on the socket alone.
set -euo pipefail

if [ "${1:-mysqld}" != mysqld ] && [ "${1:0:1}" != - ]; then exec "$@"; fi
[ "${1:-}" = mysqld ] || set -- mysqld "$@"
data=/var/lib/mysql socket=/run/mysqld/mysqld.sock

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$data" /run/mysqld
    chown mysql:mysql "$data" /run/mysqld
    exec gosu mysql "$0" "$@"
fi

setting() { # setting NAME: of MYSQL_NAME, else of the file MYSQL_NAME_FILE names
    local value=MYSQL_$1 file=MYSQL_$1_FILE
    if [ -n "${!value:-}" ]; then printf %s "${!value}"; elif [ -n "${!file:-}" ]; then cat "${!file}"; fi
}
text() { local t=${1//\\/\\\\}; printf "'%s'" "${t//\'/\'\'}"; }
# shellcheck disable=SC2016  # the backticks are SQL's
name() { printf '`%s`' "${1//\`/\`\`}"; }

statements() {
    local password database user user_password host=${MYSQL_ROOT_HOST-%}
    password=$(setting ROOT_PASSWORD) database=$(setting DATABASE) user=$(setting USER) user_password=$(setting PASSWORD)
    [ -z "$host" ] || [ "$host" = localhost ] || printf 'CREATE USER root@%s IDENTIFIED BY %s;\nGRANT ALL ON *.* TO root@%s WITH GRANT OPTION;\n' \
        "$(text "$host")" "$(text "$password")" "$(text "$host")"
    [ -z "$database" ] || printf 'CREATE DATABASE %s;\n' "$(name "$database")"
    [ -z "$user" ] || printf "CREATE USER %s@'%%' IDENTIFIED BY %s;\n" "$(text "$user")" "$(text "$user_password")"
    [ -z "$user" ] || [ -z "$database" ] || printf "GRANT ALL ON %s.* TO %s@'%%';\n" "$(name "${database//_/\\_}")" "$(text "$user")"
    printf 'ALTER USER root@localhost IDENTIFIED BY %s;\n' "$(text "$password")"
}

if [ ! -d "$data/mysql" ]; then
    if [ -z "$(setting ROOT_PASSWORD)${MYSQL_ALLOW_EMPTY_PASSWORD:-}" ]; then
        echo "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified" >&2
        exit 1
    fi
    mysqld --initialize-insecure --datadir="$data" --log-error-verbosity=1
    "$@" --skip-networking --mysqlx=OFF &
    temporary=$!
    until mysqladmin --no-defaults --socket="$socket" --user=root ping >/dev/null 2>&1; do
        kill -0 "$temporary" || exit 1
        sleep 0.1
    done
    database=$(setting DATABASE)
    statements | mysql --no-defaults --socket="$socket" --user=root
    MYSQL_PWD=$(setting ROOT_PASSWORD)
    export MYSQL_PWD
    for script in /docker-entrypoint-initdb.d/*.sql; do
        [ ! -e "$script" ] || mysql --no-defaults --socket="$socket" --user=root ${database:+"--database=$database"} <"$script"
    done
    unset MYSQL_PWD
    kill "$temporary"
    wait "$temporary"
fi
exec "$@"
