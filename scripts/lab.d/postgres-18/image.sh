# shellcheck shell=bash disable=SC2034,SC2154
# PostgreSQL 18 of another release.
# shellcheck source=scripts/lab.d/postgres-15/image.sh
. "$here/lab.d/postgres-15/image.sh"
image=postgres:18 suite=sid tier=all like=postgres-15
packages=(postgresql-18 postgresql-client-18)
