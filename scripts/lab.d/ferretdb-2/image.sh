# shellcheck shell=bash disable=SC2034,SC2154
# FerretDB 2 on PostgreSQL with DocumentDB: a server that speaks MongoDB's protocol, shaped like the official
# 'mongo' image: its variables, /data/db, port 27017. mongodump and mongorestore are in no package: a machine
# that has them names their folder in MONGO_TOOLS, and they go into the image.
image=lab/ferretdb:2 suite=sid tier=all
packages=(postgresql-18 postgresql-client-18 postgresql-18-documentdb)
ferretdb_version=v2.7.0

populate() {
    local root=$1 tool PATH=$PATH:/usr/local/go/bin
    command -v go >/dev/null || { echo "FerretDB is compiled: there is no Go here" >&2; return 1; }
    GOBIN="$root/usr/local/bin" GOFLAGS='' CGO_ENABLED=0 nice go install "github.com/FerretDB/FerretDB/v2/cmd/ferretdb@$ferretdb_version" || return 1
    add_user "$root" postgres 999 /var/lib/postgresql
    install -d -o 999 -g 999 -m 3777 "$root/run/postgresql"
    install -d -o 999 -g 999 -m 700 "$root/data/db"
    # What Debian's alternatives would have linked.
    ln -sf postgis-3.control "$root/usr/share/postgresql/18/extension/postgis.control"
    rm -rf "$root"/usr/lib/postgresql/*/lib/{llvmjit*,bitcode}
    [ -z "${MONGO_TOOLS:-}" ] || for tool in mongodump mongorestore; do
        install -m 755 "$MONGO_TOOLS/$tool" "$root/usr/bin/" || return 1
    done
}
