# shellcheck shell=bash disable=SC2154  # cache: set by scripts/lab
# engine.sh - Docker engines newer than the machine's own, from Debian's later releases, for what another
# API version changes: trixie is 26.1 (API 1.45), sid 28.5 (API 1.51). Sourced by scripts/lab.
#
# Such a daemon runs in a mount namespace whose /usr is the other release's, so its containerd, runc and C
# library are the ones it was built with, while every path outside /usr means the same to it and to us.

engine_packages=(docker.io containerd runc ca-certificates iproute2 kmod)

# Prints the folder that becomes /usr, made when it is not there. Packages of a release that moves are made
# anew by hand: rm -rf the folder.
engine_usr() { # engine_usr SUITE
    local suite=$1 root=$cache/engines/$1
    if [ ! -x "$root/usr/sbin/dockerd" ]; then
        if ! [ -L /bin ] || ! [ -L /lib ]; then say "this system keeps /bin and /lib outside /usr"; return 1; fi
        rm -rf --one-file-system "$root" "$root.new"
        mkdir -p "$root.new"
        unpack "$root.new" "${engine_packages[@]}" || return 1
        rm -rf --one-file-system "$LAB/debs-$suite"
        mv "$root.new" "$root"
    fi
    printf '%s\n' "$root"
}

# Becomes COMMAND in that release. Its /run is empty: a containerd of the system's is another version.
in_engine() { # in_engine ROOT COMMAND...
    # shellcheck disable=SC2016  # the inner shell's
    ROOT=$1 exec setsid unshare --mount --propagation private /bin/bash -c '
        mount -t tmpfs -o mode=755 run /run && mount --bind "$ROOT/etc/ld.so.cache" /etc/ld.so.cache &&
            mount --bind "$ROOT/usr" /usr && unset ROOT && exec "$@"' engine "${@:2}"
}
