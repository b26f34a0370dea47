# shellcheck shell=bash disable=SC2034
# InfluxDB 1.6 with its client, shaped like the official image: the same environment variables and volume.
image=influxdb:1.6
official=yes
packages=(influxdb influxdb-client)

populate() { add_user "$1" influxdb 999 /var/lib/influxdb; }
