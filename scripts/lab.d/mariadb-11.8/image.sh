# shellcheck shell=bash disable=SC2034,SC2154
# MariaDB 11.8 of another release.
# shellcheck source=scripts/lab.d/mariadb-10.11/image.sh
. "$here/lab.d/mariadb-10.11/image.sh"
image=mariadb:11.8 suite=trixie tier=all like=mariadb-10.11
