#!/bin/sh
# docker-entrypoint.sh - becomes the server, as the image's own account. The official image knows no variables:
# what it shall do comes as arguments ("--requirepass ...") or a configuration file.
set -eu

case ${1:-valkey-server} in
    -* | *.conf) set -- valkey-server "$@" ;;
esac
if [ "$1" = valkey-server ]; then
    if [ "$(id -u)" = 0 ]; then
        find . \! -user valkey -exec chown valkey '{}' +
        exec gosu valkey "$0" "$@"
    fi
    # Whoever reaches a container's port is meant to: its network is the guard.
    set -- "$@" --protected-mode no
fi
umask 0077
exec "$@"
