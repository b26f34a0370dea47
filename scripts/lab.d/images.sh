# shellcheck shell=bash disable=SC2154  # here, cache: set by scripts/lab
# images.sh - the lab's images: loaded from the cache, pulled where a registry answers, or made from
# the distribution's own packages. Sourced by scripts/lab.
#
# An image is a folder beside this file:
#   image.sh     image=NAME:TAG  official=yes|no (may be pulled)  packages=(...)  and, at will,
#                populate ROOT: what the packages' maintainer scripts would have done
#                suite=NAME: the Debian release of the packages, else the machine's own
#                tier=all: only for the whole matrix (scripts/lab up --all)
#                like=FOLDER: its rootfs/ comes first (its image.sh may be sourced for the rest)
#   Dockerfile   the lines after FROM and the files
#   rootfs/      files laid over the packages'
# Adding an engine to the lab is adding a folder.

make_images() { # make_images NAME [IMAGE...]
    local name=$1 folder image tier; shift
    answers "$name" || die "daemon '$name' does not answer: scripts/lab up, or daemon --name $name"
    mkdir -p "$cache/images"
    for folder in "$here"/lab.d/*/; do
        # shellcheck source=scripts/lab.d/postgres-15/image.sh
        read -r image tier < <(tier=push; . "$folder/image.sh" && printf '%s %s\n' "$image" "$tier")
        if [ $# -gt 0 ]; then [[ " $* " == *" $image "* ]] || continue
        elif [ "$tier" = all ] && [ "${all:-0}" = 0 ]; then continue; fi
        (make_image "$name" "${folder%/}" "$image")
    done
    rm -rf --one-file-system "$LAB"/debs-*
}

# The folder's content decides: a changed recipe is a new image.
make_image() { # make_image NAME FOLDER IMAGE, in a subshell
    local name=$1 folder=$2 image=$3 key file old official=no suite='' like='' packages=()
    # shellcheck source=scripts/lab.d/postgres-15/image.sh
    . "$folder/image.sh"
    key=$(cd "$folder/.." && { cat images.sh; find "${folder##*/}" ${like:+"$like"} -type f -print0 | sort -z | xargs -0 sha256sum; } | sha256sum | cut -c1-12)
    file=$cache/images/${folder##*/}-$key.tar.zst
    if is_there "$name" "$image" "$key"; then return; fi
    if [ -s "$file" ]; then
        zstd -dcq "$file" | on "$name" docker load -q >/dev/null && { say "$image: loaded from the cache"; return; }
        rm -f "$file"
    fi
    if [ "$official" = yes ] && registry_answers "$name" && on "$name" docker pull -q "$image" >/dev/null; then
        say "$image: pulled"
    elif [ "$(id -u)" != 0 ]; then
        skip "image $image" "no registry answers, and making it from packages needs root"; return
    else
        build "$name" "$folder" "$image" "$key" || { skip "image $image" "it could not be made from packages, see above"; return; }
        say "$image: made from packages"
        on "$name" docker image prune -f --filter label=lab.recipe >/dev/null # its predecessor
    fi
    for old in "$cache/images/${folder##*/}"-*; do rm -f "$old"; done
    on "$name" docker save "$image" | zstd -q -1 -T0 -o "$file.partial" && mv "$file.partial" "$file"
}

# An image of ours says by which recipe it was made; one without that label is an official one.
is_there() {
    local made_by
    made_by=$(on "$1" docker image inspect -f '{{index .Config.Labels "lab.recipe"}}' "$2" 2>/dev/null) || return 1
    [ -z "$made_by" ] || [ "$made_by" = '<no value>' ] || [ "$made_by" = "$3" ]
}

# Asked once an hour at most: where nothing answers, asking takes seconds.
registry_answers() {
    local no=$LAB/no-registry
    [ -z "$(find "$no" -mmin -60 2>/dev/null)" ] || return 1
    if on "$1" timeout 30 docker pull -q busybox:1.35 >/dev/null 2>&1; then return; fi
    say "no registry answers: images are made from the distribution's packages"
    touch "$no"
    return 1
}

build() { # build NAME FOLDER IMAGE KEY
    local name=$1 folder=$2 image=$3 key=$4 work=$LAB/build root=$LAB/build/root
    rm -rf --one-file-system "$work"
    mkdir -p "$root" "$work/context"
    unpack "$root" "${packages[@]}" || return 1
    [ -z "$like" ] || cp -r --no-preserve=ownership "${folder%/*}/$like/rootfs/." "$root/" || return 1
    ! declare -F populate >/dev/null || populate "$root" || return 1
    [ ! -d "$folder/rootfs" ] || cp -r --no-preserve=ownership "$folder/rootfs/." "$root/" || return 1
    tar -C "$root" --numeric-owner -cf "$work/context/rootfs.tar" . || return 1
    { printf 'FROM scratch\nADD rootfs.tar /\n'; cat "$folder/Dockerfile"; } >"$work/context/Dockerfile"
    on "$name" docker build -q --label "lab.recipe=$key" -t "$image" "$work/context" >/dev/null || return 1
    rm -rf --one-file-system "$work"
}

# What every image of packages stands on, and what no database needs to run.
base_packages=(base-files base-passwd bash coreutils dash findutils gosu grep gzip hostname libc-bin mawk procps sed tar util-linux)
left_out='^(debconf|dpkg|init-system-helpers|libc-l10n|libllvm[0-9]+|libperl.*|libz3-4|locales|locales-all|openssl|perl.*|.*-perl|postgresql(-client)?-common|ssl-cert|systemd.*|ucf|libsystemd-shared|gpg.*|gnupg.*|fonts-.*|linux-sysctl-defaults)$'

# Unpacks the packages and all they depend on into an empty folder. No maintainer script runs.
unpack() { # unpack ROOT PACKAGE...
    local root=$1 debs=$LAB/debs-${suite:-own} files d; shift
    [ $# -gt 0 ] || return 0
    mkdir -p "$debs"
    # Newer releases ship these links themselves; ours are there already.
    local links=()
    case $suite in '' | bullseye) ;; *) links=(--exclude=./{bin,sbin,lib,lib32,lib64,libx32}) ;; esac
    files=$(fetch "$debs" "${base_packages[@]}" "$@") || return 1
    mkdir -p "$root"/usr/{bin,sbin,lib,lib32,lib64,libx32} "$root"/{dev,proc,sys,run,etc,root,var/tmp}
    for d in bin sbin lib lib32 lib64 libx32; do ln -s "usr/$d" "$root/$d"; done # merged /usr
    install -d -m 1777 "$root/tmp" "$root/var/tmp"
    # shellcheck disable=SC2016  # $0 and $ROOT are the inner shell's
    printf '%s\n' "$files" | ROOT=$root xargs -P2 -n1 sh -c 'dpkg-deb --fsys-tarfile "$0" |
        tar -x -C "$ROOT" --keep-directory-symlink --exclude=./usr/share/doc --exclude=./usr/share/man \
            --exclude=./usr/share/locale --exclude=./usr/share/info '"${links[*]}" || return 1
    cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
    cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
    printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
    rm -rf "$root/var/run" "$root/var/lock"
    ln -s /run "$root/var/run"; ln -s /run/lock "$root/var/lock"
    [ -e "$root/usr/bin/awk" ] || ln -s mawk "$root/usr/bin/awk"
    [ -e "$root/usr/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
    ldconfig -r "$root"
}

# Prints the package files, downloaded. apt resolves against a machine on which nothing is installed.
fetch() { # fetch FOLDER PACKAGE...
    local debs=$1 names tries options=(); shift
    apt_options "$debs"
    for tries in 1 2; do
        # A fresh machine has no index, an old one a stale index: fetch it before the second try.
        [ "$tries" = 1 ] || apt-get -qq -o DPkg::Lock::Timeout=300 "${options[@]}" update >/dev/null || true
        names=$(apt-get -qq "${options[@]}" -o APT::Install-Recommends=false \
            --print-uris -y install "$@" 2>"$debs/.errors" | sed -nE "s/^'[^']*' ([^_]+)_.*/\1/p" | grep -vE "$left_out") || continue
        # shellcheck disable=SC2086  # one word a package
        (cd "$debs" && apt-get -qq "${options[@]}" -o APT::Sandbox::User=root download $names >/dev/null 2>.errors) || continue
        (cd "$debs" && for n in $names; do ls "$debs/$n"_*.deb; done)
        return
    done
    cat "$debs/.errors" >&2
    return 1
}

# Fills `options`. Another release has its own sources, index and cache: the machine's are read, never changed.
apt_options() { # apt_options FOLDER
    local folder=$cache/apt-$suite mirror
    : >"$1/.status"
    options=(-o "Dir::State::status=$1/.status" -o Dir::Cache::archives=/nonexistent)
    [ -n "$suite" ] || return 0
    mkdir -p "$folder"/{lists,cache}/partial
    # shellcheck disable=SC2016  # apt's variable
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
        "${mirror:-http://deb.debian.org/debian/}" "$suite" >"$folder/sources.list"
    options=(-o "Dir::State::status=$1/.status" -o "Dir::Cache=$folder/cache" -o "Dir::State::lists=$folder/lists"
        -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
        -o APT::Sandbox::User=root -o Acquire::Languages=none)
}

# An account as the official image has it: the same name and number.
add_user() { # add_user ROOT NAME ID HOME
    printf '%s:x:%s:%s::%s:/bin/bash\n' "$2" "$3" "$3" "$4" >>"$1/etc/passwd"
    printf '%s:x:%s:\n' "$2" "$3" >>"$1/etc/group"
    install -d -o "$3" -g "$3" "$1$4"
}
