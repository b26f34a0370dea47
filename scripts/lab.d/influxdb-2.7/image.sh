# shellcheck shell=bash disable=SC2034,SC2154
# InfluxDB 2.7, the server without its web interface, compiled from its Go module and the Rust part of it: ten
# minutes from empty caches, seconds after. Shaped like the official image: the same variables, volume and port, and
# curl, but without the `influx` command, which no registry has.
image=influxdb:2.7 tier=all
official=yes
packages=(curl ca-certificates)
influxdb_version=v2.7.12

populate() {
    local root=$1 work PATH=$PATH:/usr/local/go/bin:$HOME/.cargo/bin
    if ! command -v go >/dev/null || ! command -v cargo >/dev/null; then
        echo "InfluxDB 2 is compiled: there is no Go or no Rust here" >&2
        return 1
    fi
    work=$LAB/influxdb2
    mkdir -p "$work"
    (cd "$work" && compile) || return 1
    install -D -m 755 "$work/influxd" "$root/usr/local/bin/influxd" || return 1
    rm -rf --one-file-system "$work"
    add_user "$root" influxdb 1000 /var/lib/influxdb2
}

# In an empty folder. The module says what replaces others of its kind, which `go install` refuses: so it becomes
# a dependency of one of ours that says the same.
compile() {
    local module=github.com/influxdata/influxdb/v2 here
    here=$PWD
    GOBIN=$here GOFLAGS='' go install github.com/influxdata/pkg-config@v0.2.7 || return 1
    # Its Rust part asks for an old compiler of its own and takes warnings for errors.
    # shellcheck disable=SC2016  # the wrapper's own words
    printf '#!/bin/sh\ncase " $* " in *" --cap-lints "*) exec "$@" ;; *) exec "$@" --cap-lints warn ;; esac\n' >rustc-lenient
    chmod 755 rustc-lenient
    printf 'module lab/influx2\ngo 1.23\nrequire %s %s\n' "$module" "$influxdb_version" >go.mod
    printf '//go:build tools\n\npackage lab\n\nimport _ "%s/cmd/influxd"\n' "$module" >tools.go
    export GOFLAGS=-mod=mod
    go mod download "$module" || return 1
    sed -n '/^replace/,$p' "$(go list -m -f '{{.Dir}}' "$module")/go.mod" >>go.mod
    go mod tidy || return 1
    if command -v rustup >/dev/null; then
        RUSTUP_TOOLCHAIN=$(cd / && rustup show active-toolchain | cut -d' ' -f1)
        export RUSTUP_TOOLCHAIN
    fi
    RUSTC_WRAPPER=$here/rustc-lenient PKG_CONFIG=$here/pkg-config \
        nice go build -ldflags "-s -w -X main.version=$influxdb_version" -o influxd "$module/cmd/influxd"
}
