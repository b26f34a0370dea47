# shellcheck shell=bash disable=SC2034
# InfluxDB 1.8 with its client, compiled from its Go module: no package has it. Shaped like the official image.
image=influxdb:1.8 tier=all like=influxdb-1.6
official=yes
packages=(libc6)
influxdb_version=1.8.3

populate() {
    local root=$1 bin PATH=$PATH:/usr/local/go/bin
    command -v go >/dev/null || { echo "InfluxDB 1.8 is compiled: there is no Go here" >&2; return 1; }
    bin=$root/usr/local/bin
    GOBIN=$bin GOFLAGS='' nice go install -ldflags "-s -w -X main.version=$influxdb_version" \
        "github.com/influxdata/influxdb/cmd/influx@v$influxdb_version" \
        "github.com/influxdata/influxdb/cmd/influxd@v$influxdb_version" || return 1
    add_user "$root" influxdb 999 /var/lib/influxdb
}
