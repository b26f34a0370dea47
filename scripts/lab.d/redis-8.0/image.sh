# shellcheck shell=bash disable=SC2034,SC2154
# Redis 8.0 of another release.
# shellcheck source=scripts/lab.d/redis-7.0/image.sh
. "$here/lab.d/redis-7.0/image.sh"
image=redis:8.0 suite=trixie tier=all like=redis-7.0
