#include "plugins/engines/influxdb/recipe.hpp"

#include "baktainer/engine.hpp"
#include "plugins/engines/influxdb/settings.hpp"

namespace bkt::influxdb {
std::optional<std::string> database_of(const std::string& part) {
    auto name = database_of_part(part, ".tar");
    if (!name || !check_name("part", *name)) return std::nullopt;
    return name;
}

std::string restore_recipe(const std::vector<std::string>& parts) {
    std::string text =
        R"sh(# Beside the server of InfluxDB 1. A database that exists is refused: drop it first, or give another name
# with -newdb. The server goes on taking data in after the command has ended, and only its log says when it could not.
)sh";
    for (const auto& part : parts) {
        const auto database = database_of(part);
        if (!database) continue;
        text += "folder=$(mktemp -d)\ntar -xf " + shell_quoted(part) + " -C \"$folder\"\n" +
                "influxd restore -portable -db " + shell_quoted(*database) +
                " \"$folder\"\nrm -rf \"$folder\"\n";
    }
    return text;
}

std::string api_restore_recipe() {
    return R"sh(# Into a server of InfluxDB 2.1 or later. EVERYTHING there is replaced: organisations, users, tokens,
# dashboards, buckets. INFLUX_TOKEN is an operator token of that server; when this is done the backup's
# own tokens are valid, and no others.
: "${INFLUX_HOST:=http://127.0.0.1:8086}" "${INFLUX_TOKEN:?an operator token of the server}"
folder=$(umask 077; mktemp -d)
tar -xf influxdb2.tar -C "$folder"
token() { printf 'Authorization: Token %s\n' "$1" >"$folder/.token"; }
send() { # send FILE API
    cat "$folder/$1".?????? | curl -sSf -X POST -T - -H "@$folder/.token" \
        -H 'Content-Type: application/octet-stream' "$INFLUX_HOST/api/v2/restore/$2"
}
token "$INFLUX_TOKEN"
answer=$(send kv.bolt kv)
# From here on the tokens are the backup's; the answer has one that may go on.
token "$(printf %s "$answer" | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p')"
send influxd.sqlite sql
for shard in "$folder"/shards/*.tar.000000; do
    [ -e "$shard" ] || continue
    shard=${shard##*/}; shard=${shard%.tar.000000}
    send "shards/$shard.tar" "shards/$shard"
done
rm -rf "$folder"
)sh";
}

std::string bucket_restore_recipe(const std::vector<std::string>& parts) {
    std::string text =
        R"sh(# Into a server of InfluxDB 2.1 or later. A bucket that exists is refused: delete it first. INFLUX_TOKEN is an
# operator token of that server, INFLUX_ORG_ID the organisation that gets the buckets (influx org list).
: "${INFLUX_HOST:=http://127.0.0.1:8086}" "${INFLUX_TOKEN:?an operator token of the server}"
: "${INFLUX_ORG_ID:?the id of the organisation}"
folder=$(umask 077; mktemp -d)
printf 'Authorization: Token %s\n' "$INFLUX_TOKEN" >"$folder/.token"
send() { # send TYPE API, the body on stdin
    curl -sSf -X POST -T - -H "@$folder/.token" -H "Content-Type: application/$1" "$INFLUX_HOST/api/v2/restore/$2"
}
restore() { # restore PART
    tar -xf "$1" -C "$folder"
    made=$(cat "$folder"/buckets.json.?????? | sed 's/^\[//; s/\]$//
        s/"organizationID":"[^"]*"/"organizationID":"'"$INFLUX_ORG_ID"'"/' | send json bucketMetadata | tr -d ' \t\n')
    printf '%s' "$made" | grep -o '"oldId":[0-9]*,"newId":[0-9]*' | tr -c '0-9\n' ' ' | while read -r old new; do
        [ -e "$folder/shards/$old.tar.000000" ] || continue
        cat "$folder/shards/$old.tar".?????? | send octet-stream "shards/$new"
    done
    rm -rf "$folder/shards"
}
)sh";
    for (const auto& part : parts)
        if (part.ends_with(".bucket")) text += "restore " + shell_quoted(part) + "\n";
    return text + "rm -rf \"$folder\"\n";
}

}  // namespace bkt::influxdb
