# shellcheck shell=bash disable=SC2034,SC2154
# PostgreSQL 17 of another release.
# shellcheck source=scripts/lab.d/postgres-15/image.sh
. "$here/lab.d/postgres-15/image.sh"
image=postgres:17 suite=trixie tier=all like=postgres-15
packages=(postgresql-17 postgresql-client-17)
