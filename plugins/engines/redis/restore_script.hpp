// restore_script.hpp: what a restore does inside the container, for any POSIX shell, and how it says what failed.
#pragma once

namespace bkt::redis {

enum RestoreExit {
    kNoServerProgram = 90,
    kNoConfig = 91,     // CONFIG is refused
    kNoRoom = 92,       // no temporary folder
    kNotReceived = 93,  // the file could not be written
    kNotLoaded = 94,    // the second server did not take the file
    kHelperDied = 95,
    kNoLink = 96,        // the real server does not reach the second
    kNotReplaced = 97,   // a command was refused, or other data arrived
    kLeftAsReplica = 98  // the real server could not be set back
};

// $1 client, $2 server program, $3 user, $4 host, $5 port, $6 socket, $7 tag, $8 the mark's name; $3 to $6 may be
// empty.
// stdin: the RDB. The password of the real server is in the environment; that of the second one is made up
// and travels in files and environments that only this user reads.
inline constexpr const char* kRestoreScript = R"sh(
umask 077
command -v "$2" >/dev/null 2>&1 || exit 90
tools=$(cat <<'END'
cli=$1 server=$2 user=$3 host=$4 port=$5 socket=$6 tag=$7
main() { "$cli" ${user:+--user "$user"} ${host:+-h "$host"} ${port:+-p "$port"} ${socket:+-s "$socket"} "$@"; }
get() { main CONFIG GET "$1" 2>/dev/null | { IFS= read -r n; IFS= read -r v; [ "$n" = "$1" ] && printf '%s' "$v"; }; }
set_to() { main -x CONFIG SET "$1" 2>&1 | grep -qx OK; }
nap() { sleep 0.2 2>/dev/null || sleep 1; }
# $1: a folder whose server was made a replica. Undoes that, as far as it was done.
set_back() {
    done=1
    [ -s "$1/port" ] && main INFO replication 2>/dev/null | tr -d '\r' | grep -qx "master_port:$(cat "$1/port")" && done=
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ "$done" ] && break
        main REPLICAOF NO ONE 2>/dev/null | grep -qx OK && done=1 || nap
    done
    [ "$done" ] || return 1
    for key in masterauth masteruser; do
        [ -f "$1/$key" ] || continue
        set_to "$key" <"$1/$key" || return 1
        rm -f "$1/$key"
    done
}
# $1: such a folder. Its server has overwritten its environment, so that nobody but us finds it.
discard() {
    pid=$(cat "$1/pid" 2>/dev/null) && grep -q '127\.0\.0\.1\|beside\.conf' "/proc/$pid/cmdline" 2>/dev/null && kill "$pid"
    rm -rf "$1"
}
# $1: such a folder, $2: who works in it. A server that loads its data obeys nobody, and whoever is ended meanwhile is
# not given the time to wait for it: this one is.
set_back_after() {
    while kill -0 "$2" 2>/dev/null; do [ -d "$1" ] || return 0; nap; done
    try=0
    while [ -d "$1" ] && [ "$try" -lt 300 ]; do
        try=$((try + 1))
        if main INFO persistence 2>/dev/null | grep -q '^loading:0' && set_back "$1"; then discard "$1"; else sleep 2; fi
    done
}
END
)
eval "$tools"

data=$(get dir) || exit 91
dir=
for place in "$data" /tmp; do
    for old in "$place/.baktainer-$tag".*; do
        [ -d "$old" ] || continue
        set_back "$old" || exit 98
        discard "$old"
    done
    [ "$dir" ] || dir=$(mktemp -d "$place/.baktainer-$tag.XXXXXXXXXX" 2>/dev/null) || dir=
done
[ "$dir" ] || exit 92
helper=
finish() {
    code=$?
    trap '' TERM INT HUP
    set_back "$dir" || { echo "the server is still a replica" >&2; exit 98; }
    [ -z "$helper" ] || kill "$helper" 2>/dev/null
    discard "$dir"
    wait
    exit "$code"
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP
cd "$dir" || exit 92
cat >restore.rdb || exit 93
[ -s restore.rdb ] || exit 93

key=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
[ ${#key} = 48 ] || exit 92
beside() { REDISCLI_AUTH=$key VALKEYCLI_AUTH=$key "$cli" -h 127.0.0.1 -p "$beside_port" "$@"; }
databases=$(get databases) || databases=16
load_it() {
    # Between the ports that are for services and those that are for clients.
    beside_port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000))
    {
        printf 'port %s\nbind 127.0.0.1\nrequirepass %s\ndatabases %s\n' "$beside_port" "$key" "$databases"
        printf 'dbfilename restore.rdb\nsave ""\nappendonly no\ndaemonize no\nlogfile ""\n'
        printf 'repl-diskless-sync yes\nrepl-diskless-sync-delay 0\nclient-output-buffer-limit slave 0 0 0\n'
        main MODULE LIST 2>/dev/null | { before=; while IFS= read -r line; do
            [ "$before" != path ] || [ -z "$line" ] || printf 'loadmodule "%s"\n' "$line"
            before=$line
        done; }
    } >beside.conf || exit 92
    "$server" ./beside.conf >log 2>&1 </dev/null &
    helper=$!
    echo "$helper" >pid
    while kill -0 "$helper" 2>/dev/null; do
        beside INFO persistence 2>/dev/null | grep -q '^loading:0' && return 0
        nap
    done
    return 1
}
load_it || { grep -q 'Address already in use' log && load_it; } || { tail -n 4 log >&2; exit 94; }

get masterauth >masterauth.was && get masteruser >masteruser.was || exit 91
mv masterauth.was masterauth && mv masteruser.was masteruser && echo "$beside_port" >port || exit 92
# Without the mark by which Baktainer finds what it has to end.
env "$8=" sh -c "$tools
set_back_after \"\$9\" \"\$8\"" sh "$1" "$2" "$3" "$4" "$5" "$6" "$7" $$ "$dir" </dev/null >/dev/null 2>&1 &
printf '%s' "$key" | set_to masterauth || exit 97
printf '' | set_to masteruser || exit 97
main REPLICAOF 127.0.0.1 "$beside_port" 2>&1 | grep -qx OK || exit 97
idle=0
while :; do
    kill -0 "$helper" 2>/dev/null || exit 95
    state=$(main INFO 2>/dev/null | tr -d '\r')
    case $state in
        *master_link_status:up*) break ;;
        *master_sync_in_progress:1*) idle=0 ;;
        *) if printf '%s\n' "$state" | grep -qx loading:1; then idle=0; else idle=$((idle + 1)); fi ;;
    esac
    [ "$idle" -lt 150 ] || exit 96
    nap
done
# The history it has now must be the second server's, whoever else may have spoken to it.
of() { tr -d '\r' | grep '^master_replid:'; }
[ "$(main INFO replication | of)" = "$(beside INFO replication | of)" ] || exit 97
set_back "$dir" || exit 98
# A file received to disk is the server's own dump now; one received to memory is not.
case $(get repl-diskless-load) in '' | disabled) ;; *) [ -z "$(get save)" ] || main BGSAVE >/dev/null 2>&1 ;; esac
exit 0
)sh";

// $1 the check program, $2 the file's first nine bytes, $3 tag. Exit 1: this version cannot read it.
inline constexpr const char* kVersionScript = R"sh(
umask 077
command -v "$1" >/dev/null 2>&1 || exit 0
file=$(mktemp "/tmp/.baktainer-version-$3.XXXXXXXXXX" 2>/dev/null) || exit 0
trap 'rm -f "$file"' EXIT
# Nothing but a front, an end mark and no checksum.
printf '%s\377\000\000\000\000\000\000\000\000' "$2" >"$file" || exit 0
said=$("$1" "$file" 2>&1) && exit 0
case $said in *"RDB format version"*) exit 1 ;; esac
exit 0
)sh";

}  // namespace bkt::redis
