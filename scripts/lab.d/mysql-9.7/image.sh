# shellcheck shell=bash disable=SC2034
# MySQL 9.7 with its client tools, shaped like the official image: account 999, the data folder as volume,
# the same environment variables, and a temporary server without network while it sets itself up.
image=mysql:9.7
official=yes
suite=sid
packages=(mysql-server-core mysql-client-core mysql-client)

populate() {
    local root=$1
    add_user "$root" mysql 999 /var/lib/mysql
    install -d -o 999 -g 999 "$root/run/mysqld"
    install -d -o 999 -g 999 -m 750 "$root/var/lib/mysql-files"
    rm -rf "$root/etc/mysql"
    install -d "$root/docker-entrypoint-initdb.d" "$root/etc/mysql/conf.d"
    printf '%s\n' '[client]' 'socket=/run/mysqld/mysqld.sock' '[mysqld]' 'socket=/run/mysqld/mysqld.sock' \
        'pid-file=/run/mysqld/mysqld.pid' 'datadir=/var/lib/mysql' 'secure-file-priv=/var/lib/mysql-files' \
        'host-cache-size=0' 'skip-name-resolve' '!includedir /etc/mysql/conf.d/' >"$root/etc/mysql/my.cnf"
}
