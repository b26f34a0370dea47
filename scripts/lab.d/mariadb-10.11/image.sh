# shellcheck shell=bash disable=SC2034
# MariaDB 10.11 with its client tools, shaped like the official image: account 999, the data folder as
# volume, the same environment variables.
image=mariadb:10.11
official=yes
packages=(mariadb-server-core mariadb-client-core mariadb-client)

populate() {
    local root=$1
    add_user "$root" mysql 999 /var/lib/mysql
    install -d -o 999 -g 999 "$root/run/mysqld"
    install -d "$root/docker-entrypoint-initdb.d" "$root/etc/mysql/conf.d"
    printf '[client-server]\nsocket = /run/mysqld/mysqld.sock\n!includedir /etc/mysql/conf.d/\n' >"$root/etc/mysql/my.cnf"
}
