# shellcheck shell=bash disable=SC2034
# PostgreSQL 15 with its client tools and contributed extensions, shaped like the official image:
# account 999, PGDATA as volume, the same environment variables, the same pg_hba.conf.
image=postgres:15
official=yes
packages=(postgresql-15 postgresql-client-15)

populate() {
    local root=$1
    add_user "$root" postgres 999 /var/lib/postgresql
    install -d -o 999 -g 999 -m 3777 "$root/run/postgresql" # /var/run/postgresql
    install -d -o 999 -g 999 -m 700 "$root/var/lib/postgresql/data"
    install -d "$root/docker-entrypoint-initdb.d"
    # Its LLVM is left out; without the provider's file the server plans without it.
    rm -rf "$root"/usr/lib/postgresql/*/lib/{llvmjit*,bitcode}
}
