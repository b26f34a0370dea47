# shellcheck shell=bash disable=SC2034
# Redis 7.0 with its client, shaped like the official image: account 999, the data in the volume /data.
image=redis:7.0
official=yes
packages=(redis-server redis-tools)

populate() { add_user "$1" redis 999 /data; }
