#!/bin/bash
# docker-entrypoint.sh - fills an empty data folder from the variables the official image documents
# (MARIADB_ROOT_PASSWORD, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD, MARIADB_DATABASE, MARIADB_USER, MARIADB_PASSWORD,
# each also as MYSQL_...), then becomes the server.
set -euo pipefail

if [ "${1:-mariadbd}" != mariadbd ] && [ "${1:0:1}" != - ]; then exec "$@"; fi
[ "${1:-}" = mariadbd ] || set -- mariadbd "$@"
data=/var/lib/mysql

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$data" /run/mysqld
    chown mysql:mysql "$data" /run/mysqld
    exec gosu mysql "$0" "$@"
fi

setting() { # setting NAME: of MARIADB_NAME, else MYSQL_NAME
    local ours=MARIADB_$1 theirs=MYSQL_$1
    printf %s "${!ours:-${!theirs:-}}"
}
quoted() { printf "'%s'" "${1//\'/\'\'}"; }

# Where they lie and what they are called changed in MariaDB 11.
system_tables() {
    local share=/usr/share/mysql name=mysql
    [ ! -d /usr/share/mariadb ] || { share=/usr/share/mariadb name=mariadb; }
    cat "$share/${name}_system_tables.sql" "$share/${name}_performance_tables.sql" \
        "$share/${name}_system_tables_data.sql" "$share/fill_help_tables.sql"
}

# The server's own bootstrap mode reads statements, one a line, before it ever listens.
statements() {
    local password database user
    password=$(setting ROOT_PASSWORD) database=$(setting DATABASE) user=$(setting USER)
    printf 'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n'
    system_tables
    printf "DELETE FROM mysql.global_priv WHERE User='' OR Host<>'localhost';\nFLUSH PRIVILEGES;\n"
    printf "ALTER USER root@localhost IDENTIFIED BY %s;\n" "$(quoted "$password")"
    printf "CREATE USER root@'%%' IDENTIFIED BY %s;\nGRANT ALL ON *.* TO root@'%%' WITH GRANT OPTION;\n" "$(quoted "$password")"
    # shellcheck disable=SC2016  # the backticks are SQL's
    [ -z "$database" ] || printf 'CREATE DATABASE `%s`;\n' "$database"
    [ -z "$user" ] || printf "CREATE USER %s@'%%' IDENTIFIED BY %s;\n" "$(quoted "$user")" "$(quoted "$(setting PASSWORD)")"
    [ -z "$user" ] || [ -z "$database" ] || printf "GRANT ALL ON \`%s\`.* TO %s@'%%';\n" "$database" "$(quoted "$user")"
}

if [ ! -d "$data/mysql" ]; then
    if [ -z "$(setting ROOT_PASSWORD)$(setting ALLOW_EMPTY_ROOT_PASSWORD)" ]; then
        echo "[ERROR] Database is uninitialized and password option is not specified" >&2
        exit 1
    fi
    statements | mariadbd --bootstrap --skip-networking --datadir="$data" --log-warnings=0
fi
exec "$@" --datadir="$data" --bind-address=0.0.0.0 --socket=/run/mysqld/mysqld.sock
