# shellcheck shell=bash disable=SC2034,SC2154
# PostgreSQL 18 with TimescaleDB, the edition under the Apache licence: hypertables, but neither compression nor
# continuous aggregates. Set up as timescale/timescaledb is: preloaded, and made in every new database.
# shellcheck source=scripts/lab.d/postgres-15/image.sh
. "$here/lab.d/postgres-15/image.sh"
eval "shaped_like_official() $(declare -f populate | tail -n +2)"
image=lab/timescaledb:18 official=no suite=sid tier=all like=postgres-15
packages=(postgresql-18 postgresql-client-18 postgresql-18-timescaledb)

populate() {
    shaped_like_official "$1"
    printf "shared_preload_libraries = 'timescaledb'\ntimescaledb.telemetry_level = off\n" \
        >>"$1/usr/share/postgresql/18/postgresql.conf.sample" # what initdb copies
}
