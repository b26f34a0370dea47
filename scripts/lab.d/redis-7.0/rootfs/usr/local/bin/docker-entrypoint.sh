#!/bin/sh
# docker-entrypoint.sh - becomes the server, as the image's own account. The official image knows no variables:
# what it shall do comes as arguments ("--requirepass ...") or a configuration file.
set -eu

case ${1:-redis-server} in
    -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ]; then
    if [ "$(id -u)" = 0 ]; then
        find . \! -user redis -exec chown redis '{}' +
        exec gosu redis "$0" "$@"
    fi
    # Whoever reaches a container's port is meant to: its network is the guard.
    set -- "$@" --protected-mode no
fi
umask 0077
exec "$@"
