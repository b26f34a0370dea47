# shellcheck shell=bash disable=SC2034
# Valkey 8.1 with its client, shaped like the official image: account 999, the data in the volume /data.
image=valkey/valkey:8.1 suite=trixie tier=all
official=yes
packages=(valkey-server valkey-tools)

populate() { add_user "$1" valkey 999 /data; }
