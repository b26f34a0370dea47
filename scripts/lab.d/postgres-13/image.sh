# shellcheck shell=bash disable=SC2034,SC2154
# PostgreSQL 13 of another release.
# shellcheck source=scripts/lab.d/postgres-15/image.sh
. "$here/lab.d/postgres-15/image.sh"
image=postgres:13 suite=bullseye tier=all like=postgres-15
packages=(postgresql-13 postgresql-client-13)
