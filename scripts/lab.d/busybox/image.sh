# shellcheck shell=bash disable=SC2034
# A container with a shell and next to nothing else: what Baktainer says where a tool is missing.
image=busybox:1.35
official=yes
packages=()

populate() { # from the package busybox-static that scripts/deps --lab installed
    local root=$1 name
    mkdir -p "$root"/{bin,etc,tmp,dev,proc,sys}
    chmod 1777 "$root/tmp"
    cp /bin/busybox "$root/bin/busybox"
    for name in $(/bin/busybox --list); do
        [ "$name" = busybox ] || ln -s busybox "$root/bin/$name"
    done
    printf 'root:x:0:0::/:/bin/sh\n' >"$root/etc/passwd"
    printf 'root:x:0:\n' >"$root/etc/group"
}
