# shellcheck shell=bash disable=SC2034,SC2154
# MariaDB 10.5 of another release.
# shellcheck source=scripts/lab.d/mariadb-10.11/image.sh
. "$here/lab.d/mariadb-10.11/image.sh"
image=mariadb:10.5 suite=bullseye tier=all like=mariadb-10.11
packages=(mariadb-server-core-10.5 mariadb-client-core-10.5 mariadb-client-10.5)
